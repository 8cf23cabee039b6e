using System.Text.Json.Nodes;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class ChainTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_last_demand_goes_on_paper_whatever_the_phones_took_and_is_not_posted_to_whoever_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, 3);
        await estate.SetTariffs();
        var final = await estate.SetTemplates("bill.reminder.final");
        var (reached, paying) = (await estate.SignIn(estate.Houses[1]), await estate.SignIn(estate.Houses[2]));
        await reached.Allow(final);
        await estate.IssueBills(due: "2026-12-10");
        await estate.Set("letterFen", 2_350);

        estate.Installation.Clock.Advance(TimeSpan.FromDays(1));
        await estate.Remind("bill.reminder.final");
        await Estate.Eventually(async () => (await Letters(estate)).Count == 3, "three letters wait to be posted");

        Assert.Single(await reached.Buzzed(final));
        var letters = await Letters(estate);
        Assert.All(letters, letter => Assert.Contains("最后催缴", letter["title"]!.GetValue<string>(), StringComparison.Ordinal));
        await paying.PayAll();
        Assert.Equal("letter_cancelled", (await Post(estate, Of(letters, 2))).Code);
        var posted = (await Post(estate, Of(letters, 0))).Done();
        Assert.Equal(("posted", 2_350), (posted["proof"].GetValue<string>(), posted["costFen"].GetValue<int>()));
        Assert.Equal("letter_posted", (await Post(estate, Of(letters, 0))).Code);
        Assert.Equal("letter_not_posted", (await Arrive(estate, Of(letters, 1), "张三")).Code);
        Assert.Equal("signed", (await Arrive(estate, Of(letters, 0), "张三")).Done()["proof"].GetValue<string>());
        using var page = new Api(estate.Installation.Addresses[0], "/print", estate.Clerk.Token);
        Assert.Equal(409, (await page.Get($"{estate.Path}/letters/{Of(letters, 2)["letterId"]!.GetValue<Guid>()}")).Status);
        (await estate.Clerk.Post(estate.Path + "/letterhead", new { company = "安居物业服务有限公司", address = "1号楼一层" })).Done();
        await estate.ApproveAll(estate.Finance);
        var paper = (await estate.Fetch(estate.Clerk, estate.Print($"/letters/{Of(letters, 0)["letterId"]!.GetValue<Guid>()}"))).Done().Text;
        foreach (var words in new[] { "最后催缴", "安居物业服务有限公司（盖章）", "1号楼一层", "2026年12月11日" }) Assert.Contains(words, paper, StringComparison.Ordinal);
        var told = (await estate.Clerk.Get($"{estate.Path}/houses/{estate.Houses[0].Id}/messages")).Done()["items"].AsArray();
        Assert.Equal(("signed", 2_350), told.Where(m => m!["kind"]!.GetValue<string>() == "bill.reminder.final")
            .Select(m => (m!["proof"]!.GetValue<string>(), m["costFen"]!.GetValue<int>())).Single());
        Assert.Equal(404, (await estate.Clerk.Get($"{estate.Path}/houses/{Guid.CreateVersion7()}/messages")).Status);
        Assert.Equal(404, (await estate.Clerk.Post($"{estate.Path}/messaging/letters/{Guid.CreateVersion7()}/post", new
        {
            tracking = "EX12345678",
            postedOn = "2026-12-11"
        })).Status);
        Assert.Empty(await estate.Broken());
    }

    // Somebody with several bills was told of each of them, day after day.
    [Theory, EachDatabase]
    public async Task Nobody_is_reminded_twice_a_day_or_more_often_than_his_community_allows(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var friendly = await estate.SetTemplates("bill.reminder.friendly");
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.Allow(friendly, times: 3);
        await estate.IssueBills();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");

        await estate.Remind("bill.reminder.friendly");
        List<Delivery> tried = [];
        await Estate.Eventually(async () => (tried = await estate.Deliveries("bill.reminder.friendly")) is { Count: 2 }
            && tried.Exists(d => d.Reason == "reminded_enough") && tried.Exists(d => d.State == DeliveryState.Sent), "one of two waits");

        var (sent, waits) = (tried.Single(d => d.State == DeliveryState.Sent), tried.Single(d => d.State != DeliveryState.Sent));
        Assert.Equal((DeliveryState.Waiting, new DateTimeOffset(2026, 12, 11, 9, 0, 0, TimeSpan.FromHours(8))), (waits.State, waits.NotBefore));
        Assert.Equal(DeliveryProof.Accepted, sent.Proof);
        Assert.Single(await owner.Buzzed(friendly));
        await owner.PayAll();
        Assert.Equal((DeliveryState.Cancelled, "paid"), (await estate.Deliveries("bill.reminder.friendly")).Where(d => d.Id == waits.Id)
            .Select(d => (d.State, d.Reason)).Single());
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task Staff_see_before_sending_whom_each_channel_would_reach_first_and_what_it_costs(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await estate.SetTariffs();
        var final = await estate.SetTemplates("bill.reminder.final");
        var (granted, ungranted) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await granted.Allow(final);
        await estate.Set("letterFen", 2_350);
        var persons = estate.Houses.Select(house => house.PersonId).Append(estate.Houses[0].PersonId).ToList();

        var reach = await estate.Reach("bill.reminder.final", persons);
        var quiet = await estate.Reach("bill.reminder.friendly", persons);

        Assert.Equal((4, 0, 4 * 2_350), (reach.Persons, reach.InboxOnly, reach.CostFen));
        Assert.Equal([(MessageChannel.Subscription, 1, 0), (MessageChannel.Letter, 3, 1)],
            reach.Channels.Where(c => c.Possible > 0).Select(c => (c.Channel, c.First, c.Also)));
        Assert.Equal((4, 4, 0), (quiet.Persons, quiet.InboxOnly, quiet.CostFen));
        Assert.Empty(await ungranted.Inbox());    // a count tells nobody anything
    }

    [Theory, EachDatabase]
    public async Task A_community_cannot_allow_itself_more_reminders_or_later_hours_than_the_rules(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        async Task<string?> Set(object change) => (await estate.Manager.Put(estate.Path + "/messaging/settings", Settings(change))).Code;

        Assert.Equal("message_settings_too_loose", await Set(new { opens = "08:59" }));
        Assert.Equal("message_settings_too_loose", await Set(new { closes = "21:01" }));
        Assert.Equal("message_settings_too_loose", await Set(new { remindersPerWeek = 4 }));
        Assert.Equal("message_settings_too_loose", await Set(new { reminderDaysApart = 0 }));
        Assert.Equal("message_settings_invalid", await Set(new { opens = "12:00", closes = "11:00" }));
        Assert.Null(await Set(new { opens = "10:00", closes = "20:00", remindersPerWeek = 2, reminderDaysApart = 3 }));
        Assert.Equal(403, (await estate.Clerk.Put(estate.Path + "/messaging/settings", Settings(new { }))).Status);
        Assert.Equal(2, (await estate.Clerk.Get(estate.Path + "/messaging/settings")).Done()["remindersPerWeek"].GetValue<int>());
        Assert.Empty(await estate.Broken());
    }

    static JsonObject Settings(object change)
    {
        var body = new JsonObject
        {
            ["opens"] = "09:00:00", ["closes"] = "21:00:00", ["remindersPerWeek"] = 3, ["reminderDaysApart"] = 1, ["smsFen"] = 5,
            ["letterFen"] = 2_000,
        };
        foreach (var property in change.GetType().GetProperties())
            body[property.Name] = property.GetValue(change) is string text ? text + ":00" : JsonValue.Create((int)property.GetValue(change)!);
        return body;
    }

    static async Task<IReadOnlyList<JsonNode>> Letters(Estate estate) =>
        [.. (await estate.Clerk.Get(estate.Path + "/messaging/letters")).Done()["items"].AsArray().OfType<JsonNode>()];

    static JsonNode Of(IReadOnlyList<JsonNode> letters, int house) =>
        letters.Single(letter => letter["address"]!.GetValue<string>().StartsWith($"1-1-{house + 1:0000}", StringComparison.Ordinal));

    static Task<Answer> Post(Estate estate, JsonNode letter) => estate.Clerk.Post(
        $"{estate.Path}/messaging/letters/{letter["letterId"]!.GetValue<Guid>()}/post", new { tracking = "EX12345678", postedOn = "2026-12-11" });

    static Task<Answer> Arrive(Estate estate, JsonNode letter, string signedBy) => estate.Clerk.Post(
        $"{estate.Path}/messaging/letters/{letter["letterId"]!.GetValue<Guid>()}/arrival", new { on = "2026-12-11", signedBy });
}
