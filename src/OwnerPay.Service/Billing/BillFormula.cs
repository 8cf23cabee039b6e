using System.Globalization;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>Writes a line's computation as its owner reads it: <c>89.37㎡ × 2.80元/㎡·月 × (2个月 + 2026年10月 23/31) = 687.05元</c>.</summary>
static class BillFormula
{
    public static string Of(Tariff tariff, long quantityHundredths, DateRange days, Fen amount)
    {
        var price = (tariff.UnitPrice / 10_000m).ToString("0.00##", CultureInfo.InvariantCulture);
        var unit = tariff.Scope is TariffScope.ParkingOwned or TariffScope.ParkingRented ? "个" : "户";
        var of = tariff.Formula switch
        {
            TariffFormula.AreaPrice => $"{(quantityHundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture)}㎡ × {price}元/㎡·月",
            TariffFormula.Fixed => $"1{unit} × {price}元/{unit}·月",
            _ => throw new InvalidOperationException($"Formula {tariff.Formula} has no words"),
        };
        return $"{of} × {Months(days)} = {amount}元";
    }

    static string Months(DateRange days)
    {
        var months = Proration.Of(0, 0, days.From, days.To).Months;
        var whole = months.Count(m => m.Days == m.OfDays);
        var parts = new List<string>();
        if (whole > 0) parts.Add($"{whole}个月");
        parts.AddRange(months.Where(m => m.Days < m.OfDays).Select(m => $"{m.Year}年{m.Month}月 {m.Days}/{m.OfDays}"));
        return parts.Count == 1 ? parts[0] : $"({string.Join(" + ", parts)})";
    }
}
