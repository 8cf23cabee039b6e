using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Staff;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class PushTests(Servers servers)
{
    const string Token = "Token4Push", AesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    [Theory, EachDatabase]
    public async Task A_year_of_grants_with_accepts_refusals_sends_and_lost_or_doubled_events_never_counts_more_than_accepts_less_successes(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 3);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        await SetUpPush(estate);
        var owners = await estate.SignInAll();
        await estate.EmulatorPost("/admin/chaos", new
        {
            seed = 12, rates = new { pushLost = 0.15, pushDouble = 0.3, messageUndelivered = 0.15, subscriptionRefused = 0.1 },
        });
        var (random, accepts) = (new Random(2026), owners.ToDictionary(owner => owner.OpenId, _ => 0));

        for (var month = 1; month <= 12; month++)
        {
            foreach (var owner in owners)
                for (var tap = random.Next(4); tap > 0; tap--) accepts[owner.OpenId] += await Tap(owner, template, random);
            if (random.Next(4) == 0) await SwitchOff(owners[random.Next(owners.Length)], template);
            await estate.IssueBills($"2026-{month:00}-01", $"2026-{month:00}-{DateTime.DaysInMonth(2026, month):00}");
            await estate.UntilDelivered(month * owners.Length);
            await UntilPushed(estate);

            var successes = (await estate.Deliveries()).Where(d => d.ProviderId is not null).CountBy(d => d.AddressId).ToDictionary();
            foreach (var owner in owners)
            {
                var user = await User(estate, owner);
                Assert.InRange(await owner.Left(template), 0, accepts[owner.OpenId] - successes.GetValueOrDefault(user));
            }
        }
        await AfterTheTrouble(estate, owners, template);
        Assert.Contains(await estate.Deliveries(), d => d.Proof == DeliveryProof.Delivered);
        Assert.Contains(await estate.Deliveries(), d => d.Reason == "failed:user block" && d.State == DeliveryState.NoPermission);
        Assert.Empty(await estate.Broken());
    }

    /// <summary>From a moment at which nothing is left anywhere our count is WeChat's after every event: taps, messages, a template switched
    /// off.</summary>
    static async Task AfterTheTrouble(Estate estate, TestOwner[] owners, string template)
    {
        Assert.True((await estate.Installation.EmulatorHttp.DeleteAsync("/admin/chaos")).IsSuccessStatusCode);
        foreach (var owner in owners)
        {
            await SwitchOff(owner, template);
            await Estate.Eventually(async () => await owner.Left(template) == 0, "nothing is left after it was switched off");
        }
        for (var month = 1; month <= 2; month++)
        {
            await NextSecond();
            await Choose(owners[0], template, accept: true);
            await Report(owners[0], template, accept: true, twice: false);
            await UntilPushed(estate);
            await estate.IssueBills($"2027-{month:00}-01", $"2027-{month:00}-{DateTime.DaysInMonth(2027, month):00}", "2027-03-31");
            await estate.UntilDelivered((12 + month) * owners.Length);
            await UntilPushed(estate);
            foreach (var owner in owners) Assert.Equal(await WeChatsCount(owner, template), await owner.Left(template));
        }
    }

    static async Task<int> WeChatsCount(TestOwner owner, string template) =>
        (await owner.Estate.EmulatorPost($"/admin/users/{owner.OpenId}/subscriptions", new { }))["grants"]![template]?.GetValue<int>() ?? 0;

    [Theory, EachDatabase]
    public async Task A_tap_that_the_phone_and_WeChat_both_tell_of_counts_once_and_one_that_only_WeChat_tells_of_counts_too(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        var template = (await estate.SetTemplates()).BillIssued;
        await SetUpPush(estate, "xml");
        var owner = await estate.SignIn(estate.Houses[0]);

        await owner.Allow(template);
        await UntilPushed(estate);
        Assert.Equal(1, await owner.Left(template));

        await NextSecond();
        await Choose(owner, template, accept: true);    // the phone lost its network: the report never comes
        await UntilPushed(estate);
        Assert.Equal(2, await owner.Left(template));

        await NextSecond();
        await Choose(owner, template, accept: false);
        await UntilPushed(estate);
        Assert.Equal(2, await owner.Left(template));

        await SwitchOff(owner, template);
        await Estate.Eventually(async () => await owner.Left(template) == 0, "nothing is left after it was switched off");
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task An_event_that_WeChat_repeats_to_two_instances_at_once_counts_once(Database database)
    {
        await using var installation = await servers.Own(database, instances: database == Database.MariaDb ? 2 : 1);
        await using var estate = await Estate.Create(installation, 1);
        var template = (await estate.SetTemplates()).BillIssued;
        await SetUpPush(estate);
        var owner = await estate.SignIn(estate.Houses[0]);
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Send(
            installation, Accept(owner.OpenId, template, seconds), instance: n % installation.Addresses.Count)));

        Assert.All(answers, answer => Assert.Equal((200, "success"), answer));
        Assert.Equal(1, await owner.Left(template));
        Assert.Equal((200, "success"), await Send(installation, Accept("oNobodyWhomWeKnow", template, seconds)));
        Assert.Equal((200, "success"), await Send(installation, Accept(owner.OpenId, "a-template-of-nobody", seconds)));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task What_is_not_proved_to_be_WeChats_is_refused_and_changes_nothing(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        var template = (await estate.SetTemplates()).BillIssued;
        var owner = await estate.SignIn(estate.Houses[0]);
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var message = Accept(owner.OpenId, template, seconds);
        Assert.Equal(403, (await Send(installation, message)).Status);    // no push is set up
        await SetUpPush(estate);

        Assert.Equal(403, (await Send(installation, message, token: "AnotherToken")).Status);
        Assert.Equal(403, (await Send(installation, message, aesKey: AesKey.ToUpperInvariant())).Status);
        Assert.Equal(403, (await Send(installation, message, plain: true)).Status);
        Assert.Equal(403, (await Send(installation, message, ago: 301)).Status);
        Assert.Equal(403, (await Send(installation, message, appid: "wx0000000000000000")).Status);
        Assert.Equal(413, (await Send(installation, new string(' ', 70_000))).Status);
        using var anybody = new Api(installation.Addresses[0], "/wechat/push", null);
        Assert.Equal(403, (await anybody.Get($"/{AppId(estate)}?signature=0&timestamp={seconds}&nonce=1&echostr=5")).Status);

        Assert.Equal(0, await owner.Left(template));
    }

    static string AppId(Estate estate) => estate.Installation.Emulator.Merchant.Appid;

    /// <summary>The admin sets the keys, then enters address and keys in WeChat's console, which checks the address.</summary>
    static async Task SetUpPush(Estate estate, string format = "json")
    {
        var merchant = estate.Installation.Emulator.Merchant;
        using var admin = await estate.Installation.FirstAdmin();
        var half = await admin.Post("/mini-programs", new { appId = merchant.Appid, secret = merchant.Appsecret, pushToken = Token });
        Assert.Equal((400, "push_keys_incomplete"), (half.Status, half.Code));
        var set = (await admin.Post("/mini-programs", new { appId = merchant.Appid, secret = merchant.Appsecret, pushToken = Token, pushEncodingAesKey = AesKey })).Done();
        using var saved = await estate.Installation.EmulatorHttp.PutAsJsonAsync("/admin/push", new { url = set["pushUrl"].GetValue<string>(), token = Token, encodingAesKey = AesKey, format });
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until WeChat has told everything and it had its effect.</summary>
    static Task UntilPushed(Estate estate) => Estate.Eventually(async () =>
    {
        var pushes = (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonArray>("/admin/pushes"))!;
        return pushes.All(push => !"waiting".Equals(push!["state"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase))
            && await estate.Installation.Db(db => db.SubscriptionEvents.AllAsync(e => e.State != SubscriptionEventState.Waiting));
    }, "all pushes are told and worked off");

    /// <returns>How many accepts it was.</returns>
    static async Task<int> Tap(TestOwner owner, string template, Random random)
    {
        var accept = random.Next(5) > 0;
        var told = random.Next(5) > 0;
        var first = random.Next(2) == 0;
        if (told && first) await Report(owner, template, accept, twice: random.Next(3) == 0);
        await Choose(owner, template, accept);
        if (told && !first) await Report(owner, template, accept, twice: random.Next(3) == 0);
        return accept ? 1 : 0;
    }

    static async Task Report(TestOwner owner, string template, bool accept, bool twice)
    {
        var key = Guid.CreateVersion7().ToString("N");
        for (var time = 0; time < (twice ? 2 : 1); time++)
            (await owner.Api.Post("/grants", new { templateId = template, result = accept ? "accept" : "reject" }, key)).Done();
    }

    static Task Choose(TestOwner owner, string template, bool accept) => owner.Estate.EmulatorPost(
        $"/admin/users/{owner.OpenId}/subscriptions", new Dictionary<string, string[]> { [accept ? "accept" : "reject"] = [template] });

    static Task SwitchOff(TestOwner owner, string template) =>
        owner.Estate.EmulatorPost($"/admin/users/{owner.OpenId}/template-refusals", new { templateIds = new[] { template } });

    static Task<Guid> User(Estate estate, TestOwner owner) =>
        estate.Installation.Db(db => db.WeChatUsers.Where(u => u.OpenId == owner.OpenId).Select(u => u.Id).SingleAsync());

    // WeChat's events tell whole seconds, and nobody taps twice within one.
    static Task NextSecond() => Task.Delay(1_100);

    static string Accept(string openId, string template, long seconds) => new JsonObject
    {
        ["ToUserName"] = "gh_1", ["FromUserName"] = openId, ["CreateTime"] = seconds.ToString(CultureInfo.InvariantCulture), ["MsgType"] = "event",
        ["Event"] = "subscribe_msg_popup_event",
        ["List"] = new JsonObject { ["TemplateId"] = template, ["SubscribeStatusString"] = "accept", ["PopupScene"] = "0" },
    }.ToJsonString();

    /// <summary>One push as WeChat or somebody else would make it.</summary>
    static async Task<(int Status, string Text)> Send(Installation installation, string message, int instance = 0, string token = Token, string aesKey = AesKey,
        bool plain = false, long ago = 0, string? appid = null)
    {
        var ours = installation.Emulator.Merchant.Appid;
        var (seconds, nonce) = ((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - ago).ToString(CultureInfo.InvariantCulture), "4711");
        var encrypt = new PushCipher(token, aesKey, appid ?? ours).Encrypt(Encoding.UTF8.GetBytes(message));
        var query = $"signature={PushCipher.Signature(token, seconds, nonce)}&timestamp={seconds}&nonce={nonce}&encrypt_type=aes"
            + $"&msg_signature={PushCipher.Signature(token, seconds, nonce, encrypt)}";
        using var http = new HttpClient { BaseAddress = installation.Addresses[instance] };
        using var answer = await http.PostAsync($"/wechat/push/{ours}?{query}",
            new StringContent(plain ? message : new JsonObject { ["ToUserName"] = "gh_1", ["Encrypt"] = encrypt }.ToJsonString()));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
