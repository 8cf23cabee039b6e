using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Ledger;
using OwnerPay.Service.Tests.Promotions;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;
using static OwnerPay.Service.Tests.Crash.Writes.MoneyFlows;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The flows of coupons, of bills that were wrong and of the end of a month.</summary>
static class CorrectionFlows
{
    public static readonly IReadOnlyList<MoneyFlow> All =
    [
        new("pay with a coupon that covers all", async estate =>
        {
            await estate.BillNow();
            (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { CouponTests.Coupon(amountYuan: "1000") } })).Done();
            await estate.ApproveAll(estate.Finance);
            (await estate.Manager.Post(estate.Path + "/promotions/coupons", new { offerCode = "spring", houseCodes = new[] { estate.Houses[0].Code } })).Done();
            var owner = await estate.SignIn(estate.Houses[0]);
            return await Checkout(owner, await owner.OpenBillIds());
        }) { Killable = false },    // its coupon is one of December
        new("lower a bill that is paid", async estate =>
        {
            await Booked(estate);
            var bill = await estate.LiveBill(estate.Houses[0]);
            (await estate.ProposeAdjustment(bill.Id, (await estate.FirstLine(bill.Id)).Id, -10_000)).Done();
            return await Approve(estate, estate.Manager);
        }),
        new("withdraw a bill that is paid", async estate =>
        {
            await Booked(estate);
            (await estate.ProposeVoid((await estate.LiveBill(estate.Houses[0])).Id)).Done();
            return await Approve(estate, estate.Manager);
        }) { Killable = false, Except = new HashSet<string>(["Messages"]) },    // a bill that is withdrawn before its owner heard of it is not told of
        new("close a month", async estate =>
        {
            await estate.BillNow();
            var month = Text(estate.Today())[..7];
            estate.Installation.Clock.MoveTo(Mornings.At(Text(new DateOnly(estate.Today().Year, estate.Today().Month, 1).AddMonths(1).AddDays(1)), "09:00"));
            (await estate.ProposeClose(month)).Done();
            return await Approve(estate, estate.Manager);
        }) { Houses = 2, Jobs = false, Killable = false, Travels = true },
    ];
}
