using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Getting yesterday's bill, from the application to the last row.</summary>
/// <remarks>Named by what went wrong for others: the download carries no signature headers and was refused, columns differ by kind,
/// an empty day broke the parser, and the summary line was taken for a trade.</remarks>
public class BillDownloadTests
{
    const string File = "/v3/billdownload/file?token=6XIv5TUPto7pByrTQKhd6kwvyKLG2uY2wMMR8cNXqaA_Cv_isgaUtBzp4QtiozLO&tartype=gzip";
    static readonly DateOnly Day = new(2026, 11, 22);

    static JsonElement Of(string name) =>
        VectorFile.Root.GetProperty("bills").GetProperty("files").EnumerateArray().Single(file => file.Text("file") == $"bills/{name}.csv");

    /// <summary>A WeChat that has one bill ready, its file unsigned as ever.</summary>
    static async Task<LocalServer> Serve(byte[] file, string sha1, Func<Answer, Answer>? change = null)
    {
        LocalServer? server = null;
        server = await LocalServer.Start(call => call.Target.StartsWith("/v3/billdownload/", StringComparison.Ordinal)
            ? (change ?? (answer => answer))(new Answer(200, file, Signing.None) { ContentType = "application/octet-stream" })
            : Answer.Json($$"""{"hash_type":"SHA1","hash_value":"{{sha1}}","download_url":"{{new Uri(server!.Address, File)}}"}"""));
        return server;
    }

    static ServiceProvider Kit(LocalServer server, Action<PayOptions>? configure = null) => PayKit.Start(options =>
    {
        options.BaseAddress = server.Address;
        options.RetryDelay = TimeSpan.FromMilliseconds(5);
        configure?.Invoke(options);
    });

    static async Task<(PayResult<BillFile> Result, byte[] File)> Fetch(ServiceProvider kit)
    {
        var ticket = await kit.Client().ApplyTradeBillAsync(VectorFile.Merchant, Day);
        var plain = new MemoryStream();
        return (await kit.Client().DownloadBillAsync(VectorFile.Merchant, ticket.Value!, plain), plain.ToArray());
    }

    [Theory]
    [InlineData("tradebill_2026-11-22_ALL", TradeBillKind.All, "ALL")]
    [InlineData("tradebill_2026-11-22_SUCCESS", TradeBillKind.Success, "SUCCESS")]
    [InlineData("tradebill_2026-11-22_REFUND", TradeBillKind.Refund, "REFUND")]
    public async Task A_bill_download_without_any_signature_header_is_taken_by_its_hash_and_each_kind_adds_up(
        string name, TradeBillKind kind, string word)
    {
        await using var server = await Serve(VectorFile.Bytes($"bills/{name}.csv.gz"), Of(name).Text("sha1"));
        await using var kit = Kit(server);
        var ticket = await kit.Client().ApplyTradeBillAsync(VectorFile.Merchant, Day, kind);
        var plain = new MemoryStream();
        var file = await kit.Client().DownloadBillAsync(VectorFile.Merchant, ticket.Value!, plain);
        plain.Position = 0;
        var bill = BillReader.Trade(plain);
        var rows = await bill.RowsAsync().ToListAsync();

        Assert.Equal((Of(name).GetProperty("bytes").GetInt64(), Of(name).Text("sha1")), (file.Value!.Bytes, file.Value.Sha1));
        Assert.True(bill.IsComplete);
        Assert.Equal(Of(name).GetProperty("detail_rows").GetInt32(), rows.Count);
        Assert.Equal([$"/v3/bill/tradebill?bill_date=2026-11-22&bill_type={word}&tar_type=GZIP", File], server.Calls.Select(call => call.Target));
        Assert.All(server.Calls, call => Assert.True(call.IsSignedBy(VectorFile.Merchant.PrivateKey.PublicKey())));
    }

    [Fact]
    public async Task The_fund_flow_bill_of_the_basic_account_is_fetched_the_same_way()
    {
        const string name = "fundflowbill_2026-11-22_BASIC";
        await using var server = await Serve(VectorFile.Bytes($"bills/{name}.csv.gz"), Of(name).Text("sha1").ToUpperInvariant());
        await using var kit = Kit(server);

        var ticket = await kit.Client().ApplyFundFlowBillAsync(VectorFile.Merchant, Day);
        var plain = new MemoryStream();

        Assert.True((await kit.Client().DownloadBillAsync(VectorFile.Merchant, ticket.Value!, plain)).IsSuccess);
        Assert.Equal(VectorFile.Bytes($"bills/{name}.csv"), plain.ToArray());
        Assert.Equal("/v3/bill/fundflowbill?bill_date=2026-11-22&account_type=BASIC&tar_type=GZIP", server.Calls.First().Target);
    }

    [Fact]
    public async Task A_bill_that_comes_unpacked_although_gzip_was_asked_for_is_taken()
    {
        const string name = "tradebill_2026-11-22_ALL_bom_crlf";
        await using var server = await Serve(VectorFile.Bytes($"bills/{name}.csv"), Of(name).Text("sha1"));
        await using var kit = Kit(server);

        var (result, file) = await Fetch(kit);

        Assert.True(result.IsSuccess);
        Assert.Equal(VectorFile.Bytes($"bills/{name}.csv"), file);
    }

    [Fact]
    public async Task A_day_on_which_nobody_paid_is_an_empty_bill_not_a_failure()
    {
        await using var server = await LocalServer.Start(Answer.Error(400, "NO_STATEMENT_EXIST"));
        await using var kit = Kit(server);

        var ticket = await kit.Client().ApplyTradeBillAsync(VectorFile.Merchant, Day);
        var file = await kit.Client().DownloadBillAsync(VectorFile.Merchant, ticket.Value!, Stream.Null);

        Assert.True(ticket.Value!.IsEmpty);
        Assert.Equal(0, file.Value!.Bytes);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_bill_that_is_not_ready_at_ten_is_asked_for_again_in_half_an_hour()
    {
        await using var server = await LocalServer.Start(Answer.Error(400, "STATEMENT_CREATING"));
        await using var kit = Kit(server);

        var failure = (await kit.Client().ApplyTradeBillAsync(VectorFile.Merchant, Day)).Failure!;

        Assert.Equal((PayCodes.StatementCreating, Remedy.RetryLater), (failure.Code, failure.Remedy));
    }

    [Fact]
    public async Task A_bill_changed_on_the_way_a_cut_one_and_the_hash_of_the_packed_file_are_refused()
    {
        var expected = Of("tradebill_2026-11-22_ALL");
        var packed = VectorFile.Bytes("bills/tradebill_2026-11-22_ALL.csv.gz");
        using var other = new MemoryStream();
        await using (var gzip = new GZipStream(other, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync("交易时间\n"u8.ToArray());

        foreach (var (file, sha1) in new[]
        {
            (other.ToArray(), expected.Text("sha1")), (packed[..800], expected.Text("sha1")), (packed, expected.Text("gzip_sha1_not_to_be_compared")),
            (packed[..2], expected.Text("sha1")), (Array.Empty<byte>(), expected.Text("sha1")),
        })
        {
            await using var server = await Serve(file, sha1);
            await using var kit = Kit(server);
            var (result, _) = await Fetch(kit);
            Assert.Equal((PayCodes.BadFile, Remedy.Retry), (result.Failure?.Code, result.Failure?.Remedy));
        }
    }

    [Fact]
    public async Task An_expired_download_address_means_to_apply_again()
    {
        await using var server = await Serve([], "", _ => Answer.Error(400, "INVALID_REQUEST"));
        await using var kit = Kit(server);

        var (result, _) = await Fetch(kit);

        Assert.Equal((PayCodes.InvalidRequest, Remedy.Retry), (result.Failure?.Code, result.Failure?.Remedy));
    }

    [Theory]
    [InlineData("https://evil.example/v3/billdownload/file?token=1")]
    [InlineData("https://api.mch.weixin.qq.com.evil.example/file")]
    [InlineData("https://evilmch.weixin.qq.com/file")]
    [InlineData("http://api.mch.weixin.qq.com/file")]
    [InlineData("https://api.mch.weixin.qq.com:8443/file")]
    [InlineData("file:///etc/passwd")]
    public async Task A_signed_request_is_never_sent_to_a_host_that_is_not_wechats(string url)
    {
        await using var kit = PayKit.Start(options => options.BaseAddress = new Uri("http://127.0.0.1:9"));

        var result = await kit.Client().DownloadBillAsync(VectorFile.Merchant, new BillTicket(new Uri(url), "00"), Stream.Null);

        Assert.Equal((PayCodes.BadFile, Remedy.AskStaff), (result.Failure?.Code, result.Failure?.Remedy));
    }

    [Fact]
    public async Task A_small_packed_file_that_unpacks_to_a_giant_is_stopped_early()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(new byte[8 << 20]);
        await using var server = await Serve(bomb.ToArray(), "00");
        await using var kit = Kit(server, options => options.MaxBillBytes = 1 << 20);

        var (result, file) = await Fetch(kit);

        Assert.Equal((PayCodes.BadFile, Remedy.AskStaff), (result.Failure?.Code, result.Failure?.Remedy));
        Assert.True(file.Length <= 1 << 20);
    }

    [Fact]
    public async Task A_download_that_stalls_halfway_ends_in_a_time_out_and_not_in_a_half_bill()
    {
        var expected = Of("tradebill_2026-11-22_ALL");
        await using var server = await Serve(VectorFile.Bytes("bills/tradebill_2026-11-22_ALL.csv.gz"), expected.Text("sha1"),
            answer => answer with { DelayInBody = TimeSpan.FromSeconds(20) });
        await using var kit = Kit(server, options => options.DownloadTimeout = TimeSpan.FromSeconds(1));

        var (result, _) = await Fetch(kit);

        Assert.Equal((PayCodes.Timeout, Remedy.Retry), (result.Failure?.Code, result.Failure?.Remedy));
    }
}
