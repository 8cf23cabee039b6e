using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public sealed class SignInTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task The_first_admin_can_do_nothing_before_he_took_a_password_of_his_own(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = new StaffConsole(installation.Addresses[0]);
        var once = Assert.Single(installation.FirstAdminPasswords);

        Assert.True((await admin.SignIn("admin", once)).Done()["mustChangePassword"].GetValue<bool>());
        Assert.Equal("password_change_needed", (await admin.Get("/accounts")).Code);
        Assert.Equal("password_wrong", (await admin.Send(HttpMethod.Put, "/password", new { current = "falsch, falsch", next = Colleagues.Password })).Code);
        Assert.Equal("password_too_weak", (await admin.Send(HttpMethod.Put, "/password", new { current = once, next = "kurz" })).Code);
        (await admin.Send(HttpMethod.Put, "/password", new { current = once, next = Colleagues.Password })).Done();
        (await admin.Get("/accounts")).Done();

        using var thief = new StaffConsole(installation.Addresses[0]);
        Assert.Equal("sign_in_failed", (await thief.SignIn("admin", once)).Code);
    }

    [Theory, EachDatabase]
    public async Task Twenty_instances_that_start_together_make_one_admin(Database database)
    {
        await using var installation = await servers.Own(database);
        await installation.Db(async db =>
        {
            await db.Set<RoleGrant>().ExecuteDeleteAsync();
            return await db.Set<StaffAccount>().ExecuteDeleteAsync();
        });
        installation.FirstAdminPasswords.Clear();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => installation.Start<FirstAdmin>(first => first.Run(default))));

        var password = Assert.Single(installation.FirstAdminPasswords);
        using var admin = new StaffConsole(installation.Addresses[0]);
        (await admin.SignIn("ADMIN", password)).Done();
    }

    [Theory, EachDatabase]
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(Database database)
    {
        var (installation, login) = await Somebody(database);
        using var thief = new StaffConsole(installation.Addresses[0]);
        for (var guess = 0; guess < 5; guess++) Assert.Equal("sign_in_failed", (await thief.SignIn(login, "wrong password " + guess)).Code);

        using var owner = new StaffConsole(installation.Addresses[0]);
        Assert.Equal("sign_in_failed", (await owner.SignIn(login, Colleagues.Password)).Code);
        await LetLockExpire(installation, login);
        (await owner.SignIn(login, Colleagues.Password)).Done();
        Assert.Equal("sign_in_failed", (await thief.SignIn(login, "wrong again and again")).Code);
        (await owner.SignIn(login, Colleagues.Password)).Done();
    }

    [Theory, EachDatabase]
    public async Task Forty_guesses_at_once_are_still_only_five(Database database)
    {
        var (installation, login) = await Somebody(database);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async guess =>
        {
            using var thief = new StaffConsole(installation.Addresses[0]);
            Assert.Equal("sign_in_failed", (await thief.SignIn(login, "wrong password " + guess)).Code);
        }));
        Assert.Equal(5, await installation.Db(db => db.Set<StaffAccount>().Where(a => a.Login == login).Select(a => a.FailedSignIns).SingleAsync()));
        Assert.Equal(1, await installation.Db(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.locked" && e.SubjectId
            == db.Set<StaffAccount>().Where(a => a.Login == login).Select(a => a.Id).Single())));
    }

    [Theory, EachDatabase]
    public async Task Who_guesses_logins_learns_neither_from_the_answer_nor_from_its_time_which_exist(Database database)
    {
        var (installation, login) = await Somebody(database);
        using var thief = new StaffConsole(installation.Addresses[0]);
        var (known, knownTook) = await Timed(() => thief.SignIn(login, "wrong password"));
        var (unknown, unknownTook) = await Timed(() => thief.SignIn("nobody-" + login, "wrong password"));
        foreach (var answer in new[] { known, unknown }) answer.Body!.AsObject().Remove("traceId");
        Assert.Equal(known.Body!.ToJsonString(), unknown.Body!.ToJsonString());
        Assert.True(knownTook >= 395 && unknownTook >= 395, $"{knownTook} ms, {unknownTook} ms");
    }

    [Theory, EachDatabase]
    public async Task Another_site_cannot_act_with_the_cookie_of_a_signed_in_clerk(Database database)
    {
        var (installation, login) = await Somebody(database);
        using var clerk = await installation.SignedIn(login);
        Assert.Equal("csrf_header_missing", (await clerk.Send(HttpMethod.Post, "/tokens", new { label = "x", days = 1 }, ("Accept", "*/*"))).Code);
        Assert.Equal("csrf_header_missing",
            (await clerk.Send(HttpMethod.Post, "/tokens", new { label = "x", days = 1 }, (StaffDoor.AntiForgeryHeader, "1"), ("Sec-Fetch-Site", "cross-site"))).Code);
        (await clerk.Send(HttpMethod.Post, "/tokens", new { label = "x", days = 1 }, (StaffDoor.AntiForgeryHeader, "1"), ("Sec-Fetch-Site", "same-origin"))).Done();
        (await clerk.Send(HttpMethod.Get, "/me", null, ("Accept", "*/*"))).Done();
    }

    [Theory, EachDatabase]
    public async Task A_changed_password_ends_the_cookie_that_somebody_else_still_holds(Database database)
    {
        var (installation, login) = await Somebody(database);
        using var mine = await installation.SignedIn(login);
        using var left = await installation.SignedIn(login);
        (await mine.Send(HttpMethod.Put, "/password", new { current = Colleagues.Password, next = Colleagues.NewPassword })).Done();
        (await mine.Get("/me")).Done();
        Assert.Equal((401, "sign_in_needed"), await Refusal(left.Get("/me")));
    }

    [Theory, EachDatabase]
    public async Task Who_signs_out_is_out(Database database)
    {
        var (installation, login) = await Somebody(database);
        using var clerk = await installation.SignedIn(login);
        (await clerk.Post("/sign-out")).Done();
        Assert.Equal((401, "sign_in_needed"), await Refusal(clerk.Get("/me")));
    }

    [Theory, EachDatabase]
    public async Task A_disabled_colleague_is_out_at_once_with_cookie_and_token(Database database)
    {
        await using var installation = await servers.Own(database);
        using var admin = await installation.FirstAdmin();
        var id = await admin.NewAccount("leaver");
        using var leaver = await installation.SignedIn("leaver");
        using var script = new Api(installation.Addresses[0], "/api/staff/v1", (await leaver.Post("/tokens", new { label = "script", days = 30 })).Done()["token"].GetValue<string>());
        (await script.Get("/me")).Done();

        (await admin.Post($"/accounts/{id}/disable")).Done();

        Assert.Equal((401, "sign_in_needed"), await Refusal(leaver.Get("/me")));
        Assert.Equal((401, "sign_in_needed"), await Refusal(script.Get("/me")));
        Assert.Equal("sign_in_failed", (await leaver.SignIn("leaver", Colleagues.Password)).Code);
        (await admin.Post($"/accounts/{id}/enable")).Done();
        (await script.Get("/me")).Done();
    }

    async Task<(Installation Installation, string Login)> Somebody(Database database)
    {
        var installation = await servers.Shared(database);
        var login = "s" + Guid.CreateVersion7().ToString("N")[^12..];
        await installation.Start<Microsoft.AspNetCore.Identity.IPasswordHasher<StaffAccount>>(async hasher =>
        {
            var account = new StaffAccount { Id = Guid.CreateVersion7(), Login = login, Name = "职员", CreatedAt = TimeProvider.System.GetUtcNow() };
            account.PasswordHash = hasher.HashPassword(account, Colleagues.Password);
            await installation.Db(async db =>
            {
                db.Add(account);
                return await db.SaveChangesAsync();
            });
        });
        return (installation, login);
    }

    static Task<int> LetLockExpire(Installation installation, string login) => installation.Db(db =>
    {
        DateTimeOffset? past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        return db.Set<StaffAccount>().Where(a => a.Login == login && a.LockedUntil > past).ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntil, past));
    });

    static async Task<(Answer Answer, double Milliseconds)> Timed(Func<Task<Answer>> act)
    {
        var started = TimeProvider.System.GetTimestamp();
        var answer = await act();
        return (answer, TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
    }

    static async Task<(int, string?)> Refusal(Task<Answer> call)
    {
        var answer = await call;
        return (answer.Status, answer.Code);
    }
}
