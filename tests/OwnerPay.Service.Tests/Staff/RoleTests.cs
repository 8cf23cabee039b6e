using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class RoleTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task The_first_admin_grants_alone_once_and_only_a_second_guardian(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = await installation.FirstAdmin();
        var (clerk, second, third) = (await admin.NewAccount("clerk"), await admin.NewAccount("second"), await admin.NewAccount("third"));

        var asClerk = await Propose(admin, clerk, "clerk");
        Assert.Equal("first_grant", (await admin.Post($"/roles/{asClerk}/grant")).Code);
        var asManager = await Propose(admin, second, "manager");
        var asAdmin = await Propose(admin, third, "admin");
        var answers = await Task.WhenAll(admin.Post($"/roles/{asManager}/grant"), admin.Post($"/roles/{asAdmin}/grant"));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Contains(Assert.Single(answers, answer => answer.Status != 200).Code, new[] { "first_grant", "own_proposal" });
        Assert.Equal("own_proposal", (await admin.Post($"/roles/{asClerk}/grant")).Code);
        var marked = await installation.Db(db => db.Set<AuditEntry>().Where(e => e.Action == "role.granted").Select(e => e.Detail).ToListAsync());
        Assert.Contains("\"alone\":true", Assert.Single(marked));
    }

    [Theory, EachDatabase]
    public async Task Two_people_grant_a_role_and_neither_can_do_it_alone(Database database)
    {
        await using var installation = await servers.Own(database);
        var (admin, manager, _) = await installation.TwoGuardians();
        var clerk = await admin.NewAccount("clerk");
        var role = await Propose(admin, clerk, "clerk");
        using var her = await installation.SignedIn("clerk");
        Assert.Empty((await her.Get("/me")).Done()["roles"].AsArray());

        Assert.Equal("own_proposal", (await admin.Post($"/roles/{role}/grant")).Code);
        (await manager.Post($"/roles/{role}/grant")).Done();
        Assert.Equal("role_decided", (await manager.Post($"/roles/{role}/grant")).Code);
        Assert.Equal("role_held", (await manager.Post("/roles", new { staffId = clerk, role = "clerk" })).Code);

        Assert.Equal("clerk", (await her.Get("/me")).Done()["roles"][0]!["role"]!.GetValue<string>());
        Assert.Equal("not_allowed", (await her.Post("/roles", new { staffId = clerk, role = "admin" })).Code);
        (await admin.Post($"/roles/{role}/revoke")).Done();
        Assert.Empty((await her.Get("/me")).Done()["roles"].AsArray());
    }

    [Theory, EachDatabase]
    public async Task When_both_tap_grant_at_once_the_role_is_granted_once(Database database)
    {
        await using var installation = await servers.Own(database);
        var (admin, manager, _) = await installation.TwoGuardians();
        using (admin)
        using (manager)
        {
            var role = await Propose(admin, await admin.NewAccount("clerk"), "clerk");
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => manager.Post($"/roles/{role}/grant")));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("role_decided", answer.Code));
        }
    }

    [Theory, EachDatabase]
    public async Task The_last_two_who_can_grant_roles_cannot_be_taken_away(Database database)
    {
        await using var installation = await servers.Own(database);
        var (admin, manager, managerId) = await installation.TwoGuardians();
        var roles = (await admin.Get("/roles")).Done()["items"].AsArray();
        foreach (var role in roles) Assert.Equal("last_guardian", (await admin.Post($"/roles/{role!["roleId"]}/revoke")).Code);
        Assert.Equal("last_guardian", (await admin.Post($"/accounts/{managerId}/disable")).Code);
        Assert.Equal("not_allowed", (await manager.Post("/accounts", new { login = "x-y-z", name = "x", password = Colleagues.Password })).Code);
    }

    [Theory, EachDatabase]
    public async Task A_manager_of_one_estate_has_no_say_over_another_nor_over_all(Database database)
    {
        var (mine, other) = (await servers.Estate(database), await servers.Estate(database));
        var staffId = (await mine.Clerk.Get("/me")).Done()["staffId"].GetValue<Guid>();
        Assert.Equal("community_not_found", (await mine.Manager.Post("/roles", new { staffId, role = "finance", communityId = other.CommunityId })).Code);
        Assert.Equal("community_not_found", (await mine.Manager.Post("/roles", new { staffId, role = "finance", communityId = Guid.CreateVersion7() })).Code);
        Assert.Equal("not_allowed", (await mine.Manager.Post("/roles", new { staffId, role = "finance" })).Code);

        var role = (await mine.Manager.Post("/roles", new { staffId, role = "finance", communityId = mine.CommunityId })).Done()["roleId"].GetValue<Guid>();
        Assert.Equal("role_not_found", (await other.Admin.Post($"/roles/{role}/grant")).Code);
        Assert.DoesNotContain(role.ToString(), (await other.Admin.Get("/roles")).Done().Body!.ToJsonString());
        (await mine.Admin.Post($"/roles/{role}/grant")).Done();
    }

    [Theory, EachDatabase]
    public async Task An_estate_opened_later_borrows_the_manager_of_the_first_for_its_own_first_manager_and_for_nothing_more(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = await installation.FirstAdmin();
        var (first, second) = (await Open(admin, "first"), await Open(admin, "second"));
        var managerOfFirst = await admin.NewAccount("m-first");
        (await admin.Post($"/roles/{await Propose(admin, managerOfFirst, "manager", first)}/grant")).Done();
        using var manager = await installation.SignedIn("m-first");

        var clerk = await Propose(admin, await admin.NewAccount("c-second"), "clerk", second);
        Assert.Equal("role_not_found", (await manager.Post($"/roles/{clerk}/grant")).Code);
        var lead = await Propose(admin, await admin.NewAccount("m-second"), "manager", second);
        (await manager.Post($"/roles/{lead}/grant")).Done();
        Assert.Equal("role_not_found", (await manager.Post($"/roles/{await Propose(admin, managerOfFirst, "admin", second)}/grant")).Code);
        using var own = await installation.SignedIn("m-second");
        (await own.Post($"/roles/{clerk}/grant")).Done();
    }

    static async Task<Guid> Open(StaffConsole admin, string code) =>
        (await admin.Post("/communities", new { code, settings = new { name = "小区" + code, contactPhone = "021-60000000" } })).Done()["communityId"].GetValue<Guid>();

    [Theory, EachDatabase]
    public async Task The_table_itself_refuses_a_role_that_one_person_both_proposed_and_granted(Database database)
    {
        var estate = await servers.Estate(database);
        var staffId = (await estate.Clerk.Get("/me")).Done()["staffId"].GetValue<Guid>();
        await Assert.ThrowsAsync<DbUpdateException>(() => estate.Installation.Db(db =>
        {
            db.Add(new RoleGrant { Id = Guid.CreateVersion7(), StaffId = staffId, Role = StaffRole.Admin, State = RoleGrantState.Granted, ProposedBy = staffId, GrantedBy = staffId });
            return db.SaveChangesAsync();
        }));
    }

    static async Task<Guid> Propose(StaffConsole by, Guid staffId, string role, Guid? communityId = null) =>
        (await by.Post("/roles", new { staffId, role, communityId })).Done()["roleId"].GetValue<Guid>();
}
