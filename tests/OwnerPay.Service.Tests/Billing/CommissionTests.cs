using OwnerPay.Service.Ledger;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>The commission regime (酬金制): the fees stay the owners' money, the agreed commission alone is the company's.</summary>
public sealed class CommissionTests(Servers servers)
{
    static object Kind(string code, string name, string beneficiary, bool promotable, int tax) => new
    {
        code, name, beneficiary, promotable, taxCode = tax > 0 ? "3040801010000000000" : "", taxRatePerMillion = tax, lateFeePerMillion = 0, graceDays = 0, lateFeeCapPercent = 100,
    };

    static async Task Propose(Estate estate, object kind, object tariff)
    {
        (await estate.ProposeTariffs([kind], tariff)).Done();
        await estate.ApproveAll(estate.Finance);
    }

    [Theory, EachDatabase]
    public async Task Owners_money_is_never_booked_as_the_companys_and_only_the_commission_is_discounted(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        (await estate.Admin.Put(estate.Path, new { name = "酬金制小区", contactPhone = "021-60000000", feeRegime = "commission" })).Done();
        await Propose(estate, Kind("property", "物业服务酬金", "company", promotable: true, tax: 60_000), BillingSteps.Tariff("0.2800", "2020-01-01"));
        await estate.Offer();
        var hidden = await estate.Clerk.Post(estate.Path + "/billing/runs",
            new { periodFrom = "2026-12-01", periodTo = "2026-12-31", dueOn = "2026-12-31", feeKinds = new[] { "property" } });
        Assert.Equal((409, "commission_without_owners_fund"), (hidden.Status, hidden.Code));

        await Propose(estate, Kind("fund", "物业服务资金", "ownersFund", promotable: false, tax: 0), BillingSteps.Tariff("2.5200", "2020-01-01", feeKind: "fund"));
        await estate.IssueBills(feeKinds: ["property", "fund"]);
        var owner = await estate.SignIn(estate.Houses[0]);
        foreach (var bill in await owner.OpenBillIds())    // an order each: the owners' money goes to an account of its own
        {
            var order = (await owner.Checkout([bill])).Done()["orderId"].GetValue<Guid>();
            await owner.TypePassword(order);
            await owner.UntilPaid(order);
        }

        // 89.60 m²: 225.79 held for the owners, 25.09 of commission less 5 % of it.
        Assert.Equal(-22_579, await estate.Balance(Accounts.OwnersFund));
        Assert.Equal([2_509 - 125, 22_579], (await estate.Booked()).Select(payment => payment.ReceivedFen).Order());
        var ahead = (await owner.Api.Post(owner.Path + "/prepaid/months", new { until = "2027-01-31" })).Done();
        Assert.Equal((2, 22_579 + 2_509L), (ahead["billIds"].AsArray().Count, ahead["openFen"].GetValue<long>()));
        Assert.Equal(-2 * 22_579, await estate.Balance(Accounts.OwnersFund));
        await estate.Clean();
    }
}
