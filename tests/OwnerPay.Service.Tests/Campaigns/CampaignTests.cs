using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;
using static OwnerPay.Service.Tests.Campaigns.TestCampaigns;

namespace OwnerPay.Service.Tests.Campaigns;

public sealed class CampaignTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_clerk_sees_before_sending_whom_he_reaches_a_manager_lets_it_go_and_each_persons_result_is_told(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await estate.SetTemplates();
        await AskAbove(estate, persons: 5);
        var template = estate.TemplateOf("campaign.notice");
        var (reached, silent) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await reached.Allow(template);

        var preview = (await estate.Clerk.Post(estate.Path + "/campaigns/preview", new { kind = "notice", audience = new { } })).Done();
        Assert.Equal((6, 6, true), (preview["persons"].GetValue<int>(), preview["houses"].GetValue<int>(),
            preview["needsApproval"].GetValue<bool>()));
        Assert.Equal(6, preview["sample"].AsArray().Count);
        Assert.All(preview["sample"].AsArray(), row => Assert.DoesNotContain(estate.Houses, house => house.Code == Text(row!, "house")
            || house.OwnerName == Text(row!, "name")));
        var channel = preview["reach"]["channels"]!.AsArray().Single(c => Text(c!, "channel") == "subscription")!;
        Assert.Equal((1, 5), (Count(channel, "first"), Count(preview["reach"], "inboxOnly")));

        var proposed = (await estate.Campaign(Notice())).Done();
        var campaign = proposed["campaignId"].GetValue<Guid>();
        Assert.Equal("proposed", proposed["state"].GetValue<string>());
        Assert.Equal(403, (await estate.Clerk.Post($"{estate.Path}/approvals/{proposed["approvalId"].GetValue<Guid>()}/approve", new { })).Status);
        await estate.ApproveAll(estate.Manager);
        var progress = await estate.UntilDone(campaign);

        Assert.Equal((6, 0, 1, 1, 4), (Count(progress, "persons"), Count(progress, "toTell"), Count(progress, "sent"), Count(progress,
            "noPermission"), Count(progress, "inboxOnly")));
        var results = await estate.Results(campaign);
        Assert.Equal(("sent", null), results[estate.Houses[0].Code]);
        Assert.Equal(("noPermission", "no_grant"), results[estate.Houses[1].Code]);
        Assert.Equal(("inboxOnly", null), results[estate.Houses[5].Code]);
        Assert.Contains("供水", Text(Assert.Single(await silent.Inbox()), "title"), StringComparison.Ordinal);
        Assert.Equal(200, (await estate.Clerk.Get(estate.At(campaign) + "/results/export.xlsx")).Status);

        var again = await estate.Campaign(Notice(title: "再次提醒停水"));
        Assert.Equal((409, "campaign_same_day"), (again.Status, again.Code));
        Assert.Contains("供水管网检修通知", again["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task What_would_break_the_law_wake_people_or_reach_nobody_is_refused_with_its_reason_and_a_way_out(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await using var other = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var refusals = new (object Request, int Status, string Code, string Field)[]
        {
            (Notice(new { tag = "nobody" }), 400, "audience_invalid", "audience.tag"),
            (Notice(new { buildings = new[] { "99" } }), 400, "audience_invalid", "audience.buildings"),
            (Notice(new { feeKind = "gold" }), 400, "audience_invalid", "audience.feeKind"),
            (Notice(new { minOpenFen = 5, maxOpenFen = 4 }), 400, "audience_invalid", "audience.maxOpenFen"),
            (Notice(new { minDaysLate = 5, maxDaysLate = 4 }), 400, "audience_invalid", "audience.maxDaysLate"),
            (Notice(new { paid = "paid", periodFrom = "2026-12-01" }), 400, "audience_invalid", "audience.paid"),
            (Notice(new { minOpenFen = 1 }), 422, "audience_empty", "audience"),
            (Notice(holdOutShare: 5_001), 400, "holdout_share_invalid", "holdOutShare"),
            (Notice(holdOutShare: -1), 400, "holdout_share_invalid", "holdOutShare"),
            (Notice(holdOutShare: 1_000, required: true), 422, "holdout_not_allowed", "holdOutShare"),
            (Notice(startAt: "2026-12-01T10:00:00+08:00"), 400, "campaign_start_past", "startAt"),
            (Notice(startAt: "2026-12-15T21:00:00+08:00"), 409, "quiet_hours", "startAt"),
            (Notice(body: "逾期未缴者将停水停电"), 422, "unlawful_measure", "body"),
            (Notice(body: "欠费业主名单将在公告栏公布，公布欠费业主房号"), 422, "unlawful_measure", "body"),
            (Notice(body: "缴费即享九折优惠，先到先得"), 422, "promotional_text", "body"),
            (Notice(title: "这个标题比微信允许的二十个字还要长一些所以不行"), 400, "validation_failed", "title"),
        };

        foreach (var (request, status, code, field) in refusals)
        {
            var answer = await estate.Campaign(request);
            Assert.Equal((status, code), (answer.Status, answer.Code));
            if (code != "validation_failed") Assert.Equal(field, answer["field"].GetValue<string>());
        }
        Assert.Contains("2026-12-16 09:00", (await estate.Campaign(Notice(startAt: "2026-12-15T21:00:00+08:00")))["detail"].GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Empty((await estate.Clerk.Get(estate.Path + "/campaigns")).Done()["items"].AsArray());

        var mine = (await estate.Campaign(Notice(startAt: "2026-12-15T10:00:00+08:00"))).Done()["campaignId"].GetValue<Guid>();
        foreach (var verb in new[] { "pause", "resume", "cancel" })
            Assert.Equal((404, "campaign_not_found"), Said(await other.Clerk.Post($"{other.At(mine)}/{verb}")));
        Assert.Equal((404, "campaign_not_found"), Said(await other.Clerk.Get(other.At(mine))));
        Assert.Equal((404, "campaign_not_found"), Said(await other.Clerk.Get(other.At(mine) + "/effect")));
        Assert.Equal((404, "campaign_not_found"), Said(await other.Clerk.Get(other.At(mine) + "/results/export.xlsx")));
        Assert.Equal((409, "campaign_state"), Said(await estate.Clerk.Post(estate.At(mine) + "/pause")));
        Assert.Equal((409, "campaign_not_started"), Said(await estate.Clerk.Get(estate.At(mine) + "/effect")));
        Assert.Equal("cancelled", (await estate.Clerk.Post(estate.At(mine) + "/cancel")).Done()["state"].GetValue<string>());
        Assert.Equal((409, "campaign_state"), Said(await estate.Clerk.Post(estate.At(mine) + "/resume")));
        Assert.Empty(await estate.Broken());
    }

    // Cancelling answered OK and the message still went out.
    [Theory, EachDatabase]
    [Trait("Incident", "31")]
    public async Task Once_a_pause_is_answered_nothing_more_leaves_until_it_is_resumed_and_who_paid_or_sold_meanwhile_is_not_told(Database database)
    {
        await using var estate = await servers.OwnEstate(database, 8, "--OwnerPay:MessageAttempts=100000");
        await estate.SetTariffs();
        await estate.SetTemplates();
        await estate.IssueBills();
        await estate.UntilOutboxIsEmpty();
        var template = estate.TemplateOf("campaign.bills");
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await owner.Allow(template);
        await estate.RefuseAsTooFrequent();
        var campaign = (await estate.Campaign(Notice(new { feeKind = "property", minOpenFen = 100 }, kind: "bills", title: "十二月账单提示",
            body: "本月账单已出，请在到期日前缴纳。")))
            .Done()["campaignId"].GetValue<Guid>();
        await Estate.Eventually(async () => Count(await estate.Progress(campaign), "waiting") == 8, "all are on their way, and WeChat takes none");

        Assert.Equal("paused", (await estate.Clerk.Post(estate.At(campaign) + "/pause")).Done()["state"].GetValue<string>());
        await Estate.Eventually(async () => (await estate.Deliveries("campaign.bills")).TrueForAll(d => d.State == DeliveryState.Waiting),
            "nothing is in hand any more");
        await estate.LetThrough();
        await Dispatch(estate);
        Assert.Equal(8, Count(await estate.Progress(campaign), "waiting"));
        foreach (var owner in owners) Assert.Empty(await owner.Buzzed(template));

        await owners[0].PayAll();
        await Sell(estate, estate.Houses[1]);
        Assert.Equal("running", (await estate.Clerk.Post(estate.At(campaign) + "/resume")).Done()["state"].GetValue<string>());
        var progress = await estate.UntilDone(campaign);

        Assert.Equal((6, 2), (Count(progress, "sent"), Count(progress, "cancelled")));
        var results = await estate.Results(campaign);
        Assert.Equal([("cancelled", "changed"), ("cancelled", "changed"), ("sent", null)], estate.Houses.Take(3)
            .Select(house => results[house.Code]));
        Assert.Empty(await owners[0].Buzzed(template));
        Assert.Empty(await owners[1].Buzzed(template));
        Assert.All(await Task.WhenAll(owners.Skip(2).Select(owner => owner.Buzzed(template))), buzzed => Assert.Single(buzzed));
        Assert.Equal(1, await owners[0].Left(template));

        // A manager who decides after the day cannot know any more whom another notice told on the new one.
        await AskAbove(estate, persons: 0);
        var late = (await estate.Campaign(Notice(startAt: "2026-12-11T10:00:00+08:00"))).Done()["approvalId"].GetValue<Guid>();
        estate.Installation.Clock.MoveTo(Mornings.At("2026-12-12", "10:00"));
        Assert.Equal((409, "campaign_day_over"), Said(await estate.Manager.Post($"{estate.Path}/approvals/{late}/approve", new { note = "同意" })));
        (await estate.Manager.Post($"{estate.Path}/approvals/{late}/reject", new { note = "请重新提交" })).Done();
        Assert.Empty(await estate.Broken());
    }

    // Each of two notices looked whether the other had told the person, and both found that it had not yet.
    [Theory, EachDatabase]
    public async Task Two_notices_that_are_told_at_the_same_moment_reach_no_person_twice_on_one_day(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 40);
        await estate.SetTemplates();
        foreach (var day in new[] { "2026-12-20", "2026-12-21" }) (await estate.Campaign(Notice(startAt: day + "T10:00:00+08:00"))).Done();
        await estate.Installation.Db(db => db.Campaigns.Where(c => c.CommunityId == estate.CommunityId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.StartAt, c => c.CreatedAt)));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Tell(estate))));
        await Estate.Eventually(() => estate.Installation.Db(async db => !await db.CampaignMembers.AnyAsync(m => m.CommunityId == estate.CommunityId
            && m.State == MemberState.Waiting)), "all are told or left out");

        var told = await estate.Installation.Db(db => db.CampaignMembers.Where(m => m.CommunityId == estate.CommunityId && m.State == MemberState.Told)
            .Select(m => m.PersonId).ToListAsync());
        Assert.Equal((40, 40), (told.Count, told.Distinct().Count()));
        Assert.All(await estate.Broken(), finding => Assert.StartsWith("seals Campaigns", finding, StringComparison.Ordinal));    // their days were moved above
    }

    [Theory, EachDatabase]
    public async Task Whom_chance_holds_out_is_not_told_and_the_effect_is_that_of_the_two_groups(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 40);
        await estate.SetTariffs();
        await estate.SetTemplates();
        await estate.IssueBills();
        await estate.UntilOutboxIsEmpty();
        var campaign = (await estate.Campaign(Notice(new { minOpenFen = 1 }, kind: "bills", body: "本月账单已出，请在到期日前缴纳。", holdOutShare: 5_000)))
            .Done()["campaignId"].GetValue<Guid>();
        await estate.UntilDone(campaign);
        var held = estate.Houses.Where(house => HoldOut.Holds(campaign, house.Id, 5_000)).ToList();
        var told = estate.Houses.Except(held).ToList();

        var results = await estate.Results(campaign);
        Assert.All(held, house => Assert.Equal("heldOut", results[house.Code].State));
        Assert.All(told, house => Assert.Equal("inboxOnly", results[house.Code].State));
        Assert.Equal(told.Count, await estate.Installation.Db(db => db.Messages.CountAsync(m => m.CampaignId == campaign)));

        foreach (var house in told.Take(3)) await (await estate.SignIn(house)).PayAll();
        var effect = (await estate.Manager.Get(estate.At(campaign) + "/effect")).Done();
        var interval = Effect.Difference(3, told.Count, 0, held.Count)!.Value;
        Assert.Equal((told.Count, 3, 0), (Count(effect["told"], "houses"), Count(effect["told"], "paid"), Count(effect["told"], "meanDays")));
        Assert.Equal((held.Count, 0), (Count(effect["heldOut"], "houses"), Count(effect["heldOut"], "paid")));
        Assert.Equal(((int)Math.Round(interval.Low * 10_000), (int)Math.Round(interval.High * 10_000)), (Count(effect["paidRatio"], "low"),
            Count(effect["paidRatio"], "high")));
        Assert.Equal("effect_days_invalid", (await estate.Manager.Get(estate.At(campaign) + "/effect?days=0")).Code);
        Assert.Empty(await estate.Broken());

        await estate.Installation.Db(db => db.CampaignMembers.Where(m => m.CampaignId == campaign && m.HouseId == held[0].Id)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.HeldOut, false)));
        Assert.Contains(await estate.Broken(), finding => finding.StartsWith("campaigns CampaignMembers/", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task An_audience_is_those_houses_that_meet_all_conditions_and_no_others(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 5);
        await estate.SetTariffs();
        await estate.SetTemplates();
        await estate.IssueBills("2026-11-01", "2026-11-30");
        await estate.MakeDue("2026-11-30");    // ten days late
        await estate.IssueBills();
        var owners = new[] { await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]) };
        await owners[0].PayAll();
        await owners[1].Allow(estate.TemplateOf("campaign.notice"));
        (await estate.Clerk.Put(estate.Path + "/promotions/tags/old", new { houseCodes = new[] { estate.Houses[0].Code, estate.Houses[2].Code } }))
            .Done();
        var dispute = (await OpenBills(estate, estate.Houses[3]))[0];
        await estate.Installation.Db(async db =>
        {
            db.AddRange((await db.Set<Bill>().Where(b => b.HouseId == estate.Houses[3].Id).ToListAsync()).Select(b => new LateFeePause
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, BillId = b.Id, Kind = PauseKind.Dispute, SourceId = dispute,
                From = new(2026, 12, 1),
            }));
            return await db.SaveChangesAsync();
        });

        await Choose(new { }, 0, 1, 2, 3, 4);
        await Choose(new { buildings = new[] { "1" } }, 0, 1, 2, 3, 4);
        await Choose(new { tag = "old" }, 0, 2);
        await Choose(new { minOpenFen = 1 }, 1, 2, 4);            // paid and disputed ones are left out
        await Choose(new { feeKind = "property", minDaysLate = 10, maxDaysLate = 10 }, 1, 2, 4);
        await Choose(new { minDaysLate = 11 });
        await Choose(new { tag = "old", minDaysLate = 1 }, 2);
        await Choose(new { paid = "paid", periodFrom = "2026-11-01", periodTo = "2026-12-31" }, 0);
        await Choose(new { paid = "notPaid", periodFrom = "2026-11-01", periodTo = "2026-11-30" }, 1, 2, 3, 4);
        await Choose(new { hasGrant = true }, 1);
        await Choose(new { hasGrant = false }, 0, 2, 3, 4);

        async Task Choose(object audience, params int[] expected)
        {
            var preview = (await estate.Clerk.Post(estate.Path + "/campaigns/preview", new { kind = "notice", audience })).Done();
            var shown = preview["sample"].AsArray().Select(row => Text(row!, "house")).ToHashSet();
            var chosen = Enumerable.Range(0, 5).Where(n => shown.Contains(Mask(estate.Houses[n].Code))).ToArray();
            Assert.Equal(preview["persons"].GetValue<int>(), chosen.Length);
            Assert.Equal(expected, chosen);
        }

        static string Mask(string code) => Platform.Mask.House(code);
    }

    static async Task<List<Guid>> OpenBills(Estate estate, TestHouse house) => await estate.Installation.Db(db =>
        db.Set<Bill>().Where(b => b.HouseId == house.Id).Select(b => b.Id).ToListAsync());

    static (int, string?) Said(Answer answer) => (answer.Status, answer.Code);

    /// <summary>Notices to more persons than this need another person's approval.</summary>
    static async Task AskAbove(Estate estate, int persons)
    {
        var settings = (await estate.Admin.Get("/communities")).Done()["items"].AsArray().Single(c =>
            c!["communityId"]!.GetValue<Guid>() == estate.CommunityId)!["settings"]!.DeepClone();
        settings["campaignApprovalAbove"] = persons;
        (await estate.Admin.Put(estate.Path, settings)).Done();
    }

    /// <summary>The sending job once, on the first instance.</summary>
    static async Task Dispatch(Estate estate)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DispatchMessages>().Run(default);
    }

    /// <summary>The telling job once, on the first instance.</summary>
    static async Task Tell(Estate estate)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RunCampaigns>().Run(default);
    }

    /// <summary>The house has another owner from tomorrow on; yesterday was the seller's last day.</summary>
    static Task<int> Sell(Estate estate, TestHouse house) => estate.Installation.Db(async db =>
    {
        var last = new DateOnly(2026, 12, 9);
        await db.Tenures.Where(t => t.HouseId == house.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.To, last));
        return await db.LiableParties.Where(p => p.HouseId == house.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.To, last));
    });
}
