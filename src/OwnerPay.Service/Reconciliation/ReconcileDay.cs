using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Reconciliation;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What came of one day of one account. Amounts in fen.</summary>
/// <param name="Differences">Found, those solved at once included.</param>
/// <param name="OpenDifferences">Still to be solved by finance.</param>
public sealed record ReconciledAnswer(
    Guid DayId, Guid MerchantAccountId, string MchId, DateOnly Day, int BillRows, int MatchedRows, long BillFen, long OurFen, long FeeFen,
    int Differences, int OpenDifferences);

/// <summary>Compares one day's trade bill with our payments, books the fee of every row that agrees, and names every row that does not.</summary>
/// <remarks>
/// One transaction, once per account and day; a day that is reconciled, let alone closed, is never touched again. Rows are matched by WeChat's
/// transaction number, which names a payment for ever, and compared by 订单金额; on which side of midnight a payment stands is no difference.
/// </remarks>
public sealed class ReconcileDay(OwnerPayDb db, OwnBillRows rows, MissingPayments missing, MatchRefunds refunds, Books books, WorkItems workItems, Clock clock)
{
    public const string DifferencesKind = "reconciliation.differences";

    public Task<Result<ReconciledAnswer>> Run(MerchantAccount account, WeChatBillFile file, DateOnly day, CancellationToken cancel)
    {
        var key = new IdempotencyKey("job", account.Id.ToString("N"), "reconcile-day", DifferenceTexts.Iso(day));
        return db.Once<ReconciledAnswer>(key, new { account.Id, day }, async () =>
            await Earlier(account, day, cancel) ?? await Compare(account, file, day, cancel), cancel);
    }

    /// <returns>What came of the day, or null when it is not reconciled.</returns>
    public async Task<ReconciledAnswer?> Earlier(MerchantAccount account, DateOnly day, CancellationToken cancel)
    {
        var differences = db.Differences.Where(d => d.MerchantAccountId == account.Id && d.Day == day);
        return await db.ReconciledDays.AsNoTracking().Where(d => d.MerchantAccountId == account.Id && d.Day == day)
            .Select(d => new ReconciledAnswer(d.Id, account.Id, account.MchId, d.Day, d.BillRows, d.MatchedRows, d.BillFen, d.OurFen, d.FeeFen,
                differences.Count(), differences.Count(x => x.State == DifferenceState.Open)))
            .SingleOrDefaultAsync(cancel);
    }

    async Task<ReconciledAnswer> Compare(MerchantAccount account, WeChatBillFile file, DateOnly day, CancellationToken cancel)
    {
        var tally = new Tally(account, day, file.FetchedAt, clock.Now());
        await foreach (var batch in rows.Read(account, file, cancel)) await Match(tally, batch, cancel);
        await missing.Run(tally, cancel);
        await refunds.Missing(tally, cancel);
        var ourFen = await db.Payments.Where(p => p.CommunityId == account.CommunityId && p.PaidOn == day && p.MerchantAccountId == account.Id
            && p.Channel == Payment.WeChat)
            .SumAsync(p => p.TotalFen, cancel);
        foreach (var difference in tally.Differences) db.Add(difference);
        var reconciled = new ReconciledDay
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, BillRows = tally.BillRows,
            MatchedRows = tally.MatchedRows, BillFen = tally.BillFen, OurFen = ourFen, FeeFen = tally.FeeFen,
            ReconciledAt = clock.Now(), State = DayState.Open,
        };
        db.Add(reconciled);
        await EndWaiting(account.Id, day, cancel);
        var open = tally.Differences.Where(d => d.State == DifferenceState.Open).ToList();
        var alarming = open.Where(d => d.Cause != DifferenceCause.NextDay).ToList();
        if (alarming.Count > 0)
            await workItems.Open(account.CommunityId, DifferencesKind, reconciled.Id, StaffRole.Finance,
                $"{DifferenceTexts.Iso(day)} 微信对账有 {alarming.Count} 笔差异",
                $"商户号 {account.MchId}：" + string.Join("、", alarming.CountBy(d => d.Cause).OrderBy(c => c.Key)
                    .Select(c => $"{DifferenceTexts.Name(c.Key)} {c.Value} 笔")), cancel);
        return new(reconciled.Id, account.Id, account.MchId, day, tally.BillRows, tally.MatchedRows, tally.BillFen, ourFen, tally.FeeFen,
            tally.Differences.Count, open.Count);
    }

    /// <summary>Nobody waits for this day any more.</summary>
    async Task EndWaiting(Guid account, DateOnly day, CancellationToken cancel)
    {
        var waiting = db.BillFetches.Where(f => f.MerchantAccountId == account && f.Day == day);
        foreach (var id in await waiting.Select(f => f.Id).ToListAsync(cancel))
            await workItems.Finish(ReconcileDays.AlarmKind, id, null, "账单已取得，对账已完成", cancel);
        await waiting.ExecuteDeleteAsync(cancel);
    }

    async Task Match(Tally tally, IReadOnlyList<OwnRow> batch, CancellationToken cancel)
    {
        var ids = batch.Select(row => row.Payment?.Id).OfType<Guid>().ToList();
        var matchedBefore = (await db.MatchedRows.Where(m => ids.Contains(m.PaymentId)).Select(m => m.PaymentId).ToListAsync(cancel)).ToHashSet();
        var acrossDays = batch.Select(row => row.Payment).Where(p => p is not null && p.PaidOn != tally.Day).Select(p => p!.Id).ToList();
        tally.BillRows += batch.Count;
        await refunds.Match(tally, [.. batch.Where(row => !row.IsPayment)], cancel);
        foreach (var row in batch.Where(row => row.IsPayment)) Match(tally, row, matchedBefore);
        if (acrossDays.Count > 0) await SolveNextDay(tally, acrossDays.Where(matchedBefore.Contains).ToList(), cancel);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    void Match(Tally tally, OwnRow own, HashSet<Guid> matched)
    {
        var (row, payment) = (own.Row, own.Payment);
        tally.BillFen += row.OrderFen;
        if (Unmatchable(own, matched) is { } cause)
        {
            var ours = cause is DifferenceCause.Twice ? null : payment?.TotalFen;
            tally.Add(cause, row.TransactionId, row.Line, cause == DifferenceCause.Twice ? null : payment?.Id, false, row.OrderFen, ours);
            return;
        }
        var fee = ChannelFee.InWholeFen(row.FeeMilliFen);
        matched.Add(payment!.Id);
        tally.MatchedRows++;
        tally.FeeFen += fee.Value;
        Book(tally, row.TransactionId, payment, fee.Value);
        if (!ChannelFee.IsPlausible(fee, new Fen(row.SettlementFen), row.Rate))
            tally.Add(DifferenceCause.Fee, row.TransactionId, row.Line, payment.Id, true, fee.Value,
                ChannelFee.Expected(new Fen(row.SettlementFen), row.Rate)!.Value.Value);
        if (Remarkable(tally, own, payment) is { } remark)
            tally.Add(remark, row.TransactionId, row.Line, payment.Id, true, row.OrderFen, payment.TotalFen);
    }

    /// <summary>Why a row and our books cannot be matched; null when they can.</summary>
    static DifferenceCause? Unmatchable(OwnRow own, HashSet<Guid> matched) => own switch
    {
        { Foreign: true } => DifferenceCause.OtherMerchant,
        { Payment: { } payment } when matched.Contains(payment.Id) => DifferenceCause.Twice,
        { Payment: { } payment } => payment.TotalFen == own.Row.OrderFen ? null : DifferenceCause.Amount,
        { OrderId: null } => DifferenceCause.UnknownOrder,
        { OrderPaid: true } => DifferenceCause.Twice,
        _ => DifferenceCause.PaidThereOpenHere,
    };

    /// <summary>What finance should see of a row although the books agree with it.</summary>
    static DifferenceCause? Remarkable(Tally tally, OwnRow own, KnownPayment payment) => payment switch
    {
        { OrderId: null } => DifferenceCause.UnknownOrder,
        { Second: true } => DifferenceCause.Twice,
        // Derived from the instants, not from what was done a moment ago: a crash between settling and reconciling loses nothing.
        _ => payment.BookedAt >= tally.BillFetchedAt && payment.PaidOn <= tally.Day ? DifferenceCause.PaidThereOpenHere : null,
    };

    void Book(Tally tally, string transactionId, KnownPayment payment, long feeFen)
    {
        var account = tally.Account;
        var row = new MatchedRow
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, PaymentId = payment.Id,
            BillDay = tally.Day,
            TransactionId = transactionId, AmountFen = payment.TotalFen, FeeFen = feeFen,
        };
        db.Add(row);
        books.Journal(account.CommunityId, MatchedRow.FeeSource, row.Id, tally.Day, "微信支付手续费")
            .Debit(Accounts.ChannelFees, feeFen).Credit(Accounts.WeChatClearing(account.MchId), feeFen).Post();
    }

    async Task SolveNextDay(Tally tally, List<Guid> payments, CancellationToken cancel)
    {
        var now = clock.Now();
        var waiting = await db.Differences.Where(d => d.MerchantAccountId == tally.Account.Id && d.Cause == DifferenceCause.NextDay
            && d.State == DifferenceState.Open
            && d.PaymentId != null && payments.Contains(d.PaymentId.Value)).OrderBy(d => d.Id).ForUpdate().ToListAsync(cancel);
        foreach (var difference in waiting) difference.Solve(DifferenceState.Resolved, null, DifferenceTexts.FoundIn(tally.Day), now);
    }
}
