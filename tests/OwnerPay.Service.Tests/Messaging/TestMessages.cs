using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Architecture;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

/// <summary>WeChat's ids of the templates of one estate.</summary>
public sealed record TestTemplates(string BillIssued, string Receipt);

/// <summary>Templates as the demo's file has them, phones that allow messages, and what arrived on them.</summary>
public static class TestMessages
{
    /// <summary>The demo's templates, with ids of this estate's own, so that estates on one emulator do not share grants.</summary>
    public static JsonObject DemoTemplates(string suffix)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "config", "demo", "templates.json")))!.AsObject();
        foreach (var template in file["templates"]!.AsArray())
            template!["templateId"] = template["templateId"]!.GetValue<string>()[..^10] + suffix[^10..];
        return file;
    }

    /// <summary>How many templates a file holds.</summary>
    public static int Count(JsonObject file) => file["templates"]!.AsArray().Count;

    /// <summary>Proposed by the clerk, approved by the manager.</summary>
    public static async Task<TestTemplates> SetTemplates(this Estate estate)
    {
        var file = DemoTemplates(estate.Code);
        (await estate.Clerk.Post(estate.Path + "/messaging/templates", file)).Done();
        await estate.ApproveAll(estate.Manager);
        string Id(string kind) => file["templates"]!.AsArray().Single(t => t!["kind"]!.GetValue<string>() == kind)!["templateId"]!.GetValue<string>();
        return new TestTemplates(Id("bill.issued"), Id("payment.receipt"));
    }

    /// <summary>The same, for the id of one kind.</summary>
    public static async Task<string> SetTemplates(this Estate estate, string kind)
    {
        await estate.SetTemplates();
        var templates = (await estate.Manager.Get(estate.Path + "/messaging/templates")).Done()["templates"].AsArray();
        return templates.Single(t => t!["kind"]!.GetValue<string>() == kind)!["templateId"]!.GetValue<string>();
    }

    /// <summary>Reminds everybody who owes an open bill of it, as a campaign does.</summary>
    public static async Task Remind(this Estate estate, string kind)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var bills = await db.Bills.AsNoTracking().Where(b => b.CommunityId == estate.CommunityId && b.State == BillState.Open).ToListAsync();
        var members = await PartyMembers.Of(db, [.. bills.Select(b => b.PartyId)], default);
        await scope.ServiceProvider.GetRequiredService<Messages>().TellAll(kind, estate.CommunityId,
            [.. bills.SelectMany(b => members[b.PartyId].Select(person => new Recipient(person, b.Id, b.HouseId)))], null, default);
        await db.SaveChangesAsync();
    }

    /// <summary>One message setting of the community, the others as they are.</summary>
    public static async Task Set(this Estate estate, string name, int value)
    {
        var settings = (await estate.Manager.Get(estate.Path + "/messaging/settings")).Done().Body;
        settings![name] = value;
        (await estate.Manager.Put(estate.Path + "/messaging/settings", settings)).Done();
    }

    /// <summary>What the sending page shows before anything is sent.</summary>
    public static async Task<ReachAnswer> Reach(this Estate estate, string kind, IReadOnlyCollection<Guid> persons)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Reach>().Of(estate.CommunityId, kind, persons, default);
    }

    /// <summary>The owner taps «allow» so many times: WeChat keeps it, and the mini-program tells us.</summary>
    public static async Task Allow(this TestOwner owner, string template, int times = 1)
    {
        await owner.Estate.EmulatorPost($"/admin/users/{owner.OpenId}/subscriptions", new { accept = new[] { template }, times });
        for (var time = 0; time < times; time++) (await owner.Api.Post("/grants", new { templateId = template, result = "accept" })).Done();
    }

    /// <summary>How many messages we believe the owner still allows.</summary>
    public static async Task<int> Left(this TestOwner owner, string template) =>
        (await owner.Api.Get(owner.Path + "/message-templates")).Done()["templates"].AsArray()
            .Single(t => t!["templateId"]!.GetValue<string>() == template)!["left"]!.GetValue<int>();

    /// <summary>What buzzed on the owner's phone from one template, oldest first.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Buzzed(this TestOwner owner, string template) =>
        [.. (await owner.Estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonArray>($"/admin/users/{owner.OpenId}/messages"))!
            .Where(message => message!["templateId"]!.GetValue<string>() == template).OfType<JsonNode>()];

    public static async Task<IReadOnlyList<JsonNode>> Inbox(this TestOwner owner) =>
        [.. (await owner.Api.Get(owner.Path + "/messages")).Done()["items"].AsArray().OfType<JsonNode>()];

    public static Task<List<Delivery>> Deliveries(this Estate estate, string kind = "bill.issued") =>
        estate.Installation.Db(db => db.Deliveries.AsNoTracking().Where(d => d.CommunityId == estate.CommunityId && d.Kind == kind).ToListAsync());

    /// <summary>Waits until nothing is on its way any more.</summary>
    public static async Task<List<Delivery>> UntilDelivered(this Estate estate, int count, string kind = "bill.issued", int seconds = 30)
    {
        List<Delivery> found = [];
        await Estate.Eventually(async () =>
        {
            found = await estate.Deliveries(kind);
            return found.Count == count && found.All(d => d.State is not (DeliveryState.Waiting or DeliveryState.Claimed));
        }, $"{count} deliveries of {kind} are decided", seconds);
        return found;
    }

    /// <summary>Findings that speak of messages.</summary>
    public static async Task<IReadOnlyList<string>> Broken(this Estate estate) =>
        [.. (await estate.Verify()).Select(finding => $"{finding.Check} {finding.Subject} {finding.Message}")];
}
