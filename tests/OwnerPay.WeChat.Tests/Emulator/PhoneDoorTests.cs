using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class PhoneDoorTests
{
    [Fact]
    public async Task A_phone_sees_what_it_is_to_pay_and_pays_or_cancels_it_by_the_prepay_id_alone()
    {
        await using var emulator = await RunningEmulator.Start();
        var prepayId = await emulator.Order("SHEET0000001");

        var sheet = await emulator.Get($"checkout?prepayId={prepayId}&openid={RunningEmulator.Openid}");
        var foreigner = await emulator.Get($"checkout?prepayId={prepayId}&openid=oSomebodyElse");
        var cancelled = await emulator.Post("checkout/cancel", new { prepayId });
        var other = await emulator.Post("checkout/pay", new { prepayId, openid = "oSomebodyElse" });
        var paid = await emulator.Post("checkout/pay", new { prepayId, openid = RunningEmulator.Openid });
        var again = await emulator.Post("checkout/pay", new { prepayId, openid = RunningEmulator.Openid });
        var stale = await emulator.Post("checkout/pay", new { prepayId = "wx2026" });

        Assert.Equal(("SHEET0000001", 28_650, "notPaid"), ((string?)sheet["outTradeNo"], (int)sheet["totalFen"]!, (string?)sheet["state"]));
        Assert.Null(sheet["refusal"]);
        Assert.Equal("other_payer", (string?)foreigner["refusal"]!["code"]);
        Assert.Equal("requestPayment:fail cancel", (string?)cancelled.Json["errMsg"]);
        Assert.Equal((409, "other_payer"), (other.Status, other.Code));
        Assert.Equal("requestPayment:ok", (string?)paid.Json["errMsg"]);
        Assert.Equal((409, "already_paid"), (again.Status, again.Code));
        Assert.Equal(404, stale.Status);
    }

    [Fact]
    public async Task A_payer_who_closes_the_sheet_leaves_the_order_open_and_may_come_back()
    {
        await using var emulator = await RunningEmulator.Start();
        var prepayId = await emulator.Order("CANCEL000001");
        await emulator.Post("faults", new { kind = "userCancels", scope = "CANCEL000001" });

        var first = await emulator.Post("checkout/pay", new { prepayId });
        var state = (string?)(await emulator.Query("CANCEL000001")).Json["trade_state"];
        var second = await emulator.Post("checkout/pay", new { prepayId });

        Assert.Equal((409, "user_cancelled"), (first.Status, first.Code));
        Assert.Equal("NOTPAY", state);
        Assert.Equal(200, second.Status);
    }

    [Fact]
    public async Task The_subscription_dialog_asks_for_known_templates_and_remembers_what_shall_not_be_asked_again()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Admin(HttpMethod.Put, "templates", new[]
        {
            new { templateId = "T-bill", title = "缴费提醒", fields = new[] { "thing1", "amount2" } },
            new { templateId = "T-paid", title = "缴费成功通知", fields = new[] { "thing1" } },
        });
        var path = $"users/{RunningEmulator.Openid}";
        Task<Answer> Ask(params string[] templateIds) => emulator.Post($"{path}/subscription-requests", new { templateIds });

        var asked = (await Ask("T-bill", "T-paid")).Json["templates"]!;
        await emulator.Post($"{path}/subscriptions", new { accept = new[] { "T-bill" }, reject = new[] { "T-paid" }, keep = true });
        var kept = (await Ask("T-bill", "T-paid")).Json["templates"]!;
        await emulator.Post($"{path}/subscriptions", new { accept = new[] { "T-bill" }, keep = false });
        var forgotten = (await Ask("T-bill")).Json["templates"]!;
        var unknown = await Ask("T-none");
        var many = await Ask("1", "2", "3", "4", "5", "6");
        await emulator.Post($"{path}/subscriptions", new { refuseAll = true });
        var off = await Ask("T-bill");

        Assert.Equal(["缴费提醒", "缴费成功通知"], asked.AsArray().Select(template => (string?)template!["title"]));
        Assert.All(asked.AsArray(), template => Assert.Null(template!["kept"]));
        Assert.Equal([true, false], kept.AsArray().Select(template => (bool)template!["kept"]!));
        Assert.Null(forgotten[0]!["kept"]);
        Assert.Equal((20001, 20003, 20004), ((int)unknown.Json["errCode"]!, (int)many.Json["errCode"]!, (int)off.Json["errCode"]!));
    }

    [Fact]
    public async Task Service_notifications_and_payments_arrive_live_and_what_a_lost_line_missed_comes_first()
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, times = 3 });
        var first = (await Phone.Send(emulator, "T1", token))["msgid"]!.ToString();
        await Phone.Send(emulator, "T1", token);
        using var line = await emulator.Http.GetStreamAsync($"/admin/users/{RunningEmulator.Openid}/events?after={first}");
        await using var events = SseParser.Create(line).EnumerateAsync().GetAsyncEnumerator();
        async Task<(string Kind, JsonNode Data)> Next() =>
            await events.MoveNextAsync() ? (events.Current.EventType, JsonNode.Parse(events.Current.Data)!) : default;

        Assert.Equal("ready", (await Next()).Kind);
        Assert.Equal("service-notification", (await Next()).Kind);
        await Phone.Send(emulator, "T1", token);
        var live = await Next();
        var prepayId = await emulator.Order("LIVE00000001");
        await emulator.Post("checkout/pay", new { prepayId });
        var paid = await Next();

        Assert.Equal(("service-notification", "286.50元"), (live.Kind, (string?)live.Data["data"]!["amount2"]));
        Assert.Equal(("payment", "LIVE00000001"), (paid.Kind, (string?)paid.Data["outTradeNo"]));
        await emulator.Host.DisposeAsync();
        Assert.Null((await Next()).Kind);
    }

    [Fact]
    public async Task A_login_code_can_be_asked_for_the_bound_mini_program_only()
    {
        await using var emulator = await RunningEmulator.Start();

        var bound = await emulator.Post("users/oA/login-code", new { appid = emulator.Merchant.Appid });
        var foreign = await emulator.Post("users/oA/login-code", new { appid = "wx0000000000000000" });

        Assert.Equal(200, bound.Status);
        Assert.Equal(404, foreign.Status);
    }
}
