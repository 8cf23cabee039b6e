using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>The bookings of a refund, inside the caller's transaction and under the payment's lock: accepted, paid out, or undone because WeChat closed it.</summary>
/// <remarks>What the payment had booked is reversed by reference, never computed anew: bill lines and late fee by its reductions, discounts by the
/// accounts of its journal, points by their entry. Locks in the usual order: bills, budgets, points, prepaid, ledger.</remarks>
public sealed class BookRefund(
    OwnerPayDb db, ReopenBills reopen, ReduceBills reduce, OfferBudgets budgets, TakeBackPoints points, PrepaidMoney prepaid, Books books, Clock clock)
{
    /// <summary>WeChat took it: bills are open again, the money is in transit.</summary>
    public async Task Accept(Refund refund, Payment payment, string weChatRefundId, CancellationToken cancel)
    {
        var (now, lines) = (clock.Now(), await Lines(refund, cancel));
        var on = Clock.DateOf(now);
        var before = await Booked(payment, refund, cancel);
        var whole = before + refund.AmountFen == payment.TotalFen;
        await reopen.Run(refund.CommunityId, Refund.Source, refund.Id, on, Parts(lines), cancel);
        if (whole && refund.OrderId is { } order) await budgets.GiveBack(order, cancel);
        await points.Run((Payment.Source, payment.Id), refund.Id, before + refund.AmountFen, payment.TotalFen, on, cancel);
        var journal = books.Journal(refund.CommunityId, Refund.Source, refund.Id, on, "微信退款受理，冲回账单");
        foreach (var line in lines)
            journal.Debit(AccountOf(line), line.Fen);
        foreach (var (account, fen) in await Discounts(payment, refund, lines.Sum(l => l.DiscountFen), cancel)) journal.Credit(account, fen);
        journal.Credit(Accounts.RefundInTransit, refund.CashFen).Credit(Accounts.WeChatDiscount, refund.AmountFen - refund.CashFen).Post();
        if (whole) await db.Receipts.Where(r => r.PaymentId == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.VoidedAt, now), cancel);
        (refund.State, refund.AcceptedAt, refund.WeChatRefundId) = (RefundState.Accepted, now, weChatRefundId);
    }

    /// <summary>WeChat paid it out: what was in transit left the clearing account.</summary>
    public void Clear(Refund refund, string mchId, DateTimeOffset at)
    {
        books.Journal(refund.CommunityId, Refund.DoneSource, refund.Id, Clock.DateOf(at), "微信退款到账")
            .Debit(Accounts.RefundInTransit, refund.CashFen).Credit(Accounts.WeChatClearing(mchId), refund.CashFen).Post();
        (refund.State, refund.EndedAt) = (RefundState.Done, at);
    }

    /// <summary>WeChat closed it: bills are paid again as before. Where somebody paid them meanwhile, the money is prepaid money of who owed them.</summary>
    public async Task Undo(Refund refund, Payment payment, CancellationToken cancel)
    {
        var (now, lines) = (clock.Now(), await Lines(refund, cancel));
        var on = Clock.DateOf(now);
        var wasWhole = await Booked(payment, refund, cancel) + refund.AmountFen == payment.TotalFen;
        // The date of the acceptance: the principal was never open, no day of it counts for the late fee.
        var settled = (await reduce.Run(refund.CommunityId, Refund.ClosedSource, [new Reduction(refund.Id, Clock.DateOf(refund.AcceptedAt!.Value), Parts(lines))], cancel))[0];
        if (wasWhole && refund.OrderId is { } order) await budgets.Use([order], cancel);
        await points.Undo(refund.Id, on, cancel);
        var journal = books.Journal(refund.CommunityId, Refund.ClosedSource, refund.Id, on, "微信退款关闭，恢复原状")
            .Debit(Accounts.RefundInTransit, refund.CashFen).Debit(Accounts.WeChatDiscount, refund.AmountFen - refund.CashFen);
        foreach (var part in settled.Parts)
            journal.Credit(part.BillLineId is null ? Accounts.LateFeeIncome : Accounts.Receivable(part.HouseId, part.PartyId), part.Fen);
        foreach (var (account, fen) in Split(await Own(refund, cancel), settled.DiscountFen)) journal.Debit(account, fen);
        foreach (var party in lines.Where(l => l.PartyId is not null).GroupBy(l => (House: l.HouseId!.Value, Party: l.PartyId!.Value)).OrderBy(g => g.Key))
        {
            var rest = party.Sum(l => l.Fen - l.DiscountFen) - settled.Parts.Where(p => p.HouseId == party.Key.House && p.PartyId == party.Key.Party).Sum(p => p.CashFen);
            if (rest == 0) continue;
            await prepaid.Add(refund.CommunityId, party.Key.House, party.Key.Party, rest, Refund.ClosedSource, refund.Id, cancel);
            journal.Credit(Accounts.Prepaid(party.Key.House, party.Key.Party), rest);
        }
        journal.Credit(Accounts.Suspense, lines.Where(l => l.Kind == RefundLineKind.Suspense).Sum(l => l.Fen)).Post();
        if (wasWhole) await db.Receipts.Where(r => r.PaymentId == payment.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.VoidedAt, (DateTimeOffset?)null), cancel);
        (refund.State, refund.EndedAt) = (RefundState.Closed, now);
    }

    Task<List<RefundLine>> Lines(Refund refund, CancellationToken cancel) =>
        db.RefundLines.AsNoTracking().Where(l => l.RefundId == refund.Id).OrderBy(l => l.Number).ToListAsync(cancel);

    static List<BillPart> Parts(List<RefundLine> lines) =>
        [.. lines.Where(l => l.Kind == RefundLineKind.Bill).Select(l => new BillPart(l.BillId!.Value, l.BillLineId, l.Fen, l.DiscountFen))];

    /// <summary>The account that a line's money had been booked to.</summary>
    public static string AccountOf(RefundLine line) => line.Kind switch
    {
        RefundLineKind.Bill => line.BillLineId is null ? Accounts.LateFeeIncome : Accounts.Receivable(line.HouseId!.Value, line.PartyId!.Value),
        RefundLineKind.Prepaid => Accounts.RefundHeld,
        RefundLineKind.Suspense => Accounts.Suspense,
        _ => throw new InvalidOperationException($"No account for {line.Kind}"),
    };

    /// <summary>Fen of the payment's other refunds that the books carry.</summary>
    Task<long> Booked(Payment payment, Refund but, CancellationToken cancel) =>
        db.Refunds.Where(r => r.PaymentId == payment.Id && r.Id != but.Id && Refund.Booked.Contains(r.State)).SumAsync(r => r.AmountFen, cancel);

    /// <summary>Takes a discount back from the accounts on which the payment booked it, in proportion to what earlier refunds left there.</summary>
    async Task<IEnumerable<(string Account, long Fen)>> Discounts(Payment payment, Refund refund, long fen, CancellationToken cancel)
    {
        if (fen == 0) return [];
        var others = await db.Refunds.Where(r => r.PaymentId == payment.Id && r.Id != refund.Id).Select(r => r.Id).ToListAsync(cancel);
        var given = await Sums((Payment.Source, [payment.Id]), cancel);
        var taken = await Sums((Refund.Source, others), cancel);
        var again = await Sums((Refund.ClosedSource, others), cancel);
        return Split(given.Where(a => a.Value > 0 && IsDiscount(a.Key))
            .ToDictionary(a => a.Key, a => a.Value + taken.GetValueOrDefault(a.Key) + again.GetValueOrDefault(a.Key)), fen);
    }

    /// <summary>What this refund took back by account, positive.</summary>
    async Task<Dictionary<string, long>> Own(Refund refund, CancellationToken cancel) =>
        (await Sums((Refund.Source, [refund.Id]), cancel)).Where(a => a.Value < 0 && IsDiscount(a.Key)).ToDictionary(a => a.Key, a => -a.Value);

    static IEnumerable<(string Account, long Fen)> Split(Dictionary<string, long> weights, long fen)
    {
        var accounts = weights.Keys.Order(StringComparer.Ordinal).ToArray();
        return accounts.Zip(Apportion.Split(new Fen(fen), [.. accounts.Select(a => weights[a])]), (account, part) => (account, part.Value));
    }

    /// <summary>True of the accounts on which discounts of offers stand: pending tax, contract liability, deductions from income, what others fund.</summary>
    public static bool IsDiscount(string account) => account != Accounts.WeChatDiscount
        && (account == Accounts.PendingTax || account.StartsWith("2204/", StringComparison.Ordinal) || account.StartsWith("6001/discount/", StringComparison.Ordinal)
            || account == Accounts.OwnersFund || account.StartsWith("1221/offers/", StringComparison.Ordinal));

    async Task<Dictionary<string, long>> Sums((string Kind, List<Guid> Ids) source, CancellationToken cancel)
    {
        var journals = db.Journals.Where(j => j.SourceKind == source.Kind && source.Ids.Contains(j.SourceId)).Select(j => j.Id);
        return await db.Postings.Where(p => p.Commodity == Posting.Yuan && journals.Contains(p.JournalId)).GroupBy(p => p.Account)
            .Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
    }
}
