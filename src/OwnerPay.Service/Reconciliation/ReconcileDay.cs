using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Reconciliation;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What came of one day of one account. Amounts in fen.</summary>
/// <param name="Differences">Found, those solved at once included.</param>
/// <param name="OpenDifferences">Still to be solved by finance.</param>
public sealed record ReconciledAnswer(
    Guid DayId, Guid MerchantAccountId, string MchId, DateOnly Day, int BillRows, int MatchedRows, long BillFen, long OurFen, long FeeFen,
    int Differences, int OpenDifferences);

/// <summary>The bills of one day as they were read against our books.</summary>
/// <param name="Sharing">All accounts of the merchant number.</param>
/// <param name="Flow">Null for an account that does not stand for its number as a whole.</param>
public sealed record ReadDay(WeChatBillFile Trade, JoinedBill Joined, IReadOnlyList<MerchantAccount> Sharing, JoinedFlow? Flow, DateTimeOffset At);

/// <summary>Writes down what a day's bills came to: its fees and pay-outs are booked, and every row, payment and movement that does not agree is named.</summary>
/// <remarks>
/// One transaction, once per account and day; a day that is reconciled, let alone closed, is never touched again. Rows are matched by WeChat's
/// transaction number, which names a payment for ever, and compared by 订单金额; on which side of midnight a payment stands is no difference.
/// </remarks>
public sealed class ReconcileDay(
    OwnerPayDb db, OwnBillRows rows, MissingPayments missing, MatchRefunds refunds, BookFundFlow flows, Books books, WorkItems workItems, Clock clock)
{
    public const string DifferencesKind = "reconciliation.differences";

    /// <summary>Source kind of the journal that books the fees of a day.</summary>
    public const string FeesSource = "wechat-fees";

    public Task<Result<ReconciledAnswer>> Run(MerchantAccount account, DateOnly day, ReadDay read, CancellationToken cancel)
    {
        var key = new IdempotencyKey("job", account.Id.ToString("N"), "reconcile-day", DifferenceTexts.Iso(day));
        return db.Once<ReconciledAnswer>(key, new { account.Id, day }, async () =>
            await Earlier(account, day, cancel) ?? await Compare(account, day, read, cancel), cancel);
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

    async Task<ReconciledAnswer> Compare(MerchantAccount account, DateOnly day, ReadDay read, CancellationToken cancel)
    {
        var tally = new Tally(account, day, read.Trade.FetchedAt, read.At)
        {
            BillRows = read.Joined.Rows, MatchedRows = read.Joined.Rows, BillFen = read.Joined.Fen, PaymentFeeFen = read.Joined.FeeFen,
        };
        foreach (var batch in read.Joined.Left.Chunk(OwnBillRows.BatchSize)) await Match(tally, read, batch, cancel);
        await missing.Run(tally, read.Joined, cancel);
        await refunds.Missing(tally, cancel);
        if (read.Flow is { } flow) await flows.Run(tally, flow, cancel);
        foreach (var difference in tally.Differences) db.Add(difference);
        await db.SaveChangesAsync(cancel);
        var reconciled = await Add(tally, read.Joined, cancel);
        await EndWaiting(account.Id, day, cancel);
        var open = tally.Differences.Where(d => d.State == DifferenceState.Open).ToList();
        await Tell(reconciled, account, open, cancel);
        return new(reconciled.Id, account.Id, account.MchId, day, tally.BillRows, tally.MatchedRows, tally.BillFen, reconciled.OurFen, reconciled.FeeFen,
            tally.Differences.Count, open.Count);
    }

    /// <summary>The day's row, and its fees in one journal: the sum of rows that were rounded one by one and can be traced in the stored bill.</summary>
    async Task<ReconciledDay> Add(Tally tally, JoinedBill joined, CancellationToken cancel)
    {
        var (account, day) = (tally.Account, tally.Day);
        var others = await FenOfOthers(account, day, joined, cancel);
        var reconciled = new ReconciledDay
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, Day = day, BillRows = tally.BillRows,
            MatchedRows = tally.MatchedRows, BillFen = tally.BillFen, OurFen = joined.Fen + others, FeeFen = tally.PaymentFeeFen - tally.FeeBackFen,
            SeenUntil = joined.SeenUntil, ReconciledAt = clock.Now(), State = DayState.Open,
        };
        db.Add(reconciled);
        books.Journal(account.CommunityId, FeesSource, reconciled.Id, day, $"微信支付手续费 {DifferenceTexts.Iso(day)}")
            .Debit(Accounts.ChannelFees, tally.PaymentFeeFen).Credit(Accounts.WeChatClearing(account.MchId), tally.PaymentFeeFen).Post();
        return reconciled;
    }

    /// <summary>Total of the day's payments of which there is a row or a difference, fen. Those that nothing is written down for were summed as they were read.</summary>
    async Task<long> FenOfOthers(MerchantAccount account, DateOnly day, JoinedBill joined, CancellationToken cancel)
    {
        var (matched, differences, fen) = (db.MatchedRows, db.Differences, 0L);
        var told = db.Payments.Where(p => matched.Any(m => m.PaymentId == p.Id)
            || differences.Any(d => d.PaymentId == p.Id && MatchedPayments.Against.Contains(d.Cause)));
        foreach (var batch in joined.Unmatched.Keys.Chunk(OwnBillRows.BatchSize))
        {
            var ids = batch.ToList();
            fen += await told.Where(p => ids.Contains(p.Id)).SumAsync(p => p.TotalFen, cancel);
        }
        var later = await told.Where(p => p.CommunityId == account.CommunityId && p.PaidOn == day && p.BookedAt > joined.SeenUntil
            && p.MerchantAccountId == account.Id && p.Channel == Payment.WeChat).Select(p => new { p.Id, p.TotalFen }).ToListAsync(cancel);
        return fen + later.Where(p => !joined.Unmatched.ContainsKey(p.Id)).Sum(p => p.TotalFen);
    }

    Task Tell(ReconciledDay day, MerchantAccount account, List<Difference> open, CancellationToken cancel)
    {
        var alarming = open.Where(d => d.Cause != DifferenceCause.NextDay).ToList();
        return alarming.Count == 0 ? Task.CompletedTask : workItems.Open(account.CommunityId, DifferencesKind, day.Id, StaffRole.Finance,
            $"{DifferenceTexts.Iso(day.Day)} 微信对账有 {alarming.Count} 笔差异",
            $"商户号 {account.MchId}：" + string.Join("、", alarming.CountBy(d => d.Cause).OrderBy(c => c.Key)
                .Select(c => $"{DifferenceTexts.Name(c.Key)} {c.Value} 笔")), cancel);
    }

    /// <summary>Nobody waits for this day any more.</summary>
    async Task EndWaiting(Guid account, DateOnly day, CancellationToken cancel)
    {
        var waiting = db.BillFetches.Where(f => f.MerchantAccountId == account && f.Day == day);
        foreach (var id in await waiting.Select(f => f.Id).ToListAsync(cancel))
            await workItems.Finish(ReconcileDays.AlarmKind, id, null, "账单已取得，对账已完成", cancel);
        await waiting.ExecuteDeleteAsync(cancel);
    }

    /// <summary>Rows that did not simply agree with a payment of their day.</summary>
    async Task Match(Tally tally, ReadDay read, IReadOnlyCollection<TradeBillRow> left, CancellationToken cancel)
    {
        var batch = await rows.Own(tally.Account, read.Sharing, left, cancel);
        var matched = await MatchedPayments.Earlier(db, [.. batch.Select(row => row.Payment?.Id).OfType<Guid>()], cancel);
        foreach (var payment in batch.Select(row => row.Payment))
            if (payment is not null && payment.PaidOn == tally.Day && payment.MerchantAccountId == tally.Account.Id && payment.BookedAt <= read.Joined.SeenUntil
                && !read.Joined.Unmatched.ContainsKey(payment.Id)) matched.Add(payment.Id);
        var acrossDays = batch.Select(row => row.Payment).Where(p => p is not null && p.PaidOn != tally.Day).Select(p => p!.Id).ToList();
        tally.BillRows += batch.Count;
        await refunds.Match(tally, [.. batch.Where(row => !row.IsPayment)], cancel);
        foreach (var row in batch.Where(row => row.IsPayment)) Match(tally, row, matched);
        if (acrossDays.Count > 0) await SolveNextDay(tally, acrossDays.Where(matched.Contains).ToList(), cancel);
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
        tally.PaymentFeeFen += fee.Value;
        db.Add(new MatchedRow
        {
            Id = Guid.CreateVersion7(), CommunityId = tally.Account.CommunityId, MerchantAccountId = tally.Account.Id, PaymentId = payment.Id, BillDay = tally.Day,
            TransactionId = row.TransactionId, AmountFen = payment.TotalFen, FeeFen = fee.Value,
        });
        if (!ChannelFee.IsPlausible(fee, new Fen(row.SettlementFen), row.Rate))
            tally.Add(DifferenceCause.Fee, row.TransactionId, row.Line, payment.Id, true, fee.Value,
                ChannelFee.Expected(new Fen(row.SettlementFen), row.Rate)!.Value.Value);
        if (Remarkable(tally, own, payment) is { } remark)
            tally.Add(remark, row.TransactionId, row.Line, payment.Id, true, row.OrderFen, payment.TotalFen);
    }

    /// <summary>Why a row and our books cannot be matched; null when they can.</summary>
    static DifferenceCause? Unmatchable(OwnRow own, HashSet<Guid> matched) => own switch
    {
        { Payment: { } payment } when matched.Contains(payment.Id) => DifferenceCause.Twice,
        { Foreign: true } => DifferenceCause.OtherMerchant,
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
        // A row that names another order than the payment settled.
        _ when own.OrderId != payment.OrderId => DifferenceCause.UnknownOrder,
        // Derived from the instants, not from what was done a moment ago: a crash between settling and reconciling loses nothing.
        _ => payment.BookedAt >= tally.BillFetchedAt && payment.PaidOn <= tally.Day ? DifferenceCause.PaidThereOpenHere : null,
    };

    async Task SolveNextDay(Tally tally, List<Guid> payments, CancellationToken cancel)
    {
        var now = clock.Now();
        var waiting = await db.Differences.Where(d => d.MerchantAccountId == tally.Account.Id && d.Cause == DifferenceCause.NextDay
            && d.State == DifferenceState.Open
            && d.PaymentId != null && payments.Contains(d.PaymentId.Value)).OrderBy(d => d.Id).ForUpdate().ToListAsync(cancel);
        foreach (var difference in waiting) difference.Solve(DifferenceState.Resolved, null, DifferenceTexts.FoundIn(tally.Day), now);
    }
}
