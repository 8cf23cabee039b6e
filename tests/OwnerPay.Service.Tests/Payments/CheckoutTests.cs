using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

public sealed class CheckoutTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_price_that_no_longer_holds_is_refused_with_the_new_one_and_nothing_is_ordered(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var seen = (await owner.Quote(bills)).Done()["quoteHash"].GetValue<string>();
        await estate.Offer();

        var key = Guid.CreateVersion7().ToString("N");
        var answer = await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = seen }, key);
        var again = await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = seen }, key);

        Assert.Equal((409, "quote_changed"), (answer.Status, answer.Code));
        Assert.Equal((409, "quote_changed"), (again.Status, again.Code));
        Assert.Equal(23_834, answer["quote"]["payableFen"]!.GetValue<long>());
        var fresh = answer["quote"]["quoteHash"]!.GetValue<string>();
        var order = (await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = fresh })).Done();
        Assert.Equal(23_834, order["payableFen"].GetValue<long>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_early_payer_pays_less_and_the_discount_lowers_what_was_billed_net_and_tax(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);

        await owner.PayAll();

        // 250.88 less 5 %: 12.54 off, of which 0.71 is tax; December is not served yet, so nothing is a deduction from income.
        Assert.Equal(0, await estate.Balance(OwnerPay.Service.Ledger.Accounts.Receivable(owner.House.Id, owner.House.PartyId)));
        Assert.Equal(23_834, await estate.Balance(OwnerPay.Service.Ledger.Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid)));
        Assert.Equal(0, await estate.Balance("6001/discount/early-bird"));
        Assert.Equal(238, (await owner.Api.Get(owner.Path + "/points")).Done()["balance"].GetValue<long>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Offers_that_pay_everything_settle_the_bill_at_once_without_WeChat_and_give_a_receipt(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer(percent: "100.00");
        var owner = await estate.SignIn(estate.Houses[0]);

        var answer = (await owner.Checkout(await owner.OpenBillIds())).Done();

        Assert.Equal("paid", answer["state"].GetValue<string>());
        Assert.Null(answer.Body!["payParameters"]);
        Assert.Empty(await owner.OpenBills());
        var order = answer["orderId"].GetValue<Guid>();
        Assert.Equal("零元整", (await owner.Api.Get($"{owner.Path}/payments/{order}/receipt")).Done()["amountInWords"].GetValue<string>());
        using var unknown = await estate.Installation.EmulatorHttp.GetAsync($"/admin/orders/{order:N}");
        Assert.Equal(404, (int)unknown.StatusCode);
        await estate.Clean();
    }

    // Two tabs, two paid orders: the second tap must get the first order, never one of its own.
    [Theory, EachDatabase]
    public async Task The_same_tap_repeated_and_the_same_choice_tapped_again_give_the_same_order(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var quote = (await owner.Quote(bills)).Done()["quoteHash"].GetValue<string>();
        var key = Guid.CreateVersion7().ToString("N");

        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote }, key)));
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote })));

        var order = Assert.Single(taps.Concat(others).Select(tap => tap.Done()["orderId"].GetValue<Guid>()).Distinct());
        Assert.All(taps, tap => Assert.StartsWith("prepay_id=", tap["payParameters"]["package"]!.GetValue<string>(), StringComparison.Ordinal));
        var misused = await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = new string('0', 64) }, key);
        Assert.Equal((422, "idempotency_key_reused"), (misused.Status, misused.Code));
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        await estate.Clean();
    }

    // A payment in an unknown state, a second one is made, the first turns out good: the bill is paid twice.
    [Theory, EachDatabase]
    [Trait("Incident", "6")]
    public async Task While_one_payer_has_an_open_order_another_is_told_how_long_to_wait(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var husband = await estate.SignIn(estate.Houses[0]);
        var wife = await estate.SignIn(estate.Houses[0]);
        var order = await husband.Order();

        var refused = await wife.Checkout(await wife.OpenBillIds());

        Assert.Equal((409, "bill_being_paid"), (refused.Status, refused.Code));
        Assert.InRange(refused["secondsToWait"].GetValue<int>(), 1, 900);
        await husband.TypePassword(order);
        await husband.UntilPaid(order);
        Assert.Empty(await wife.OpenBills());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task When_two_payers_tap_at_once_for_one_bill_one_gets_the_order(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var payers = new[] { await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[0]) };
        var bills = await payers[0].OpenBillIds();

        var answers = await Task.WhenAll(payers.Select(payer => payer.Checkout(bills)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("bill_being_paid", answer.Code));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Another_choice_of_the_same_payer_closes_the_first_order_and_opens_a_new_one(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var first = (await owner.Checkout([bills[0]])).Done()["orderId"].GetValue<Guid>();

        var second = (await owner.Checkout(bills)).Done();

        Assert.NotEqual(first, second["orderId"].GetValue<Guid>());
        Assert.Equal("closed", await owner.OrderState(first));
        Assert.Equal("closed", (await estate.AtWeChat(first))["order"]!["state"]!.GetValue<string>());
        await owner.TypePassword(second["orderId"].GetValue<Guid>());
        await owner.UntilPaid(second["orderId"].GetValue<Guid>());
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task When_WeChat_does_not_answer_the_repeated_tap_sends_the_same_order_again(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.Fault("systemErrorAfterDoing", owner.OpenId);
        var key = Guid.CreateVersion7().ToString("N");

        var bills = await owner.OpenBillIds();
        var busy = await owner.Checkout(bills, key);
        var again = (await owner.Checkout(bills, key)).Done();

        Assert.Equal((503, "wechat_busy"), (busy.Status, busy.Code));
        Assert.Equal(busy["orderId"].GetValue<Guid>(), again["orderId"].GetValue<Guid>());
        Assert.Equal("placed", again["state"].GetValue<string>());
        await owner.TypePassword(again["orderId"].GetValue<Guid>());
        await owner.UntilPaid(again["orderId"].GetValue<Guid>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_callback_that_is_faster_than_the_checkouts_answer_leaves_the_order_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);    // the fault strikes whoever orders next
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.Fault("callbackBeforeAnswer");

        var answer = (await owner.Checkout(await owner.OpenBillIds())).Done();

        // Set back to placed, it would be chased and shown as unpaid although the money is here.
        Assert.Equal("paid", answer["state"].GetValue<string>());
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task While_payments_are_paused_nobody_can_begin_one_but_a_payment_under_way_is_booked(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var early = await estate.SignIn(estate.Houses[0]);
        var late = await estate.SignIn(estate.Houses[1]);
        var order = await early.Order();

        (await estate.Finance.Post(estate.Path + "/payments/pause", new { paused = true })).Done();
        var refused = await late.Checkout(await late.OpenBillIds());
        await early.TypePassword(order);
        await early.UntilPaid(order);
        (await estate.Finance.Post(estate.Path + "/payments/pause", new { paused = false })).Done();

        Assert.Equal((503, "payments_paused"), (refused.Status, refused.Code));
        await late.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Bad_input_is_refused_with_a_code_and_reveals_nothing_about_other_people(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var neighbour = await estate.SignIn(estate.Houses[1]);
        var foreign = await neighbour.OpenBillIds();
        var order = await neighbour.Order();
        var hash = new string('0', 64);

        async Task<string> Code(object body) => (await owner.Api.Post(owner.Path + "/payments", body)) is var answer ? $"{answer.Status} {answer.Code}" : "";
        Assert.Equal("404 bill_not_found", await Code(new { billIds = foreign, quoteHash = hash }));
        Assert.Equal("400 no_bills_chosen", await Code(new { billIds = Array.Empty<Guid>(), quoteHash = hash }));
        Assert.Equal("400 bad_request", await Code(new { billIds = new[] { "x" }, quoteHash = hash }));
        Assert.Equal("400 bad_request", await Code(new { billIds = foreign, quoteHash = hash, payableFen = 1 }));
        Assert.Equal("400 bad_request", await Code(new { billIds = foreign, quoteHash = 1 }));
        Assert.Equal("413 body_too_large", await TooLarge(owner));
        Assert.Equal((404, "house_not_found"), await owner.Api.Get($"{neighbour.Path}/payments/{order}") is var page ? (page.Status, page.Code) : default);
        Assert.Equal((404, "order_not_found"), await owner.Api.Get($"{owner.Path}/payments/{order}") is var other ? (other.Status, other.Code) : default);
        Assert.Equal((404, "order_not_found"), await owner.Api.Get($"{owner.Path}/payments/{order}/receipt") is var receipt ? (receipt.Status, receipt.Code) : default);
        Assert.Equal((409, "receipt_not_ready"), await neighbour.Api.Get($"{neighbour.Path}/payments/{order}/receipt") is var early ? (early.Status, early.Code) : default);
        await estate.Clean();
    }

    /// <summary>Ten megabytes, offered with <c>Expect: 100-continue</c>, so that the refusal is read before they are sent.</summary>
    static async Task<string> TooLarge(TestOwner owner)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = owner.Estate.Installation.Addresses[0] };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/owner/v1" + owner.Path + "/payments");
        request.Headers.Authorization = new("Bearer", owner.Api.Token);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        request.Headers.ExpectContinue = true;
        request.Content = new StringContent($"{{\"quoteHash\":\"{new string('0', 10_000_000)}\"}}", System.Text.Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return $"{(int)response.StatusCode} {JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]}";
    }

    [Theory, EachDatabase]
    public async Task Keys_of_a_merchant_account_go_in_and_never_come_out_again(Database database)
    {
        await using var estate = await servers.Estate(database);
        var merchant = estate.Installation.Emulator.Merchant;
        object Account(string serial, string key) => new
        {
            mchid = merchant.Mchid, appid = merchant.Appid, merchantCertificateSerial = serial, merchantPrivateKeyPem = key, apiV3Key = merchant.ApiV3Key,
            publicKeyId = merchant.PublicKeyId, publicKeyPem = merchant.PublicKeyPem,
        };

        var saved = (await estate.Admin.Put(estate.Path + "/merchant-accounts", Account(merchant.MerchantCertificateSerial, merchant.MerchantPrivateKeyPem))).Done();
        var unreadable = await estate.Admin.Put(estate.Path + "/merchant-accounts", Account(merchant.MerchantCertificateSerial, "no key"));
        var wrong = await estate.Admin.Put(estate.Path + "/merchant-accounts", Account("123", merchant.MerchantPrivateKeyPem));
        var clerk = await estate.Clerk.Put(estate.Path + "/merchant-accounts", Account(merchant.MerchantCertificateSerial, merchant.MerchantPrivateKeyPem));

        Assert.DoesNotContain("PRIVATE KEY", saved.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(merchant.ApiV3Key, (await estate.Finance.Get(estate.Path + "/merchant-accounts")).Done().Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("merchant_key_unreadable", unreadable.Code);
        Assert.Equal("merchantCertificateSerial", wrong["field"].GetValue<string>());
        Assert.Equal(403, clerk.Status);
        await estate.BillAll();
        await (await estate.SignIn(estate.Houses[0])).PayAll();
        await estate.Clean();
    }
}
