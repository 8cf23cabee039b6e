using System.Globalization;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>Writes a line's computation as its owner reads it: <c>89.37㎡ × 2.80元/㎡·月 × (2个月 + 2026年10月 23/31) = 687.05元</c>.</summary>
static class BillFormula
{
    /// <param name="vacantPercent">Part of the price that an approved vacant rate leaves; null: all of it.</param>
    public static string Of(Tariff tariff, long quantityHundredths, DateRange days, Fen amount, int? vacantPercent = null)
    {
        var price = Price(tariff.UnitPrice);
        var unit = tariff.Scope is TariffScope.ParkingOwned or TariffScope.ParkingRented ? "个" : "户";
        var of = tariff.Formula switch
        {
            TariffFormula.AreaPrice => $"{Area(quantityHundredths)} × {price}元/㎡·月",
            TariffFormula.Fixed => $"1{unit} × {price}元/{unit}·月",
            _ => throw new InvalidOperationException($"Formula {tariff.Formula} is not charged by months"),
        };
        return $"{of} × {Months(days)}{(vacantPercent is { } percent ? $" × {percent}%（空置）" : "")} = {amount}元";
    }

    /// <summary>For instance <c>读数 120 → 150（2026-12-31），用量30吨 × 3.45元/吨 = 103.50元</c>.</summary>
    public static string OfUsage(Tariff tariff, LineUsage usage, DateRange days, Fen amount)
    {
        var (of, unit) = (usage.Of, tariff.UnitName);
        var text = $"读数 {Units(of.From.ValueThousandths)} → {Units(of.To.ValueThousandths)}{(of.To.Estimated ? "（估抄）" : "")}";
        if (of.To.RolledOver) text += "（过零）";
        if (of.Meter.Multiplier > 1) text += $" × 倍率{of.Meter.Multiplier}";
        text += $"，用量{Units(of.Usage)}{unit}";
        if (usage.Usage != of.Usage) text += $"，其中{days.From:yyyy-MM-dd} 至 {days.To:yyyy-MM-dd} {days.Days}/{of.Days.Days}天{Units(usage.Usage)}{unit}";
        if (tariff.Formula == TariffFormula.Metered) return $"{text} × {Price(tariff.UnitPrice)}元/{unit} = {amount}元";
        var shares = Tiered.Of(usage.UsedBefore, usage.Usage, TariffTiers.Read(tariff.Tiers!)).Shares;
        var count = tariff.TierPeriod == TierPeriod.Year ? $"{days.From.Year}年" : $"{days.From.Year}年{days.From.Month}月";
        var tiers = string.Join(" + ", shares.Select(s => $"{Units(s.Usage)}{unit} × {Price(s.UnitPrice)}元（第{s.Tier + 1}级）"));
        return $"{text}，{count}此前已计{Units(usage.UsedBefore)}{unit}：{tiers} = {amount}元";
    }

    /// <summary>For instance <c>2026-12-01 至 2026-12-31 公摊总额1,000.00元，按建筑面积 89.60/269.10㎡ = 332.96元</c>.</summary>
    public static string OfShare(DueShare due, int days, int ofDays, Fen amount)
    {
        var of = due.Of;
        var total = of.MeterId is null ? "" : $"（总表用量{Units(of.UsageThousandths)}{due.Tariff.UnitName} × {Price(of.UnitPrice)}元）";
        var share = of.Basis switch
        {
            ApportionBasis.Area => $"按建筑面积 {(due.Share.Weight / 100m).ToString("0.00", CultureInfo.InvariantCulture)}/{Area(of.BasisTotal)}",
            ApportionBasis.Household => $"按户 {due.Share.Weight}/{of.BasisTotal}户",
            ApportionBasis.Usage => $"按各户用量 {Units(due.Share.Weight)}/{Units(of.BasisTotal)}",
            _ => throw new InvalidOperationException($"Basis {of.Basis} has no words"),
        };
        return $"{of.From:yyyy-MM-dd} 至 {of.To:yyyy-MM-dd} 公摊总额{new Fen(of.TotalFen)}元{total}，{share}{(days == ofDays ? "" : $"，其中{days}/{ofDays}天")} = {amount}元";
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

    static string Price(long unitPrice) => (unitPrice / 10_000m).ToString("0.00##", CultureInfo.InvariantCulture);

    static string Area(long hundredths) => (hundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture) + "㎡";

    static string Units(long thousandths) => MeterUsage.Units(thousandths);
}
