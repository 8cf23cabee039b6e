using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Payments against what they settled and against their journals: nothing that arrived is lost, nothing is applied twice.</summary>
public sealed class CheckPayments : IVerifyCheck
{
    public string Name => "payments";

    /// <summary>What the tables say about one payment.</summary>
    /// <param name="LineFen">Of its order, by the frozen lines.</param>
    /// <param name="Cleared">Posted to WeChat clearing, and so on, with the sign of a debit.</param>
    sealed record Facts(
        Payment Payment, long Reduced, long Discount, long LateFee, long Prepaid, long LineFen, int Journals, long Cleared, long Coupons, long Suspense, long LateFeeIncome,
        long Receivable, long PrepaidPosted);

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        await foreach (var facts in Query(db, community).AsAsyncEnumerable().WithCancellation(cancel))
            foreach (var fault in Faults(facts)) yield return new(Name, $"Payments/{facts.Payment.Id:N}", fault);

        var (payments, reductions) = (db.Payments, db.BillReductions);
        var twice = payments.Where(p => (community == null || p.CommunityId == community) && p.OrderId != null
                && reductions.Any(r => r.SourceKind == Payment.Source && r.SourceId == p.Id))
            .GroupBy(p => p.OrderId).Where(g => g.Count() > 1).Select(g => g.Key!.Value).AsAsyncEnumerable();
        await foreach (var order in twice.WithCancellation(cancel)) yield return new(Name, $"PaymentOrders/{order:N}", "同一订单的账单被冲销了不止一次");

        var strays = reductions.Where(r => (community == null || r.CommunityId == community) && r.SourceKind == Payment.Source && !payments.Any(p => p.Id == r.SourceId))
            .Select(r => r.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"BillReductions/{stray:N}", "账单冲销没有对应的付款");
    }

    static IQueryable<Facts> Query(OwnerPayDb db, Guid? community)
    {
        var (reductions, prepaid, lines) = (db.BillReductions, db.PrepaidEntries, db.OrderLines);
        var (journals, postings) = (db.Journals.Where(j => j.SourceKind == Payment.Source), db.Postings.Where(p => p.Commodity == Posting.Yuan));
        return
            from p in db.Payments.AsNoTracking()
            where community == null || p.CommunityId == community
            let mine = reductions.Where(r => r.SourceKind == Payment.Source && r.SourceId == p.Id)
            let posted = postings.Where(t => t.CommunityId == p.CommunityId && journals.Any(j => j.Id == t.JournalId && j.SourceId == p.Id))
            select new Facts(p,
                mine.Sum(r => (long?)r.Fen) ?? 0, mine.Sum(r => (long?)r.DiscountFen) ?? 0, mine.Where(r => r.BillLineId == null).Sum(r => (long?)r.Fen) ?? 0,
                prepaid.Where(e => e.SourceKind == Payment.Source && e.SourceId == p.Id).Sum(e => (long?)e.DeltaFen) ?? 0,
                lines.Where(l => l.OrderId == p.OrderId).Sum(l => (long?)l.Fen) ?? 0,
                journals.Count(j => j.SourceId == p.Id),
                posted.Where(t => t.Account.StartsWith("1012/")).Sum(t => (long?)t.Amount) ?? 0,
                posted.Where(t => t.Account == Accounts.WeChatDiscount).Sum(t => (long?)t.Amount) ?? 0,
                posted.Where(t => t.Account == Accounts.Suspense).Sum(t => (long?)t.Amount) ?? 0,
                posted.Where(t => t.Account == Accounts.LateFeeIncome).Sum(t => (long?)t.Amount) ?? 0,
                posted.Where(t => t.Account.StartsWith("1122/")).Sum(t => (long?)t.Amount) ?? 0,
                posted.Where(t => t.Account.StartsWith("2203/")).Sum(t => (long?)t.Amount) ?? 0);
    }

    static IEnumerable<string> Faults(Facts facts)
    {
        var payment = facts.Payment;
        if (facts.Journals != 1 && !(facts.Journals == 0 && facts.Reduced == 0 && payment.TotalFen == 0)) yield return $"付款应有一张凭证，实有 {facts.Journals} 张";
        if (facts.Cleared != payment.ReceivedFen) yield return $"实收 {payment.ReceivedFen} 分，微信往来账记了 {facts.Cleared} 分";
        if (facts.Coupons != payment.OwnCouponFen) yield return $"自担优惠券 {payment.OwnCouponFen} 分，账上 {facts.Coupons} 分";
        if (payment.Outcome == PaymentOutcome.Suspense)
        {
            if (-facts.Suspense != payment.TotalFen || facts.Reduced != 0 || facts.Prepaid != 0)
                yield return $"待查款项 {payment.TotalFen} 分：待查账 {-facts.Suspense} 分，冲账单 {facts.Reduced} 分，转预存 {facts.Prepaid} 分";
            yield break;
        }
        if (payment.TotalFen + facts.Discount != facts.Reduced + facts.Prepaid)
            yield return $"到账 {payment.TotalFen} 分加优惠 {facts.Discount} 分，不等于冲账单 {facts.Reduced} 分加转预存 {facts.Prepaid} 分";
        if (payment.Outcome == PaymentOutcome.Settled && (facts.Prepaid != 0 || facts.Reduced != facts.LineFen))
            yield return $"付款全部用于账单：订单明细 {facts.LineFen} 分，实际冲账单 {facts.Reduced} 分，转预存 {facts.Prepaid} 分";
        if (-facts.LateFeeIncome != facts.LateFee || -facts.Receivable != facts.Reduced - facts.LateFee || -facts.PrepaidPosted != facts.Prepaid)
            yield return $"凭证与明细不符：违约金 {facts.LateFee}/{-facts.LateFeeIncome}，应收 {facts.Reduced - facts.LateFee}/{-facts.Receivable}，预存 {facts.Prepaid}/{-facts.PrepaidPosted} 分";
    }
}
