using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>A manager decides about a refund. Approved, it is committed with its number before WeChat is called; prepaid money that goes back is held from then on.</summary>
public sealed class ApproveRefund(OwnerPayDb db, HeldPrepaid held, Clock clock) : IApprovable
{
    public const string ApprovalKind = "refund";

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var id = approval.SubjectId;
        var paymentId = await db.Refunds.Where(r => r.Id == id && r.CommunityId == approval.CommunityId).Select(r => r.PaymentId).SingleAsync(cancel);
        var payment = await db.Payments.AsNoTracking().Where(p => p.Id == paymentId).ForUpdate().SingleAsync(cancel);
        var refund = await db.Refunds.Where(r => r.Id == id).ForUpdate().SingleAsync(cancel);
        if (refund.State != RefundState.Requested) throw new InvalidOperationException($"Refund {refund.OutRefundNo} is {refund.State} and was not decided");
        if (!approved)
        {
            (refund.State, refund.EndedAt) = (RefundState.Rejected, clock.Now());
            return null;
        }
        if (refund.Channel == RefundChannel.WeChat && RequestRefund.IsTooOld(payment, clock.Now())) return RequestRefund.TooOld;
        if (refund.Channel == RefundChannel.WeChat && await RequestRefund.HasTooManyParts(db, payment.Id, cancel)) return RequestRefund.TooManyParts;
        if (!await held.Hold(refund, cancel)) return RequestRefund.PrepaidUsed;
        (refund.State, refund.NextTryAt, refund.Tries) = (RefundState.Approved, TimeProvider.System.GetUtcNow(), 0);
        return null;
    }
}

/// <summary>Prepaid money on its way back: taken from its balance when the refund is approved, so that no bill can use it while WeChat is asked.</summary>
public sealed class HeldPrepaid(OwnerPayDb db, PrepaidMoney prepaid, Books books, Clock clock)
{
    /// <returns>False when a balance does not hold it any more: then nothing was taken.</returns>
    public async Task<bool> Hold(Refund refund, CancellationToken cancel)
    {
        var lines = await Lines(refund, cancel);
        if (lines.Count == 0) return true;
        var houses = lines.Select(l => l.HouseId!.Value).ToList();
        var balances = await db.PrepaidBalances.AsNoTracking().Where(b => houses.Contains(b.HouseId)).OrderBy(b => b.HouseId).ThenBy(b => b.PartyId).ForUpdate()
            .ToListAsync(cancel);
        if (lines.Any(l => balances.Find(b => b.HouseId == l.HouseId && b.PartyId == l.PartyId) is not { } balance || balance.BalanceFen < l.Fen)) return false;
        var journal = books.Journal(refund.CommunityId, Refund.HeldSource, refund.Id, clock.Today(), "预存款待退");
        foreach (var line in lines)
        {
            await prepaid.Add(refund.CommunityId, line.HouseId!.Value, line.PartyId!.Value, -line.Fen, Refund.Source, refund.Id, cancel);
            journal.Debit(Accounts.Prepaid(line.HouseId.Value, line.PartyId.Value), line.Fen).Credit(Accounts.RefundHeld, line.Fen);
        }
        journal.Post();
        return true;
    }

    /// <summary>The refund will not be accepted: the money is prepaid money again.</summary>
    public async Task Free(Refund refund, CancellationToken cancel)
    {
        var journal = books.Journal(refund.CommunityId, Refund.FreedSource, refund.Id, clock.Today(), "预存款退款未受理，退回预存");
        foreach (var line in await Lines(refund, cancel))
        {
            await prepaid.Add(refund.CommunityId, line.HouseId!.Value, line.PartyId!.Value, line.Fen, Refund.FreedSource, refund.Id, cancel);
            journal.Debit(Accounts.RefundHeld, line.Fen).Credit(Accounts.Prepaid(line.HouseId.Value, line.PartyId.Value), line.Fen);
        }
        journal.Post();
    }

    Task<List<RefundLine>> Lines(Refund refund, CancellationToken cancel) =>
        db.RefundLines.AsNoTracking().Where(l => l.RefundId == refund.Id && l.Kind == RefundLineKind.Prepaid).OrderBy(l => l.Number).ToListAsync(cancel);
}
