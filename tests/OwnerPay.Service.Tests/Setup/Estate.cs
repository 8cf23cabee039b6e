using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>A house of a test estate with its one owner.</summary>
public sealed record TestHouse(Guid Id, string Code, Guid PersonId, Guid PartyId, string Phone, string OwnerName);

/// <summary>A community of one test: houses with owners, staff of each role, the emulator's merchant. What the test is about goes through the API.</summary>
public sealed class Estate : IAsyncDisposable
{
    static readonly SemaphoreSlim OneMiniProgram = new(1, 1);
    readonly Dictionary<StaffRole, Api> staff = [];
    readonly ConcurrentBag<IDisposable> clients = [];
    bool endsServers;

    Estate(Installation installation, Guid communityId, string code, IReadOnlyList<TestHouse> houses) =>
        (Installation, CommunityId, Code, Houses) = (installation, communityId, code, houses);

    public Installation Installation { get; }
    public Guid CommunityId { get; }
    public string Code { get; }
    public IReadOnlyList<TestHouse> Houses { get; }

    public Api Clerk => staff[StaffRole.Clerk];
    public Api Finance => staff[StaffRole.Finance];
    public Api Manager => staff[StaffRole.Manager];
    public Api Admin => staff[StaffRole.Admin];
    public Api Cashier => staff[StaffRole.Cashier];
    public Api As(StaffRole role) => staff[role];

    /// <summary>Path of this community behind the staff door.</summary>
    public string Path => $"/communities/{CommunityId}";

    public static async Task<Estate> Create(Installation installation, int houses)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var master = scope.ServiceProvider.GetRequiredService<MasterKey>();
        var suffix = Guid.CreateVersion7().ToString("N")[^10..];
        var now = scope.ServiceProvider.GetRequiredService<Clock>().Now();
        var community = new Community { Id = Guid.CreateVersion7(), Code = "t" + suffix, Name = "测试小区" + suffix[^4..], ContactPhone = "021-60000000", CreatedAt = now };
        db.Add(community);
        var building = new Building { Id = Guid.CreateVersion7(), CommunityId = community.Id, Code = "1", Name = "1号楼" };
        db.Add(building);
        var made = new List<TestHouse>();
        for (var number = 1; number <= houses; number++) made.Add(AddHouse(db, community.Id, building.Id, number));
        AddMerchant(db, master, community.Id, installation.Emulator.Merchant);
        var estate = new Estate(installation, community.Id, community.Code, made);
        foreach (var role in Enum.GetValues<StaffRole>()) estate.AddStaff(db, role, suffix, now);
        await db.SaveChangesAsync();
        await AddMiniProgram(db, master, installation.Emulator.Merchant);
        return estate;
    }

    /// <summary>The emulator's mini-program serves all estates of an installation: whoever comes first adds it.</summary>
    static async Task AddMiniProgram(OwnerPayDb db, MasterKey master, WeChatEmulator.Merchant merchant)
    {
        await OneMiniProgram.WaitAsync();
        try
        {
            var programs = db.MiniPrograms;
            if (programs.Any(program => program.AppId == merchant.Appid)) return;
            db.Add(new MiniProgram { Id = Guid.CreateVersion7(), AppId = merchant.Appid, SecretWrapped = master.Wrap(MiniProgram.SecretPurpose, merchant.Appsecret) });
            await db.SaveChangesAsync();
        }
        finally { OneMiniProgram.Release(); }
    }

    static TestHouse AddHouse(OwnerPayDb db, Guid community, Guid building, int number)
    {
        var house = new House
        {
            Id = Guid.CreateVersion7(), CommunityId = community, BuildingId = building, Code = $"1-1-{number:0000}",
            AreaHundredths = 8_950 + number * 10, HandedOverOn = new DateOnly(2020, 1, 1),
        };
        var phone = "199" + RandomNumberGenerator.GetString("0123456789", 8);
        var person = new Person { Id = Guid.CreateVersion7(), CommunityId = community, Name = "业主" + number, Kind = PersonKind.Human };
        var party = new LiableParty { Id = Guid.CreateVersion7(), CommunityId = community, HouseId = house.Id, Kind = PartyKind.Owners, From = new DateOnly(2020, 1, 1) };
        db.AddRange(house, person, party);
        db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = community, PersonId = person.Id, Number = phone });
        db.Add(new Tenure { Id = Guid.CreateVersion7(), CommunityId = community, HouseId = house.Id, PersonId = person.Id, Kind = TenureKind.Owner, From = new DateOnly(2020, 1, 1) });
        return new TestHouse(house.Id, house.Code, person.Id, party.Id, phone, person.Name);
    }

    static void AddMerchant(OwnerPayDb db, MasterKey master, Guid community, WeChatEmulator.Merchant merchant)
    {
        db.Add(new MerchantAccount
        {
            Id = Guid.CreateVersion7(), CommunityId = community, MchId = merchant.Mchid, AppId = merchant.Appid, CertificateSerial = merchant.MerchantCertificateSerial,
            PrivateKeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, merchant.MerchantPrivateKeyPem), ApiV3KeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, merchant.ApiV3Key),
            PublicKeyId = merchant.PublicKeyId, PublicKeyPem = merchant.PublicKeyPem, PlatformSerial = merchant.PlatformCertificateSerial, PlatformCertificatePem = merchant.PlatformCertificatePem,
        });
    }

    void AddStaff(OwnerPayDb db, StaffRole role, string suffix, DateTimeOffset now)
    {
        var account = new StaffAccount { Id = Guid.CreateVersion7(), Login = $"{role}-{suffix}".ToLowerInvariant(), Name = role.ToString(), PasswordHash = "", CreatedAt = now };
        var token = "opt_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 40);
        db.Add(account);
        db.Add(new RoleGrant
        {
            Id = Guid.CreateVersion7(), StaffId = account.Id, Role = role, CommunityId = CommunityId, State = RoleGrantState.Granted, ProposedBy = account.Id,
            CreatedAt = now,
        });
        db.Add(new StaffToken
        {
            Id = Guid.CreateVersion7(), StaffId = account.Id, Hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), Label = "test", CreatedAt = TimeProvider.System.GetUtcNow(),
            ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
        });
        var api = new Api(Installation.Addresses[0], "/api/staff/v1", token);
        clients.Add(api);
        staff[role] = api;
    }

    /// <summary>A staff client of the same role on another instance.</summary>
    public Api On(int instance, StaffRole role)
    {
        var api = new Api(Installation.Addresses[instance], "/api/staff/v1", staff[role].Token);
        clients.Add(api);
        return api;
    }

    /// <summary>The owner of a house takes out a phone: WeChat login, then binding by WeChat's verified number and the house code.</summary>
    public async Task<TestOwner> SignIn(TestHouse house, int instance = 0)
    {
        var openId = "o" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 27);
        var owner = await SignInUnbound(openId, house.Phone, house, instance);
        (await UntilWeChatAnswers(async () =>
        {
            var code = await EmulatorPost($"/admin/users/{openId}/phone-code");
            return await owner.Api.Post("/bindings", new { communityCode = Code, phoneCode = code["code"]!.GetValue<string>(), houseCode = house.Code });
        })).Done();
        return owner;
    }

    /// <summary>A WeChat user who is nobody's owner yet.</summary>
    public async Task<TestOwner> SignInUnbound(string openId, string phone, TestHouse house, int instance = 0)
    {
        await EmulatorPost("/admin/users", new { openid = openId, phone });
        using var anonymous = new Api(Installation.Addresses[instance], "/api/owner/v1", null);
        var session = (await UntilWeChatAnswers(async () =>
        {
            var login = await EmulatorPost($"/admin/users/{openId}/login-code");
            return await anonymous.Post("/sessions", new { appId = Installation.Emulator.Merchant.Appid, code = login["code"]!.GetValue<string>() });
        })).Done();
        var api = new Api(Installation.Addresses[instance], "/api/owner/v1", session["token"].GetValue<string>());
        clients.Add(api);
        return new TestOwner(this, house, openId, api);
    }

    /// <summary>As a phone does on WeChat's bad days: asks again, with a new code, as the old one may be used up although the answer was lost.</summary>
    static async Task<Answer> UntilWeChatAnswers(Func<Task<Answer>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await ask();
            if ((answer.Status is not (502 or 503) && answer.Code is not ("login_code_invalid" or "phone_code_invalid")) || tries == 10) return answer;
            await Task.Delay(50);
        }
    }

    /// <summary>The owners of all houses, signed in.</summary>
    public Task<TestOwner[]> SignInAll() => Task.WhenAll(Houses.Select(house => SignIn(house)));

    /// <summary>A call of the emulator's admin API.</summary>
    public async Task<JsonNode> EmulatorPost(string path, object? body = null)
    {
        using var response = await Installation.EmulatorHttp.PostAsJsonAsync(path, body ?? new { });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>Recomputes the books of this community: what <c>verify</c> would print.</summary>
    public async Task<IReadOnlyList<Finding>> Verify()
    {
        await using var scope = Installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        await db.BeginReadSnapshot(default);    // workers go on meanwhile; without a snapshot a check would compare two moments
        try { return await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(CommunityId, default); }
        finally
        {
            await db.Database.RollbackTransactionAsync();
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Waits for something that happens soon after a commit.</summary>
    public static async Task Eventually(Func<Task<bool>> condition, string what, int seconds = 90)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds)) Assert.Fail($"Not within {seconds} s: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>Its servers are its own and end with it. Left running, each would go on polling until the whole run ends.</summary>
    public Estate WithServers()
    {
        endsServers = true;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        if (endsServers) await Installation.DisposeAsync();
    }
}
