using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.PayLinks;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Collection;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Somebody who need not belong to the house pays by a link.</summary>
public sealed class PayLinkTests(Servers servers)
{
    static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>A WeChat user without any binding who holds a link.</summary>
    sealed record Holder(Estate Estate, TestOwner User, string Token)
    {
        public async Task<Answer> Call(HttpMethod method, string path, object? body = null, string? token = null, string? key = null)
        {
            using var http = new HttpClient { BaseAddress = Estate.Installation.Addresses[0] };
            using var request = new HttpRequestMessage(method, "/api/owner/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", User.Api.Token);
            request.Headers.Add("Pay-Link", token ?? Token);
            if (method != HttpMethod.Get) request.Headers.Add("Idempotency-Key", key ?? Guid.CreateVersion7().ToString("N"));
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new Answer((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response.Headers);
        }

        public Task<Answer> Show() => Call(HttpMethod.Get, "/pay-link");

        public async Task<Answer> Checkout(Guid[] bills)
        {
            var quote = (await Call(HttpMethod.Post, "/pay-link/quotes", new { billIds = bills })).Done();
            return await Call(HttpMethod.Post, "/pay-link/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>() });
        }
    }

    static async Task<Holder> Hold(Estate estate, string token) =>
        new(estate, await estate.SignInUnbound("o" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 27), "13900000000", estate.Houses[0]), token);

    static async Task<string> Share(TestOwner owner, params Guid[] bills) =>
        (await owner.Api.Post(owner.Path + "/pay-links", new { billIds = bills })).Done()["token"].GetValue<string>();

    static Guid[] Bills(Answer shown) => [.. shown["bills"].AsArray().Select(bill => bill!["billId"]!.GetValue<Guid>())];

    [Theory, EachDatabase]
    public async Task A_daughter_pays_by_her_fathers_link_sees_no_name_and_he_gets_receipt_and_points(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var father = await estate.SignIn(estate.Houses[0]);
        var daughter = await Hold(estate, await Share(father, await father.OpenBillIds()));

        var shown = (await daughter.Show()).Done();
        Assert.Equal("1-*-**01", shown["house"].GetValue<string>());
        Assert.Equal(25_088, shown["openFen"].GetValue<long>());
        Assert.DoesNotContain(father.House.OwnerName, shown.Body!.ToJsonString(), StringComparison.Ordinal);
        var answer = (await daughter.Checkout(Bills(shown))).Done();
        Assert.StartsWith("prepay_id=", answer["payParameters"]["package"]!.GetValue<string>(), StringComparison.Ordinal);
        var order = answer["orderId"].GetValue<Guid>();
        await estate.EmulatorPost($"/admin/orders/{order:N}/pay");
        async Task<string> State() => (await daughter.Call(HttpMethod.Get, $"/pay-link/payments/{order}", token: "none")).Done()["state"].GetValue<string>();
        await Estate.Eventually(async () => await State() == "paid", "the daughter sees that it is paid");

        Assert.Empty(await father.OpenBills());
        Assert.Equal("paid", await father.OrderState(order));
        Assert.Equal(250, (await father.Api.Get(father.Path + "/points")).Done()["balance"].GetValue<long>());
        Assert.Equal((404, "pay_link_invalid"), (await daughter.Show()) is var dead ? (dead.Status, dead.Code) : default);    // it died with its bill
        Assert.Equal((404, "order_not_found"), (await (await Hold(estate, "x")).Call(HttpMethod.Get, $"/pay-link/payments/{order}")) is var other ? (other.Status, other.Code) : default);
        Assert.Equal("house_not_found", (await daughter.User.Api.Get($"{father.Path}/payments/{order}")).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Staff_print_a_code_whose_picture_leads_to_the_link_and_nobody_can_read_the_link_from_the_database(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/staff/v1" + estate.Path + "/pay-links/code") { Content = JsonContent.Create(new { houseId = estate.Houses[1].Id }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", estate.Clerk.Token);

        using var response = await http.SendAsync(request);

        var picture = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal((200, "image/png"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        var id = Guid.Parse(Assert.Single(response.Headers.GetValues(KeepPayLinks.LinkIdHeader)));
        var made = (await estate.Clerk.Post(estate.Path + "/pay-links", new { houseId = estate.Houses[1].Id })).Done();
        var stored = await estate.Installation.Db(db => db.PayLinks.AsNoTracking().Where(l => l.CommunityId == estate.CommunityId).ToListAsync());
        Assert.Equal(2, stored.Count);
        Assert.Contains(stored, link => link.Id == id);
        var token = made["token"].GetValue<string>();
        Assert.Equal(22, token.Length);
        Assert.Equal(PayLink.HashOf(token), stored.Single(link => link.Id != id).Hash);
        Assert.Single((await (await Hold(estate, token)).Show()).Done()["bills"].AsArray());
        Assert.Equal(2, (await estate.Clerk.Get($"{estate.Path}/pay-links?houseId={estate.Houses[1].Id}")).Done()["items"].AsArray().Count);
        Assert.Equal("bill_not_open", (await estate.Clerk.Post(estate.Path + "/pay-links", new { houseId = Guid.CreateVersion7() })).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_link_dies_when_it_is_revoked_when_90_days_are_over_and_when_the_house_is_sold(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 2);
        await estate.BillAll();
        var (owner, seller) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var made = (await owner.Api.Post(owner.Path + "/pay-links", new { billIds = await owner.OpenBillIds() })).Done();
        var (revoked, old, sold) = (await Hold(estate, made["token"].GetValue<string>()), await Hold(estate, await Share(owner, await owner.OpenBillIds())),
            await Hold(estate, await Share(seller, await seller.OpenBillIds())));
        foreach (var holder in new[] { revoked, old, sold }) (await holder.Show()).Done();

        Assert.Equal("pay_link_not_found", (await seller.Api.Post($"{seller.Path}/pay-links/{made["linkId"]}/revoke")).Code);
        Assert.Equal(204, (await owner.Api.Post($"{owner.Path}/pay-links/{made["linkId"]}/revoke")).Status);
        Assert.Equal("pay_link_invalid", (await revoked.Show()).Code);
        await estate.Sell(estate.Houses[1], installation.Clock.GetUtcNow().ToOffset(China).Date is var today ? DateOnly.FromDateTime(today) : default);
        Assert.Equal("pay_link_invalid", (await sold.Show()).Code);
        installation.Clock.MoveTo(Installation.UsualBegin.AddDays(91));
        Assert.Equal("pay_link_invalid", (await old.Show()).Code);
        Assert.Equal("pay_link_invalid", (await old.Call(HttpMethod.Post, "/pay-link/payments", new { billIds = await owner.OpenBillIds(), quoteHash = "x" })).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_link_for_a_late_fee_that_was_left_opens_and_dies_when_the_fee_is_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillLate();
        await estate.AllowParts();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = (await owner.OpenBillIds()).Single();
        await owner.PayPart(bill, 25_088);
        var neighbour = await Hold(estate, await Share(owner, bill));

        var shown = (await neighbour.Show()).Done();
        Assert.Equal((0L, 125L), (shown["openFen"].GetValue<long>(), shown["lateFeeFen"].GetValue<long>()));    // ten days of 12.544 fen
        Assert.Equal(1, await LeftOf(owner));
        await estate.EmulatorPost($"/admin/orders/{(await neighbour.Checkout(Bills(shown))).Done()["orderId"].GetValue<Guid>():N}/pay");
        await Estate.Eventually(async () => (await neighbour.Show()).Code == "pay_link_invalid", "the link died with the fee");
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(0, await LeftOf(owner));
        await estate.Clean();

        static async Task<int> LeftOf(TestOwner owner) =>
            (await owner.Api.Get(owner.Path + "/pay-links")).Done()["items"].AsArray().Single()!["openBills"]!.GetValue<int>();
    }

    [Theory, EachDatabase]
    public async Task A_link_holder_who_dawdles_must_give_way_to_the_owner_after_90_seconds_and_not_before(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var holder = await Hold(estate, await Share(owner, bills));
        var first = (await holder.Checkout(bills)).Done()["orderId"].GetValue<Guid>();

        var early = await owner.Checkout(bills);
        installation.Clock.MoveTo(installation.Clock.GetUtcNow().AddSeconds(95));
        var mine = (await owner.Checkout(bills)).Done()["orderId"].GetValue<Guid>();
        var late = await holder.Checkout(bills);

        Assert.Equal((409, "bill_being_paid"), (early.Status, early.Code));
        Assert.InRange(early["secondsToWait"].GetValue<int>(), 1, 90);
        Assert.NotEqual(first, mine);
        Assert.Equal((409, "bill_being_paid"), (late.Status, late.Code));    // nobody takes it from an owner
        Assert.InRange(late["secondsToWait"].GetValue<int>(), 91, 900);
        await owner.TypePassword(mine);
        await owner.UntilPaid(mine);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_link_shows_and_pays_only_its_own_bills_and_guessed_characters_open_nothing(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var bills = await owner.OpenBillIds();
        var holder = await Hold(estate, await Share(owner, bills[0]));

        Assert.Equal([bills[0]], Bills((await holder.Show()).Done()));
        Assert.Equal("bill_not_found", (await holder.Call(HttpMethod.Post, "/pay-link/quotes", new { billIds = new[] { bills[1] } })).Code);
        Assert.Equal("bill_not_found", (await holder.Call(HttpMethod.Post, "/pay-link/payments", new { billIds = bills, quoteHash = "x" })).Code);
        foreach (var wrong in new[] { "", "short", new string('A', 22), holder.Token + "A", "AAAAAAAAAAAAAAAAAAAAA+" })
            Assert.Equal("pay_link_invalid", (await holder.Call(HttpMethod.Get, "/pay-link", token: wrong)).Code);
        Assert.Equal("bill_not_found", (await owner.Api.Post(owner.Path + "/pay-links", new { billIds = await neighbour.OpenBillIds() })).Code);
        await estate.Clean();
    }
}
