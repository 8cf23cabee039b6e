using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

/// <summary>Applies for trade and fund-flow bills and hands the files out (申请账单、下载账单).</summary>
/// <remarks>A day's bill exists from 10:00 of the next business day (400 <c>STATEMENT_CREATING</c> before) and for three months;
/// a day without movement is 400 <c>NO_STATEMENT_EXIST</c>. Download addresses live 5 minutes of the system clock and not over a restart.</remarks>
sealed class BillCalls(Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, ReplacedBills replaced)
{
    static readonly TimeSpan UrlLife = TimeSpan.FromMinutes(5);
    static readonly TimeOnly MadeFrom = new(9, 0), ReadyFrom = new(10, 0);

    /// <summary>WeChat lets a merchant apply for three fund-flow bills a second.</summary>
    readonly Allowance fundFlows = new(3);

    sealed record File(byte[] Bytes, DateTimeOffset Until);

    readonly ConcurrentDictionary<string, File> files = new();

    public Task<PayAnswer> Trade(PayRequest request)
    {
        var type = request.Query("bill_type") ?? "ALL";
        return type is "ALL" or "SUCCESS" or "REFUND"
            ? Apply(request, BillFileKind.Trade, (db, day) => TradeBill(db, day, type))
            : Task.FromResult(PayAnswer.ParamError("bill_type", null, "只能是ALL、SUCCESS或REFUND", "query"));
    }

    public Task<PayAnswer> FundFlow(PayRequest request)
    {
        var account = request.Query("account_type") ?? "BASIC";
        if (!fundFlows.Take()) return Task.FromResult(PayAnswer.FrequencyLimited);
        return account is "BASIC" or "OPERATION" or "FEES"
            ? Apply(request, BillFileKind.FundFlow, (db, day) => account == "BASIC" ? FundFlow(db, day) : Task.FromResult<string?>(null))
            : Task.FromResult(PayAnswer.ParamError("account_type", null, "只能是BASIC、OPERATION或FEES", "query"));
    }

    async Task<PayAnswer> Apply(PayRequest request, BillFileKind kind, Func<EmulatorDb, DateOnly, Task<string?>> write)
    {
        if (!DateOnly.TryParseExact(request.Query("bill_date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return PayAnswer.ParamError("bill_date", null, "应为yyyy-MM-dd格式的日期", "query");
        var packing = request.Query("tar_type");
        if (packing is not (null or "GZIP")) return PayAnswer.ParamError("tar_type", null, "只能是GZIP", "query");
        var now = clock.Now();
        var today = clock.Today();
        if (day >= today) return PayAnswer.Refuse(400, "INVALID_REQUEST", "账单日期必须早于今天");
        if (day < today.AddMonths(-3)) return PayAnswer.Refuse(400, "INVALID_REQUEST", "只能下载三个月以内的账单");
        if ((day == today.AddDays(-1) && TimeOnly.FromDateTime(now.DateTime) < ReadyFrom)
            || faults.Strike(FaultKind.BillNotReady, Where) is not null)
            return PayAnswer.Refuse(400, "STATEMENT_CREATING", "账单生成中，请稍后再试");
        var instead = replaced.Find(day, kind);
        if (await store.Read(db => write(db, day)) is not { } text) return PayAnswer.Refuse(400, "NO_STATEMENT_EXIST", "账单文件不存在");
        if (faults.Strike(FaultKind.BillCut, Where) is not null) text = text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)];
        var plain = instead?.Bytes ?? Encoding.UTF8.GetBytes(text);
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var system = TimeProvider.System.GetUtcNow();
        foreach (var (old, file) in files)
            if (file.Until < system) files.TryRemove(old, out _);
        files[token] = new(packing is null ? plain : Gzip(plain), system + UrlLife);
#pragma warning disable CA5350 // WeChat prescribes SHA-1, over the unpacked file.
        var hash = instead?.Sha1 ?? Convert.ToHexStringLower(SHA1.HashData(plain));
#pragma warning restore CA5350
        if (faults.Strike(FaultKind.BillHashWrong, Where) is not null) hash = new string('0', 40);
        var url = $"{Origin(request.Http.Request)}/v3/billdownload/file?token={token}";
        return PayAnswer.Ok(new BillAnswer { HashType = "SHA1", HashValue = hash, DownloadUrl = url }, PayJson.Types.BillAnswer);

        string Where() => $"GET {request.Http.Request.Path}{request.Http.Request.QueryString}";
    }

    /// <summary>The name by which the client knows us, which for a client that maps WeChat's own names to this machine is WeChat's.</summary>
    static string Origin(HttpRequest request) => $"{(Hosts.IsWeChats(request.Host.Host) ? "https" : request.Scheme)}://{request.Host}";

    /// <summary>The file itself; its answer carries no signature, the hash stands for it.</summary>
    public Task<PayAnswer> Download(PayRequest request) => Task.FromResult(
        request.Query("token") is { } token && files.TryGetValue(token, out var file) && file.Until >= TimeProvider.System.GetUtcNow()
            ? new PayAnswer(200, file.Bytes, "application/octet-stream", Signed: false)
            : PayAnswer.Refuse(400, "INVALID_REQUEST", "下载链接已失效，请重新申请账单"));

    async Task<string?> TradeBill(EmulatorDb db, DateOnly day, string type)
    {
        var paid = await db.Orders.Where(order => order.PaidOn == day).OrderBy(order => order.PaidSequence).ToListAsync();
        var rows = paid.Select(order => TradeRow.Of(order, keys.Mchid, options.FeePerTenThousand)).ToList();
        rows.AddRange(await Refunds(db, day));
        foreach (var change in await db.BillChanges.Where(change => change.Day == day).OrderBy(change => change.Id).ToListAsync())
            Plant(change, rows);
        var dayBefore = day.AddDays(-1);
        foreach (var late in await db.BillChanges.Where(change => change.Day == dayBefore && change.Kind == BillChangeKind.NextDay).ToListAsync())
            if (await db.Orders.FindAsync(late.OutTradeNo) is { SuccessTime: not null } order)
                rows.Add(TradeRow.Of(order, keys.Mchid, options.FeePerTenThousand));
        if (type != "ALL") rows.RemoveAll(row => row.Refund is null == (type == "REFUND"));
        return rows.Count == 0 ? null : TradeBillFile.Write([.. rows.OrderBy(row => row.Time)], type);
    }

    /// <summary>Refunds stand in the bill of the day on which they were accepted.</summary>
    async Task<IEnumerable<TradeRow>> Refunds(EmulatorDb db, DateOnly day)
    {
        var made = new DateTimeOffset(day.AddDays(1).ToDateTime(MadeFrom), BusinessClock.China);
        var found = await db.Refunds.Where(refund => refund.CreatedOn == day).OrderBy(refund => refund.RefundId)
            .Join(db.Orders, refund => refund.OutTradeNo, order => order.OutTradeNo, (refund, order) => new { refund, order }).ToListAsync();
        return found.Select(row => TradeRow.Of(row.refund, row.order, keys.Mchid, options.FeePerTenThousand, made));
    }

    void Plant(BillChange change, List<TradeRow> rows)
    {
        var index = rows.FindIndex(row => row.OutTradeNo == change.OutTradeNo && row.Refund is null);
        switch (change.Kind)
        {
            case BillChangeKind.Drop when index >= 0: rows.RemoveAt(index); break;
            case BillChangeKind.Amount when index >= 0: rows[index] = rows[index].WithTotal(change.Fen, options.FeePerTenThousand); break;
            case BillChangeKind.Fee when index >= 0: rows[index] = rows[index] with { FeeFen = change.Fen }; break;
            case BillChangeKind.Twice when index >= 0: rows.Add(rows[index]); break;
            case BillChangeKind.NextDay when index >= 0: rows.RemoveAt(index); break;
            case BillChangeKind.OtherMerchant when index >= 0: rows[index] = rows[index] with { Mchid = "1900000109" }; break;
            case BillChangeKind.Refund when index >= 0: rows.Add(rows[index].WithRefund(change.Fen, options.FeePerTenThousand)); break;
            case BillChangeKind.Extra: rows.Add(TradeRow.Extra(change, keys, options.FeePerTenThousand)); break;
            default: break;    // the order was paid on another day: nothing to change here
        }
    }

    async Task<string?> FundFlow(EmulatorDb db, DateOnly day)
    {
        var moves = await db.FundMoves.Where(move => move.On == day).OrderBy(move => move.At).ThenBy(move => move.Id).ToListAsync();
        return moves.Count == 0
            ? null
            : FundFlowFile.Write(moves, keys.Mchid, day, await db.FundMoves.Where(move => move.On < day).SumAsync(move => move.Fen));
    }

    static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(plain);
        return packed.ToArray();
    }
}
