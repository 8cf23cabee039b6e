using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OtpNet;
using OwnerPay.Service.Staff;

namespace OwnerPay.Demo;

/// <summary>The property office: its people sign in with what the first start gave them, and do everything through the staff API.</summary>
public sealed class Desk : IDisposable
{
    readonly Stage stage;
    readonly Dictionary<StaffRole, Http> people = [];

    Desk(Stage stage) => this.stage = stage;

    public Guid CommunityId { get; private set; }

    /// <summary>Path of the community behind the staff door.</summary>
    public string Community => $"/communities/{CommunityId}";

    public Http As(StaffRole role) => people[role];

    /// <summary>First start: the admin changes the one-time password, opens the community and appoints the manager; the two of them appoint the others.</summary>
    public static async Task<Desk> Open(Stage stage, string communityCode, string communityName)
    {
        var desk = new Desk(stage);
        var (login, oneTime) = stage.FirstAdmin;
        const string Password = "阳光花园-第一次登录-2026";
        using (var first = await desk.SignIn(login, oneTime)) await first.Put("/password", new { current = oneTime, next = Password });
        var admin = desk.people[StaffRole.Admin] = await desk.WithToken(login, Password);
        desk.CommunityId = (await admin.Post("/communities", new { code = communityCode, settings = new { name = communityName, contactPhone = "021-60001234" } })).Id("communityId");

        // The first admin may appoint one manager alone, for all communities; after that a role takes two of admin and manager.
        var manager = await desk.Appoint(StaffRole.Manager, "manager", "郑经理", null, admin, grants: admin);
        await desk.Appoint(StaffRole.Clerk, "clerk", "周敏", desk.CommunityId, admin, grants: manager);
        await desk.Appoint(StaffRole.Finance, "finance", "吴会计", desk.CommunityId, admin, grants: manager);
        await desk.Appoint(StaffRole.Cashier, "counter", "孙丽", desk.CommunityId, admin, grants: manager);
        return desk;
    }

    async Task<Http> Appoint(StaffRole role, string login, string name, Guid? community, Http proposes, Http grants)
    {
        var password = $"{name}-初次登录-2026";
        var account = (await proposes.Post("/accounts", new { login, name, password })).Id("staffId");
        var proposal = await proposes.Post("/roles", new { staffId = account, role = role.ToString().ToLowerInvariant(), communityId = community });
        if (proposal.Text("state") == "proposed") await grants.Post($"/roles/{proposal.Id("roleId")}/grant");
        return people[role] = await WithToken(login, password);
    }

    /// <summary>Signs in by password, sets up the authenticator app if the roles ask for it, and takes a personal access token for the rest of the story.</summary>
    async Task<Http> WithToken(string login, string password)
    {
        using var signedIn = await SignIn(login, password);
        if ((await signedIn.Get("/me"))["mustEnrolTotp"]!.GetValue<bool>()) await ScanWithApp(signedIn);
        var token = await signedIn.Post("/tokens", new { label = "演示", days = 30 });
        return new Http(stage.Address, "/api/staff/v1", token.Text("token"));
    }

    /// <summary>What a person does with the phone: scan the code, type the six digits that the app then shows.</summary>
    static async Task ScanWithApp(Http signedIn)
    {
        var secret = Base32Encoding.ToBytes((await signedIn.Post("/totp")).Text("secret"));
        await signedIn.Post("/totp/confirm", new { code = new Totp(secret).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime) });
    }

    async Task<Http> SignIn(string login, string password)
    {
        var browser = Http.Browser(stage.Address, "/api/staff/v1");
        await browser.Post("/sign-in", new { login, password });
        return browser;
    }

    /// <summary>Uploads a roster and waits for its report.</summary>
    public async Task<JsonNode> ImportRoster(string file)
    {
        using var form = new MultipartFormDataContent();
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        form.Add(content, "file", Path.GetFileName(file));
        var (started, code) = await As(StaffRole.Clerk).Try(HttpMethod.Post, Community + "/roster/imports", form);
        if (code is not null) throw new StoryBrokenException($"导入房屋资料：{code} {started}");
        var path = $"{Community}/roster/imports/{started.Id("importId")}";
        return await Wait.For(async () => await As(StaffRole.Clerk).Get(path) is var report && report.Text("state") != "running" ? report : null, "花名册导入");
    }

    /// <summary>The manager approves what somebody else proposed.</summary>
    public Task Approve(Guid approval, string note) => As(StaffRole.Manager).Post($"{Community}/approvals/{approval}/approve", new { note });

    /// <summary>Somebody approves what others proposed of one kind.</summary>
    public async Task ApproveAll(StaffRole approver, string kind, string note)
    {
        foreach (var approval in (await As(approver).Get(Community + "/approvals?state=proposed")).Items().Where(one => one!.Text("kind") == kind))
            await As(approver).Post($"{Community}/approvals/{approval!.Id("id")}/approve", new { note });
    }

    /// <summary>Sends a file of <c>config/demo</c> as a proposal; another person approves what came of it.</summary>
    public async Task Propose(StaffRole proposer, string path, string file, StaffRole approver)
    {
        await As(proposer).Post(Community + path, JsonNode.Parse(await File.ReadAllTextAsync(file))!);
        var waiting = await As(approver).Get(Community + "/approvals?state=proposed");
        foreach (var approval in waiting.Items()) await As(approver).Post($"{Community}/approvals/{approval!.Id("id")}/approve", new { note = "同意" });
    }

    public void Dispose()
    {
        foreach (var person in people.Values) person.Dispose();
    }
}

/// <summary>Waits for what happens soon after a commit.</summary>
public static class Wait
{
    public static async Task<T> For<T>(Func<Task<T?>> look, string what, int seconds = 60) where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds)) throw new StoryBrokenException($"等了 {seconds} 秒仍未完成：{what}");
            await Task.Delay(100);
        }
    }

    public static Task Until(Func<Task<bool>> condition, string what, int seconds = 60) => For<object>(async () => await condition() ? "" : null, what, seconds);
}
