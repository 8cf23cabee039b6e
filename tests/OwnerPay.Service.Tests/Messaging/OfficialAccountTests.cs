using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Staff;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class OfficialAccountTests(Servers servers)
{
    const string Kind = "bill.reminder.friendly";

    [Theory, EachDatabase]
    public async Task Who_follows_the_account_is_reached_there_when_the_mini_program_may_not_speak_and_who_stops_is_forgotten(Database database)
    {
        await using var estate = await servers.OwnEstate(database, 3);
        await estate.SetTariffs();
        await estate.SetTemplates();
        await SetUp(estate);
        var (following, blocking, stranger) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]),
            await estate.SignIn(estate.Houses[2]));
        await Follow(estate, following);
        await Follow(estate, blocking, blocks: true);
        await Estate.Eventually(() => estate.Installation.Db(async db => await db.Followers.CountAsync(f => f.UnionId != null) == 2),
            "both followers are known");
        Assert.Equal(2, (await estate.Reach(Kind, [.. estate.Houses.Select(h => h.PersonId)])).Channels
            .Single(c => c.Channel == MessageChannel.OfficialAccount).First);
        await estate.IssueBills();

        await estate.Remind(Kind);
        await Estate.Eventually(async () => (await Official(estate)).Count(d => d.DeliveredAt is not null
            || d.State == DeliveryState.NoPermission) == 2,
            "WeChat told what became of both");

        var sent = await Official(estate);
        Assert.Equal([(DeliveryState.NoPermission, DeliveryProof.Queued), (DeliveryState.Sent, DeliveryProof.Delivered)],
            sent.Select(d => (d.State, d.Proof)).OrderBy(d => d.Proof));
        var account = (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonObject>("/admin/official-account"))!;
        var openId = account["followers"]!.AsArray().Single(f => f!["userOpenid"]!.GetValue<string>() == following.OpenId)!["openid"]!.GetValue<string>();
        var messages = (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonArray>($"/admin/official-account/messages/{openId}"))!;
        Assert.Equal(2, messages.Count);    // the bill and the reminder
        Assert.All(messages, message => Assert.Contains("250.88", message!.ToJsonString(), StringComparison.Ordinal));
        Assert.Single(await stranger.Inbox(), item => item["kind"]!.GetValue<string>() == Kind);
        Assert.True((await estate.Installation.EmulatorHttp.DeleteAsync($"/admin/users/{following.OpenId}/follow")).IsSuccessStatusCode);
        await Estate.Eventually(() => estate.Installation.Db(async db => await db.Followers.CountAsync() == 1), "who stopped following is deleted");
        Assert.Empty(await estate.Broken());
    }

    static Task<List<Delivery>> Official(Estate estate) => estate.Installation.Db(db => db.Deliveries.AsNoTracking()
        .Where(d => d.CommunityId == estate.CommunityId && d.Channel == MessageChannel.OfficialAccount && d.Kind == Kind).ToListAsync());

    /// <summary>The person follows, and opens the mini-program again: only then WeChat tells it the unionid.</summary>
    static async Task Follow(Estate estate, TestOwner owner, bool blocks = false)
    {
        await estate.EmulatorPost($"/admin/users/{owner.OpenId}/follow", new { blocks });
        var login = await estate.EmulatorPost($"/admin/users/{owner.OpenId}/login-code");
        using var anonymous = new Api(estate.Installation.Addresses[0], "/api/owner/v1", null);
        (await anonymous.Post("/sessions", new { appId = estate.Installation.Emulator.Merchant.Appid, code = login["code"]!.GetValue<string>() }))
            .Done();
    }

    static async Task SetUp(Estate estate)
    {
        const string Token = "Token4Official", AesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        var account = (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonObject>("/admin/official-account"))!;
        using var admin = await estate.Installation.FirstAdmin();
        object Body(string miniProgram) => new
        {
            appId = account["appid"]!.GetValue<string>(), secret = account["secret"]!.GetValue<string>(), miniProgramAppId = miniProgram,
            pushToken = Token,
            pushEncodingAesKey = AesKey,
        };
        Assert.Equal("app_unknown", (await admin.Send(HttpMethod.Put, "/official-accounts", Body("wx0000000000000000"))).Code);
        var set = (await admin.Send(HttpMethod.Put, "/official-accounts", Body(estate.Installation.Emulator.Merchant.Appid))).Done();
        using var saved = await estate.Installation.EmulatorHttp.PutAsJsonAsync("/admin/official-account/push",
            new { url = set["pushUrl"].GetValue<string>(), token = Token, encodingAesKey = AesKey, format = "xml" });
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
    }
}
