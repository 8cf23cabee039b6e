using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A house's share of a common cost, with the tariff under which it was shared out.</summary>
sealed record DueShare(Apportionment Of, ApportionmentShare Share, Tariff Tariff);

/// <summary>What the bills of a house depend on besides its people and spaces.</summary>
/// <param name="Shares">Shares that the run may bill, in the order of their periods.</param>
/// <param name="Vacant">Approved vacant rates that touch the run's period, by first day.</param>
/// <param name="DueOn">The due date that its agreement sets; null: the run's.</param>
sealed record HouseExtras(IReadOnlyList<HouseMeter> Meters, IReadOnlyList<DueShare> Shares, IReadOnlyList<VacantRate> Vacant, DateOnly? DueOn)
{
    public static readonly HouseExtras None = new([], [], [], null);
}

/// <summary>Loads <see cref="HouseExtras"/> for a page of houses: a few statements a page, none where the chosen fees need them not.</summary>
sealed class RunExtras(OwnerPayDb db, RunTerms terms, PriceBook prices)
{
    readonly List<Guid> metered = KindsOf(prices, ChargeTrigger.Readings);
    readonly List<Guid> shared = KindsOf(prices, ChargeTrigger.CommonCost);
    readonly List<Guid> monthly = KindsOf(prices, ChargeTrigger.Months);

    /// <summary>Whether the community has any at all: asked once, so that a run over a million houses without them asks nothing a page.</summary>
    bool? anyVacant, anyAgreement;

    /// <summary>Holds the common costs that a run may bill, so that none is withdrawn while it bills them.</summary>
    public static async Task LockShared(OwnerPayDb db, RunTerms terms, PriceBook prices, CancellationToken cancel)
    {
        var (kinds, last) = (KindsOf(prices, ChargeTrigger.CommonCost), terms.Period.To);
        if (kinds.Count > 0)
            await db.Apportionments.AsNoTracking().Where(a => a.CommunityId == terms.CommunityId && kinds.Contains(a.FeeKindId) && a.To <= last)
                .OrderBy(a => a.Id).ForUpdate().Select(a => a.Id).ToListAsync(cancel);
    }

    /// <returns>By house; a house without any may be left out.</returns>
    public async Task<Dictionary<Guid, HouseExtras>> Load(List<Guid> houses, CancellationToken cancel)
    {
        var meters = (await HouseMeters.Load(db, houses, metered, cancel)).ToLookup(m => m.Meter.HouseId!.Value);
        var shares = (await Shares(houses, cancel)).ToLookup(s => s.Share.HouseId);
        var vacant = (await Vacant(houses, cancel)).ToLookup(v => v.HouseId);
        var agreements = await Agreements(houses, cancel);
        if (meters.Count + shares.Count + vacant.Count + agreements.Count == 0) return [];
        return houses.ToDictionary(h => h, h => new HouseExtras([.. meters[h]], [.. shares[h]], [.. vacant[h]], DueOn(agreements.GetValueOrDefault(h))));
    }

    /// <summary>A day that is over when the bill is previewed would make it overdue at birth: then the run's own day holds.</summary>
    DateOnly? DueOn(FeeAgreement? agreement) =>
        agreement?.DueOn(terms.Period.From, terms.Period.To) is { } due && due >= terms.PreviewedOn ? due : null;

    /// <summary>Shares of costs of the period, and of earlier ones that are not billed yet.</summary>
    async Task<IReadOnlyList<DueShare>> Shares(List<Guid> houses, CancellationToken cancel)
    {
        if (shared.Count == 0) return [];
        var (first, last, apportionments, claims, tariffs) = (terms.Period.From, terms.Period.To, db.Apportionments, db.BillClaims, db.Tariffs);
        var found = await (from share in db.ApportionmentShares.AsNoTracking()
                           where houses.Contains(share.HouseId) && share.Fen > 0
                           join of in apportionments on share.ApportionmentId equals of.Id
                           where of.State == ApportionmentState.Closed && shared.Contains(of.FeeKindId) && of.To <= last
                               && (of.To >= first || !claims.Any(c => c.HouseId == share.HouseId && c.SourceId == of.Id && c.LiveKey != null))
                           join tariff in tariffs on of.TariffId equals tariff.Id
                           select new { of, share, tariff }).ToListAsync(cancel);
        return [.. found.OrderBy(f => f.of.From).ThenBy(f => f.of.Id).Select(f => new DueShare(f.of, f.share, f.tariff))];
    }

    async Task<List<VacantRate>> Vacant(List<Guid> houses, CancellationToken cancel)
    {
        var (from, to) = (terms.Period.From, terms.Period.To);
        if (monthly.Count == 0) return [];
        anyVacant ??= await db.VacantRates.AnyAsync(v => v.CommunityId == terms.CommunityId && v.State == VacantRateState.Approved && v.From <= to && v.To >= from, cancel);
        if (!anyVacant.Value) return [];
        return await db.VacantRates.AsNoTracking().Where(v => houses.Contains(v.HouseId) && monthly.Contains(v.FeeKindId)
            && v.State == VacantRateState.Approved && v.From <= to && v.To >= from).OrderBy(v => v.From).ThenBy(v => v.Id).ToListAsync(cancel);
    }

    /// <summary>The agreement in force on the first day of the period, by house.</summary>
    async Task<Dictionary<Guid, FeeAgreement>> Agreements(List<Guid> houses, CancellationToken cancel)
    {
        var from = terms.Period.From;
        anyAgreement ??= await db.FeeAgreements.AnyAsync(a => a.CommunityId == terms.CommunityId && a.State == FeeAgreementState.Approved && a.From <= from, cancel);
        if (!anyAgreement.Value) return [];
        return (await db.FeeAgreements.AsNoTracking().Where(a => houses.Contains(a.HouseId) && a.State == FeeAgreementState.Approved && a.From <= from)
            .ToListAsync(cancel)).GroupBy(a => a.HouseId).ToDictionary(g => g.Key, g => g.OrderBy(a => a.From).ThenBy(a => a.Id).Last());
    }

    static List<Guid> KindsOf(PriceBook prices, ChargeTrigger trigger) =>
        [.. prices.Slots.Where(s => s.Trigger == trigger).Select(s => s.Kind.Id).Distinct()];
}

/// <summary>Reads meters with their readings and what of them is billed.</summary>
static class HouseMeters
{
    /// <param name="kinds">Fee kinds of the meters.</param>
    /// <returns>By date of installation within a house.</returns>
    public static async Task<IReadOnlyList<HouseMeter>> Load(OwnerPayDb db, List<Guid> houses, List<Guid> kinds, CancellationToken cancel)
    {
        if (kinds.Count == 0) return [];
        var meters = await db.Meters.AsNoTracking().Where(m => m.HouseId != null && houses.Contains(m.HouseId.Value) && kinds.Contains(m.FeeKindId)).ToListAsync(cancel);
        if (meters.Count == 0) return [];
        var (ids, lines) = (meters.ConvertAll(m => m.Id), db.BillLines);
        var readings = (await db.MeterReadings.AsNoTracking().Where(r => ids.Contains(r.MeterId)).ToListAsync(cancel)).ToLookup(r => r.MeterId);
        var withMeters = meters.Select(m => m.HouseId!.Value).Distinct().ToList();
        var billed = (await (from bill in db.Bills
                             where withMeters.Contains(bill.HouseId) && bill.State != BillState.Voided
                             join line in lines on bill.Id equals line.BillId
                             where line.MeterId != null
                             select new { MeterId = line.MeterId!.Value, bill.PartyId, line.FromReadingId, line.ToReadingId, line.From, line.UsageThousandths })
            .Along(db.Bills, nameof(Bill.HouseId)).Along(lines, nameof(BillLine.BillId)).ToListAsync(cancel)).ToLookup(l => l.MeterId, l => new BilledUsage(
                l.MeterId, l.PartyId, l.FromReadingId!.Value, l.ToReadingId!.Value, l.From, l.UsageThousandths));
        return [.. meters.OrderBy(m => m.InstalledOn).ThenBy(m => m.Serial, StringComparer.Ordinal).Select(m => new HouseMeter(
            m, [.. readings[m.Id].OrderBy(r => r.ReadOn).ThenBy(r => r.RecordedAt).ThenBy(r => r.Id)], [.. billed[m.Id]]))];
    }
}
