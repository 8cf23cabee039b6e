using System.Globalization;
using System.Text;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Roster;

namespace OwnerPay.Service.Billing;

/// <summary>What a house was charged last for a fee kind, to compare with.</summary>
readonly record struct LastCharged(long AmountFen, int Days);

/// <summary>Everything about one house that its bills depend on.</summary>
/// <param name="Claimed">Service months that live bills have charged already.</param>
/// <param name="Last">By fee kind.</param>
sealed record HouseFacts(
    House House, IReadOnlyList<LiableParty> Parties, IReadOnlyList<ParkingSpace> Spaces, IReadOnlySet<ClaimedMonth> Claimed, IReadOnlyDictionary<Guid, LastCharged> Last)
{
    /// <summary>Meters, shares of common costs, vacant rates, the agreement.</summary>
    public HouseExtras Extras { get; init; } = HouseExtras.None;
}

/// <summary>A charge of one house in one service month, or of one meter reading or common cost.</summary>
/// <param name="Month">Year × 100 + month; 0 with a source.</param>
/// <param name="SourceId">The reading or the apportionment.</param>
readonly record struct ClaimedMonth(Guid FeeKindId, string Slot, Guid? SpaceId, int Month, Guid? SourceId = null);

/// <summary>What a run is about.</summary>
/// <param name="PreviewedOn">Shanghai date of the preview: an agreement never makes a bill due before it.</param>
sealed record RunTerms(Guid CommunityId, DateRange Period, DateOnly DueOn, FirstDayRule FirstDay, DateOnly PreviewedOn);

/// <summary>A line that would be issued.</summary>
sealed record LineDraft(FeeKind Kind, Tariff Tariff, ParkingSpace? Space, string Title, long QuantityHundredths, DateRange Days, long AmountFen, TaxSplit Tax, string Formula)
{
    /// <summary>The usage that it charges, if it is metered.</summary>
    public LineUsage? Usage { get; init; }

    /// <summary>The common cost of which it is a share, if it is one.</summary>
    public Apportionment? Apportionment { get; init; }

    /// <summary>The vacant rate that lowered it, if one did.</summary>
    public VacantRate? Vacant { get; init; }

    /// <summary>In 0.0001 yuan; 0 where no single price makes the amount.</summary>
    public long UnitPrice => Apportionment is null ? Tariff.UnitPrice : 0;
}

/// <summary>A bill that would be issued: one house, liable party and beneficiary.</summary>
sealed record BillDraft(House House, Guid PartyId, Beneficiary Beneficiary, DateRange Days, IReadOnlyList<LineDraft> Lines)
{
    public long AmountFen { get; } = Lines.Sum(line => line.AmountFen);

    /// <summary>The due date of the house's agreement; null: the run's.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Adds all that would be written, for the hash of a preview.</summary>
    public void AppendTo(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{House.Id:N} {PartyId:N} {Beneficiary} {Days.From:O}..{Days.To:O} {AmountFen} {DueOn}\n");
        foreach (var line in Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $" {line.Kind.Id:N} {line.Tariff.Id:N} {line.Space?.Id:N} {line.QuantityHundredths}");
            text.Append(CultureInfo.InvariantCulture, $" {line.UnitPrice} {line.Days.From:O}..{line.Days.To:O} {line.AmountFen} {line.Tax.Net.Value} {line.Kind.TaxCode}");
            if (line.Usage is { } usage) text.Append(CultureInfo.InvariantCulture, $" {usage.Of.From.Id:N} {usage.Of.To.Id:N} {usage.Usage} {usage.UsedBefore}");
            if (line.Apportionment is { } of) text.Append(CultureInfo.InvariantCulture, $" {of.Id:N}");
            if (line.Vacant is { } vacant) text.Append(CultureInfo.InvariantCulture, $" {vacant.Id:N}");
            text.Append(CultureInfo.InvariantCulture, $" {line.Kind.TaxRatePerMillion} {line.Kind.LateFeePerMillion} {line.Kind.GraceDays}");
            text.Append(CultureInfo.InvariantCulture, $" {line.Kind.LateFeeCapPercent} {line.Kind.LateFeeAfterDemand} {line.Title} {line.Formula}\n");
        }
    }
}

/// <summary>The bills of one house in a run, the months that they claim, and what people should look at.</summary>
sealed record HouseBills(House House, IReadOnlyList<BillDraft> Bills, IReadOnlyList<ClaimedMonth> Claims, IReadOnlyList<OddItem> Odd);

/// <summary>Makes the bills of one house from facts alone: the same facts give the same bills, at preview and at confirmation.</summary>
static class ComposeBills
{
    /// <param name="SourceId">The reading or common cost that is billed; null: months are.</param>
    public sealed record Charge(PriceSlot Slot, ParkingSpace? Space, List<(Guid Party, LineDraft Line)> Lines, Guid? SourceId = null);

    public static HouseBills Of(HouseFacts facts, PriceBook prices, RunTerms terms)
    {
        var (house, odd) = (facts.House, new List<OddItem>());
        HouseBills Skipped(string kind, string text) => new(house, [], [], [new(kind, house.Code, null, text, Skipped: true)]);

        var liable = LiableDays.Of(house, facts.Parties, terms.FirstDay, terms.Period);
        if (liable.NobodyOn is { } nobody) return Skipped(OddKinds.NoLiableParty, $"{Days(nobody)}没有责任方，整户未出账");
        if (liable.Stretches.Count == 0) return Skipped(OddKinds.NotHandedOver, "本期尚未交付，也没有开发商，未出账");

        var charges = new List<Charge>();
        foreach (var slot in prices.Slots)
        {
            if (slot.Trigger == ChargeTrigger.CommonCost) ShareLines.Add(charges, slot, facts, terms, odd);
            if (slot.Trigger == ChargeTrigger.Readings && !MeterLines.Add(charges, slot, facts, terms, odd, out var bare)) return Skipped(OddKinds.PriceMissing, bare);
            if (slot.Trigger != ChargeTrigger.Months) continue;
            if (slot.ForHouse(house) is { Count: > 0 } candidates && !Add(charges, slot, null, candidates, facts, liable.Stretches, out var gap))
                return Skipped(OddKinds.PriceMissing, gap);
            foreach (var space in facts.Spaces)
                if (slot.ForSpaces(space.Kind) is { Count: > 0 } forSpaces && !Add(charges, slot, space, forSpaces, facts, Within(liable.Stretches, space), out gap))
                    return Skipped(OddKinds.PriceMissing, gap);
        }
        foreach (var kind in prices.Kinds)
            if (prices.Slots.Any(s => s.Kind == kind && s is { OnHouses: true, Trigger: ChargeTrigger.Months }) && !charges.Any(c => c.Slot.Kind == kind && c.Space is null))
                odd.Add(new(OddKinds.NoPrice, house.Code, kind.Code, $"没有适用的{kind.Name}标准，此项未出账", Skipped: true));

        charges.RemoveAll(charge => AlreadyBilled(charge, facts, odd));
        var bills = Group(charges, facts, odd);
        Compare(bills, facts, odd);
        return new(house, bills, Claims(charges, bills), odd);
    }

    static IEnumerable<LiableStretch> Within(IReadOnlyList<LiableStretch> stretches, ParkingSpace space)
    {
        var days = new DateRange(space.From ?? DateOnly.MinValue, space.To ?? DateOnly.MaxValue);
        foreach (var stretch in stretches)
            if (stretch.Days.Intersect(days) is { } shared) yield return stretch with { Days = shared };
    }

    /// <returns>False when a day has no price.</returns>
    static bool Add(List<Charge> charges, PriceSlot slot, ParkingSpace? space, IReadOnlyList<Tariff> candidates, HouseFacts facts,
        IEnumerable<LiableStretch> stretches, out string gap)
    {
        gap = "";
        var charge = new Charge(slot, space, []);
        var vacant = space is null ? facts.Extras.Vacant.Where(v => v.FeeKindId == slot.Kind.Id) : [];
        foreach (var stretch in stretches)
            foreach (var (tariff, days) in PriceSlot.Cut(candidates, stretch.Days))
            {
                if (tariff is null)
                {
                    gap = $"{slot.Kind.Name}（{slot.Slot}{(space is null ? "" : " " + space.Code)}）{Days(days)}没有收费标准，整户未出账";
                    return false;
                }
                foreach (var (rate, part) in VacantDays.Cut(vacant, days))
                    charge.Lines.Add((stretch.PartyId, Line(slot.Kind, tariff, space, facts.House, part, rate)));
            }
        if (charge.Lines.Count > 0) charges.Add(charge);
        return true;
    }

    static LineDraft Line(FeeKind kind, Tariff tariff, ParkingSpace? space, House house, DateRange days, VacantRate? vacant)
    {
        var quantity = tariff.Formula == TariffFormula.AreaPrice ? house.AreaHundredths : 100;
        var amount = vacant is null ? Proration.Amount(quantity, tariff.UnitPrice, days) : Proration.Amount(quantity, tariff.UnitPrice, days, vacant.Percent);
        return new(kind, tariff, space, space is null ? tariff.Name : $"{tariff.Name} {space.Code}", quantity, days, amount.Value,
            Tax.Split(amount, kind.TaxRatePerMillion), BillFormula.Of(tariff, quantity, days, amount, vacant?.Percent))
        { Vacant = vacant };
    }

    static bool AlreadyBilled(Charge charge, HouseFacts facts, List<OddItem> odd)
    {
        if (facts.Claimed.Count == 0) return false;
        var months = MonthsOf(charge).Where(facts.Claimed.Contains).Select(claim => claim.Month).Distinct().ToList();
        if (months.Count == 0) return false;
        if (charge is { SourceId: not null, Lines: [var (_, line), ..] })
        {
            odd.Add(new(OddKinds.AlreadyBilled, facts.House.Code, line.Kind.Code, $"{line.Title} {Days(line.Days)}已出账，此项跳过", Skipped: true));
            return true;
        }
        odd.Add(new(OddKinds.AlreadyBilled, facts.House.Code, charge.Slot.Kind.Code,
            $"{charge.Lines[0].Line.Title}：{string.Join("、", months.Select(m => $"{m / 100}年{m % 100}月"))}已出账，此项跳过", Skipped: true));
        return true;
    }

    static List<BillDraft> Group(List<Charge> charges, HouseFacts facts, List<OddItem> odd)
    {
        var (house, bills) = (facts.House, new List<BillDraft>());
        foreach (var own in charges.SelectMany(c => c.Lines).GroupBy(l => (l.Party, l.Line.Kind.Beneficiary)))
        {
            var lines = own.Select(l => l.Line).ToList();
            var bill = new BillDraft(house, own.Key.Party, own.Key.Beneficiary, new DateRange(lines.Min(l => l.Days.From), lines.Max(l => l.Days.To)), lines)
            {
                DueOn = facts.Extras.DueOn,
            };
            if (bill.AmountFen > 0) bills.Add(bill);
            else odd.Add(new(OddKinds.ZeroAmount, house.Code, null, $"{Days(bill.Days)}金额为 0，不出账", Skipped: true));
            foreach (var line in lines.Where(l => l.AmountFen == 0 && bill.AmountFen > 0))
                odd.Add(new(OddKinds.ZeroAmount, house.Code, line.Kind.Code, $"{line.Title} {Days(line.Days)}金额为 0", Skipped: false));
        }
        return [.. bills.OrderBy(b => b.Days.From).ThenBy(b => b.Beneficiary)];
    }

    /// <summary>Lists what differs by more than 30 % a day from what the house was charged last for the same fee kind.</summary>
    static void Compare(List<BillDraft> bills, HouseFacts facts, List<OddItem> odd)
    {
        foreach (var kind in bills.SelectMany(b => b.Lines).GroupBy(l => l.Kind))
        {
            if (!facts.Last.TryGetValue(kind.Key.Id, out var last) || last.AmountFen == 0) continue;
            var (amount, days) = (kind.Sum(l => l.AmountFen), new DateRange(kind.Min(l => l.Days.From), kind.Max(l => l.Days.To)).Days);
            var (now, then) = ((Int128)amount * last.Days, (Int128)last.AmountFen * days);
            if (Int128.Abs(now - then) * 10 <= then * 3) continue;
            odd.Add(new(OddKinds.Deviates, facts.House.Code, kind.Key.Code,
                $"{kind.Key.Name}本期 {new Fen(amount)} 元（{days} 天），上次 {new Fen(last.AmountFen)} 元（{last.Days} 天），每日相差超过 30%", Skipped: false));
        }
    }

    static IEnumerable<ClaimedMonth> MonthsOf(Charge charge) => charge.SourceId is { } source
        ? charge.Lines.Select(_ => new ClaimedMonth(charge.Slot.Kind.Id, charge.Slot.Slot, null, 0, source))
        : charge.Lines.SelectMany(l => l.Line.Days.Months().Select(month =>
            new ClaimedMonth(charge.Slot.Kind.Id, charge.Slot.Slot, charge.Space?.Id, month.Year * 100 + month.Month)));

    /// <summary>Each month once, also where two parties share it; only of lines that are on a bill.</summary>
    static List<ClaimedMonth> Claims(List<Charge> charges, List<BillDraft> bills)
    {
        if (bills.Sum(b => b.Lines.Count) != charges.Sum(c => c.Lines.Count))
        {
            var issued = bills.SelectMany(b => b.Lines).ToHashSet(ReferenceEqualityComparer.Instance);
            charges = charges.ConvertAll(c => c with { Lines = c.Lines.FindAll(l => issued.Contains(l.Line)) });
        }
        var claims = new List<ClaimedMonth>();
        foreach (var month in charges.SelectMany(MonthsOf))
            if (!claims.Contains(month)) claims.Add(month);
        return claims;
    }

    static string Days(DateRange days) => $"{days.From:yyyy-MM-dd} 至 {days.To:yyyy-MM-dd}";
}
