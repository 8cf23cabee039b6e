using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Frees the service months of a bill that is withdrawn, so that they can be billed again.</summary>
/// <remarks>A month that another live bill of the run shares (the other party of a sale) stays claimed: billing it again would charge that party twice.
/// Whoever wants it anew voids both bills.</remarks>
public sealed class BillClaims(OwnerPayDb db)
{
    /// <param name="bill">Voided already, in the caller's transaction and under its lock.</param>
    public async Task Release(Bill bill, IReadOnlyList<BillLine> lines, CancellationToken cancel)
    {
        var (houseId, runId) = (bill.HouseId, bill.RunId);
        // Locked first: of two bills that are voided at the same moment the second must see that the first is gone.
        var claims = await db.BillClaims.Where(c => c.HouseId == houseId && c.RunId == runId && c.LiveKey != null).OrderBy(c => c.Id).ForUpdate().ToListAsync(cancel);
        var allLines = db.BillLines;
        var others = await (from other in db.Bills.AsNoTracking()
                            where other.HouseId == houseId && other.RunId == runId && other.Id != bill.Id && other.State != BillState.Voided
                            join line in allLines.AsNoTracking() on other.Id equals line.BillId
                            select line).ToListAsync(cancel);
        var tariffIds = lines.Concat(others).Select(l => l.TariffId).Distinct().ToList();
        var slots = await db.Tariffs.Where(t => tariffIds.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.Slot, cancel);
        IEnumerable<ClaimedMonth> Months(BillLine line) => new DateRange(line.From, line.To).Months()
            .Select(month => new ClaimedMonth(line.FeeKindId, slots[line.TariffId], line.ParkingSpaceId, month.Year * 100 + month.Month));
        var free = lines.SelectMany(Months).Except(others.SelectMany(Months)).ToHashSet();
        foreach (var claim in claims.Where(c => free.Contains(new(c.FeeKindId, c.Slot, c.ParkingSpaceId, c.ServiceMonth)))) claim.LiveKey = null;
    }
}
