using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>What people agree on about bills that are due, in the words of the field. Proposed by finance unless somebody else is named.</summary>
static class CollectionSteps
{
    public static Task<Answer> ProposeWaiver(this Estate estate, Guid bill, long principalFen, long lateFeeFen, Api? by = null, string? key = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/bills/{bill}/waivers",
            new { principalFen, lateFeeFen, reason = "电梯停运两周的补偿", evidence = "工单 2026-331" }, key);

    public static async Task Waive(this Estate estate, Guid bill, long principalFen, long lateFeeFen) =>
        (await estate.Approve(await estate.ProposeWaiver(bill, principalFen, lateFeeFen))).Done();

    public static Task<Answer> ProposeDeferral(this Estate estate, string until, params Guid[] bills) =>
        estate.Finance.Post($"{estate.Path}/deferrals", new { billIds = bills, until, reason = "业主住院，家属申请缓交" });

    public static async Task<Guid> Defer(this Estate estate, string until, params Guid[] bills)
    {
        var proposed = (await estate.ProposeDeferral(until, bills)).Done();
        (await estate.Approve(proposed)).Done();
        return proposed.Body.Id("deferralId");
    }

    public static Task<Answer> ProposePlan(this Estate estate, Guid[] bills, int graceDays, params (string DueOn, long Fen)[] parts) =>
        estate.Finance.Post($"{estate.Path}/instalment-plans", new
        {
            billIds = bills, graceDays, reason = "一次缴清有困难", parts = parts.Select(part => new { dueOn = part.DueOn, fen = part.Fen }).ToArray(),
        });

    public static async Task<Guid> Plan(this Estate estate, Guid bill, int graceDays, params (string DueOn, long Fen)[] parts)
    {
        var proposed = (await estate.ProposePlan([bill], graceDays, parts)).Done();
        (await estate.Approve(proposed)).Done();
        return proposed.Body.Id("planId");
    }

    public static Task<Answer> ProposeReversal(this Estate estate, string kind, Guid subject) =>
        estate.Finance.Post($"{estate.Path}/grant-reversals", new { kind, subjectId = subject, reason = "情况已变" });

    public static Task<Answer> Dispute(this TestOwner owner, Guid bill) =>
        owner.Api.Post($"{owner.Path}/bills/{bill}/disputes", new { reason = "面积多算了两平方米" });

    public static Task<Answer> CloseDispute(this Estate estate, Guid dispute, string outcome, Api? by = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/disputes/{dispute}/close", new { outcome, answer = "已按房产证核对面积" });

    public static async Task<Answer> LateFee(this Estate estate, Guid bill, string? asOf = null) =>
        (await estate.Finance.Get($"{estate.Path}/bills/{bill}/late-fee{(asOf is null ? "" : "?asOf=" + asOf)}")).Done();

    /// <summary>Late fee of the owner's only open bill today, fen.</summary>
    public static async Task<long> LateFee(this TestOwner owner) => (await owner.OpenBills()).Single().Fen("lateFeeFen");

    /// <summary>Late fee runs from 11 December on; today becomes the 20th.</summary>
    public static async Task<(TestOwner Owner, Guid Bill)> NineDaysLate(this Estate estate)
    {
        await estate.BillLate();
        var owner = await estate.SignIn(estate.Houses[0]);
        return (owner, (await owner.OpenBillIds()).Single());
    }

    /// <summary>Bills of November, due on 10 December; today becomes the 20th: 250.88 yuan at 5 in 10,000 are 12.544 fen a day for the first
    /// house.</summary>
    public static async Task BillLate(this Estate estate)
    {
        await estate.BillAll("2026-11-01", "2026-11-30", "2026-12-10");
        estate.Installation.Clock.Advance(TimeSpan.FromDays(10));
    }

    public static void Sleep(this Estate estate, int days) => estate.Installation.Clock.Advance(TimeSpan.FromDays(days));

    public static async Task PayPart(this TestOwner owner, Guid bill, long fen)
    {
        var order = (await owner.CheckoutParts([bill], new { billId = bill, fen })).Done();
        await owner.TypePassword(order.Body.Id("orderId"));
        await owner.UntilPaid(order.Body.Id("orderId"));
    }
}
