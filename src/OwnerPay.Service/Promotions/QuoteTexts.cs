using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>The words with which a quote explains itself to an owner.</summary>
static class QuoteTexts
{
    /// <param name="rule">The terms as they were priced: of the tier, or of the coupon.</param>
    public static UnusedOffer NotUsed(Candidate candidate, QuoteOffer rule, NotUsedReason why)
    {
        var (reason, text) = Why(rule, why);
        return new(candidate.Offer.Id, candidate.Offer.Code, candidate.Offer.Version, candidate.Name, reason, text);
    }

    /// <summary>The same of a frozen quote, whose offer may be known by name only.</summary>
    public static UnusedOffer NotUsed(Offer offer, ConsideredOffer considered)
    {
        var (reason, text) = Why(considered.Offer, considered.Reason!.Value);
        return new(offer.Id, offer.Code, offer.Version, offer.Name, reason, text);
    }

    static (string Reason, string Text) Why(QuoteOffer rule, NotUsedReason why) => why switch
    {
        NotUsedReason.NotStarted => ("notStarted", $"活动{Begin(rule.Start)}开始"),
        NotUsedReason.Ended => ("ended", $"活动已于{Last(rule.End)}结束"),
        NotUsedReason.NothingEligible => ("nothingEligible", "所选账单没有适用的费用"),
        NotUsedReason.BelowMinimum => ("belowMinimum", $"适用费用未满 {rule.Minimum} 元"),
        NotUsedReason.NeedsWholeYear => ("needsWholeYear", "需一次缴清全年 12 个月"),
        NotUsedReason.NeedsMonths => ("needsMonths", $"需一次预缴满 {rule.MinMonths} 个月"),
        NotUsedReason.BetterWithout => ("betterWithout", "与其他优惠不同享，当前组合更优惠"),
        _ => throw new InvalidOperationException($"Reason {why} has no words"),
    };

    public static UnusedOffer LeftOut(Candidate candidate, string reason) =>
        new(candidate.Offer.Id, candidate.Offer.Code, candidate.Offer.Version, candidate.Name, reason, WhyLeftOut(reason));

    static string WhyLeftOut(string reason) => reason switch
    {
        "budgetUsed" => "活动名额或额度已用完",
        "overdue" => "所选账单中有已逾期的费用",
        "arrears" => "房屋有逾期未缴的费用，缴清后可参加",
        "notFirstPayment" => "仅限首次线上缴费",
        "notTagged" => "仅限指定房屋参加",
        _ => throw new InvalidOperationException($"Reason {reason} has no words"),
    };

    public static BetterStep Better(Candidate candidate, NextStep step, DateTimeOffset at)
    {
        var name = candidate.Name;
        var (kind, text) = step.Kind switch
        {
            NextStepKind.PayBefore => ("payBefore", $"{Last(step.When!.Value, at)}前缴费可省 {step.Saves} 元"),
            NextStepKind.ChooseMore => ("chooseMore", $"再选 {step.Missing} 元的费用即可参加“{name}”，至少再省 {step.Saves} 元"),
            NextStepKind.ChooseWholeYear => ("chooseWholeYear", $"选满全年 12 个月即可参加“{name}”，至少再省 {step.Saves} 元"),
            NextStepKind.ChooseMonths => ("chooseMonths", $"再预缴 {step.Months} 个月即可参加“{name}”，至少再省 {step.Saves} 元"),
            NextStepKind.WaitUntil => ("waitUntil", $"{Begin(step.When!.Value, at)}起可参加“{name}”，届时缴费再省 {step.Saves} 元"),
            _ => throw new InvalidOperationException($"Step {step.Kind} has no words"),
        };
        return new(kind, candidate.Offer.Code, text, step.When, step.Saves.Value);
    }

    /// <summary>The last day before an end at midnight (2027-01-16 00:00 → 1月15日), else the minute itself.</summary>
    static string Last(DateTimeOffset end, DateTimeOffset? at = null)
    {
        var local = end.ToOffset(Clock.ShanghaiOffset);
        return local.TimeOfDay == TimeSpan.Zero ? Day(local.AddDays(-1), at) : $"{Day(local, at)} {local:HH:mm} ";
    }

    static string Begin(DateTimeOffset start, DateTimeOffset? at = null)
    {
        var local = start.ToOffset(Clock.ShanghaiOffset);
        return local.TimeOfDay == TimeSpan.Zero ? Day(local, at) : $"{Day(local, at)} {local:HH:mm} ";
    }

    /// <summary>Without the year when it is the year in which it is read.</summary>
    static string Day(DateTimeOffset local, DateTimeOffset? at) =>
        at?.ToOffset(Clock.ShanghaiOffset).Year == local.Year ? $"{local.Month}月{local.Day}日" : $"{local.Year}年{local.Month}月{local.Day}日";
}
