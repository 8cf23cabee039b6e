using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;

namespace OwnerPay.Service.Promotions;

/// <summary>A step of an offer: what payers get until an instant, or from so many prepaid months on.</summary>
/// <param name="Until">Early bird: first instant after the step. The last one ends with the offer.</param>
/// <param name="Months">Prepay: whole months to come, at least.</param>
public sealed record OfferTierLine(DateTimeOffset? Until = null, int? Months = null, string? Percent = null, string? AmountYuan = null);

/// <summary>An offer as a manager writes it down. It gives a percentage or an amount, in steps or in one; a gift gives neither.</summary>
/// <param name="Code">Stable, in lower case; a later proposal of the same code is its next version.</param>
/// <param name="FeeKinds">Codes of promotable fee kinds of the company; of any where somebody else funds it.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Percent">Decimal text with at most two decimals: <c>"5"</c> or <c>"2.5"</c>.</param>
/// <param name="AmountYuan">Decimal text in yuan.</param>
/// <param name="MinYuan">Least principal of the eligible fees.</param>
/// <param name="CapYuan">Most that it takes off one payment.</param>
/// <param name="BudgetYuan">Most that it gives over all payments.</param>
/// <param name="BudgetCount">Most payments that use it; of a coupon also the most that are issued.</param>
/// <param name="Tiers">Early bird: ascending by date, all percentages or all amounts; prepay: ascending by months.</param>
/// <param name="Who">Who may use it; <c>tag</c> asks for <paramref name="Tag"/>.</param>
/// <param name="Rounding">To what a percentage is rounded.</param>
/// <param name="CouponDays">Days for which a coupon holds.</param>
/// <param name="LimitPerPerson">Most coupons of this code that one person gets.</param>
/// <param name="Claimable">Owners may claim the coupon by its code.</param>
/// <param name="GivesCoupon">A gift that is a coupon: code of its offer.</param>
public sealed record OfferLine(
    string Code, string Name, OfferKind Kind, IReadOnlyList<string> FeeKinds, DateTimeOffset Start, DateTimeOffset End, string StackingGroup, int Priority,
    string? Percent = null, string? AmountYuan = null, string? MinYuan = null, string? CapYuan = null, string? BudgetYuan = null, long? BudgetCount = null,
    IReadOnlyList<OfferTierLine>? Tiers = null, OfferFor Who = OfferFor.All, string? Tag = null, OfferRounding Rounding = OfferRounding.Fen,
    OfferFunding Funding = OfferFunding.Company, int? CouponDays = null, int? LimitPerPerson = null, bool Claimable = false, string? GivesCoupon = null);

/// <summary>A file of offers, as in <c>config/demo/offers.json</c>.</summary>
/// <param name="Schema">For editors; not read.</param>
public sealed record OfferFile(IReadOnlyList<OfferLine> Offers, [property: JsonPropertyName("$schema")] string? Schema = null);

/// <summary>Reads and judges the lines of an <see cref="OfferFile"/>.</summary>
static partial class OfferLines
{
    const int MostOffers = 50, MostTiers = 12, MostMonths = 36, MostCouponDays = 1_100, MostPerPerson = 100;

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
            CheckTiers(line, at, faults);
            CheckTerms(line, at, faults);
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
            else if (kind.Beneficiary != Beneficiary.Company && line.Funding == OfferFunding.Company)
                faults.Add(new(field, $"{kind.Name}是代收或业主共有的款项，公司不能拿它做优惠；如由业主共有资金或第三方出资，请填写 funding"));
            else if (kind.Beneficiary == Beneficiary.Company && !kind.Promotable) faults.Add(new(field, $"{kind.Name}不能参加优惠：该科目未设为可优惠"));
            else if (line.FeeKinds.Take(index).Contains(code)) faults.Add(new(field, $"{kind.Name}重复"));
        }
    }

    static void CheckAmounts(OfferLine line, string at, List<FileFault> faults)
    {
        var gives = line.Percent is not null || line.AmountYuan is not null;
        if (line.Kind == OfferKind.Gift && gives) faults.Add(new(at + ".percent", "礼品不减免金额，percent 和 amountYuan 都不填"));
        else if (line.Tiers is { Count: > 0 } && gives) faults.Add(new(at + ".percent", "分档的活动在各档中填写减免，这里不填"));
        else if (line.Kind is not (OfferKind.Gift or OfferKind.Prepay) && line.Tiers is not { Count: > 0 } && line.Percent is null == line.AmountYuan is null)
            faults.Add(new(at + ".percent", "percent（百分比）和 amountYuan（金额）填且只填一个"));
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

    static void CheckTiers(OfferLine line, string at, List<FileFault> faults)
    {
        if (line.Kind == OfferKind.Prepay && line.Tiers is not { Count: > 0 }) faults.Add(new(at + ".tiers", "预缴活动至少写一档：预缴满几个月，减免多少"));
        if (line.Kind == OfferKind.Prepay && (line.Percent ?? line.AmountYuan) is not null && line.Tiers is not { Count: > 0 })
            faults.Add(new(at + ".percent", "预缴活动在各档中填写减免，这里不填"));
        if (line.Tiers is not { Count: > 0 } tiers) return;
        if (line.Kind is not (OfferKind.EarlyBird or OfferKind.Prepay)) faults.Add(new(at + ".tiers", "只有早鸟和预缴活动可以分档"));
        if (tiers.Count > MostTiers) { faults.Add(new(at + ".tiers", $"最多 {MostTiers} 档")); return; }
        var percents = tiers.Count(tier => tier?.Percent is not null);
        if (percents != 0 && percents != tiers.Count) faults.Add(new(at + ".tiers", "各档须都按百分比，或都按金额"));
        for (var index = 0; index < tiers.Count; index++)
        {
            var field = $"{at}.tiers[{index}]";
            if (tiers[index] is not { } tier) { faults.Add(new(field, "不能为空")); continue; }
            if (tier.Percent is null == tier.AmountYuan is null) faults.Add(new(field + ".percent", "percent（百分比）和 amountYuan（金额）填且只填一个"));
            else if (tier.Percent is { } percent && Number(percent) is not (> 0 and <= 10_000)) faults.Add(new(field + ".percent", "大于 0、不超过 100 的数字文本，最多两位小数，如 \"5\""));
            else if (tier.AmountYuan is { } yuan && Number(yuan) is not > 0) faults.Add(new(field + ".amountYuan", "大于 0 的金额文本，最多两位小数，如 \"200.00\""));
            if (line.Kind == OfferKind.Prepay)
            {
                if (tier.Months is not (>= 1 and <= MostMonths)) faults.Add(new(field + ".months", $"应在 1 到 {MostMonths} 个月之间"));
                else if (index > 0 && tier.Months <= tiers[index - 1]?.Months) faults.Add(new(field + ".months", "月数须逐档增加"));
                if (tier.Until is not null) faults.Add(new(field + ".until", "预缴活动按月数分档，不填截止时间"));
            }
            else
            {
                var before = index == 0 ? line.Start : tiers[index - 1]?.Until ?? line.Start;
                if (tier.Until is null || tier.Until <= before || tier.Until > line.End) faults.Add(new(field + ".until", "各档截止时间须逐档推后，且在活动时间之内"));
                else if (index == tiers.Count - 1 && tier.Until != line.End) faults.Add(new(field + ".until", "最后一档须到活动结束为止"));
                if (tier.Months is not null) faults.Add(new(field + ".months", "早鸟活动按日期分档，不填月数"));
            }
        }
    }

    static void CheckTerms(OfferLine line, string at, List<FileFault> faults)
    {
        if (line.Who == OfferFor.Tag != line.Tag is not null) faults.Add(new(at + ".tag", "限定标签的活动须填标签，其他活动不填"));
        else if (line.Tag is { } tag && (tag.Length > 40 || !CodeForm().IsMatch(tag))) faults.Add(new(at + ".tag", "标签用小写字母、数字和连字符，字母开头，最多 40 位"));
        if (line.Kind == OfferKind.Coupon)
        {
            if (line.CouponDays is not (>= 1 and <= MostCouponDays)) faults.Add(new(at + ".couponDays", $"优惠券有效天数应在 1 到 {MostCouponDays} 之间"));
            if (line.LimitPerPerson is < 1 or > MostPerPerson) faults.Add(new(at + ".limitPerPerson", $"每人限领应在 1 到 {MostPerPerson} 之间"));
        }
        else if (line.CouponDays is not null || line.LimitPerPerson is not null || line.Claimable)
            faults.Add(new(at + ".couponDays", "有效天数、每人限领和自行领取只用于优惠券"));
        if (line.GivesCoupon is not null && line.Kind != OfferKind.Gift) faults.Add(new(at + ".givesCoupon", "只有礼品活动可以赠券"));
        if (line.Kind == OfferKind.Gift && line.BudgetYuan is not null) faults.Add(new(at + ".budgetYuan", "礼品只限份数，不限金额"));
    }

    /// <summary>The steps of a line as rows of its version. Only for lines without faults.</summary>
    public static IEnumerable<OfferTier> ToTiers(OfferLine line, Offer offer) => (line.Tiers ?? []).Select((tier, index) => new OfferTier
    {
        Id = Guid.CreateVersion7(), CommunityId = offer.CommunityId, OfferId = offer.Id, Number = index + 1,
        Until = tier.Until is { } until ? Milliseconds(until) : null, MinMonths = tier.Months ?? 0, Value = Number(tier.Percent ?? tier.AmountYuan!)!.Value,
    });

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
        StackingGroup = line.StackingGroup, Priority = line.Priority, Type = line.Percent is null && line.Tiers is not [{ Percent: not null }, ..] ? OfferType.Fixed : OfferType.Percent,
        Value = Number(line.Percent ?? line.AmountYuan ?? "0") ?? throw new InvalidOperationException("A line with faults is no offer"),
        FeeKinds = string.Join(',', line.FeeKinds.Order(StringComparer.Ordinal)), Start = Milliseconds(line.Start), End = Milliseconds(line.End),
        MinFen = line.MinYuan is null ? 0 : Number(line.MinYuan)!.Value, CapFen = line.CapYuan is null ? null : Number(line.CapYuan),
        NeedsWholeYear = line.Kind == OfferKind.FullYear, BudgetFen = line.BudgetYuan is null ? null : Number(line.BudgetYuan),
        BudgetCount = line.BudgetCount, State = OfferState.Proposed, Who = line.Who, Tag = line.Tag, Rounding = line.Rounding, Funding = line.Funding,
        CouponDays = line.CouponDays ?? 0, LimitPerPerson = line.Kind == OfferKind.Coupon ? line.LimitPerPerson ?? 1 : 0, Claimable = line.Claimable,
        GivesCoupon = line.GivesCoupon,
    };

    /// <summary>As the database keeps instants.</summary>
    static DateTimeOffset Milliseconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
