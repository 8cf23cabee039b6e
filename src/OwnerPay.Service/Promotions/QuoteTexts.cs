using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>The words with which a quote explains itself to an owner.</summary>
static class QuoteTexts
{
    public static UnusedOffer NotUsed(Offer offer, ConsideredOffer considered)
    {
        var (reason, text) = considered.Reason switch
        {
            NotUsedReason.NotStarted => ("notStarted", $"活动{Begin(offer.Start)}开始"),
            NotUsedReason.Ended => ("ended", $"活动已于{Last(offer.End)}结束"),
            NotUsedReason.NothingEligible => ("nothingEligible", "所选账单没有适用的费用"),
            NotUsedReason.BelowMinimum => ("belowMinimum", $"适用费用未满 {new Fen(offer.MinFen)} 元"),
            NotUsedReason.NeedsWholeYear => ("needsWholeYear", "需一次缴清全年 12 个月"),
            NotUsedReason.BetterWithout => ("betterWithout", "与其他优惠不同享，当前组合更优惠"),
            _ => throw new InvalidOperationException($"Reason {considered.Reason} has no words"),
        };
        return new(offer.Id, offer.Code, offer.Version, offer.Name, reason, text);
    }

    public static string WhyLeftOut(string reason) => reason switch
    {
        "budgetUsed" => "活动名额或额度已用完",
        "overdue" => "所选账单中有已逾期的费用",
        _ => throw new InvalidOperationException($"Reason {reason} has no words"),
    };

    public static BetterStep Better(Offer offer, NextStep step, DateTimeOffset at)
    {
        var (kind, text) = step.Kind switch
        {
            NextStepKind.PayBefore => ("payBefore", $"{Last(offer.End, at)}前缴费可省 {step.Saves} 元"),
            NextStepKind.ChooseMore => ("chooseMore", $"再选 {step.Missing} 元的费用即可参加“{offer.Name}”，至少再省 {step.Saves} 元"),
            NextStepKind.ChooseWholeYear => ("chooseWholeYear", $"选满全年 12 个月即可参加“{offer.Name}”，至少再省 {step.Saves} 元"),
            NextStepKind.WaitUntil => ("waitUntil", $"{Begin(offer.Start, at)}起可参加“{offer.Name}”，届时缴费再省 {step.Saves} 元"),
            _ => throw new InvalidOperationException($"Step {step.Kind} has no words"),
        };
        return new(kind, offer.Code, text, step.When, step.Saves.Value);
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
