using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Campaigns;

/// <summary>Group notices as staff write them, and crowds with phones that allow them.</summary>
public static class TestCampaigns
{
    /// <summary>The estate's own id of the template of a kind, as it is proposed with all others.</summary>
    public static string TemplateOf(this Estate estate, string kind) => TestMessages.DemoTemplates(estate.Code)["templates"]!.AsArray()
        .Single(t => t!["kind"]!.GetValue<string>() == kind)!["templateId"]!.GetValue<string>();

    /// <summary>A notice of works to everybody, at once, unless something else is said.</summary>
    public static object Notice(object? audience = null, string kind = "notice", string title = "供水管网检修通知",
        string body = "12月12日9时至17时检修供水管网，期间停水，请提前储水。",
        string? startAt = null, int holdOutShare = 0, bool required = false) =>
        new { kind, title, body, audience = audience ?? new { }, startAt, holdOutShare, required };

    public static Task<Answer> Campaign(this Estate estate, object request) => estate.Clerk.Post(estate.Path + "/campaigns", request);

    /// <summary>Where one campaign is found behind the staff door.</summary>
    public static string At(this Estate estate, Guid campaign) => $"{estate.Path}/campaigns/{campaign}";

    public static async Task<JsonNode> Progress(this Estate estate, Guid campaign) => (await estate.Manager.Get(estate.At(campaign)))
        .Done()["progress"];

    public static async Task<JsonNode> UntilDone(this Estate estate, Guid campaign, int seconds = 90)
    {
        JsonNode progress = new JsonObject();
        await Estate.Eventually(async () => Text(progress = await estate.Progress(campaign), "state") == "done", "the campaign is done", seconds);
        return progress;
    }

    public static string Text(JsonNode row, string name) => row[name]!.GetValue<string>();

    public static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();

    /// <summary>Results of all pages, by house code.</summary>
    public static async Task<Dictionary<string, (string State, string? Reason)>> Results(this Estate estate, Guid campaign)
    {
        var found = new Dictionary<string, (string, string?)>();
        for (string? cursor = null; ;)
        {
            var page = (await estate.Clerk.Get(estate.At(campaign) + "/results" + (cursor is null ? "" : "?cursor=" + cursor))).Done();
            foreach (var row in page["items"].AsArray()) found.Add(Text(row!, "houseCode"), (Text(row!, "state"),
                row!["reason"]?.GetValue<string>()));
            cursor = page.Body!["nextCursor"]?.GetValue<string>();
            if (cursor is null) return found;
        }
    }

    /// <summary>Every house's owner has a phone that allows one message of the template. WeChat would take two: a second one would be seen.</summary>
    public static async Task<IReadOnlyList<Guid>> GiveCrowdPhones(this Estate estate, string template)
    {
        var users = estate.Houses.Select(house => (House: house, User: Guid.CreateVersion7(), OpenId: "oC" + Guid.CreateVersion7()
            .ToString("N")[^26..])).ToList();
        await Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (user, cancel) =>
        {
            await estate.EmulatorPost("/admin/users", new { openid = user.OpenId, phone = user.House.Phone });
            await estate.EmulatorPost($"/admin/users/{user.OpenId}/subscriptions", new { accept = new[] { template }, times = 2 });
        });
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var now = scope.ServiceProvider.GetRequiredService<Clock>().Now();
        foreach (var (house, user, openId) in users)
        {
            db.Add(new WeChatUser
            {
                Id = user, AppId = estate.Installation.Emulator.Merchant.Appid, OpenId = openId, CreatedAt = now,
                LastLoginAt = now
            });
            db.Add(new Binding
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, WeChatUserId = user, PersonId = house.PersonId,
                State = BindingState.Active,
                Proof = BindingProof.StaffCode, CreatedAt = now,
            });
            db.Add(new MessageGrant { WeChatUserId = user, WeChatTemplateId = template, Count = 1, Reported = 1 });
            db.Add(new GrantEntry
            {
                Id = Guid.CreateVersion7(), WeChatUserId = user, WeChatTemplateId = template, Delta = 1, Reason = GrantReason.Accepted,
                SourceId = Guid.CreateVersion7(), At = now,
            });
        }
        await db.SaveChangesAsync();
        return users.ConvertAll(user => user.User);
    }

    /// <summary>As if the bills so far had been due on a day: no run issues bills that are late already.</summary>
    public static Task<int> MakeDue(this Estate estate, string day) => estate.Installation.Db(db =>
    {
        var (bills, due) = (db.Set<Bill>(), DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        return bills.Where(b => b.CommunityId == estate.CommunityId).ExecuteUpdateAsync(set => set.SetProperty(b => b.DueOn, due));
    });

    /// <summary>What bill runs and payments told is worked off, so that it mixes with nothing that follows.</summary>
    public static Task UntilOutboxIsEmpty(this Estate estate) => Estate.Eventually(() => estate.Installation.Db(db =>
        db.OutboxRows.Where(row => row.CommunityId == estate.CommunityId).AllAsync(row => row.State == OutboxState.Done)),
            "the outbox is worked off");

    /// <summary>How many messages WeChat took over, of all estates of its installation.</summary>
    public static async Task<int> TakenByWeChat(this Estate estate) =>
        (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonNode>("/admin/statistics"))!["messagesAccepted"]!.GetValue<int>();

    /// <summary>Nothing leaves the estate's phones any more, whatever is asked of WeChat, until <see cref="LetThrough"/>.</summary>
    public static Task RefuseAsTooFrequent(this Estate estate) => estate.EmulatorPost("/admin/faults", new
    {
        kind = "messageRateLimit",
        count = 100_000
    });

    public static async Task LetThrough(this Estate estate) => (await estate.Installation.EmulatorHttp.DeleteAsync("/admin/faults"))
        .EnsureSuccessStatusCode();
}
