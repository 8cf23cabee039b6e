using OwnerPay.Domain;
using OwnerPay.Service.Roster;

namespace OwnerPay.Service.Billing;

/// <summary>Who owes a house's fees on which days.</summary>
readonly record struct LiableStretch(Guid PartyId, DateRange Days);

/// <param name="Stretches">Ascending; together they are every day that is charged.</param>
/// <param name="NobodyOn">The first days without a liable party, if there are any.</param>
sealed record LiableDays(IReadOnlyList<LiableStretch> Stretches, DateRange? NobodyOn)
{
    readonly record struct Stretch(LiableParty Party, DateOnly From, DateOnly To);

    /// <summary>Lays the liable parties over a period. Owners owe from the day on which billing begins after their hand-over; the developer owes
    /// until then (Regulation on Property Management, art. 41). Days before the developer had the house, or before a first hand-over without
    /// a developer, are not charged at all.</summary>
    /// <param name="rule">The community's first day: hand-over, the day after, or the first of the next month.</param>
    public static LiableDays Of(House house, IEnumerable<LiableParty> parties, FirstDayRule rule, DateRange period)
    {
        var first = house.HandedOverOn is { } handOver ? FirstDay(handOver, rule) : (DateOnly?)null;
        var laid = Lay(parties, first);
        var begin = laid is [{ Party.Kind: PartyKind.Developer } developer, ..] ? developer.From : first ?? period.From;
        var day = begin > period.From ? begin : period.From;
        var stretches = new List<LiableStretch>();
        foreach (var stretch in laid)
        {
            if (stretch.To < day) continue;
            if (day > period.To) break;
            if (stretch.From > day) return new(stretches, new DateRange(day, Earlier(stretch.From.AddDays(-1), period.To)));
            var until = Earlier(stretch.To, period.To);
            stretches.Add(new(stretch.Party.Id, new DateRange(day, until)));
            if (until == period.To) return new(stretches, null);
            day = until.AddDays(1);
        }
        return new(stretches, day <= period.To ? new DateRange(day, period.To) : null);
    }

    public static DateOnly FirstDay(DateOnly handOver, FirstDayRule rule) => rule switch
    {
        FirstDayRule.HandOverDay => handOver,
        FirstDayRule.NextDay => handOver.AddDays(1),
        FirstDayRule.FirstOfNextMonth => new DateOnly(handOver.Year, handOver.Month, 1).AddMonths(1),
        _ => throw new InvalidOperationException($"First day {rule} is unknown"),
    };

    /// <summary>Stretches that share no day, ascending.</summary>
    static List<Stretch> Lay(IEnumerable<LiableParty> parties, DateOnly? first)
    {
        var laid = new List<Stretch>();
        foreach (var party in parties.Where(p => p.To is null || p.To >= p.From).OrderBy(p => p.From).ThenByDescending(p => p.Kind).ThenBy(p => p.Id))
        {
            var (from, to) = (party.From, party.To ?? DateOnly.MaxValue);
            if (first is { } start)
            {
                if (party.Kind == PartyKind.Owners && from < start) from = start;
                if (party.Kind == PartyKind.Developer && to < start.AddDays(-1)) to = start.AddDays(-1);
            }
            if (from > to) continue;
            // Whoever comes later takes over, also where the one before was never ended.
            if (laid.Count > 0 && laid[^1].From >= from) laid.RemoveAt(laid.Count - 1);
            else if (laid.Count > 0 && laid[^1].To >= from) laid[^1] = laid[^1] with { To = from.AddDays(-1) };
            laid.Add(new(party, from, to));
        }
        return laid;
    }

    static DateOnly Earlier(DateOnly left, DateOnly right) => left < right ? left : right;
}
