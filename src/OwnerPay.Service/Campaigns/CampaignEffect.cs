using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>Paid ratio and days to payment of a group of houses. Ratios in 1/10,000, days in 1/100.</summary>
/// <param name="Houses">Houses with open bills when the campaign began.</param>
/// <param name="Paid">Of them those that paid all of these bills within the days.</param>
/// <param name="PaidLow">Lower end of the 95 % interval of <paramref name="PaidRatio"/>, <paramref name="PaidHigh"/> its upper end.</param>
/// <param name="MeanDays">From the start to the last of these payments, of those who paid; null when nobody did.</param>
public sealed record EffectGroup(int Houses, int Paid, int PaidRatio, int PaidLow, int PaidHigh, int? MeanDays);

/// <summary>Told less held out, with its 95 % interval; null where a group is too small for one.</summary>
public sealed record EffectDifference(int Value, int Low, int High);

/// <param name="Until">Payments up to this day count.</param>
/// <param name="Conclusion">In words: whether the difference can be chance.</param>
public sealed record CampaignEffectAnswer(
    Guid CampaignId, DateOnly From, DateOnly Until, EffectGroup Told, EffectGroup HeldOut, EffectDifference? PaidRatio, EffectDifference? Days,
        string Conclusion);

/// <summary>What a campaign did: who was meant to be told against who was held out by chance. Computed from members and bills, nothing of it is
/// stored.</summary>
/// <remarks>A house counts where chance put it, also when it paid before its turn came: else the told would look slower than they are. Errors:
/// <c>campaign_not_found</c> 404; <c>campaign_not_started</c> 409; <c>effect_days_invalid</c> 400.</remarks>
public sealed class CampaignEffect(OwnerPayDb db, Clock clock)
{
    static readonly Error NotStarted = new(409, "campaign_not_started", "群通知尚未开始发送");
    static readonly Error DaysInvalid = new(400, "effect_days_invalid", "观察天数应为 1–180") { Field = "days" };

    public static void Map(Doors doors) =>
        doors.Staff.MapGet("/communities/{communityId:guid}/campaigns/{campaignId:guid}/effect", Get).WithName("showCampaignEffect")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(ShowCampaigns.NotFound, NotStarted, DaysInvalid);

    static async Task<Results<Ok<CampaignEffectAnswer>, ProblemHttpResult>> Get(
        Guid campaignId, int? days, StaffMember by, CampaignEffect effect, CancellationToken cancel) =>
        (await effect.Run(campaignId, days ?? 30, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<CampaignEffectAnswer>> Run(Guid id, int days, StaffMember by, CancellationToken cancel)
    {
        if (days is < 1 or > 180) return DaysInvalid;
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.CommunityId == by.CommunityId
            && c.ProposedBy != null, cancel);
        if (campaign is null) return ShowCampaigns.NotFound;
        if (campaign.StartedAt is not { } started) return NotStarted;
        var (from, today) = (Clock.DateOf(started), clock.Today());
        var until = from.AddDays(days) is var end && end < today ? end : today;
        var houses = await db.CampaignMembers.Where(m => m.CampaignId == id).Select(m => new { m.PartyId, m.HeldOut }).Distinct().ToListAsync(cancel);
        var bills = await Bills(by.CommunityId, from, cancel);
        Outcomes Of(bool held) => Outcomes.Of(houses.Where(h => h.HeldOut == held && bills.Contains(h.PartyId)).Select(h => bills[h.PartyId]), from,
            until);
        var (told, heldOut) = (Of(false), Of(true));
        var ratio = Effect.Difference(told.Paid, told.Houses, heldOut.Paid, heldOut.Houses);
        var difference = ratio is { } r ? new EffectDifference(Share(told.Ratio - heldOut.Ratio), Share(r.Low), Share(r.High)) : null;
        var slower = Effect.DaysDifference(told.Days, heldOut.Days) is { } d
            ? new EffectDifference(Hundredths(told.Days.Mean!.Value - heldOut.Days.Mean!.Value), Hundredths(d.Low), Hundredths(d.High)) : null;
        return new CampaignEffectAnswer(id, from, until, told.Show(), heldOut.Show(), difference, slower, Conclude(difference));
    }

    /// <summary>Of each party the bills that were open when the campaign began: null while unpaid, else the day of their last fen.</summary>
    async Task<ILookup<Guid, DateOnly?>> Bills(Guid community, DateOnly from, CancellationToken cancel) =>
        (await db.Bills.AsNoTracking().Where(b => b.CommunityId == community && b.State != BillState.Voided && b.IssuedOn <= from
                && (b.PaidOn == null && b.State == BillState.Open || b.PaidOn >= from))
            .Select(b => new { b.PartyId, b.PaidOn }).ToListAsync(cancel)).ToLookup(b => b.PartyId, b => b.PaidOn);

    static string Conclude(EffectDifference? difference) => difference switch
    {
        null => "没有对照组，无法判断效果",
        { Low: > 0 } => "收到通知的房屋缴费比例更高，95% 的把握不是偶然",
        { High: < 0 } => "收到通知的房屋缴费比例更低，95% 的把握不是偶然",
        _ => "差异可能出于偶然，样本不足以下结论",
    };

    static int Share(decimal ratio) => (int)Math.Round(ratio * HoldOut.Whole, MidpointRounding.AwayFromZero);

    static int Hundredths(decimal days) => (int)Math.Round(days * 100, MidpointRounding.AwayFromZero);

    sealed record Outcomes(int Houses, int Paid, PaymentDays Days)
    {
        public decimal Ratio => Houses == 0 ? 0 : (decimal)Paid / Houses;

        public static Outcomes Of(IEnumerable<IEnumerable<DateOnly?>> houses, DateOnly from, DateOnly until)
        {
            var (count, days) = (0, new List<int>());
            foreach (var bills in houses)
            {
                count++;
                if (bills.All(paid => paid <= until)) days.Add(bills.Max()!.Value.DayNumber - from.DayNumber);
            }
            return new(count, days.Count, PaymentDays.Of(days));
        }

        public EffectGroup Show()
        {
            var interval = Effect.Ratio(Paid, Houses);
            return new(Houses, Paid, Share(Ratio), Share(interval.Low), Share(interval.High), Days.Mean is { } mean ? Hundredths(mean) : null);
        }
    }
}
