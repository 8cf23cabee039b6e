using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class ApprovalTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Nobody_approves_what_he_proposed_even_when_he_holds_both_roles(Database database)
    {
        var estate = await servers.Estate(database);
        await AlsoFinance(estate, estate.Manager);
        var approval = await ProposeReward(estate);

        Assert.Equal("own_proposal", (await Decide(estate, estate.Manager, approval, "approve")).Code);
        Assert.Equal("own_proposal", (await Decide(estate, estate.Manager, approval, "reject")).Code);
        Assert.Equal("not_allowed", (await Decide(estate, estate.Clerk, approval, "approve")).Code);
        Assert.Equal("not_allowed", (await Decide(estate, estate.Admin, approval, "approve")).Code);
        var listed = (await estate.Manager.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray().Single();
        Assert.True(listed!["mine"]!.GetValue<bool>());

        (await Decide(estate, estate.Finance, approval, "approve")).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Of_ten_taps_one_decides_and_the_other_answer_comes_too_late(Database database)
    {
        var estate = await servers.Estate(database);
        var approval = await ProposeReward(estate);

        var taps = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Decide(estate, estate.Finance, approval, "approve")));

        Assert.All(taps, tap => Assert.Equal(200, tap.Status));
        Assert.Equal("approval_decided", (await Decide(estate, estate.Finance, approval, "reject")).Code);
        Assert.Equal(1, await estate.Installation.Db(db => db.Set<AuditEntry>().CountAsync(e => e.CommunityId == estate.CommunityId && e.Action == "reward.approved")));
    }

    [Theory, EachDatabase]
    public async Task A_proposal_of_another_estate_does_not_exist_here(Database database)
    {
        var (own, other) = (await servers.Estate(database), await servers.Estate(database));
        var approval = await ProposeReward(other);
        Assert.Equal("approval_not_found", (await Decide(own, own.Finance, approval, "approve")).Code);
        Assert.Equal("community_not_found", (await Decide(other, own.Finance, approval, "approve")).Code);
    }

    [Theory, EachDatabase]
    public async Task The_table_itself_refuses_a_decision_by_the_proposer(Database database)
    {
        var estate = await servers.Estate(database);
        var approval = await ProposeReward(estate);
        await Assert.ThrowsAnyAsync<Exception>(() => estate.Installation.Db(db =>
            db.Set<Approval>().Where(a => a.Id == approval).ExecuteUpdateAsync(set => set.SetProperty(a => a.DecidedBy, a => (Guid?)a.ProposedBy))));
    }

    static Task<Answer> Decide(Estate estate, Api by, Guid approval, string what) => by.Post($"{estate.Path}/approvals/{approval}/{what}", new { note = "看过" });

    static async Task<Guid> ProposeReward(Estate estate)
    {
        var reward = new
        {
            code = "umbrella", name = "雨伞", description = "", costPoints = 300, stock = 20, limitPerPerson = 1, from = "2026-12-01", to = "2026-12-31", pickUpDays = 7,
            pickUpPlace = "物业前台",
        };
        (await estate.Manager.Post(estate.Path + "/rewards", new { rewards = new[] { reward } })).Done();
        var waiting = (await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done();
        return waiting["items"].AsArray().Single()!["id"]!.GetValue<Guid>();
    }

    static async Task AlsoFinance(Estate estate, Api colleague)
    {
        var staffId = (await colleague.Get("/me")).Done()["staffId"].GetValue<Guid>();
        var role = (await estate.Manager.Post("/roles", new { staffId, role = "finance", communityId = estate.CommunityId })).Done()["roleId"].GetValue<Guid>();
        (await estate.Admin.Post($"/roles/{role}/grant")).Done();
    }
}
