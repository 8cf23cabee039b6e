using System.Globalization;
using System.Text.Json;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>Tiers as a tariff keeps them: JSON of whole numbers.</summary>
static class TariffTiers
{
    public static string Write(IReadOnlyList<Tier> tiers) => JsonSerializer.Serialize(tiers, Json.Options);

    public static IReadOnlyList<Tier> Read(string text) => JsonSerializer.Deserialize<List<Tier>>(text, Json.Options)!;

    /// <summary>As people write them.</summary>
    public static IReadOnlyList<TierLine> Lines(string text) => [.. Read(text).Select(tier => new TierLine(
        (tier.UnitPrice / 10_000m).ToString(CultureInfo.InvariantCulture),
        tier.UpTo is { } upTo ? (upTo / 1_000m).ToString("0.###", CultureInfo.InvariantCulture) : null))];
}

/// <summary>What each formula needs in a tariff file, and what has no meaning with it.</summary>
static class TariffFormulaCheck
{
    const int MostTiers = 10;

    public static string NameOf(TariffFormula formula) => formula switch
    {
        TariffFormula.AreaPrice => "建筑面积",
        TariffFormula.Fixed => "户或个",
        TariffFormula.Metered => "表计用量",
        TariffFormula.Tiered => "阶梯用量",
        TariffFormula.Apportioned => "公摊",
        _ => throw new InvalidOperationException($"Formula {formula} has no name"),
    };

    /// <param name="knows">Whether there is a fee kind of this code.</param>
    public static IEnumerable<FileFault> Of(TariffLine line, string at, Func<string, bool> knows)
    {
        var (formula, trigger) = (line.Formula, line.Formula.Trigger());
        foreach (var fault in Prices(line, at)) yield return fault;
        if (formula != TariffFormula.Fixed && line.Scope is TariffScope.ParkingOwned or TariffScope.ParkingRented)
            yield return new(at + ".formula", formula == TariffFormula.AreaPrice ? "车位没有面积，请用 fixed（按个计价）" : "车位只能用 fixed（按个计价）");
        if (trigger == ChargeTrigger.Readings && line.UnitName is null) yield return new(at + ".unitName", "请填写表计的计量单位，如 吨、度");
        if (line.UnitName is { } unit && (trigger == ChargeTrigger.Months || unit.Trim().Length is 0 or > 8))
            yield return new(at + ".unitName", trigger == ChargeTrigger.Months ? "不按表计收费的标准不填计量单位" : "计量单位为 1–8 个字，如 吨、度");
        if (line.TierPeriod is not null && formula != TariffFormula.Tiered) yield return new(at + ".tierPeriod", "只有 tiered（阶梯价）需要填写");
        if (formula == TariffFormula.Apportioned)
        {
            if (line.Basis is null) yield return new(at + ".basis", "请填写分摊方式：area 按面积，household 按户，usage 按各户用量");
            if (line.Scope == TariffScope.House) yield return new(at + ".scope", "公摊标准适用于全小区或某个楼栋，不能只给一户");
            if (line.Basis == ApportionBasis.Usage && (line.UsageOf is null || !knows(line.UsageOf)))
                yield return new(at + ".usageOf", $"请填写以哪个科目的户表用量为准{(line.UsageOf is null ? "" : $"：没有费用科目 {line.UsageOf}")}");
            if (line.Basis != ApportionBasis.Usage && line.UsageOf is not null) yield return new(at + ".usageOf", "只有按用量分摊（usage）需要填写");
        }
        else if (line.Basis is not null || line.VacantShares is not null || line.UsageOf is not null)
            yield return new(at + ".basis", "basis、vacantShares、usageOf 只用于 apportioned（公摊）");
    }

    static IEnumerable<FileFault> Prices(TariffLine line, string at)
    {
        if (line.Formula == TariffFormula.Tiered)
        {
            if (line.UnitPriceYuan is not null) yield return new(at + ".unitPriceYuan", "阶梯价的单价写在 tiers 中，此处不填");
            if (Tiers(line) is null)
                yield return new(at + ".tiers", "阶梯须逐级升高，只有最后一级不填上限；上限最多三位小数，单价最多四位小数，最多 10 级");
            yield break;
        }
        if (line.Tiers is not null) yield return new(at + ".tiers", "只有 tiered（阶梯价）需要填写");
        if (line.UnitPriceYuan is null)
        {
            if (line.Formula != TariffFormula.Apportioned) yield return new(at + ".unitPriceYuan", "请填写单价，如 \"2.80\"");
        }
        else if (TariffBook.PriceOf(line.UnitPriceYuan) is null)
            yield return new(at + ".unitPriceYuan", "单价为不小于 0 的数字文本，最多四位小数，如 \"2.80\"");
    }

    /// <returns>Null when they are no sound tiers.</returns>
    public static IReadOnlyList<Tier>? Tiers(TariffLine line)
    {
        if (line.Tiers is not { Count: > 0 and <= MostTiers } lines || lines.Any(tier => tier is null)) return null;
        try
        {
            var tiers = new List<Tier>();
            foreach (var tier in lines)
            {
                if (TariffBook.PriceOf(tier.UnitPriceYuan) is not { } price) return null;
                tiers.Add(new(tier.UpTo is null ? null : FixedPoint.Parse(tier.UpTo, 3), price));
            }
            Tiered.Of(0, 0, tiers);
            return tiers;
        }
        catch (RuleRefusal) { return null; }
    }
}
