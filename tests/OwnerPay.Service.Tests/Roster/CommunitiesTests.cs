using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Roster;

public sealed class CommunitiesTests(Servers servers)
{
    static object Settings(string name = "阳光花园", string phone = "021-60000000", int points = 1) =>
        new { name, contactPhone = phone, pointsPerYuan = points };

    /// <summary>An admin of the whole installation, granted by two others.</summary>
    static async Task<Api> Admin(Installation installation)
    {
        var (id, token, now) = (Guid.CreateVersion7(), "opt_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 40),
            TimeProvider.System.GetUtcNow());
        await installation.Db(async db =>
        {
            db.Add(new StaffAccount { Id = id, Login = id.ToString("N"), Name = "管理员", CreatedAt = now });
            db.Add(new RoleGrant
            {
                Id = Guid.CreateVersion7(), StaffId = id, Role = StaffRole.Admin, State = RoleGrantState.Granted, ProposedBy = id,
                GrantedBy = Guid.CreateVersion7(), CreatedAt = now
            });
            db.Add(new StaffToken
            {
                Id = Guid.CreateVersion7(), StaffId = id, Hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), Label = "test", CreatedAt = now,
                ExpiresAt = now.AddDays(1),
            });
            return await db.SaveChangesAsync();
        });
        return new Api(installation.Addresses[0], "/api/staff/v1", token);
    }

    [Theory, EachDatabase]
    public async Task An_admin_opens_a_community_once_and_changes_are_audited(Database database)
    {
        var installation = await servers.Shared(database);
        using var admin = await Admin(installation);
        var code = "c" + Guid.CreateVersion7().ToString("N")[^8..];

        var opened = (await admin.Post("/communities", new { code, settings = Settings() })).Done();
        Assert.Equal((409, "community_code_taken"), await Refused(admin.Post("/communities", new { code, settings = Settings() })));
        var id = opened["communityId"].GetValue<Guid>();
        var changed = (await admin.Put($"/communities/{id}", Settings(points: 2))).Done();

        Assert.Equal(2, changed["settings"]["pointsPerYuan"]!.GetValue<int>());
        Assert.Equal(["community.changed", "community.opened"], await installation.Db(db =>
            db.AuditEntries.Where(e => e.CommunityId == id).OrderBy(e => e.Action).Select(e => e.Action).ToListAsync()));
        Assert.Contains((await admin.Get("/communities")).Done()["items"].AsArray(), community => community!["code"]!.GetValue<string>() == code);
    }

    [Fact]
    public async Task A_clerk_opens_no_community_and_sees_only_the_one_he_works_in()
    {
        var (estate, other) = (await servers.Estate(Database.Sqlite, houses: 0), await servers.Estate(Database.Sqlite, houses: 0));

        Assert.Equal(403, (await estate.Clerk.Post("/communities", new { code = "clerks-own", settings = Settings() })).Status);
        // Admin of one community only.
        Assert.Equal(403, (await estate.Admin.Post("/communities", new { code = "admins-own", settings = Settings() })).Status);
        Assert.Equal(404, (await other.Admin.Put(estate.Path, Settings())).Status);
        var seen = Assert.Single((await estate.Clerk.Get("/communities")).Done()["items"].AsArray())!;
        Assert.Equal(estate.Code, seen["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("UPPER", "阳光花园", "021-60000000", 1, "community_code_invalid")]
    [InlineData("ok-code", " ", "021-60000000", 1, "community_settings_invalid")]
    [InlineData("ok-code", "阳光花园", "=1+1", 1, "community_settings_invalid")]
    [InlineData("ok-code", "阳光花园", "021-60000000", -1, "community_settings_invalid")]
    public async Task A_community_with_nonsense_in_it_is_not_opened(string code, string name, string phone, int points, string error)
    {
        var installation = await servers.Shared(Database.Sqlite);
        using var admin = await Admin(installation);

        Assert.Equal((400, error), await Refused(admin.Post("/communities", new { code, settings = Settings(name, phone, points) })));
    }

    static async Task<(int, string?)> Refused(Task<Answer> call) => await call is var answer ? (answer.Status, answer.Code) : default;
}
