using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Collection;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What a plan was agreed on and what came since, over all its bills.</summary>
public sealed record PlanFacts(DateOnly From, int GraceDays, IReadOnlyList<InstalmentPart> Parts, IReadOnlyList<InstalmentMove> Moves)
{
    public InstalmentStanding AsOf(DateOnly date) => Instalments.AsOf(date, Parts, GraceDays, Moves);
}

/// <summary>A pause of a bill; of a plan with what decides whether it is kept.</summary>
public sealed record BillPause(LateFeePause Row, PlanFacts? Plan)
{
    /// <summary>The days without late fee as known on a date; null when there is none.</summary>
    /// <remarks>An open pause lasts up to the date asked about. A plan that was missed ended at the due date of the missed part.</remarks>
    public DateRange? On(DateOnly asOf)
    {
        var to = Row.To ?? asOf;
        if (Plan?.AsOf(asOf) is { On: { } ended } && ended < to) to = ended;
        if (to > asOf) to = asOf;
        return to < Row.From ? null : new DateRange(Row.From, to);
    }

    /// <summary>True when the day itself is free of late fee.</summary>
    public bool HoldsOn(DateOnly date) => On(date) is { } days && days.Contains(date);
}

/// <summary>All that keeps the late fee of a bill from running.</summary>
/// <param name="DemandArrivedOn">The first written demand that was proved; null: none.</param>
public sealed record BillStops(IReadOnlyList<BillPause> Pauses, DateOnly? DemandArrivedOn)
{
    public static readonly BillStops None = new([], null);

    /// <summary>Closed ranges without late fee, as known on a date; they may overlap.</summary>
    /// <param name="afterDemand">The terms ask for a written demand: no day up to its arrival counts.</param>
    public IReadOnlyList<DateRange> Of(Bill bill, bool afterDemand, DateOnly asOf)
    {
        var stops = new List<DateRange>();
        foreach (var pause in Pauses)
            if (pause.On(asOf) is { } days) stops.Add(days);
        if (afterDemand && BeforeDemand(bill, asOf) is { } before) stops.Add(before);
        return stops;
    }

    /// <summary>The days after the due date on which no demand had arrived.</summary>
    public DateRange? BeforeDemand(Bill bill, DateOnly asOf)
    {
        var (from, to) = (bill.DueOn.AddDays(1), DemandArrivedOn is { } arrived && arrived < asOf ? arrived : asOf);
        return to < from ? null : new DateRange(from, to);
    }

    /// <summary>Its due date is put off: nobody is late with it, whatever the bill says.</summary>
    public bool PutOffOn(DateOnly date) => Pauses.Any(pause => pause.Row.Kind != PauseKind.Dispute && pause.HoldsOn(date));

    /// <summary>A dispute about it is open.</summary>
    public bool DisputedOn(DateOnly date) => Pauses.Any(pause => pause.Row.Kind == PauseKind.Dispute && pause.HoldsOn(date));

    /// <summary>Those of one bill.</summary>
    /// <inheritdoc cref="Load"/>
    public static async Task<BillStops> LoadOne(OwnerPayDb db, Guid bill, IEnumerable<BillLine> lines, CancellationToken cancel) =>
        (await Load(db, [bill], lines, cancel)).GetValueOrDefault(bill, None);

    /// <summary>Reads them for many bills with one query, a second where terms ask for a demand, three more where there are plans.</summary>
    /// <param name="lines">All lines of these bills.</param>
    public static async Task<IReadOnlyDictionary<Guid, BillStops>> Load(
        OwnerPayDb db, IReadOnlyCollection<Guid> bills, IEnumerable<BillLine> lines, CancellationToken cancel)
    {
        var ids = bills.ToList();
        var pauses = await db.LateFeePauses.AsNoTracking().Where(p => ids.Contains(p.BillId)).OrderBy(p => p.From).ThenBy(p => p.Id)
            .ToListAsync(cancel);
        var asking = lines.Where(line => line.LateFeeAfterDemand).Select(line => line.BillId).Distinct().ToList();
        var demands = asking.Count == 0 ? [] : await db.WrittenDemands.Where(d => asking.Contains(d.BillId) && d.State == DemandState.Proved)
            .GroupBy(d => d.BillId).Select(g => new { g.Key, On = g.Min(d => d.ArrivedOn) }).ToDictionaryAsync(g => g.Key, g => g.On, cancel);
        if (pauses.Count == 0 && demands.Count == 0) return new Dictionary<Guid, BillStops>();
        var plans = await Plans(db, [.. pauses.Where(p => p.Kind == PauseKind.Plan).Select(p => p.SourceId).Distinct()], cancel);
        return pauses.Select(p => p.BillId).Concat(demands.Keys).Distinct().ToDictionary(bill => bill, bill => new BillStops(
            [.. pauses.Where(p => p.BillId == bill).Select(p => new BillPause(p, plans.GetValueOrDefault(p.SourceId)))],
            demands.TryGetValue(bill, out var arrived) ? arrived : null));
    }

    /// <summary>The facts of running and ended plans, by plan.</summary>
    /// <remarks>What a plan's bills had been settled by when it began follows from its sum: all that was billed less what was agreed on. So a bank
    /// transfer of the day before, booked later, counts too. An amount that a correction adds later is not the plan's.</remarks>
    public static async Task<IReadOnlyDictionary<Guid, PlanFacts>> Plans(OwnerPayDb db, IReadOnlyCollection<Guid> plans, CancellationToken cancel)
    {
        if (plans.Count == 0) return new Dictionary<Guid, PlanFacts>();
        var ids = plans.ToList();
        var pauses = (await db.LateFeePauses.AsNoTracking().Where(p => ids.Contains(p.SourceId)).ToListAsync(cancel)).ToLookup(p => p.SourceId);
        var bills = pauses.SelectMany(plan => plan).Select(p => p.BillId).Distinct().ToList();
        var parts = (await db.PlanParts.AsNoTracking().Where(p => ids.Contains(p.PlanId)).OrderBy(p => p.Number).ToListAsync(cancel))
            .ToLookup(p => p.PlanId);
        var issued = await db.Bills.Where(b => bills.Contains(b.Id)).ToDictionaryAsync(b => b.Id, b => b.AmountFen, cancel);
        var moves = (await db.BillReductions.AsNoTracking().Where(r => bills.Contains(r.BillId) && r.BillLineId != null).ToListAsync(cancel))
            .ToLookup(r => r.BillId);
        var facts = new Dictionary<Guid, PlanFacts>();
        foreach (var plan in ids.Where(id => pauses[id].Any() && parts[id].Any()))
        {
            var first = pauses[plan].First();
            var before = pauses[plan].Sum(p => issued[p.BillId]) - parts[plan].Sum(p => p.Fen);
            facts[plan] = new PlanFacts(first.From, first.GraceDays, [.. parts[plan].Select(p => new InstalmentPart(p.DueOn, new Fen(p.Fen)))],
                [new(first.From, -before), .. pauses[plan].SelectMany(p => moves[p.BillId])
                    .Where(r => r.SourceKind != ReductionKinds.Adjustment || r.Fen > 0 || r.On <= first.From)
                    .Select(r => new InstalmentMove(r.On < first.From ? first.From : r.On, r.Fen))]);
        }
        return facts;
    }
}
