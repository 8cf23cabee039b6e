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
        var (rows, differences, days, earliest) = (db.MatchedRows, db.Differences, db.ReconciledDays, day.AddMonths(-3));
        var late = db.Payments.AsNoTracking()
            .Where(p => p.CommunityId == account.CommunityId && p.PaidOn >= earliest && p.PaidOn <= day && p.MerchantAccountId == account.Id
                && p.Channel == Payment.WeChat
                && (p.PaidOn == day && p.BookedAt > joined.SeenUntil
                    || days.Any(d => d.MerchantAccountId == account.Id && d.Day == p.PaidOn && p.BookedAt > d.SeenUntil)
                    || differences.Any(d => d.PaymentId == p.Id && d.Cause == DifferenceCause.NextDay && d.State == DifferenceState.Open))
                && !rows.Any(m => m.PaymentId == p.Id) && !differences.Any(d => d.PaymentId == p.Id && Told.Contains(d.Cause)));
        return (await late.Select(p => new Unmatched(p.Id, p.TransactionId, p.TotalFen, p.PaidOn, p.PaidAt)).ToListAsync(cancel))
            .FindAll(p => !joined.Unmatched.ContainsKey(p.Id));
    }
}
