using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Models;

/// <param name="Name">As its owner chose: 热心业主, 王姓业主 or 王**.</param>
/// <param name="House">As its owner chose; null where he hid it, or where too few houses of his building would be missing.</param>
public sealed record ModelEntry(string Name, string? House);

/// <summary>Who stands on a list of model payers, computed from bills and consent each time it is looked at.</summary>
/// <remarks>Nothing is shown where those who are missing would stand out: no building of fewer than 10 houses or with more than half of them on the
/// list, and no names at all when more than half of the community's houses are on it.</remarks>
public sealed class ModelEntries(OwnerPayDb db, Clock clock)
{
    sealed record Found(ModelPayerConsent Consent, string Name, House House);

    /// <returns>The entries in no order that tells anything, and how many houses they are; no entries where they would say too much.</returns>
    public async Task<(IReadOnlyList<ModelEntry> Entries, int Houses)> Of(ModelPayerList list, CancellationToken cancel)
    {
        var found = await Qualifying(list, cancel);
        var shown = found.Select(f => f.House.Id).Distinct().Count();
        var houses = await db.Houses.CountAsync(h => h.CommunityId == list.CommunityId, cancel);
        if (!ModelPayers.BuildingMayBeNamed(houses, shown)) return ([], shown);
        var buildings = found.Select(f => f.House.BuildingId).Distinct().ToList();
        var names = await db.Buildings.Where(b => buildings.Contains(b.Id)).ToDictionaryAsync(b => b.Id, b => b.Name, cancel);
        var sizes = await db.Houses.Where(h => buildings.Contains(h.BuildingId)).GroupBy(h => h.BuildingId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var named = buildings.Where(b => ModelPayers.BuildingMayBeNamed(sizes[b],
            found.Where(f => f.House.BuildingId == b).Select(f => f.House.Id).Distinct().Count())).ToHashSet();
        return ([.. found.Select(f => new ModelEntry(Name(f), named.Contains(f.House.BuildingId) ? House(f, names[f.House.BuildingId]) : null))
            .OrderBy(e => e.House ?? "~", StringComparer.Ordinal).ThenBy(e => e.Name, StringComparer.Ordinal)], shown);
    }

    /// <summary>Those with a consent that holds who still own the house and paid everything of the period in time.</summary>
    async Task<List<Found>> Qualifying(ModelPayerList list, CancellationToken cancel)
    {
        var consents = await db.ModelPayerConsents.AsNoTracking().Where(c => c.ListId == list.Id && c.Live == true).ToListAsync(cancel);
        var (persons, houses) = (consents.Select(c => c.PersonId).Distinct().ToList(), consents.Select(c => c.HouseId).Distinct().ToList());
        var tenures = (await db.Tenures.AsNoTracking().Where(t => houses.Contains(t.HouseId) && persons.Contains(t.PersonId)).ToListAsync(cancel))
            .ToLookup(t => (t.HouseId, t.PersonId));
        var parties = (await db.LiableParties.AsNoTracking().Where(p => houses.Contains(p.HouseId)).ToListAsync(cancel)).ToLookup(p => p.HouseId);
        var bills = (await Bills(list, houses, cancel)).ToLookup(b => b.PartyId);
        var names = await db.Persons.Where(p => persons.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var codes = await db.Houses.AsNoTracking().Where(h => houses.Contains(h.Id)).ToDictionaryAsync(h => h.Id, cancel);
        var today = clock.Today();
        return [.. consents.Where(c =>
        {
            var mine = tenures[(c.HouseId, c.PersonId)].ToList();
            if (!mine.Any(t => t.Kind is TenureKind.Owner or TenureKind.JointOwner && t.From <= today
                && (t.To is null || t.To >= today))) return false;
            var own = parties[c.HouseId].Where(party => mine.Any(t => Members.IsMember(t, party)));
            return ModelPayers.Qualifies(new DateRange(list.From, list.To), own.SelectMany(party => bills[party.Id]).Select(b => b.Bill));
        }).OrderBy(c => c.Id).Select(c => new Found(c, names[c.PersonId], codes[c.HouseId]))];
    }

    /// <summary>Whether these liable parties of a house paid everything of the period in time.</summary>
    public async Task<bool> Qualifies(ModelPayerList list, Guid house, IReadOnlyCollection<Guid> parties, CancellationToken cancel) =>
        ModelPayers.Qualifies(new DateRange(list.From, list.To),
            (await Bills(list, [house], cancel)).Where(b => parties.Contains(b.PartyId)).Select(b => b.Bill));

    async Task<IEnumerable<(Guid PartyId, DueBill Bill)>> Bills(ModelPayerList list, IReadOnlyCollection<Guid> houses, CancellationToken cancel) =>
        (await db.Bills.AsNoTracking().Where(b => houses.Contains(b.HouseId) && b.State != BillState.Voided && b.DueOn >= list.From
            && b.DueOn <= list.To)
            .Select(b => new { b.PartyId, b.DueOn, b.PaidOn, Worth = b.AmountFen + b.AdjustedFen }).ToListAsync(cancel))
        .Select(b => (b.PartyId, new DueBill(b.DueOn, b.PaidOn, new Fen(b.Worth))));

    static string Name(Found found) => found.Consent.Name switch
    {
        NameShown.Hidden => "热心业主",
        NameShown.Surname => found.Name[..1] + "姓业主",
        NameShown.Masked => Mask.Name(found.Name),
        _ => throw new InvalidOperationException($"No name for {found.Consent.Name}"),
    };

    static string? House(Found found, string building) => found.Consent.House switch
    {
        HouseShown.Hidden => null,
        HouseShown.Building => building,
        HouseShown.Masked => Mask.House(found.House.Code),
        _ => throw new InvalidOperationException($"No house for {found.Consent.House}"),
    };
}
