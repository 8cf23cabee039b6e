using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A stretch of days under one price; <see cref="Tariff"/> is null where none holds.</summary>
readonly record struct PricedDays(Tariff? Tariff, DateRange Days);

/// <summary>One charge of a fee kind with all its versions and scopes.</summary>
sealed class PriceSlot(FeeKind kind, string slot, IReadOnlyList<Tariff> tariffs)
{
    readonly IReadOnlyList<Tariff> community = [.. tariffs.Where(t => t.Scope == TariffScope.Community)];
    readonly ILookup<Guid?, Tariff> narrower = tariffs.Where(t => t.ScopeId is not null).ToLookup(t => t.ScopeId);

    public FeeKind Kind => kind;
    public string Slot => slot;

    /// <summary>The same for all versions of a slot.</summary>
    public ChargeTrigger Trigger { get; } = tariffs[0].Formula.Trigger();

    /// <summary>Charged on houses at all, not only on parking spaces.</summary>
    public bool OnHouses { get; } = tariffs.Any(t => t.Scope is TariffScope.Community or TariffScope.Building or TariffScope.House);

    /// <summary>Charged on parking spaces at all.</summary>
    public bool OnSpaces { get; } = tariffs.Any(t => t.Scope is TariffScope.ParkingOwned or TariffScope.ParkingRented);

    /// <summary>Prices that can hold for a house, the narrowest scope first; none: the charge is not its.</summary>
    public IReadOnlyList<Tariff> ForHouse(House house) =>
        narrower.Count == 0 ? community : [.. narrower[house.Id], .. narrower[house.BuildingId], .. community];

    /// <summary>Prices of a kind of parking space.</summary>
    public IReadOnlyList<Tariff> ForSpaces(ParkingKind of) =>
        [.. tariffs.Where(t => t.Scope == (of == ParkingKind.Owned ? TariffScope.ParkingOwned : TariffScope.ParkingRented))];

    /// <summary>Cuts days where the price changes: each stretch under the narrowest price that holds on its first day.</summary>
    /// <param name="candidates">Narrowest first.</param>
    public static IEnumerable<PricedDays> Cut(IReadOnlyList<Tariff> candidates, DateRange days)
    {
        for (var from = days.From; from <= days.To;)
        {
            var best = candidates.FirstOrDefault(t => t.From <= from && (t.To is null || from <= t.To));
            var until = best?.To is { } end && end < days.To ? end : days.To;
            foreach (var candidate in candidates)
            {
                if (candidate == best) break;    // wider ones cannot take over while this one holds
                if (candidate.From > from && candidate.From <= until) until = candidate.From.AddDays(-1);
            }
            yield return new(best, new DateRange(from, until));
            from = until.AddDays(1);
        }
    }
}

/// <summary>The prices that a bill run works with: all versions in force of the chosen fee kinds.</summary>
sealed class PriceBook
{
    /// <summary>By fee kind, then slot: the order of a bill's lines.</summary>
    public required IReadOnlyList<PriceSlot> Slots { get; init; }

    /// <summary>The chosen fee kinds by code.</summary>
    public required IReadOnlyList<FeeKind> Kinds { get; init; }

    public static async Task<PriceBook> Load(OwnerPayDb db, Guid community, IReadOnlyList<string> codes, CancellationToken cancel)
    {
        var wanted = codes.ToList();
        var kinds = (await db.FeeKinds.AsNoTracking().Where(k => k.CommunityId == community && wanted.Contains(k.Code)).ToListAsync(cancel))
            .OrderBy(k => k.Code, StringComparer.Ordinal).ToList();
        var ids = kinds.ConvertAll(k => k.Id);
        var tariffs = (await db.Tariffs.AsNoTracking().Where(t => t.CommunityId == community && ids.Contains(t.FeeKindId) && t.State == TariffState.Active)
            .ToListAsync(cancel)).ToLookup(t => t.FeeKindId);
        return new PriceBook
        {
            Kinds = kinds,
            Slots = [.. kinds.SelectMany(kind => tariffs[kind.Id].GroupBy(t => t.Slot).OrderBy(slot => slot.Key, StringComparer.Ordinal)
                .Select(slot => new PriceSlot(kind, slot.Key, [.. slot.OrderBy(t => t.From)])))],
        };
    }
}
