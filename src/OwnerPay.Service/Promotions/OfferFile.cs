using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;

namespace OwnerPay.Service.Promotions;

/// <summary>An offer as a manager writes it down. It gives either a percentage or an amount.</summary>
/// <param name="Code">Stable, in lower case; a later proposal of the same code is its next version.</param>
/// <param name="FeeKinds">Codes of promotable fee kinds of the company.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Percent">Decimal text with at most two decimals: <c>"5"</c> or <c>"2.5"</c>.</param>
/// <param name="AmountYuan">Decimal text in yuan.</param>
/// <param name="MinYuan">Least principal of the eligible fees.</param>
/// <param name="CapYuan">Most that it takes off one payment.</param>
/// <param name="BudgetYuan">Most that it gives over all payments.</param>
/// <param name="BudgetCount">Most payments that use it.</param>
public sealed record OfferLine(
    string Code, string Name, OfferKind Kind, IReadOnlyList<string> FeeKinds, DateTimeOffset Start, DateTimeOffset End, string StackingGroup, int Priority,
    string? Percent = null, string? AmountYuan = null, string? MinYuan = null, string? CapYuan = null, string? BudgetYuan = null, long? BudgetCount = null);

/// <summary>A file of offers, as in <c>config/demo/offers.json</c>.</summary>
/// <param name="Schema">For editors; not read.</param>
public sealed record OfferFile(IReadOnlyList<OfferLine> Offers, [property: JsonPropertyName("$schema")] string? Schema = null);

/// <summary>Reads and judges the lines of an <see cref="OfferFile"/>.</summary>
static partial class OfferLines
{
    const int MostOffers = 50;

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex CodeForm();

    /// <param name="kinds">Fee kinds of the community by code.</param>
    public static IReadOnlyList<FileFault> Faults(OfferFile file, IReadOnlyDictionary<string, FeeKind> kinds, DateTimeOffset now)
    {
        var faults = new List<FileFault>();
        if (file.Offers.Count is 0 or > MostOffers) return [new("offers", $"一次提交 1–{MostOffers} 个活动")];
        for (var index = 0; index < file.Offers.Count; index++)
        {
            var at = $"offers[{index}]";
            if (file.Offers[index] is not { } line) { faults.Add(new(at, "不能为空")); continue; }
            if (line.Code.Length > 40 || !CodeForm().IsMatch(line.Code)) faults.Add(new(at + ".code", "编码用小写字母、数字和连字符，字母开头，最多 40 位，如 early-bird-2027"));
            if (file.Offers.Take(index).Any(other => other?.Code == line.Code)) faults.Add(new(at + ".code", $"活动 {line.Code} 重复"));
            if (line.Name.Trim().Length is 0 or > 40) faults.Add(new(at + ".name", "名称为 1–40 个字"));
            if (line.StackingGroup.Length > 40 || !CodeForm().IsMatch(line.StackingGroup)) faults.Add(new(at + ".stackingGroup", "编码用小写字母、数字和连字符，字母开头，最多 40 位"));
            if (line.Priority is < 0 or > 1000) faults.Add(new(at + ".priority", "应在 0 到 1000 之间"));
            if (line.End <= line.Start) faults.Add(new(at + ".end", "结束时间不晚于开始时间"));
            else if (line.End <= now) faults.Add(new(at + ".end", "活动已经结束"));
            CheckKinds(line, at, kinds, faults);
            CheckAmounts(line, at, faults);
        }
        return faults;
    }

    static void CheckKinds(OfferLine line, string at, IReadOnlyDictionary<string, FeeKind> kinds, List<FileFault> faults)
    {
        if (line.FeeKinds.Count == 0) faults.Add(new(at + ".feeKinds", "至少一个费用科目"));
        for (var index = 0; index < line.FeeKinds.Count; index++)
        {
            var field = $"{at}.feeKinds[{index}]";
            if (line.FeeKinds[index] is not { } code || !kinds.TryGetValue(code, out var kind)) faults.Add(new(field, $"没有费用科目 {line.FeeKinds[index]}"));
            else if (!kind.Promotable || kind.Beneficiary != Beneficiary.Company) faults.Add(new(field, $"{kind.Name}不能参加优惠：只有公司自己的、可优惠的费用可以"));
            else if (line.FeeKinds.Take(index).Contains(code)) faults.Add(new(field, $"{kind.Name}重复"));
        }
    }

    static void CheckAmounts(OfferLine line, string at, List<FileFault> faults)
    {
        if (line.Percent is null == line.AmountYuan is null) faults.Add(new(at + ".percent", "percent（百分比）和 amountYuan（金额）填且只填一个"));
        if (line.Percent is { } percent && Number(percent) is not (> 0 and <= 10_000)) faults.Add(new(at + ".percent", "大于 0、不超过 100 的数字文本，最多两位小数，如 \"5\""));
        Positive(line.AmountYuan, ".amountYuan");
        Positive(line.CapYuan, ".capYuan");
        Positive(line.BudgetYuan, ".budgetYuan");
        if (line.MinYuan is { } min && Number(min) is not >= 0) faults.Add(new(at + ".minYuan", "不小于 0 的金额文本，最多两位小数"));
        if (line.BudgetCount is <= 0) faults.Add(new(at + ".budgetCount", "大于 0，或不填"));

        void Positive(string? yuan, string field)
        {
            if (yuan is not null && Number(yuan) is not > 0) faults.Add(new(at + field, "大于 0 的金额文本，最多两位小数，如 \"200.00\""));
        }
    }

    /// <summary>Hundredths of a decimal text (fen of yuan, 0.01 % of per cent), or null when it is none or absurdly large.</summary>
    static long? Number(string text)
    {
        try { return FixedPoint.Parse(text, 2) is var number and < 100_000_000_000_000 ? number : null; }
        catch (RuleRefusal) { return null; }
    }

    /// <summary>The line as a version that waits for approval. Only for lines without faults.</summary>
    public static Offer ToOffer(OfferLine line, Guid community, int version) => new()
    {
        Id = Guid.CreateVersion7(), CommunityId = community, Code = line.Code, Version = version, Name = line.Name.Trim(), Kind = line.Kind,
        StackingGroup = line.StackingGroup, Priority = line.Priority, Type = line.Percent is null ? OfferType.Fixed : OfferType.Percent,
        Value = Number(line.Percent ?? line.AmountYuan!) ?? throw new InvalidOperationException("A line with faults is no offer"),
        FeeKinds = string.Join(',', line.FeeKinds.Order(StringComparer.Ordinal)), Start = Milliseconds(line.Start), End = Milliseconds(line.End),
        MinFen = line.MinYuan is null ? 0 : Number(line.MinYuan)!.Value, CapFen = line.CapYuan is null ? null : Number(line.CapYuan),
        NeedsWholeYear = line.Kind == OfferKind.FullYear, BudgetFen = line.BudgetYuan is null ? null : Number(line.BudgetYuan),
        BudgetCount = line.BudgetCount, State = OfferState.Proposed,
    };

    /// <summary>As the database keeps instants.</summary>
    static DateTimeOffset Milliseconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
