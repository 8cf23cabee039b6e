using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Finds payments of ours that no bill has: those of the day, and stragglers that were booked after their own day had been
/// reconciled.</summary>
/// <remarks>
/// WeChat cuts its days to the second and we take its <c>success_time</c>, yet payments of the last minutes before midnight are known to stand on the
/// next bill. Such a one waits, without alarm, until the next bill is reconciled: found there it is solved, missing there too it becomes a
/// difference of that day.
/// </remarks>
public sealed class MissingPayments(OwnerPayDb db, Clock clock)
{
    /// <summary>Shanghai time of day from which a payment may stand on the next bill.</summary>
    static readonly TimeOnly NearMidnight = new(23, 50);

    /// <summary>A difference of one of these causes has told of the payment already.</summary>
    static readonly DifferenceCause[] Told = [DifferenceCause.PaidHereMissingThere, DifferenceCause.Amount, DifferenceCause.OtherMerchant, DifferenceCause.RefundState];

    sealed record Unmatched(Guid Id, string TransactionId, long TotalFen, DateOnly PaidOn, DateTimeOffset PaidAt);

    public async Task Run(Tally tally, JoinedBill joined, CancellationToken cancel)
    {
        var (account, day) = (tally.Account, tally.Day);
        var amiss = tally.Differences.Where(d => Told.Contains(d.Cause)).Select(d => d.PaymentId).ToHashSet();    // found in this bill, not saved yet
        var unmatched = (await OfTheDay(joined, day, cancel)).Concat(await Stragglers(account, day, joined, cancel))
            .Where(p => !amiss.Contains(p.Id)).OrderBy(p => p.PaidAt).ThenBy(p => p.Id).ToList();
        if (unmatched.Count == 0) return;
        var waiting = await db.Differences.Where(d => d.MerchantAccountId == account.Id && d.Cause == DifferenceCause.NextDay
            && d.State == DifferenceState.Open)
            .OrderBy(d => d.Id).ForUpdate().ToListAsync(cancel);
        var reconciled = (await db.ReconciledDays.Where(d => d.MerchantAccountId == account.Id && d.Day >= day.AddMonths(-3)).Select(d => d.Day)
            .ToListAsync(cancel)).ToHashSet();
        reconciled.Add(day);
        foreach (var payment in unmatched)
        {
            if (!reconciled.Contains(payment.PaidOn)) continue;    // its own day comes first
            var next = payment.PaidOn.AddDays(1);
            var nearMidnight = TimeOnly.FromTimeSpan(payment.PaidAt.ToOffset(Clock.ShanghaiOffset).TimeOfDay) >= NearMidnight;
            var waits = waiting.Find(d => d.PaymentId == payment.Id);
            if (nearMidnight && !reconciled.Contains(next))
            {
                if (payment.PaidOn == day) tally.Add(DifferenceCause.NextDay, payment.TransactionId, 0, payment.Id, false, null, payment.TotalFen);
                continue;
            }
            waits?.Solve(DifferenceState.Resolved, null, DifferenceTexts.NotFoundIn(day), clock.Now());
            tally.Add(DifferenceCause.PaidHereMissingThere, payment.TransactionId, 0, payment.Id, false, null, payment.TotalFen);
        }
    }

    /// <summary>Payments of the day that its bill did not name and that no other bill has named either.</summary>
    async Task<List<Unmatched>> OfTheDay(JoinedBill joined, DateOnly day, CancellationToken cancel)
    {
        var missing = new List<Unmatched>();
        foreach (var batch in joined.Unmatched.Values.Chunk(OwnBillRows.BatchSize))
        {
            var ids = batch.Select(p => p.Id).ToList();
            var matched = (await db.MatchedRows.Where(m => ids.Contains(m.PaymentId)).Select(m => m.PaymentId).ToListAsync(cancel)).ToHashSet();
            missing.AddRange(batch.Where(p => !matched.Contains(p.Id)).Select(p => new Unmatched(p.Id, p.TransactionId, p.TotalFen, day, p.PaidAt)));
        }
        return missing;
    }

    /// <summary>Payments of days reconciled before that were booked too late for them, or that wait for the next bill; and those of this day that were
    /// booked while its bill was read.</summary>
    async Task<List<Unmatched>> Stragglers(MerchantAccount account, DateOnly day, JoinedBill joined, CancellationToken cancel)
    {
        var found = await BookedAfter(account, day, joined.SeenUntil, cancel);
        foreach (var (earlier, seenUntil) in await DaysBookedLater(account, day, cancel)) found.AddRange(await BookedAfter(account, earlier, seenUntil, cancel));
        var waiting = db.Differences.Where(d => d.MerchantAccountId == account.Id && d.Cause == DifferenceCause.NextDay && d.State == DifferenceState.Open);
        found.AddRange(await Short(Untold(account).Where(p => p.PaidOn <= day && waiting.Any(d => d.PaymentId == p.Id))).ToListAsync(cancel));
        return [.. found.DistinctBy(p => p.Id).Where(p => !joined.Unmatched.ContainsKey(p.Id))];
    }

    /// <summary>Reconciled days of the last months to which something was booked since, this account's or another one's.</summary>
    /// <remarks>The last booking of each day is one look into an index; comparing all payments with their days would read them all, every day.</remarks>
    async Task<List<(DateOnly Day, DateTimeOffset SeenUntil)>> DaysBookedLater(MerchantAccount account, DateOnly day, CancellationToken cancel)
    {
        var (payments, earliest) = (db.Payments, day.AddMonths(-3));
        var days = await db.ReconciledDays.AsNoTracking().Where(d => d.MerchantAccountId == account.Id && d.Day >= earliest && d.Day <= day
            && payments.Where(p => p.CommunityId == account.CommunityId && p.PaidOn == d.Day).OrderByDescending(p => p.BookedAt)
                .Select(p => (DateTimeOffset?)p.BookedAt).FirstOrDefault() > d.SeenUntil)
            .OrderBy(d => d.Day).Select(d => new { d.Day, d.SeenUntil }).ToListAsync(cancel);
        return days.ConvertAll(d => (d.Day, d.SeenUntil));
    }

    Task<List<Unmatched>> BookedAfter(MerchantAccount account, DateOnly day, DateTimeOffset instant, CancellationToken cancel) =>
        Short(Untold(account).Where(p => p.PaidOn == day && p.BookedAt > instant)).ToListAsync(cancel);

    static IQueryable<Unmatched> Short(IQueryable<Payment> payments) =>
        payments.Select(p => new Unmatched(p.Id, p.TransactionId, p.TotalFen, p.PaidOn, p.PaidAt));

    /// <summary>Payments that no bill had and of which nobody was told.</summary>
    IQueryable<Payment> Untold(MerchantAccount account)
    {
        var (rows, differences) = (db.MatchedRows, db.Differences);
        return db.Payments.Where(p => p.CommunityId == account.CommunityId && p.MerchantAccountId == account.Id && p.Channel == Payment.WeChat
                && !rows.Any(m => m.PaymentId == p.Id) && !differences.Any(d => d.PaymentId == p.Id && Told.Contains(d.Cause)));
    }
}
