using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class TokenTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_token_opens_the_door_until_it_is_revoked(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = await installation.FirstAdmin();
        var made = (await admin.Post("/tokens", new { label = "月末脚本", days = 30 })).Done();
        using var script = Client(installation, made["token"].GetValue<string>());
        Assert.Equal("admin", (await script.Get("/me")).Done()["login"].GetValue<string>());

        var listed = (await admin.Get("/tokens")).Done();
        Assert.DoesNotContain(made["token"].GetValue<string>(), listed.Body!.ToJsonString());
        Assert.Equal("月末脚本", listed["items"][0]!["label"]!.GetValue<string>());
        Assert.DoesNotContain(made["token"].GetValue<string>(), string.Join('|', await installation.Db(db => db.Set<AuditEntry>().Select(e => e.Detail).ToListAsync())));

        (await script.Delete($"/tokens/{made["tokenId"]}")).Done();
        Assert.Equal((401, "sign_in_needed"), await Refusal(script.Get("/me")));
        (await admin.Get("/me")).Done();
    }

    [Theory, EachDatabase]
    public async Task A_token_dies_on_its_day(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = await installation.FirstAdmin();
        var made = (await admin.Post("/tokens", new { label = "old", days = 1 })).Done();
        using var script = Client(installation, made["token"].GetValue<string>());
        (await script.Get("/me")).Done();
        await installation.Db(db => db.Set<StaffToken>().ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, TimeProvider.System.GetUtcNow().AddSeconds(-1))));
        Assert.Equal((401, "sign_in_needed"), await Refusal(script.Get("/me")));
    }

    [Theory]
    [InlineData("opt_forged")]
    [InlineData("opt_")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    [InlineData("")]
    public async Task A_forged_token_opens_nothing_even_beside_a_good_cookie(string token)
    {
        var installation = await servers.Shared(Database.Sqlite);
        using var http = new HttpClient { BaseAddress = installation.Addresses[0] };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var answer = await http.GetAsync("/api/staff/v1/me");
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Contains("sign_in_needed", await answer.Content.ReadAsStringAsync());
    }

    [Theory, EachDatabase]
    public async Task A_token_that_leaked_cannot_make_itself_a_longer_life(Database database)
    {
        var estate = await servers.Estate(database);
        Assert.Equal("password_sign_in_needed", (await estate.Clerk.Post("/tokens", new { label = "longer", days = 366 })).Code);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("label", 0)]
    [InlineData("label", 367)]
    public async Task A_token_has_a_label_and_a_day_on_which_it_ends(string label, int days)
    {
        var estate = await servers.Estate(Database.Sqlite);
        var answer = await estate.Clerk.Post("/tokens", new { label, days });
        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
    }

    static Api Client(Installation installation, string token) => new(installation.Addresses[0], "/api/staff/v1", token);

    static async Task<(int, string?)> Refusal(Task<Answer> call)
    {
        var answer = await call;
        return (answer.Status, answer.Code);
    }
}
