using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Opens again what a payment settled of bills, because its money goes back. Inside the caller's transaction: locks the bills in id order, writes
/// negative reductions, raises what is open. The journal is the caller's.</summary>
public sealed class ReopenBills(OwnerPayDb db)
{
    /// <param name="sourceKind"><c>refund</c>.</param>
    /// <param name="on">Shanghai date; the principal counts for the late fee again from the next day on: nobody owes for days on which it was paid.</param>
    /// <param name="parts">Fen and discount to open again, positive; never more than was settled of them.</param>
    /// <exception cref="InvalidOperationException">A bill or line is unknown in this community, or was not settled so far: a bug of the caller.</exception>
    public async Task Run(Guid community, string sourceKind, Guid sourceId, DateOnly on, IReadOnlyList<BillPart> parts, CancellationToken cancel)
    {
        var ids = parts.Select(part => part.BillId).Distinct().ToList();
        if (ids.Count == 0) return;
        var bills = await db.Bills.AsNoTracking().Where(b => ids.Contains(b.Id) && b.CommunityId == community).OrderBy(b => b.Id).ForUpdate().ToListAsync(cancel);
        if (bills.Count != ids.Count) throw new InvalidOperationException($"Bills of {sourceKind} {sourceId:N} are not all in community {community:N}");
        foreach (var part in parts)
        {
            db.Add(new BillReduction
            {
                Id = Guid.CreateVersion7(), CommunityId = community, BillId = part.BillId, BillLineId = part.BillLineId, Fen = -part.Fen,
                DiscountFen = -part.DiscountFen, OwnDiscountFen = -await Own(part, cancel), SourceKind = sourceKind, SourceId = sourceId, On = on,
            });
            if (part.BillLineId is { } line && await db.BillLines.Where(l => l.Id == line && l.BillId == part.BillId && l.OpenFen + part.Fen <= l.AmountFen + l.AdjustedFen)
                    .ExecuteUpdateAsync(set => set.SetProperty(l => l.OpenFen, l => l.OpenFen + part.Fen), cancel) != 1)
                throw new InvalidOperationException($"Line {line:N} was not settled by {part.Fen} fen");
        }
        foreach (var bill in parts.Where(part => part.BillLineId is not null).GroupBy(part => part.BillId))
        {
            var fen = bill.Sum(part => part.Fen);
            if (await db.Bills.Where(b => b.Id == bill.Key && b.State != BillState.Voided && b.OpenFen + fen <= b.AmountFen + b.AdjustedFen).ExecuteUpdateAsync(set => set
                    .SetProperty(b => b.OpenFen, b => b.OpenFen + fen).SetProperty(b => b.State, BillState.Open).SetProperty(b => b.PaidOn, (DateOnly?)null), cancel) != 1)
                throw new InvalidOperationException($"Bill {bill.Key:N} cannot be opened again by {fen} fen");
        }
    }

    /// <summary>What the company bears of the discount that is taken back: in proportion to what stands on the line.</summary>
    async Task<long> Own(BillPart part, CancellationToken cancel)
    {
        if (part.DiscountFen == 0) return 0;
        var standing = await db.BillReductions.Where(r => r.BillId == part.BillId && r.BillLineId == part.BillLineId).GroupBy(r => r.BillId)
            .Select(g => new { Fen = g.Sum(r => r.DiscountFen), Own = g.Sum(r => r.OwnDiscountFen) }).SingleAsync(cancel);
        return (part with { DiscountFen = standing.Fen, OwnDiscountFen = standing.Own }).OwnOf(part.DiscountFen);
    }
}
