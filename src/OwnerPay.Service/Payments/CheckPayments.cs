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

    const int PageSize = 500;

    /// <summary>What the tables say about one payment.</summary>
    /// <param name="Lines">Of its order, as frozen.</param>
    /// <param name="OrderPrepaid">What prepaid money pays of them.</param>
    /// <param name="Postings">Of its journals, in yuan.</param>
    sealed record Facts(Payment Payment, IReadOnlyList<BillReduction> Reductions, long Prepaid, IReadOnlyList<OrderLine> Lines, long OrderPrepaid, int Journals, IReadOnlyList<Posting> Postings)
    {
        public long Reduced => Reductions.Sum(r => r.Fen);
        public long Discount => Reductions.Sum(r => r.DiscountFen);
        public long LateFee => Reductions.Where(r => r.BillLineId is null).Sum(r => r.Fen);

        /// <summary>Fen on this account or below it, debit positive.</summary>
        public long On(string account) =>
            Postings.Where(p => p.Account == account || p.Account.StartsWith(account + "/", StringComparison.Ordinal)).Sum(p => p.Amount);
    }

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        await foreach (var facts in All(db, community, cancel))
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

    /// <summary>All payments by pages, each with its rows in a fixed number of queries.</summary>
    static async IAsyncEnumerable<Facts> All(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        Guid? after = null;
        while (true)
        {
            var page = await db.Payments.AsNoTracking().Where(p => (community == null || p.CommunityId == community) && (after == null || p.Id.CompareTo(after.Value) > 0))
                .OrderBy(p => p.Id).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) yield break;
            after = page[^1].Id;
            var ids = page.ConvertAll(p => p.Id);
            var orders = page.Select(p => p.OrderId).OfType<Guid>().Distinct().ToList();
            var byPrepaid = await db.PaymentOrders.Where(o => orders.Contains(o.Id) && o.PrepaidFen > 0).ToDictionaryAsync(o => o.Id, o => o.PrepaidFen, cancel);
            var reductions = (await db.BillReductions.AsNoTracking().Where(r => r.SourceKind == Payment.Source && ids.Contains(r.SourceId)).ToListAsync(cancel)).ToLookup(r => r.SourceId);
            var prepaid = (await db.PrepaidEntries.AsNoTracking().Where(e => e.SourceKind == Payment.Source && ids.Contains(e.SourceId)).ToListAsync(cancel)).ToLookup(e => e.SourceId);
            var lines = (await db.OrderLines.AsNoTracking().Where(l => orders.Contains(l.OrderId)).ToListAsync(cancel)).ToLookup(l => (Guid?)l.OrderId);
            var journals = (await db.Journals.AsNoTracking().Where(j => j.SourceKind == Payment.Source && ids.Contains(j.SourceId)).Select(j => new { j.Id, j.SourceId }).ToListAsync(cancel));
            var journalIds = journals.ConvertAll(j => j.Id);
            var postings = (await db.Postings.AsNoTracking().Where(p => journalIds.Contains(p.JournalId) && p.Commodity == Posting.Yuan).ToListAsync(cancel)).ToLookup(p => p.JournalId);
            var byPayment = journals.ToLookup(j => j.SourceId);
            foreach (var payment in page)
                yield return new Facts(payment, [.. reductions[payment.Id]], prepaid[payment.Id].Sum(e => e.DeltaFen), [.. lines[payment.OrderId]],
                    payment.OrderId is { } of ? byPrepaid.GetValueOrDefault(of) : 0,
                    byPayment[payment.Id].Count(), [.. byPayment[payment.Id].SelectMany(j => postings[j.Id])]);
        }
    }

    static IEnumerable<string> Faults(Facts facts)
    {
        var payment = facts.Payment;
        var (cleared, coupons, suspense) = (facts.On("1012"), facts.On(Accounts.WeChatDiscount), -facts.On(Accounts.Suspense));
        if (facts.Journals != 1 && !(facts.Journals == 0 && facts.Reduced == 0 && payment.TotalFen == 0)) yield return $"付款应有一张凭证，实有 {facts.Journals} 张";
        if (cleared != payment.ReceivedFen) yield return $"实收 {payment.ReceivedFen} 分，微信往来账记了 {cleared} 分";
        if (coupons != payment.OwnCouponFen) yield return $"自担优惠券 {payment.OwnCouponFen} 分，账上 {coupons} 分";
        if (payment.Outcome == PaymentOutcome.Suspense)
        {
            if (suspense != payment.TotalFen || facts.Reduced != 0 || facts.Prepaid != 0)
                yield return $"待查款项 {payment.TotalFen} 分：待查账 {suspense} 分，冲账单 {facts.Reduced} 分，转预存 {facts.Prepaid} 分";
            yield break;
        }
        if (payment.TotalFen + facts.Discount != facts.Reduced + facts.Prepaid)
            yield return $"到账 {payment.TotalFen} 分加优惠 {facts.Discount} 分，不等于冲账单 {facts.Reduced} 分加转预存 {facts.Prepaid} 分";
        foreach (var fault in AgainstLines(facts)) yield return fault;
        var (lateFee, receivable, prepaid) = (-facts.On(Accounts.LateFeeIncome), -facts.On("1122"), -facts.On("2203"));
        if (lateFee != facts.LateFee || receivable != facts.Reduced - facts.LateFee || prepaid != facts.Prepaid)
            yield return $"凭证与明细不符：违约金 {facts.LateFee}/{lateFee}，应收 {facts.Reduced - facts.LateFee}/{receivable}，预存 {facts.Prepaid}/{prepaid} 分";
    }

    /// <summary>What was applied is what the order froze, line by line; never more, and less only where the rest went to the prepaid balance.</summary>
    static IEnumerable<string> AgainstLines(Facts facts)
    {
        var frozen = facts.Lines.ToDictionary(l => (l.BillId, l.BillLineId));
        foreach (var reduction in facts.Reductions)
        {
            var line = frozen.GetValueOrDefault((reduction.BillId, reduction.BillLineId));
            if (line is null || reduction.Fen > line.Fen || reduction.DiscountFen > line.DiscountFen)
                yield return $"账单 {reduction.BillId:N} 冲销 {reduction.Fen} 分（优惠 {reduction.DiscountFen} 分），订单明细只有 {line?.Fen ?? 0} 分（优惠 {line?.DiscountFen ?? 0} 分）";
        }
        if (facts.Payment.Outcome == PaymentOutcome.Settled && (facts.Prepaid != 0 || facts.Reduced != facts.Lines.Sum(l => l.Fen) - facts.OrderPrepaid))
            yield return $"付款全部用于账单：订单明细 {facts.Lines.Sum(l => l.Fen) - facts.OrderPrepaid} 分，实际冲账单 {facts.Reduced} 分，转预存 {facts.Prepaid} 分";
    }
}
