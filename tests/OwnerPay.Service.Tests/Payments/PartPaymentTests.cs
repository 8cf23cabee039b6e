using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Bills that are paid in part, and choices that pay several merchants.</summary>
public sealed class PartPaymentTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_owner_pays_a_part_without_a_discount_and_the_rest_stays_owed_to_the_fen(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();

        Assert.Equal((409, "part_payment_not_allowed"), await owner.CheckoutParts(bills, new { billId = bills[0], fen = 10_000 }) is var closed ? (closed.Status, closed.Code) : default);
        await estate.AllowParts(5_000);
        Assert.Equal("part_below_minimum", (await owner.CheckoutParts(bills, new { billId = bills[0], fen = 4_999 })).Code);
        Assert.Equal("part_above_open", (await owner.CheckoutParts(bills, new { billId = bills[0], fen = 25_089 })).Code);
        Assert.Equal("part_unknown", (await owner.CheckoutParts(bills, new { billId = Guid.CreateVersion7(), fen = 9_000 })).Code);
        var order = (await owner.CheckoutParts(bills, new { billId = bills[0], fen = 10_001 })).Done();
        Assert.Equal(10_001, order["payableFen"].GetValue<long>());
        await owner.TypePassword(order["orderId"].GetValue<Guid>());
        await owner.UntilPaid(order["orderId"].GetValue<Guid>());

        Assert.Equal(15_087, (await owner.OpenBills())[0]!["openFen"]!.GetValue<long>());
        var rest = (await owner.Quote(bills)).Done();
        Assert.Equal((15_087L, 754L), (rest["principalFen"].GetValue<long>(), rest["discountFen"].GetValue<long>()));    // whole, what is left of it
        await owner.PayAll();
        Assert.True((await estate.Finance.Get($"{estate.Path}/payments/{order["orderId"].GetValue<Guid>()}/recompute")).Done()["isEqual"].GetValue<bool>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_part_of_an_overdue_bill_covers_late_fee_or_principal_first_as_the_agreement_says(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 2);
        await estate.BillAll();
        var owners = await estate.SignInAll();
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 10, 12, 0, 0, TimeSpan.FromHours(8)));    // 10 days: 1.25 and 1.26 yuan of late fee
        async Task Part(TestOwner owner)
        {
            var bills = await owner.OpenBillIds();
            var order = (await owner.CheckoutParts(bills, new { billId = bills[0], fen = 10_000 })).Done()["orderId"].GetValue<Guid>();
            await owner.TypePassword(order);
            await owner.UntilPaid(order);
        }

        await estate.AllowParts(5_000);
        await Part(owners[0]);
        await estate.AllowParts(5_000, lateFeeFirst: true);
        await Part(owners[1]);

        Assert.Equal((15_088L, 125L), (await owners[0].OpenBills())[0] is { } first ? (first.Fen("openFen"), first.Fen("lateFeeFen")) : default);
        Assert.Equal((25_116L - 10_000 + 126, 0L), (await owners[1].OpenBills())[0] is { } second ? (second.Fen("openFen"), second.Fen("lateFeeFen")) : default);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Fees_of_two_merchants_give_two_orders_each_to_its_own_account_paid_one_after_another(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var parking = new { code = "parking", name = "车位服务费", beneficiary = "company", promotable = true, taxCode = "3040801010000000000", taxRatePerMillion = 60_000 };
        (await estate.ProposeTariffs([parking], BillingSteps.Tariff("1.0000", "2020-01-01", slot: "parking", feeKind: "parking"))).Done();
        await estate.ApproveAll(estate.Finance);
        await estate.IssueBills(feeKinds: ["property", "parking"]);
        var second = await estate.AddSecondMerchant();
        (await estate.Admin.Post(estate.Path + "/merchant-accounts/fee-kinds", new { feeKind = "parking", merchantAccountId = second })).Done();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        Assert.Single((await owner.Api.Post(owner.Path + "/quotes/by-merchant", new { billIds = bills })).Done()["quotes"].AsArray());    // proposed is not in force
        await estate.ApproveAll(estate.Finance);

        var refused = await owner.Quote(bills);
        var quotes = (await owner.Api.Post(owner.Path + "/quotes/by-merchant", new { billIds = bills })).Done();
        Assert.Equal((409, "bills_of_different_merchants"), (refused.Status, refused.Code));
        Assert.Equal(2, refused["merchants"].AsArray().Count);
        Assert.Equal([25_088L, 8_960L], quotes["quotes"].AsArray().Select(quote => quote.Fen("payableFen")));
        Assert.Equal(34_048, quotes["payableFen"].GetValue<long>());

        var first = quotes["quotes"][0]!;
        var order = (await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = first["quoteHash"]!.GetValue<string>(), merchant = first["merchant"] })).Done();
        await owner.TypePassword(order["orderId"].GetValue<Guid>());
        await owner.UntilPaid(order["orderId"].GetValue<Guid>());
        var rest = quotes["quotes"][1]!;
        var other = await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = rest["quoteHash"]!.GetValue<string>(), merchant = rest["merchant"] });
        // WeChat does not know the second merchant here: what matters is that it was asked in its name, for its part alone.
        Assert.Equal((502, "wechat_refused"), (other.Status, other.Code));
        var orders = await estate.Installation.Db(db => db.PaymentOrders.AsNoTracking().Where(o => o.CommunityId == estate.CommunityId).OrderBy(o => o.CreatedAt).ToListAsync());
        Assert.Equal([(25_088L, false), (8_960L, true)], orders.Select(o => (o.PayableFen, o.MerchantAccountId == second)));
        Assert.Equal(8_960, (await owner.OpenBills()).Sum(bill => bill.Fen("openFen")));
        await estate.Clean();
    }
}
