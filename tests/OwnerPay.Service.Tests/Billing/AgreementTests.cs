using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class AgreementTests(Servers servers)
{
    static Task<Answer> Vacant(Estate estate, TestHouse house, string from, string to, int percent = 70) => estate.Clerk.Post(estate.Path + "/billing/vacant-rates",
        new { houseCode = house.Code, feeKind = "property", from, to, percent, evidence = "水表停转，申请表 2026-031" });

    static Task<Answer> Agree(Estate estate, TestHouse house, string from = "2026-01-01", string dueRule = "dayOfFirstMonth", int? dueDay = 20, string file = "档案 A-17") =>
        estate.Clerk.Post(estate.Path + "/billing/agreements", new
        {
            houseCode = house.Code, from, signedOn = "2025-12-20", dueRule, dueDay, method = "按月，微信支付", consequences = "逾期按日万分之五支付违约金", evidenceFile = file,
        });

    [Theory, EachDatabase]
    public async Task A_vacant_house_pays_its_part_on_the_days_that_finance_approved_and_reads_why(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        (await Vacant(estate, estate.Houses[0], "2026-12-11", "2026-12-31")).Done();

        var before = (await estate.Preview()).Done();
        await estate.ApproveAll(estate.Finance);
        var after = (await estate.Preview()).Done();
        var outdated = await estate.Confirm(before);
        (await estate.Confirm(after)).Done();

        Assert.Equal("preview_outdated", outdated.Code);
        var bill = (await estate.Bills()).Single(b => b.HouseId == estate.Houses[0].Id);
        var lines = (await estate.Lines()).Where(line => line.BillId == bill.Id).ToList();
        // 89.60 m² × 2.80 yuan: 10/31 in full, 21/31 at 70 %
        Assert.Equal([8_093L, 11_897L], lines.Select(line => line.AmountFen));
        Assert.Equal("89.60㎡ × 2.80元/㎡·月 × 2026年12月 21/31 × 70%（空置） = 118.97元", lines[1].Formula);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Two_vacant_rates_for_the_same_days_are_never_both_approved_and_one_can_end_early(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var first = (await Vacant(estate, estate.Houses[0], "2026-12-01", "2027-05-31")).Done()["vacantRateId"].GetValue<Guid>();
        (await Vacant(estate, estate.Houses[0], "2026-12-20", "2027-02-28", 50)).Done();
        var waiting = (await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray();

        var decisions = new List<Answer>();
        foreach (var approval in waiting) decisions.Add(await estate.Finance.Post($"{estate.Path}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { }));
        var third = await Vacant(estate, estate.Houses[0], "2026-12-25", "2026-12-26");
        var free = await Vacant(estate, estate.Houses[0], "2026-12-01", "2029-12-01");

        Assert.Single(decisions, answer => answer.Status == 200);
        Assert.Single(decisions, answer => answer.Code == "vacant_rate_overlaps");
        Assert.Equal("vacant_rate_overlaps", third.Code);
        Assert.Equal("vacant_rate_invalid", free.Code);
        var approved = (await estate.Clerk.Get(estate.Path + "/billing/vacant-rates")).Done()["items"].AsArray().Single(rate => rate!["state"]!.GetValue<string>() == "approved")!;
        (await estate.Finance.Post($"{estate.Path}/billing/vacant-rates/{approved["vacantRateId"]!.GetValue<Guid>()}/end", new { to = approved["from"]!.GetValue<string>() })).Done();
        Assert.NotEqual(Guid.Empty, first);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_bill_is_due_when_the_houses_agreement_says_and_its_owner_reads_the_agreement(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetTariffs();
        await estate.SetPrices(BillingSteps.Tariff("1.96", "2026-01-01", scope: "house", scopeCode: estate.Houses[0].Code, name: "约定物业费"));
        (await Agree(estate, estate.Houses[0])).Done();
        (await Agree(estate, estate.Houses[1], dueDay: 5)).Done();    // the 5th is over when the bill goes out
        await estate.ApproveAll(estate.Finance);

        await estate.IssueBills();
        var owner = await estate.SignIn(estate.Houses[0]);
        var agreement = (await owner.Api.Get($"{owner.Path}/fee-agreement")).Done();
        var stranger = await estate.SignIn(estate.Houses[2]);

        var due = (await estate.Bills()).ToDictionary(bill => bill.HouseId, bill => bill.DueOn.Day);
        Assert.Equal([20, 31, 31], estate.Houses.Select(house => due[house.Id]));
        Assert.Equal("档案 A-17", agreement["evidenceFile"].GetValue<string>());
        var price = Assert.Single(agreement["prices"].AsArray())!;
        Assert.Equal((1.96m, true), (price["unitPriceYuan"]!.GetValue<decimal>(), price["agreedForHouse"]!.GetValue<bool>()));
        Assert.Equal("fee_agreement_not_found", (await stranger.Api.Get($"{stranger.Path}/fee-agreement")).Code);
        Assert.Equal("house_not_found", (await stranger.Api.Get($"/houses/{estate.Houses[0].Id}/fee-agreement")).Code);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Nobody_approves_his_own_proposal_and_a_rule_by_day_needs_its_day(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();

        var dayless = await Agree(estate, estate.Houses[0], dueDay: null);
        var surplus = await Agree(estate, estate.Houses[0], dueRule: "asRun");
        (await Agree(estate, estate.Houses[0])).Done();
        (await Agree(estate, estate.Houses[0], file: "档案 B-2")).Done();
        var waiting = (await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray();
        var own = await estate.Clerk.Post($"{estate.Path}/approvals/{waiting[0]!["id"]!.GetValue<Guid>()}/approve", new { });
        var decisions = new List<Answer>();
        foreach (var approval in waiting) decisions.Add(await estate.Finance.Post($"{estate.Path}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { }));

        Assert.All([dayless, surplus], answer => Assert.Equal(("fee_agreement_invalid", "dueDay"), (answer.Code, answer["field"].GetValue<string>())));
        Assert.Equal(403, own.Status);
        Assert.Single(decisions, answer => answer.Code == "fee_agreement_exists");
        Assert.Empty(await estate.Verify());
    }
}
