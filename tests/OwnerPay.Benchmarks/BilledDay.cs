using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using OwnerPay.Service;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Benchmarks;

/// <summary>A day of very many payments of one merchant account, and WeChat's bill of it as it is stored.</summary>
public sealed class BilledDay : IAsyncDisposable
{
    BilledDay(WebApplication app, MerchantAccount account, string connection) => (App, Account, Connection) = (app, account, connection);

    public WebApplication App { get; }
    public MerchantAccount Account { get; }
    public string Connection { get; }

    /// <summary>A day that is over.</summary>
    public DateOnly Day { get; private init; }
    public WeChatBillFile File { get; private set; } = null!;

    /// <summary>Fees of all rows, fen.</summary>
    public long FeeFen { get; private set; }

    public static async Task<BilledDay> Make(MariaDbServer server, string folder, int rows, CancellationToken cancel)
    {
        var name = $"reconcile_{rows}";
        await using (var connection = new MySqlConnection(server.Connection))
        {
            await connection.OpenAsync(cancel);
            await Run(connection, $"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cancel);
        }
        var text = new MySqlConnectionStringBuilder(server.ConnectionTo(name)) { GuidFormat = MySqlGuidFormat.Binary16 }.ToString();
        var app = ServiceApp.Build(["--data", folder, "--database", server.ConnectionTo(name)], adjust: Quietly.Adjust);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        await db.Migrate(cancel);
        var now = scope.ServiceProvider.GetRequiredService<Clock>().Now();
        var community = new Community { Id = Guid.CreateVersion7(), Code = "busy", Name = "一天一百万笔", ContactPhone = "021-60000000", CreatedAt = now };
        var account = new MerchantAccount { Id = Guid.CreateVersion7(), CommunityId = community.Id, MchId = "1900000001", AppId = "wx0123456789abcdef" };
        db.AddRange(community, account);
        await db.SaveChangesAsync(cancel);
        var day = new BilledDay(app, account, text) { Day = Clock.DateOf(now).AddDays(-2) };
        await day.AddPayments(rows, cancel);
        await day.AddBill(db, rows, now, cancel);
        return day;
    }

    static long AmountOf(int number) => 25_000 + number % 1_000;

    static string Hex(int number, string head) => string.Create(CultureInfo.InvariantCulture, $"{head}{number:x24}");

    static string Transaction(int number) => string.Create(CultureInfo.InvariantCulture, $"4200002026120{number:D15}");

    DateTimeOffset PaidAt(int number, int rows) => Clock.StartOf(Day).AddSeconds((long)number * 85_000 / rows);

    async Task AddPayments(int rows, CancellationToken cancel)
    {
        await using var connection = new MySqlConnection(Connection);
        await connection.OpenAsync(cancel);
        var (begin, booked) = (Clock.StartOf(Day).ToUnixTimeMilliseconds(), Clock.StartOf(Day.AddDays(1)).ToUnixTimeMilliseconds());
        await Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO Payments (Id, CommunityId, OrderId, MerchantAccountId, Channel, TransactionId, TotalFen, ReceivedFen, OwnCouponFen, PaidAt, PaidOn, Outcome, BookedAt, Seal)
            SELECT UNHEX(CONCAT('01910000', LPAD(HEX(seq), 24, '0'))), UNHEX('{Account.CommunityId:N}'), UNHEX(CONCAT('01900000', LPAD(HEX(seq), 24, '0'))),
                UNHEX('{Account.Id:N}'), 'wechat', CONCAT('4200002026120', LPAD(seq, 15, '0')), 25000 + seq % 1000, 25000 + seq % 1000, 0,
                {begin} + FLOOR(seq * 85000 / {rows}) * 1000, '{Day:yyyy-MM-dd}', 'Settled', {booked}, UNHEX(REPEAT('00', 20))
            FROM seq_1_to_{rows}
            """), cancel);
    }

    async Task AddBill(OwnerPayDb db, int rows, DateTimeOffset now, CancellationToken cancel)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var packed = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
#pragma warning disable CA5350 // WeChat prescribes SHA-1 here.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var line in Lines(rows))
            {
                var bytes = Encoding.UTF8.GetBytes(line + "\n");
                hash.AppendData(bytes);
                await gzip.WriteAsync(bytes, cancel);
            }
        File = new WeChatBillFile
        {
            Id = Guid.CreateVersion7(), CommunityId = Account.CommunityId, MerchantAccountId = Account.Id, Day = Day, Kind = FetchWeChatBills.Trade,
            Sha1 = Convert.ToHexStringLower(hash.GetHashAndReset()), FetchedAt = now,
        };
        db.Add(File);
        await FetchWeChatBills.AddParts(db, File, packed, cancel);
    }

    IEnumerable<string> Lines(int rows)
    {
        yield return "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
            + "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
        var total = 0L;
        for (var number = 1; number <= rows; number++)
        {
            var (fen, fee) = (AmountOf(number), (AmountOf(number) * 60 + 5_000) / 10_000);
            (total, FeeFen) = (total + fen, FeeFen + fee);
            yield return string.Create(CultureInfo.InvariantCulture,
                $"`{PaidAt(number, rows):yyyy-MM-dd HH:mm:ss},`wx0123456789abcdef,`1900000001,`0,`,`{Transaction(number)},`{Hex(number, "01900000")},`oPayer{number:D22},`JSAPI,`SUCCESS,"
                + $"`OTHERS,`CNY,`{fen / 100}.{fen % 100:D2},`0.00,`0,`0,`0.00,`0.00,`,`,`物业费,`,`{fee / 100}.{fee % 100:D2}000,`0.60%,`{fen / 100}.{fen % 100:D2},`0.00,`");
        }
        yield return "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"`{rows},`{total / 100}.{total % 100:D2},`0.00,`0.00,`{FeeFen / 100}.{FeeFen % 100:D2}000,`{total / 100}.{total % 100:D2},`0.00");
    }

    /// <summary>Makes the day one that was never reconciled.</summary>
    public async Task Forget(CancellationToken cancel)
    {
        await using var connection = new MySqlConnection(Connection);
        await connection.OpenAsync(cancel);
        foreach (var table in (string[])["ReconciledDays", "OnceKeys", "Postings", "Journals", "MatchedRows", "Differences"])
            await Run(connection, $"DELETE FROM {table}", cancel);
    }

    static async Task Run(MySqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new MySqlCommand(text, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
