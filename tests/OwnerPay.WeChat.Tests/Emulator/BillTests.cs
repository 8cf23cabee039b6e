using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class BillTests
{
    static readonly string Columns =
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
        + "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    [Fact]
    public async Task A_day_is_ready_at_ten_the_next_morning_and_an_empty_day_has_no_statement()
    {
        await using var emulator = await RunningEmulator.Start(now: "2026-11-23 23:59:59");
        await emulator.Order("READY0000001");
        await emulator.Pay("READY0000001");

        var today = await Apply(emulator, "2026-11-23");
        emulator.Clock.Advance(TimeSpan.FromHours(10));
        var early = await Apply(emulator, "2026-11-23");
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        var ready = await Apply(emulator, "2026-11-23");
        var empty = await Apply(emulator, "2026-11-22");
        await emulator.Post("faults", new { kind = "billNotReady" });
        var again = await Apply(emulator, "2026-11-23");

        Assert.Equal((400, "INVALID_REQUEST"), (today.Status, today.Code));
        Assert.Equal((400, "STATEMENT_CREATING"), (early.Status, early.Code));
        Assert.Equal(200, ready.Status);
        Assert.Equal((400, "NO_STATEMENT_EXIST"), (empty.Status, empty.Code));
        Assert.Equal((400, "STATEMENT_CREATING"), (again.Status, again.Code));
        Assert.Equal((400, "PARAM_ERROR"), (await Apply(emulator, "2026-11-31")) is var bad ? (bad.Status, bad.Code) : default);
        Assert.Equal((400, "INVALID_REQUEST"), (await Apply(emulator, "2026-08-01")) is var old ? (old.Status, old.Code) : default);
    }

    [Fact]
    public async Task The_bill_lists_what_was_paid_in_WeChats_columns_with_fees_half_up_and_a_summary_that_adds_up()
    {
        await using var emulator = await RunningEmulator.Start();
        await PayFour(emulator);
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        var lines = (await Download(emulator, "2026-11-23")).TrimEnd('\n').Split('\n');

        Assert.Equal(Columns, lines[0]);
        Assert.Equal(7, lines.Length);
        var rows = lines[1..5].Select(line => Columns.Split(',').Zip(line.Split(','), (name, value) => (name, value[1..])).ToDictionary()).ToArray();
        Assert.Equal(["286.50", "286.50", "500.00", "0.01"], rows.Select(row => row["订单金额"]));
        Assert.Equal(["286.50", "276.50", "500.00", "0.01"], rows.Select(row => row["应结订单金额"]));
        Assert.Equal(["0.00", "10.00", "20.00", "0.00"], rows.Select(row => row["代金券金额"]));
        Assert.Equal(["1.72000", "1.66000", "3.00000", "0.00000"], rows.Select(row => row["手续费"]));
        Assert.Equal(["0.60%", "SUCCESS", "JSAPI", "CNY", "0", "2026-11-23 10:00:00"],
            ((string[])["费率", "交易状态", "交易类型", "货币种类", "特约商户号", "交易时间"]).Select(name => rows[0][name]));
        Assert.Equal("停车费\\ 地下B2-117", rows[3]["商品名称"]);
        Assert.Equal("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额", lines[5]);
        Assert.Equal("`4,`1063.01,`0.00,`0.00,`6.38000,`1073.01,`0.00", lines[6]);
        Assert.All(lines[1..5], line => Assert.All(line.Split(','), value => Assert.StartsWith("`", value, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_short_bill_and_the_fund_flow_agree_with_the_long_one()
    {
        await using var emulator = await RunningEmulator.Start();
        await PayFour(emulator);
        emulator.Clock.Advance(TimeSpan.FromDays(1));
        await emulator.Order("NEXTDAY00001", fen: 100);
        await emulator.Pay("NEXTDAY00001");
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        var success = (await Download(emulator, "2026-11-23", "&bill_type=SUCCESS")).TrimEnd('\n').Split('\n');
        var flow = (await Download(emulator, "2026-11-23", kind: "fundflowbill")).TrimEnd('\n').Split('\n');
        var next = (await Download(emulator, "2026-11-24", kind: "fundflowbill")).TrimEnd('\n').Split('\n');

        Assert.Equal(20, success[0].Split(',').Length);
        Assert.Equal("`4,`1063.01,`6.38000,`1073.01", success[^1]);
        Assert.Equal("`7,`4,`1063.01,`3,`6.38", flow[^1]);
        Assert.Equal("`1056.63", flow[^3].Split(',')[7]);
        Assert.Equal("`1057.63", next[1].Split(',')[7]);
        Assert.Equal("NO_STATEMENT_EXIST", (await Apply(emulator, "2026-11-23", "&bill_type=REFUND")).Code);
        Assert.Equal("NO_STATEMENT_EXIST", (await Apply(emulator, "2026-11-23", "&account_type=FEES", "fundflowbill")).Code);
    }

    [Fact]
    public async Task A_difference_planted_in_the_bill_is_there_and_the_sums_follow_it()
    {
        await using var emulator = await RunningEmulator.Start();
        await PayFour(emulator);
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        async Task<int> Plant(object change, string day = "2026-11-23") => (await emulator.Post($"bills/{day}/changes", change)).Status;

        Assert.Equal(204, await Plant(new { kind = "drop", outTradeNo = "BILL00000001" }));
        Assert.Equal(204, await Plant(new { kind = "amount", outTradeNo = "BILL00000003", fen = 50_001 }));
        Assert.Equal(204, await Plant(new { kind = "extra", outTradeNo = "GHOST0000001", fen = 777 }));
        Assert.Equal(404, await Plant(new { kind = "drop", outTradeNo = "BILL00000001" }, "2026-11-22"));
        var changed = await Download(emulator, "2026-11-23");
        await emulator.Admin(HttpMethod.Delete, "bills/2026-11-23/changes");
        var restored = await Download(emulator, "2026-11-23");

        Assert.DoesNotContain("BILL00000001", changed, StringComparison.Ordinal);
        Assert.Contains("GHOST0000001", changed, StringComparison.Ordinal);
        Assert.Contains("`500.01", changed, StringComparison.Ordinal);
        Assert.EndsWith("`794.29,`0.00\n", changed, StringComparison.Ordinal);
        Assert.EndsWith("`1073.01,`0.00\n", restored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_address_is_signed_for_and_good_for_nobody_else()
    {
        await using var emulator = await RunningEmulator.Start();
        await PayFour(emulator);
        emulator.Clock.Advance(TimeSpan.FromDays(1));
        var url = new Uri((string)(await Apply(emulator, "2026-11-23")).Json["download_url"]!);

        var unsigned = await emulator.Call(HttpMethod.Get, url.PathAndQuery, spoil: request => request.Headers.Remove("Authorization"));
        var wrong = await emulator.Call(HttpMethod.Get, "/v3/billdownload/file?token=abc");
        var right = await emulator.Call(HttpMethod.Get, url.PathAndQuery);

        Assert.Equal(401, unsigned.Status);
        Assert.Equal((400, "INVALID_REQUEST"), (wrong.Status, wrong.Code));
        Assert.Equal(200, right.Status);
        Assert.True(right.Signature.IsEmpty);
    }

    [Fact]
    public async Task Somebody_who_runs_the_emulator_alone_sees_tomorrows_bill_by_moving_its_clock_which_a_restart_keeps()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        EmulatorOptions Alone(EmulatorOptions options) => options with { BusinessTime = TimeProvider.System };
        string today;
        await using (var before = await RunningEmulator.Start(folder, change: Alone))
        {
            today = ((string)(await before.Get("clock"))["now"]!)[..10];
            await before.Order("ALONE0000001");
            await before.Pay("ALONE0000001");
            Assert.Equal("INVALID_REQUEST", (await Apply(before, today)).Code);
            Assert.Equal(400, (await before.Post("clock", new { aheadSeconds = -1 })).Status);
            await before.Post("clock", new { aheadSeconds = 2 * 86_400 });
            Assert.Contains("ALONE0000001", await Download(before, today), StringComparison.Ordinal);
        }
        await using (var after = await RunningEmulator.Start(folder, change: Alone))
            Assert.Contains("ALONE0000001", await Download(after, today), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Refunds_stand_on_the_day_of_their_acceptance_with_the_state_of_the_hour_when_the_file_was_made()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { RefundSpacing = TimeSpan.Zero });
        await PayFour(emulator);
        emulator.Clock.Advance(TimeSpan.FromDays(1));
        await emulator.Refund("BILL00000001", "RF-WHOLE");
        await emulator.Refunded("RF-WHOLE");
        await emulator.Post("faults", new { kind = "refundStuck" });
        await emulator.Refund(emulator.RefundBody("BILL00000003", "RF-PART", 10_000, total: 50_000));
        emulator.Clock.Advance(TimeSpan.FromDays(1));
        await emulator.Post("refunds/RF-PART/settle");

        var refunds = (await Download(emulator, "2026-11-24", "&bill_type=REFUND")).TrimEnd('\n').Split('\n');
        var all = (await Download(emulator, "2026-11-24")).TrimEnd('\n').Split('\n');
        var flow = (await Download(emulator, "2026-11-24", kind: "fundflowbill")).TrimEnd('\n').Split('\n');

        Assert.Equal(29, refunds[0].Split(',').Length);
        var names = refunds[0].Split(',');
        var rows = refunds[1..3].Select(line => names.Zip(line.Split(','), (name, value) => (name, value[1..])).ToDictionary()).ToArray();
        Assert.Equal(["RF-WHOLE", "RF-PART"], rows.Select(row => row["商户退款单号"]));
        Assert.Equal(["SUCCESS", "PROCESSING"], rows.Select(row => row["退款状态"]));
        Assert.Equal(["2026-11-24 10:00:00", ""], rows.Select(row => row["退款成功时间"]));
        Assert.Equal(["286.50", "100.00"], rows.Select(row => row["申请退款金额"]));
        Assert.Equal(["0.00", "4.00"], rows.Select(row => row["充值券退款金额"]));
        Assert.Equal(["-1.72000", "-0.60000"], rows.Select(row => row["手续费"]));
        Assert.Equal("`2,`0.00,`386.50,`4.00,`-2.32000,`0.00,`386.50", refunds[^1]);
        Assert.Equal(refunds[^1], all[^1]);
        Assert.Equal("NO_STATEMENT_EXIST", (await Apply(emulator, "2026-11-24", "&bill_type=SUCCESS")).Code);
        Assert.Equal(["`退款", "`退还交易手续费", "`退款", "`退还交易手续费"], flow[1..5].Select(line => line.Split(',')[4]));
        Assert.Equal("`4,`2,`2.32,`2,`386.50", flow[^1]);
        Assert.Equal("`672.45", flow[4].Split(',')[7]);
    }

    [Fact]
    public async Task Withdrawals_and_closed_refunds_move_the_account_and_the_balance_runs_on()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("FLOW00000001");
        await emulator.Pay("FLOW00000001");
        await emulator.Post("faults", new { kind = "refundClosed" });
        await emulator.Refund("FLOW00000001", "RF-CLOSED", 10_000);
        await emulator.Refunded("RF-CLOSED");
        await emulator.Post("account/withdrawals", new { fen = 20_000 });
        var tooMuch = await emulator.Post("account/withdrawals", new { fen = 20_000 });
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        var file = await Download(emulator, "2026-11-23", kind: "fundflowbill");
        var lines = file.TrimEnd('\n').Split('\n')[1..^2].Select(line => line.Split(',')).ToArray();

        Assert.Equal((409, "not_enough"), (tooMuch.Status, tooMuch.Code));
        Assert.Equal(["`交易", "`扣除交易手续费", "`退款", "`退还交易手续费", "`退款关闭", "`扣除交易手续费", "`提现"], lines.Select(line => line[4]));
        Assert.Equal(["`286.50", "`284.78", "`184.78", "`185.38", "`285.38", "`284.78", "`84.78"], lines.Select(line => line[7]));
        Assert.Equal(("`充值/提现", "`自动提现"), (lines[^1][3], lines[^1][9]));
    }

    [Fact]
    public async Task A_fourth_fund_flow_bill_within_a_second_is_too_much()
    {
        await using var emulator = await RunningEmulator.Start();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Apply(emulator, "2026-11-22", kind: "fundflowbill")));

        Assert.Contains(answers, answer => answer.Code == "FREQUENCY_LIMITED");
        Assert.Contains(answers, answer => answer.Code == "NO_STATEMENT_EXIST");
    }

    /// <summary>286.50; 286.50 with 10.00 of the merchant's coupons; 500.00 with 20.00 of WeChat's; 0.01 with a comma in its text.</summary>
    static async Task PayFour(RunningEmulator emulator)
    {
        await emulator.Order("BILL00000001");
        await emulator.Pay("BILL00000001");
        await emulator.Order("BILL00000002");
        await emulator.Pay("BILL00000002", new { coupon = new { type = "NOCASH", fen = 1_000 } });
        await emulator.Order("BILL00000003", fen: 50_000);
        await emulator.Pay("BILL00000003", new { coupon = new { type = "CASH", fen = 2_000 } });
        var comma = emulator.OrderBody("BILL00000004", fen: 1);
        comma["description"] = "停车费,地下B2-117";
        await emulator.Order(comma);
        await emulator.Pay("BILL00000004");
    }

    static Task<Answer> Apply(RunningEmulator emulator, string day, string more = "", string kind = "tradebill") =>
        emulator.Call(HttpMethod.Get, $"/v3/bill/{kind}?bill_date={day}{more}");

    static async Task<string> Download(RunningEmulator emulator, string day, string more = "", string kind = "tradebill")
    {
        var applied = await Apply(emulator, day, more + "&tar_type=GZIP", kind);
        Assert.True(applied.Status == 200, applied.Text);
        var file = await emulator.Call(HttpMethod.Get, new Uri((string)applied.Json["download_url"]!).PathAndQuery);
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(file.Raw), CompressionMode.Decompress)) await gzip.CopyToAsync(unpacked);
#pragma warning disable CA5350 // WeChat prescribes SHA-1.
        Assert.Equal((string?)applied.Json["hash_value"], Convert.ToHexStringLower(SHA1.HashData(unpacked.ToArray())));
#pragma warning restore CA5350
        return Encoding.UTF8.GetString(unpacked.ToArray());
    }
}
