using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A bill with what is needed to price and to explain it.</summary>
/// <param name="Lines">By number.</param>
/// <param name="Reductions">What was settled of it so far, by date.</param>
/// <param name="Stops">What keeps its late fee from running.</param>
public sealed record BillWithLines(Bill Bill, IReadOnlyList<BillLine> Lines, IReadOnlyList<BillReduction> Reductions, BillStops Stops)
{
    /// <summary>Late fee still to pay by who pays on this Shanghai date, fen.</summary>
    public long LateFeeOn(DateOnly date) => BillLateFee.AsOf(Bill, Lines, Reductions, Stops, date);

    /// <summary>Something of it is to pay on this Shanghai date: principal, or late fee that was left when the principal was paid.</summary>
    public bool OwedOn(DateOnly date) => Bill.State == BillState.Open || LateFeeOn(date) > 0;

    /// <summary>Principal is open after the due date, and no deferral or kept plan puts it off.</summary>
    public bool OverdueOn(DateOnly date) => Bill.State == BillState.Open && Bill.DueOn < date && !Stops.PutOffOn(date);
}

/// <summary>Reads bills with their lines, without tracking them. Everybody sees only the liable parties that he names.</summary>
public sealed class OpenBills(OwnerPayDb db, Clock clock)
{
    /// <summary>All bills of which something may be to pay. Of those that were paid late only their fee can be left, and only reading it tells.</summary>
    public static readonly Expression<Func<Bill, bool>> MayBeOwed = b => b.State == BillState.Open || b.State == BillState.Paid && b.PaidOn > b.DueOn;

    /// <summary>Bills of a house on which something is to pay today, by due date, then id.</summary>
    /// <param name="parties">Liable parties whose bills may be seen; none named gives none.</param>
    public Task<IReadOnlyList<BillWithLines>> Of(Guid house, IReadOnlyCollection<Guid> parties, CancellationToken cancel)
    {
        var known = parties.ToList();
        return Owed(db.Bills.Where(b => b.HouseId == house && known.Contains(b.PartyId)), cancel);
    }

    /// <summary>These bills of a house, in whatever state; those of other houses or parties are left out.</summary>
    public Task<IReadOnlyList<BillWithLines>> Of(Guid house, IReadOnlyCollection<Guid> parties, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var (known, wanted) = (parties.ToList(), ids.ToList());
        return Load(db.Bills.Where(b => wanted.Contains(b.Id) && b.HouseId == house && known.Contains(b.PartyId)), cancel);
    }

    /// <summary>Bills of these houses on which something is to pay today, of whatever party: for staff. By due date, then id.</summary>
    public Task<IReadOnlyList<BillWithLines>> OfHouses(IReadOnlyCollection<Guid> houses, CancellationToken cancel)
    {
        var wanted = houses.ToList();
        return Owed(db.Bills.Where(b => wanted.Contains(b.HouseId)), cancel);
    }

    /// <summary>Bills of a community that are past their due date and of which something is to pay today.</summary>
    public Task<IReadOnlyList<BillWithLines>> LateOf(Guid community, CancellationToken cancel)
    {
        var today = clock.Today();
        return Owed(db.Bills.Where(b => b.CommunityId == community && b.DueOn < today), cancel);
    }

    /// <summary>These bills, of whatever house, party and state: for staff of their community.</summary>
    public Task<IReadOnlyList<BillWithLines>> OfStaff(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var wanted = ids.ToList();
        return Load(db.Bills.Where(b => wanted.Contains(b.Id)), cancel);
    }

    async Task<IReadOnlyList<BillWithLines>> Owed(IQueryable<Bill> of, CancellationToken cancel)
    {
        var today = clock.Today();
        return [.. (await Load(of.Where(MayBeOwed), cancel)).Where(bill => bill.OwedOn(today))];
    }

    Task<IReadOnlyList<BillWithLines>> Load(IQueryable<Bill> query, CancellationToken cancel) => db.AsOfOneMoment(() => Read(query, cancel), cancel);

    async Task<IReadOnlyList<BillWithLines>> Read(IQueryable<Bill> query, CancellationToken cancel)
    {
        var bills = await query.AsNoTracking().ToListAsync(cancel);
        if (bills.Count == 0) return [];
        var ids = bills.ConvertAll(b => b.Id);
        var lines = (await db.BillLines.AsNoTracking().Where(l => ids.Contains(l.BillId)).ToListAsync(cancel)).ToLookup(l => l.BillId);
        var reductions = (await db.BillReductions.AsNoTracking().Where(r => ids.Contains(r.BillId)).ToListAsync(cancel)).ToLookup(r => r.BillId);
        var stops = await BillStops.Load(db, ids, lines.SelectMany(of => of), cancel);
        return [.. bills.OrderBy(b => b.DueOn).ThenBy(b => b.Id).Select(b => new BillWithLines(b, [.. lines[b.Id].OrderBy(l => l.Number)],
            [.. reductions[b.Id].OrderBy(r => r.On).ThenBy(r => r.Id)], stops.GetValueOrDefault(b.Id, BillStops.None)))];
    }
}
