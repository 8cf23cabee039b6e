using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Whose statements are wanted.</summary>
public enum StatementParties
{
    /// <summary>Of the present liable party alone: what goes into the letter boxes of a building.</summary>
    Present,

    /// <summary>Of everybody who still owes something for the house, also before a sale; a page for each, so that no owner reads another's debts.</summary>
    All,
}

/// <summary>Composes statements, some houses at a time: memory does not grow with the estate.</summary>
public sealed class ComposeStatements(OwnerPayDb db, OpenBills openBills, Clock clock, IServiceProvider services)
{
    const int HousesAtOnce = 50;

    /// <summary>Statements of all houses that owe something, in the order of their codes.</summary>
    /// <param name="by">Who prints: the codes on the pages are pay links that this person makes.</param>
    /// <param name="building">A building's id; null for the whole community.</param>
    /// <param name="asOf">Shanghai date of the late fee.</param>
    public async IAsyncEnumerable<Statement> OfHouses(StaffMember by, Guid? building, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (community, after) = (by.CommunityId, "");
        var sender = await PaperSender.Of(db, community, cancel);
        while (true)
        {
            var query = db.Houses.AsNoTracking().Where(h => h.CommunityId == community && h.Code.CompareTo(after) > 0);
            if (building is { } one) query = query.Where(h => h.BuildingId == one);
            var houses = await query.OrderBy(h => h.Code).Take(HousesAtOnce).ToListAsync(cancel);
            foreach (var statement in await Compose(sender, houses, StatementParties.Present, null, by, asOf, cancel)) yield return statement;
            if (houses.Count < HousesAtOnce) yield break;
            after = houses[^1].Code;
        }
    }

    /// <summary>The statements of one house; none when nothing is open.</summary>
    /// <param name="only">Parties whose debts may be read; null for staff: all.</param>
    /// <param name="by">Who prints; null for an owner, who has the mini-program in his hand and needs no code.</param>
    public async Task<IReadOnlyList<Statement>> OfHouse(Guid community, Guid house, IReadOnlyCollection<Guid>? only, StaffMember? by, DateOnly asOf, CancellationToken cancel)
    {
        var houses = await db.Houses.AsNoTracking().Where(h => h.Id == house && h.CommunityId == community).ToListAsync(cancel);
        return await Compose(await PaperSender.Of(db, community, cancel), houses, StatementParties.All, only, by, asOf, cancel);
    }

    async Task<IReadOnlyList<Statement>> Compose(
        PaperSender sender, List<House> houses, StatementParties wanted, IReadOnlyCollection<Guid>? only, StaffMember? by, DateOnly asOf, CancellationToken cancel)
    {
        var (ids, today) = (houses.ConvertAll(h => h.Id), clock.Today());
        var open = (await openBills.OfHouses(ids, cancel)).ToLookup(b => (b.Bill.HouseId, b.Bill.PartyId));
        var parties = (await db.LiableParties.AsNoTracking().Where(p => ids.Contains(p.HouseId)).ToListAsync(cancel))
            .Where(p => open.Contains((p.HouseId, p.Id)) && (only is null || only.Contains(p.Id)) && (wanted == StatementParties.All || p.To is null || p.To >= today))
            .ToLookup(p => p.HouseId);
        var buildingIds = houses.Select(h => h.BuildingId).Distinct().ToList();
        var buildings = await db.Buildings.AsNoTracking().Where(b => buildingIds.Contains(b.Id)).ToDictionaryAsync(b => b.Id, b => b.Name, cancel);
        var prepaid = await db.PrepaidBalances.AsNoTracking().Where(b => ids.Contains(b.HouseId)).ToDictionaryAsync(b => (b.HouseId, b.PartyId), b => b.BalanceFen, cancel);
        var names = await Names(ids, cancel);
        var made = new List<Statement>();
        foreach (var house in houses)
            foreach (var party in parties[house.Id].OrderBy(p => p.From))
            {
                List<BillWithLines> bills = [.. open[(house.Id, party.Id)]];
                var code = by is not null && services.GetService<StatementCode>() is { } make ? await make(house.Id, bills.ConvertAll(b => b.Bill.Id), by, cancel) : null;
                made.Add(new Statement(sender, house, buildings[house.BuildingId], [.. names[house.Id].Where(n => Members.IsMember(n.Tenure, party)).Select(n => Mask.Name(n.Name))],
                    party.To < today ? party.To : null, bills, prepaid.GetValueOrDefault((house.Id, party.Id)), today, asOf, code));
            }
        return made;
    }

    async Task<ILookup<Guid, (Tenure Tenure, string Name)>> Names(List<Guid> houses, CancellationToken cancel)
    {
        var persons = db.Persons;
        var rows = await db.Tenures.AsNoTracking().Where(t => houses.Contains(t.HouseId)).Join(persons, t => t.PersonId, p => p.Id, (t, p) => new { t, p.Name }).ToListAsync(cancel);
        return rows.OrderBy(row => row.t.From).ThenBy(row => row.t.Id).ToLookup(row => row.t.HouseId, row => (row.t, row.Name));
    }
}
