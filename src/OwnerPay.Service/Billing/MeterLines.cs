using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>The usage that a line charges.</summary>
/// <param name="Usage">0.001 units.</param>
/// <param name="UsedBefore">Of a tiered price: used before in the same year or month, 0.001 units.</param>
sealed record LineUsage(PendingUsage Of, long Usage, long UsedBefore);

/// <summary>Lines of metered fees: usage is spread evenly over its days where a price, a liable party or a count of tiers changes within them.</summary>
static class MeterLines
{
    /// <summary>What one stretch of days of a usage is charged by and to.</summary>
    readonly record struct Piece(Guid Party, Tariff Tariff, DateRange Days);

    /// <summary>A new count of tiers for each party: nobody pays more because of what the owner before him used, nor learns of it.</summary>
    readonly record struct Count(Guid Party, int Period);

    /// <returns>False when a day has no price: then the house is skipped.</returns>
    public static bool Add(List<ComposeBills.Charge> charges, PriceSlot slot, HouseFacts facts, RunTerms terms, List<OddItem> odd, out string gap)
    {
        gap = "";
        var (house, candidates) = (facts.House, slot.ForHouse(facts.House));
        var meters = facts.Extras.Meters.Where(m => m.Meter.FeeKindId == slot.Kind.Id && m.Meter.Slot == slot.Slot).ToList();
        if (candidates.Count == 0 && meters.Count == 0) return true;
        if (meters.Count == 0) odd.Add(new(OddKinds.MeterMissing, house.Code, slot.Kind.Code, $"没有{slot.Kind.Name}（{slot.Slot}）的表，未计费", Skipped: true));
        var used = CountBilled(meters);
        foreach (var of in meters)
        {
            var usage = MeterUsage.Of(of, terms.Period);
            foreach (var (kind, text) in usage.Remarks) odd.Add(new(kind, house.Code, slot.Kind.Code, text, Skipped: true));
            foreach (var pending in usage.Pending)
            {
                if (Liable(pending, facts, terms, slot, odd) is not { } stretches) continue;
                if (!Cut(candidates, stretches, out var pieces, out var bare))
                {
                    gap = $"{slot.Kind.Name}（{slot.Slot}）{bare.From:yyyy-MM-dd} 至 {bare.To:yyyy-MM-dd}没有收费标准，整户未出账";
                    return false;
                }
                if (pieces.Select(p => p.Party).Distinct().Count() > 1)
                    odd.Add(new(OddKinds.UsageSplit, house.Code, slot.Kind.Code,
                        $"{MeterUsage.Name(of.Meter)} 抄表期内换过业主，没有交接读数，用量按天分摊", Skipped: false));
                charges.Add(new(slot, null, Lines(slot.Kind, pending, pieces, used), pending.To.Id));
            }
        }
        return true;
    }

    static IReadOnlyList<LiableStretch>? Liable(PendingUsage pending, HouseFacts facts, RunTerms terms, PriceSlot slot, List<OddItem> odd)
    {
        var liable = LiableDays.Of(facts.House, facts.Parties, terms.FirstDay, pending.Days);
        if (liable.NobodyOn is null && liable.Stretches.Sum(s => s.Days.Days) == pending.Days.Days) return liable.Stretches;
        var until = liable.Stretches is [var first, ..] ? $"请补录 {first.Days.From.AddDays(-1):yyyy-MM-dd} 的起始读数" : "本次用量没有责任方";
        odd.Add(new(OddKinds.NoLiableParty, facts.House.Code, slot.Kind.Code,
            $"{MeterUsage.Name(pending.Meter)} {pending.Days.From:yyyy-MM-dd} 至 {pending.Days.To:yyyy-MM-dd} 有的日子没有责任方，未计费；{until}", Skipped: true));
        return null;
    }

    static bool Cut(IReadOnlyList<Tariff> candidates, IReadOnlyList<LiableStretch> stretches, out List<Piece> pieces, out DateRange bare)
    {
        (pieces, bare) = ([], default);
        foreach (var stretch in stretches)
            foreach (var (tariff, days) in PriceSlot.Cut(candidates, stretch.Days))
            {
                if (tariff is null)
                {
                    bare = days;
                    return false;
                }
                if (tariff.Formula != TariffFormula.Tiered) pieces.Add(new(stretch.PartyId, tariff, days));
                else
                    foreach (var month in days.Months())
                    {
                        var own = days.Intersect(DateRange.Month(month.Year, month.Month))!.Value;
                        if (pieces.Count > 0 && pieces[^1] is var last && last.Tariff == tariff && last.Party == stretch.PartyId
                            && Period(tariff.TierPeriod, last.Days.From) == Period(tariff.TierPeriod, own.From))
                            pieces[^1] = last with { Days = new(last.Days.From, own.To) };
                        else pieces.Add(new(stretch.PartyId, tariff, own));
                    }
            }
        return true;
    }

    static List<(Guid, LineDraft)> Lines(FeeKind kind, PendingUsage of, List<Piece> pieces, Dictionary<Count, long> used)
    {
        var lines = new List<(Guid, LineDraft)>(pieces.Count);
        var parts = MeterCounter.Spread(of.Usage, [.. pieces.Select(p => (long)p.Days.Days)]);
        for (var index = 0; index < pieces.Count; index++)
        {
            if (parts[index] == 0) continue;
            var (piece, before) = (pieces[index], 0L);
            if (piece.Tariff.Formula == TariffFormula.Tiered)
            {
                var count = new Count(piece.Party, Period(piece.Tariff.TierPeriod, piece.Days.From));
                before = used.GetValueOrDefault(count);
                used[count] = before + parts[index];
            }
            var usage = new LineUsage(of, parts[index], before);
            var amount = BillAmount.OfUsage(piece.Tariff, usage.Usage, before);
            var title = of.Meter.Place.Length > 0 ? $"{piece.Tariff.Name} {of.Meter.Place}" : piece.Tariff.Name;
            lines.Add((piece.Party, new(kind, piece.Tariff, null, title, 100, piece.Days, amount.Value, Tax.Split(amount, kind.TaxRatePerMillion),
                BillFormula.OfUsage(piece.Tariff, usage, piece.Days, amount))
            { Usage = usage }));
        }
        return lines;
    }

    /// <summary>What the live bills of the house have counted in each year or month.</summary>
    static Dictionary<Count, long> CountBilled(List<HouseMeter> meters)
    {
        var used = new Dictionary<Count, long>();
        foreach (var line in meters.SelectMany(m => m.Billed))
            foreach (var period in (ReadOnlySpan<TierPeriod>)[TierPeriod.Year, TierPeriod.Month])
            {
                var count = new Count(line.PartyId, Period(period, line.From));
                used[count] = used.GetValueOrDefault(count) + line.Usage;
            }
        return used;
    }

    static int Period(TierPeriod period, DateOnly day) => period == TierPeriod.Year ? day.Year : day.Year * 100 + day.Month;
}
