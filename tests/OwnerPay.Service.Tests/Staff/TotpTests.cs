using Microsoft.EntityFrameworkCore;
using OtpNet;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

/// <summary>The second factor of those who move money or decide about it.</summary>
public sealed class TotpTests(Servers servers)
{
    static readonly string[] On = ["--OwnerPay:RequireTotp=true"];

    [Theory, EachDatabase]
    public async Task An_admin_can_do_nothing_before_his_phone_is_enrolled_and_signs_in_with_its_code_from_then_on(Database database)
    {
        await using var installation = await servers.Own(database, args: On);
        using var admin = await installation.FirstAdmin();

        Assert.Equal("totp_enrolment_needed", (await admin.Get("/accounts")).Code);
        Assert.Equal("totp_enrolment_needed", (await admin.Post("/tokens", new { label = "x", days = 1 })).Code);
        Assert.True((await admin.Get("/me")).Done()["mustEnrolTotp"].GetValue<bool>());
        var offer = (await admin.Post("/totp")).Done();
        var uri = offer["otpauthUri"].GetValue<string>();
        Assert.Equal(uri, (await DocumentSteps.Codes(Convert.FromBase64String(offer["qrPng"].GetValue<string>()))).Trim());
        Assert.StartsWith("otpauth://totp/OwnerPay:admin?secret=", uri, StringComparison.Ordinal);
        Assert.Equal("totp_wrong", (await admin.Post("/totp/confirm", new { code = "000000" })).Code);
        var app = new App(offer);
        (await admin.Post("/totp/confirm", new { code = app.Now() })).Done();
        (await admin.Get("/accounts")).Done();
        (await admin.Post("/tokens", new { label = "script", days = 1 })).Done();

        using var again = new StaffConsole(installation.Addresses[0]);
        Assert.Equal("totp_needed", (await again.SignIn("admin", Colleagues.Password)).Code);
        Assert.Equal((401, "sign_in_needed"), ((await again.Get("/me")).Status, (await again.Get("/me")).Code));
        await app.Forget(installation);
        (await SignIn(again, app.Now())).Done();
        (await again.Get("/accounts")).Done();
    }

    [Theory, EachDatabase]
    public async Task A_code_that_somebody_read_over_the_shoulder_opens_nothing_a_second_time_however_many_try_at_once(Database database)
    {
        await using var installation = await servers.Own(database, database == Database.MariaDb ? 2 : 1, args: On);
        using var admin = await installation.FirstAdmin();
        var (app, _) = await Enrol(admin);
        await app.Forget(installation);
        var code = app.Now();
        var thieves = Enumerable.Range(0, 4).Select(n => new StaffConsole(installation.Addresses[n % installation.Addresses.Count])).ToList();

        var answers = await Task.WhenAll(thieves.Select(thief => SignIn(thief, code)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("totp_wrong", answer.Code));
        foreach (var thief in thieves) thief.Dispose();
    }

    [Theory, EachDatabase]
    public async Task Five_wrong_codes_lock_even_the_right_one_for_a_quarter_of_an_hour(Database database)
    {
        await using var installation = await servers.Own(database, args: On);
        using var admin = await installation.FirstAdmin();
        var (app, recovery) = await Enrol(admin);
        await app.Forget(installation);
        using var thief = new StaffConsole(installation.Addresses[0]);
        foreach (var guess in app.Wrong(5)) Assert.Equal("totp_wrong", (await SignIn(thief, guess)).Code);

        Assert.Equal("totp_wrong", (await SignIn(thief, app.Now())).Code);
        Assert.Equal("totp_wrong", (await SignIn(thief, recovery[0])).Code);
        Assert.Equal(1, await installation.Db(db => db.AuditEntries.CountAsync(e => e.Action == "totp.locked")));
        DateTimeOffset? past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await installation.Db(db => db.StaffTotps.ExecuteUpdateAsync(set => set.SetProperty(t => t.LockedUntil, past)));
        (await SignIn(thief, app.Now())).Done();
    }

    [Theory, EachDatabase]
    public async Task Who_lost_the_phone_comes_in_with_a_recovery_code_once(Database database)
    {
        await using var installation = await servers.Own(database, args: On);
        using var admin = await installation.FirstAdmin();
        var (_, recovery) = await Enrol(admin);
        using var console = new StaffConsole(installation.Addresses[0]);

        (await SignIn(console, recovery[3].ToLowerInvariant())).Done();

        Assert.Equal("totp_wrong", (await SignIn(console, recovery[3])).Code);
        Assert.Equal(9, (await console.Get("/totp")).Done()["recoveryCodesLeft"].GetValue<int>());
        Assert.Equal(10, recovery.Distinct().Count());
        var stored = await installation.Db(db => db.RecoveryCodes.Select(c => c.Hash).ToListAsync());
        Assert.DoesNotContain(stored, hash => System.Text.Encoding.ASCII.GetString(hash).Contains(recovery[0][..4], StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task Another_guardian_resets_a_lost_phone_and_whoever_found_it_is_out_at_once(Database database)
    {
        await using var installation = await servers.Own(database, args: On);
        using var admin = await installation.FirstAdmin();
        await Enrol(admin);
        var id = await admin.NewAccount("manager");
        (await admin.Post($"/roles/{(await admin.Post("/roles", new { staffId = id, role = "manager" })).Done()["roleId"].GetValue<Guid>()}/grant")).Done();
        using var manager = await installation.SignedIn("manager");
        await Enrol(manager);
        using var script = new Api(installation.Addresses[0], "/api/staff/v1", (await manager.Post("/tokens", new { label = "x", days = 9 })).Done()["token"].GetValue<string>());
        (await script.Get("/accounts")).Done();

        Assert.Equal("own_totp", (await manager.Post($"/accounts/{id}/totp/reset")).Code);
        (await admin.Post($"/accounts/{id}/totp/reset")).Done();

        Assert.Equal(401, (await manager.Get("/me")).Status);
        Assert.Equal(401, (await script.Get("/me")).Status);
        using var back = await installation.SignedIn("manager");
        Assert.Equal("totp_enrolment_needed", (await back.Get("/accounts")).Code);
        await Enrol(back);
        (await back.Get("/accounts")).Done();
    }

    [Theory, EachDatabase]
    public async Task A_cookie_or_token_from_before_the_enrolment_ends_with_it(Database database)
    {
        await using var installation = await servers.Own(database);    // not asked for here: an old session and token exist
        using var admin = await installation.FirstAdmin();
        using var left = await installation.SignedIn("admin");
        using var script = new Api(installation.Addresses[0], "/api/staff/v1", (await admin.Post("/tokens", new { label = "x", days = 9 })).Done()["token"].GetValue<string>());

        await Enrol(admin);

        (await admin.Get("/accounts")).Done();
        Assert.Equal(401, (await left.Get("/me")).Status);
        Assert.Equal(401, (await script.Get("/me")).Status);
        Assert.Equal("totp_enrolled", (await admin.Post("/totp")).Code);
    }

    [Fact]
    public async Task A_clerk_needs_no_phone_until_he_becomes_finance_and_his_old_token_then_waits_for_it_too()
    {
        await using var installation = await servers.Own(Database.Sqlite, args: On);
        using var admin = await installation.FirstAdmin();
        await Enrol(admin);
        var id = await admin.NewAccount("manager");
        var made = await (await installation.SignedIn("manager")).Post("/tokens", new { label = "x", days = 9 });
        using var script = new Api(installation.Addresses[0], "/api/staff/v1", made.Done()["token"].GetValue<string>());
        (await script.Get("/tokens")).Done();

        (await admin.Post($"/roles/{(await admin.Post("/roles", new { staffId = id, role = "manager" })).Done()["roleId"].GetValue<Guid>()}/grant")).Done();

        Assert.Equal("totp_enrolment_needed", (await script.Get("/tokens")).Code);
    }

    static Task<Answer> SignIn(StaffConsole console, string code) =>
        console.Send(HttpMethod.Post, "/sign-in", new { login = "admin", password = Colleagues.Password, code });

    static async Task<(App App, string[] Recovery)> Enrol(StaffConsole console)
    {
        var app = new App((await console.Post("/totp")).Done());
        var confirmed = (await console.Post("/totp/confirm", new { code = app.Now() })).Done();
        return (app, [.. confirmed["recoveryCodes"].AsArray().Select(code => code!.GetValue<string>())]);
    }

    /// <summary>An authenticator app.</summary>
    sealed class App(Answer offer)
    {
        readonly Totp totp = new(Base32Encoding.ToBytes(offer["secret"].GetValue<string>()));

        public string Now() => totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);

        /// <summary>Codes that are not good within the minutes of a test.</summary>
        public IEnumerable<string> Wrong(int count)
        {
            var near = Enumerable.Range(-4, 12).Select(step => totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30 * step))).ToHashSet();
            return Enumerable.Range(100_000, 100).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)).Where(code => !near.Contains(code)).Take(count);
        }

        /// <summary>As if half a minute had gone by since the last code: a test does not wait for it.</summary>
        public Task<int> Forget(Installation installation) => installation.Db(db => db.StaffTotps.ExecuteUpdateAsync(set => set.SetProperty(t => t.LastStep, 0)));
    }
}
