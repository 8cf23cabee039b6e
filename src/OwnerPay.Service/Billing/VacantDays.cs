using OwnerPay.Domain;

namespace OwnerPay.Service.Billing;

/// <summary>Cuts days where a vacant rate begins or ends.</summary>
static class VacantDays
{
    /// <param name="rates">Approved rates of one house and fee kind, by first day; they share no day.</param>
    public static IEnumerable<(VacantRate? Rate, DateRange Days)> Cut(IEnumerable<VacantRate> rates, DateRange days)
    {
        var from = days.From;
        foreach (var rate in rates)
        {
            if (new DateRange(rate.From, rate.To).Intersect(days) is not { } under || under.To < from) continue;
            if (under.From > from) yield return (null, new(from, under.From.AddDays(-1)));
            yield return (rate, under.From > from ? under : new(from, under.To));
            from = under.To.AddDays(1);
        }
        if (from <= days.To) yield return (null, new(from, days.To));
    }
}
