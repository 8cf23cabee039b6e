using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What a community charges now: the ground on which a file of new tariffs is judged and then put into effect.</summary>
public sealed partial class TariffBook
{
    const int MostLines = 2_000, PriceDecimals = 4;
    const long HighestPrice = 1_000_000L * 10_000;    // a million yuan per unit and month: a slipped decimal point, not a price

    Dictionary<string, FeeKind> kinds = [];
    List<Tariff> active = [];
    Dictionary<string, Guid> buildings = [];
    Dictionary<string, Guid> houses = [];
    Guid community;

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex CodeForm();

    /// <summary>Loads what the file can touch; tracked, because <see cref="Apply"/> changes it.</summary>
    public static async Task<TariffBook> Load(OwnerPayDb db, Guid community, TariffFile file, CancellationToken cancel)
    {
        var houseCodes = file.Tariffs.Where(t => t is { Scope: TariffScope.House, ScopeCode: not null }).Select(t => t.ScopeCode!).Distinct().ToList();
        return new TariffBook
        {
            community = community,
            kinds = await db.FeeKinds.Where(k => k.CommunityId == community).ToDictionaryAsync(k => k.Code, cancel),
            active = await db.Tariffs.Where(t => t.CommunityId == community).ToListAsync(cancel),
            buildings = await db.Buildings.Where(b => b.CommunityId == community).ToDictionaryAsync(b => b.Code, b => b.Id, cancel),
            houses = await db.Houses.Where(h => h.CommunityId == community && houseCodes.Contains(h.Code)).ToDictionaryAsync(h => h.Code, h => h.Id, cancel),
        };
    }

    /// <summary>Everything that is wrong with the file; nothing is wrong when it is empty.</summary>
    public IReadOnlyList<FileFault> Faults(TariffFile file)
    {
        var faults = new List<FileFault>();
        if (file.FeeKinds.Count + file.Tariffs.Count == 0) faults.Add(new("tariffs", "文件中没有费用科目，也没有收费标准"));
        if (file.FeeKinds.Count + file.Tariffs.Count > MostLines) faults.Add(new("tariffs", $"一次最多提交 {MostLines} 条"));
        if (faults.Count > 0) return faults;
        for (var index = 0; index < file.FeeKinds.Count; index++) Check(file.FeeKinds, index, faults);
        for (var index = 0; index < file.Tariffs.Count; index++) Check(file, index, faults);
        return faults;
    }

    void Check(IReadOnlyList<FeeKindLine> lines, int index, List<FileFault> faults)
    {
        var at = $"feeKinds[{index}]";
        if (lines[index] is not { } line) { faults.Add(new(at, "不能为空")); return; }
        if (line.Code.Length > 24 || !CodeForm().IsMatch(line.Code)) faults.Add(new(at + ".code", "编码用小写字母、数字和连字符，字母开头，最多 24 位，如 property"));
        if (lines.Take(index).Any(other => other?.Code == line.Code)) faults.Add(new(at + ".code", $"科目 {line.Code} 重复"));
        if (line.Name.Trim().Length is 0 or > 40) faults.Add(new(at + ".name", "名称为 1–40 个字"));
        if (line.TaxCode.Length > 40) faults.Add(new(at + ".taxCode", "税收分类编码最多 40 位"));
        InRange(line.TaxRatePerMillion, 0, 1_000_000, at + ".taxRatePerMillion");
        InRange(line.LateFeePerMillion, 0, 10_000, at + ".lateFeePerMillion");
        InRange(line.GraceDays, 0, 366, at + ".graceDays");
        InRange(line.LateFeeCapPercent, 0, 100, at + ".lateFeeCapPercent");
        if (line.Beneficiary != Beneficiary.Company && line.Promotable) faults.Add(new(at + ".promotable", "代收和业主共有的费用不能参加优惠"));
        if (line.Beneficiary != Beneficiary.Company && line.TaxRatePerMillion != 0) faults.Add(new(at + ".taxRatePerMillion", "代收和业主共有的费用不计公司税款，应为 0"));
        if (kinds.TryGetValue(line.Code, out var known) && known.Beneficiary != line.Beneficiary) faults.Add(new(at + ".beneficiary", "已有科目的收益方不能更改，请新设科目"));

        void InRange(int number, int least, int most, string field)
        {
            if (number < least || number > most) faults.Add(new(field, $"应在 {least} 到 {most} 之间"));
        }
    }

    void Check(TariffFile file, int index, List<FileFault> faults)
    {
        var at = $"tariffs[{index}]";
        if (file.Tariffs[index] is not { } line) { faults.Add(new(at, "不能为空")); return; }
        if (!kinds.ContainsKey(line.FeeKind) && file.FeeKinds.All(kind => kind?.Code != line.FeeKind)) faults.Add(new(at + ".feeKind", $"没有费用科目 {line.FeeKind}"));
        if (line.Slot.Length > 40 || !CodeForm().IsMatch(line.Slot)) faults.Add(new(at + ".slot", "编码用小写字母、数字和连字符，字母开头，最多 40 位，如 base"));
        if (line.Name.Trim().Length is 0 or > 60) faults.Add(new(at + ".name", "名称为 1–60 个字"));
        faults.AddRange(TariffFormulaCheck.Of(line, at, code => kinds.ContainsKey(code) || file.FeeKinds.Any(kind => kind?.Code == code)));
        CheckTrigger(file, index, at, faults);
        if (line.To < line.From) faults.Add(new(at + ".to", "最后一天早于第一天"));
        CheckScope(line, at, faults);
        for (var before = 0; before < index; before++)
            if (file.Tariffs[before] is { } other && SameKey(other, line) && Overlap(other.From, other.To, line.From, line.To))
                faults.Add(new(at + ".from", $"与 tariffs[{before}] 是同一科目、同一项目（{line.Slot}）、同一范围，日期重叠：同一天只能有一个价格，请给前一条填写末日"));
        if (kinds.TryGetValue(line.FeeKind, out var kind) && TryScopeId(line, out var scopeId)
            && active.Find(t => t.State == TariffState.Active && IsOf(t, kind.Id, line, scopeId) && t.From > line.From && (line.To is null || t.From <= line.To)) is { } later)
            faults.Add(new(at + ".from", $"已有自 {later.From:yyyy-MM-dd} 起的版本，新版本须在此之前结束，或从该日起开始"));
    }

    /// <summary>A charge is due by months, by readings or by common costs; versions that differ in this could charge one day twice.</summary>
    void CheckTrigger(TariffFile file, int index, string at, List<FileFault> faults)
    {
        var line = file.Tariffs[index];
        var trigger = line.Formula.Trigger();
        var known = kinds.TryGetValue(line.FeeKind, out var kind) ? active.Find(t => t.FeeKindId == kind.Id && t.Slot == line.Slot)?.Formula : null;
        known ??= file.Tariffs.Take(index).FirstOrDefault(t => t?.FeeKind == line.FeeKind && t.Slot == line.Slot)?.Formula;
        if (known is { } other && other.Trigger() != trigger)
            faults.Add(new(at + ".formula", $"项目 {line.Slot} 已按{TariffFormulaCheck.NameOf(other)}计费，不能改为{TariffFormulaCheck.NameOf(line.Formula)}，请另设项目"));
    }

    void CheckScope(TariffLine line, string at, List<FileFault> faults)
    {
        var named = line.Scope is TariffScope.Building or TariffScope.House;
        if (!named && line.ScopeCode is not null) faults.Add(new(at + ".scopeCode", "只有楼栋或单户的标准需要填写"));
        else if (named && !TryScopeId(line, out _))
            faults.Add(new(at + ".scopeCode", line.Scope == TariffScope.Building ? $"没有楼栋 {line.ScopeCode}" : $"没有房号 {line.ScopeCode}"));
    }

    /// <summary>Puts a file without faults into effect: fee kinds are made or changed for coming bills, prices take over from their first day.</summary>
    public void Apply(OwnerPayDb db, TariffFile file)
    {
        foreach (var line in file.FeeKinds)
        {
            if (!kinds.TryGetValue(line.Code, out var kind))
            {
                kind = kinds[line.Code] = new FeeKind { Id = Guid.CreateVersion7(), CommunityId = community, Code = line.Code, Beneficiary = line.Beneficiary };
                db.Add(kind);
            }
            (kind.Name, kind.Promotable, kind.TaxCode, kind.TaxRatePerMillion) = (line.Name.Trim(), line.Promotable, line.TaxCode, line.TaxRatePerMillion);
            (kind.LateFeePerMillion, kind.GraceDays, kind.LateFeeCapPercent) = (line.LateFeePerMillion, line.GraceDays, line.LateFeeCapPercent);
            kind.LateFeeAfterDemand = line.LateFeeAfterDemand;
        }
        foreach (var line in file.Tariffs)
        {
            var kind = kinds[line.FeeKind];
            if (!TryScopeId(line, out var scopeId)) throw new InvalidOperationException($"Scope {line.ScopeCode} was found when the file was checked");
            foreach (var earlier in active.Where(t => t.State == TariffState.Active && IsOf(t, kind.Id, line, scopeId) && Overlap(t.From, t.To, line.From, line.To)))
                if (earlier.From < line.From) earlier.To = line.From.AddDays(-1);
                else earlier.State = TariffState.Superseded;
            var tariff = new Tariff
            {
                Id = Guid.CreateVersion7(), CommunityId = community, FeeKindId = kind.Id, Slot = line.Slot, Name = line.Name.Trim(), Formula = line.Formula,
                Version = active.Where(t => t.FeeKindId == kind.Id && t.Slot == line.Slot).Select(t => t.Version).DefaultIfEmpty().Max() + 1,
                UnitPrice = PriceOf(line.UnitPriceYuan ?? "0") ?? throw new InvalidOperationException("The price was read when the file was checked"),
                Tiers = line.Formula == TariffFormula.Tiered ? TariffTiers.Write(TariffFormulaCheck.Tiers(line)!) : null,
                TierPeriod = line.TierPeriod ?? TierPeriod.Year, UnitName = line.UnitName?.Trim(), Basis = line.Basis ?? ApportionBasis.Area,
                VacantShares = line.VacantShares ?? true, UsageKindId = line.UsageOf is { } usageOf ? kinds[usageOf].Id : null,
                Scope = line.Scope, ScopeId = scopeId, From = line.From, To = line.To, State = TariffState.Active,
            };
            active.Add(tariff);
            db.Add(tariff);
        }
    }

    /// <returns>In 0.0001 yuan; null when the text is no price.</returns>
    internal static long? PriceOf(string text)
    {
        try { return FixedPoint.Parse(text, PriceDecimals) is var price and >= 0 and <= HighestPrice ? price : null; }
        catch (RuleRefusal) { return null; }
    }

    bool TryScopeId(TariffLine line, out Guid? id)
    {
        id = null;
        if (line.Scope is not (TariffScope.Building or TariffScope.House)) return true;
        if (line.ScopeCode is null || !(line.Scope == TariffScope.Building ? buildings : houses).TryGetValue(line.ScopeCode, out var found)) return false;
        id = found;
        return true;
    }

    static bool IsOf(Tariff tariff, Guid kind, TariffLine line, Guid? scopeId) =>
        tariff.FeeKindId == kind && tariff.Slot == line.Slot && tariff.Scope == line.Scope && tariff.ScopeId == scopeId;

    static bool SameKey(TariffLine a, TariffLine b) => a.FeeKind == b.FeeKind && a.Slot == b.Slot && a.Scope == b.Scope && a.ScopeCode == b.ScopeCode;

    static bool Overlap(DateOnly from, DateOnly? to, DateOnly otherFrom, DateOnly? otherTo) =>
        (otherTo is null || from <= otherTo) && (to is null || otherFrom <= to);
}
