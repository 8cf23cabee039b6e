using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Reconciliation;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using State = OwnerPay.Service.Payments.RefundState;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Compares the refund rows of a trade bill with our refunds, books the fee that WeChat gives back, and finds refunds that no bill has.</summary>
/// <remarks>A row stands in the bill of the day on which WeChat accepted the refund and keeps the state of that hour, so that a refund which is done here
/// and <c>PROCESSING</c> there is no difference.</remarks>
public sealed class MatchRefunds(OwnerPayDb db, Books books)
{
    /// <summary>Shanghai time of day from which an acceptance may stand on the next bill.</summary>
    static readonly TimeOnly NearMidnight = new(23, 50);

    /// <param name="rows">Rows that are no payments.</param>
    public async Task Match(Tally tally, IReadOnlyList<OwnRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return;
        var ids = rows.Select(row => row.Refund?.Id).OfType<Guid>().ToList();
        var matched = (await db.MatchedRefunds.Where(m => ids.Contains(m.RefundId)).Select(m => m.RefundId).ToListAsync(cancel)).ToHashSet();
        foreach (var own in rows) Match(tally, own, matched);
    }

    void Match(Tally tally, OwnRow own, HashSet<Guid> matched)
    {
        var (row, refund) = (own.Row, own.Refund);
        var reference = row.RefundId ?? row.OutRefundNo ?? row.TransactionId;
        if (Unmatchable(own, matched) is { } cause)
        {
            var revoked = row.IsRefund ? null : own.Payment;
            tally.Add(cause, reference, row.Line, revoked?.Id, false, row.IsRefund ? row.RefundAppliedFen : row.OrderFen,
                cause is DifferenceCause.Twice ? null : refund?.AmountFen ?? revoked?.TotalFen, refund?.Id);
            return;
        }
        matched.Add(refund!.Id);
        tally.MatchedRows++;
        var feeBack = Math.Max(0, -ChannelFee.InWholeFen(row.FeeMilliFen).Value);
        tally.FeeBackFen += feeBack;
        Book(tally, refund, feeBack);
        if (!Agree(row.RefundState, refund.State))
            tally.Add(DifferenceCause.RefundState, reference, row.Line, null, true, row.RefundAppliedFen, refund.AmountFen, refund.Id);
    }

    /// <summary>Why a row and our books cannot be matched; null when they can.</summary>
    static DifferenceCause? Unmatchable(OwnRow own, HashSet<Guid> matched) => own switch
    {
        { Row.IsRefund: false } => DifferenceCause.RefundState,    // a payment that was revoked
        { Refund: null } => DifferenceCause.UnknownRefund,
        { Refund: { } refund } when matched.Contains(refund.Id) => DifferenceCause.Twice,
        { Refund: { } refund } when refund.AmountFen != own.Row.RefundAppliedFen => DifferenceCause.Amount,
        { Refund.State: State.Requested or State.Rejected or State.Approved or State.Failed } => DifferenceCause.RefundState,
        _ => null,
    };

    /// <summary>The bill says more of a refund than we know, or something else.</summary>
    public static bool IsNews(string there, State here) => here is State.Approved || !Agree(there, here);

    /// <summary>False where the bill knows an end that we do not: its state is older than ours, never younger.</summary>
    static bool Agree(string there, State here) => there switch
    {
        "SUCCESS" => here is State.Done,
        "FAIL" => here is State.Closed,
        "CHANGE" => here is State.Abnormal or State.Done or State.Closed,
        _ => true,
    };

    void Book(Tally tally, KnownRefund refund, long feeBack)
    {
        var account = tally.Account;
        var row = new MatchedRefund
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, MerchantAccountId = account.Id, RefundId = refund.Id, BillDay = tally.Day,
            AmountFen = refund.AmountFen, FeeBackFen = feeBack,
        };
        db.Add(row);
        books.Journal(account.CommunityId, MatchedRefund.FeeBackSource, row.Id, tally.Day, "微信退还手续费")
            .Debit(Accounts.WeChatClearing(account.MchId), feeBack).Credit(Accounts.ChannelFees, feeBack).Post();
    }

    /// <summary>Refunds that WeChat accepted up to this day and that stand on no bill. Those of the last minutes of the day wait for the next one.</summary>
    public async Task Missing(Tally tally, CancellationToken cancel)
    {
        var (rows, differences, days) = (db.MatchedRefunds, db.Differences, db.ReconciledDays);
        var (account, day) = (tally.Account, tally.Day);
        var (from, until) = (Clock.StartOf(day.AddMonths(-3)), Clock.StartOf(day) + NearMidnight.ToTimeSpan());
        var told = tally.Differences.Select(d => d.RefundId).OfType<Guid>().ToHashSet();
        var known = (await days.Where(d => d.MerchantAccountId == account.Id && d.Day >= day.AddMonths(-3)).Select(d => d.Day).ToListAsync(cancel)).ToHashSet();
        known.Add(day);
        var unmatched = await db.Refunds.AsNoTracking().Where(r => r.MerchantAccountId == account.Id && r.AcceptedAt >= from && r.AcceptedAt < until
                && !rows.Any(m => m.RefundId == r.Id) && !differences.Any(d => d.RefundId == r.Id))
            .OrderBy(r => r.AcceptedAt).ThenBy(r => r.Id).Select(r => new { r.Id, r.AmountFen, r.WeChatRefundId, r.AcceptedAt }).ToListAsync(cancel);
        foreach (var refund in unmatched.Where(r => !told.Contains(r.Id) && known.Contains(Clock.DateOf(r.AcceptedAt!.Value))))
            tally.Add(DifferenceCause.RefundMissingThere, refund.WeChatRefundId ?? refund.Id.ToString("N"), 0, null, false, null, refund.AmountFen, refund.Id);
    }
}
