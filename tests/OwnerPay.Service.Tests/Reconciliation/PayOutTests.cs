using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Ledger;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Reconciliation;

/// <summary>Money on its way from WeChat to the bank, and the one list of all that does not agree.</summary>
public sealed class PayOutTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Money_that_WeChat_paid_out_and_the_bank_never_showed_is_asked_for_after_three_days_and_is_taken_once_when_it_comes(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        await (await estate.SignInAll()).EachPays();
        await estate.EmulatorPost("/admin/account/withdrawals", new { fen = 20_000 });
        await estate.EmulatorPost("/admin/account/withdrawals", new { fen = 7_000 });
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await estate.ReconcileDays("2026-12-10");
        Assert.Empty((await estate.Day("2026-12-10")).Named());
        Assert.Equal(27_000, await installation.Db(db => db.Postings.Where(p => p.CommunityId == estate.CommunityId && p.Account.StartsWith("1002/")).SumAsync(p => p.Amount)));
        Assert.Empty(await estate.Verify());

        var waiting = (await estate.Finance.Get(estate.Path + "/reconciliation/pay-outs?waiting=true")).Done()["items"].AsArray();
        Assert.Equal([7_000L, 20_000], waiting.Select(p => p!["amountFen"]!.GetValue<long>()).Order());
        var (large, small) = (waiting.Single(p => p!["amountFen"]!.GetValue<long>() == 20_000)!, waiting.Single(p => p!["amountFen"]!.GetValue<long>() == 7_000)!);
        Assert.Equal("pay_out_amount", (await Arrived(estate, large, 19_999, "ICBC-0001")).Code);
        (await Arrived(estate, large, 20_000, "ICBC-0001")).Done();
        Assert.Equal("pay_out_arrived", (await Arrived(estate, large, 20_000, "ICBC-0002")).Code);
        Assert.Equal("bank_row_taken", (await Arrived(estate, small, 7_000, "ICBC-0001")).Code);

        installation.Clock.MoveTo(Mornings.At("2026-12-14", "10:31"));
        await estate.ReconcileDays("2026-12-11", "2026-12-12", "2026-12-13");
        Assert.Equal([$"payOutNotArrived {small["flowNo"]} open"], (await estate.Day("2026-12-13")).Named());
        (await Arrived(estate, small, 7_000, "ICBC-0003")).Done();
        Assert.Equal([$"payOutNotArrived {small["flowNo"]} resolved"], (await estate.Day("2026-12-13")).Named());
        var sheet = (await estate.Manager.Get(estate.Path + "/reconciliation/months/2026-12")).Done();
        var account = sheet["accounts"][0]!;
        Assert.Equal([4L, 2, 27_000, 27_000], [account.Count("days"), account.Count("billRows"), account.Count("paidOutFen"), account.Count("arrivedFen")]);
        Assert.Equal(account.Count("openingFen") + account.Count("billFen") - account.Count("feeFen") - 27_000, account.Count("closingFen"));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Who_takes_over_a_difference_reads_what_was_done_about_it_and_nobody_of_another_estate_does(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        var orders = await (await estate.SignInAll()).EachPays();
        await estate.Plant("2026-12-10", "amount", $"{orders[0]:N}", 12_345);
        await estate.Plant("2026-12-10", "drop", $"{orders[1]:N}");
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await estate.ReconcileDays("2026-12-10");
        var list = estate.Path + "/reconciliation/differences";
        var open = (await estate.Finance.Get(list + "?state=open&source=tradeBill")).Done()["items"].AsArray();
        Assert.Equal(2, open.Count);
        Assert.Empty((await estate.Finance.Get(list + "?source=bank")).Done()["items"].AsArray());
        var id = open.Single(d => d!["cause"]!.GetValue<string>() == "amount")!["id"]!.GetValue<Guid>();
        var (finance, clerk) = (await StaffOf(estate, StaffRole.Finance), await StaffOf(estate, StaffRole.Clerk));

        Assert.Equal("assignee_not_finance", (await estate.Finance.Post($"{list}/{id}/assign", new { staffId = clerk })).Code);
        (await estate.Finance.Post($"{list}/{id}/assign", new { staffId = finance })).Done();
        (await estate.Manager.Post($"{list}/{id}/comments", new { text = "已致电微信客服，工单 20261211" })).Done();
        Assert.Equal(403, (await estate.Clerk.Post($"{list}/{id}/comments", new { text = "不该由我写" })).Status);
        Assert.Equal([id], (await estate.Finance.Get(list + "?mine=true")).Done()["items"].AsArray().Select(d => d!["id"]!.GetValue<Guid>()));
        (await estate.Finance.Post($"{list}/{id}/resolve", new { text = "微信更正账单" })).Done();
        Assert.Equal("difference_solved", (await estate.Finance.Post($"{list}/{id}/assign", new { staffId = finance })).Code);

        var history = (await estate.Manager.Get($"{list}/{id}")).Done()["history"].AsArray();
        Assert.Equal(["assigned Finance", "comment Manager", "resolved Finance"], history.Select(step => $"{step!["kind"]} {step["byName"]}"));
        var other = await Estate.Create(installation, 1);
        Assert.Equal(404, (await other.Finance.Get($"{other.Path}/reconciliation/differences/{id}")).Status);
        Assert.Equal(404, (await other.Finance.Post($"{other.Path}/reconciliation/differences/{id}/comments", new { text = "看不到的" })).Status);
        Assert.Empty(await estate.Verify());
    }

    static Task<Answer> Arrived(Estate estate, System.Text.Json.Nodes.JsonNode payOut, long fen, string reference) =>
        estate.Finance.Post($"{estate.Path}/reconciliation/pay-outs/{payOut["id"]!.GetValue<Guid>()}/arrived", new { bankReference = reference, on = "2026-12-11", amountFen = fen });

    static Task<Guid> StaffOf(Estate estate, StaffRole role) => estate.Installation.Db(db => db.Set<RoleGrant>()
        .Where(g => g.CommunityId == estate.CommunityId && g.Role == role).Select(g => g.StaffId).SingleAsync());
}

static class PayOutNumbers
{
    public static long Count(this System.Text.Json.Nodes.JsonNode node, string name) => node[name]!.GetValue<long>();
}
