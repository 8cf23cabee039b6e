using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>One item of the file <c>rewards.json</c>.</summary>
/// <param name="Code">Stable code; the same code again proposes the next version.</param>
/// <param name="CostPoints">Whole points.</param>
/// <param name="Stock">Pieces.</param>
/// <param name="Kind">What it is; goods unless it says something else.</param>
/// <param name="CouponCode">Of a coupon: the coupon offer.</param>
/// <param name="PeriodDays">Of a parking right: days that it lasts.</param>
/// <param name="Spaces">Of a parking right: codes of the spaces it may be of.</param>
/// <param name="PictureId">A picture that was uploaded before.</param>
/// <param name="From">First Shanghai day, <paramref name="To"/> the last.</param>
/// <param name="OpensAt">Time of the first day from which it can be redeemed, <c>HH:mm</c>: midnight unless it says something else.</param>
public sealed record RewardInput(
    [property: Required, RegularExpression("^[a-z0-9][a-z0-9-]{1,38}$")] string Code,
    [property: Required, StringLength(60, MinimumLength = 1)] string Name,
    [property: StringLength(500)] string Description,
    [property: Range(1, 10_000_000)] long CostPoints,
    [property: Range(1, 1_000_000)] int Stock,
    [property: Range(1, 1_000)] int LimitPerPerson,
    DateOnly From,
    DateOnly To,
    [property: Range(1, 365)] int PickUpDays,
    [property: Required, StringLength(60, MinimumLength = 1)] string PickUpPlace,
    RewardKind Kind = RewardKind.Goods,
    [property: StringLength(40)] string? CouponCode = null,
    [property: Range(0, 366)] int PeriodDays = 0,
    [property: MaxLength(100)] IReadOnlyList<string>? Spaces = null,
    Guid? PictureId = null,
    TimeOnly? OpensAt = null);

/// <param name="Schema">Where editors find the form of the file; not used.</param>
public sealed record RewardsInput(
    [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<RewardInput> Rewards,
        [property: JsonPropertyName("$schema")] string? Schema = null);

public sealed record RewardsProposed(IReadOnlyList<Guid> RewardIds);

/// <summary>The manager proposes rewards; finance approves their cost. A new version replaces the old one when it is approved.</summary>
/// <remarks>Errors: <c>reward_window_reversed</c>, <c>reward_code_twice</c>, <c>reward_kind_unsound</c>, <c>parking_space_unknown</c>,
/// <c>coupon_offer_unknown</c>, <c>picture_unknown</c> 400.</remarks>
public sealed class ProposeRewards(OwnerPayDb db, Approvals approvals, Audit audit)
{
    public const string Kind = "reward";

    static readonly Error WindowReversed = new(400, "reward_window_reversed", "兑换截止日早于开始日");
    static readonly Error CodeTwice = new(400, "reward_code_twice", "同一文件中礼品代码重复");

    static readonly Error KindUnsound = new(400, "reward_kind_unsound", "礼品类型与内容不符")
    {
        Detail = "优惠券须填写 couponCode；车位使用权须填写 periodDays 与 spaces；其他类型不填这些内容",
    };
    static readonly Error SpaceUnknown = new(400, "parking_space_unknown", "车位不存在，或已登记给业主");
    static readonly Error OfferUnknown = new(400, "coupon_offer_unknown", "没有该优惠券活动");
    static readonly Error PictureUnknown = new(400, "picture_unknown", "没有该图片，请先上传");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/rewards", Post).WithName("proposeRewards").ForStaff(StaffRole.Manager)
            .CanFail(Problems.Validation, WindowReversed, CodeTwice, KindUnsound, SpaceUnknown, OfferUnknown, PictureUnknown);

    static async Task<Results<Ok<RewardsProposed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, RewardsInput input, ProposeRewards propose, CancellationToken cancel) =>
        (await propose.Run(input, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    public Task<Result<RewardsProposed>> Run(RewardsInput input, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once(key, input, () => Propose(input, by, cancel), cancel);

    /// <summary>The same inside the caller's transaction.</summary>
    public async Task<Result<RewardsProposed>> Propose(RewardsInput input, StaffMember by, CancellationToken cancel)
    {
        for (var at = 0; at < input.Rewards.Count; at++)
        {
            var item = input.Rewards[at];
            if (item.To < item.From) return WindowReversed.At($"rewards[{at}].to");
            if (input.Rewards.Take(at).Any(other => other.Code == item.Code)) return CodeTwice.At($"rewards[{at}].code");
            if (await Unsound(item, $"rewards[{at}]", by.CommunityId, cancel) is { } refusal) return refusal;
        }
        var ids = new List<Guid>();
        foreach (var item in input.Rewards) ids.Add(await Propose(item, by, cancel));
        return new RewardsProposed(ids);
    }

    /// <summary>What does not fit its kind, or names what is not there.</summary>
    async Task<Error?> Unsound(RewardInput item, string at, Guid community, CancellationToken cancel)
    {
        var spaces = item.Spaces ?? [];
        var (coupon, parking) = (item.Kind == RewardKind.Coupon, item.Kind == RewardKind.Parking);
        if (coupon == string.IsNullOrEmpty(item.CouponCode) || parking != item.PeriodDays > 0
            || parking != spaces.Count > 0) return KindUnsound.At(at + ".kind");
        if (coupon && !await db.Offers.AnyAsync(o => o.CommunityId == community && o.Code == item.CouponCode && o.Kind == OfferKind.Coupon, cancel))
            return OfferUnknown.At(at + ".couponCode");
        if (item.PictureId is { } picture && !await db.RewardPictures.AnyAsync(p => p.Id == picture && p.CommunityId == community, cancel))
            return PictureUnknown.At(at + ".pictureId");
        var free = await db.ParkingSpaces.Where(s => s.CommunityId == community && spaces.Contains(s.Code) && s.HouseId == null && s.PersonId == null)
            .Select(s => s.Code).ToListAsync(cancel);
        return spaces.FirstOrDefault(code => !free.Contains(code)) is { } missing ? SpaceUnknown.At(at + ".spaces", missing) : null;
    }

    async Task<Guid> Propose(RewardInput item, StaffMember by, CancellationToken cancel)
    {
        var last = await db.Rewards.Where(r => r.CommunityId == by.CommunityId && r.Code == item.Code).MaxAsync(r => (int?)r.Version, cancel) ?? 0;
        var reward = new Reward
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Code = item.Code, Version = last + 1, Name = item.Name,
            Description = item.Description,
            CostPoints = item.CostPoints, StockTotal = item.Stock, StockLeft = item.Stock, LimitPerPerson = item.LimitPerPerson, From = item.From,
            To = item.To,
            PickUpDays = item.PickUpDays, PickUpPlace = item.PickUpPlace, Kind = item.Kind, CouponCode = string.IsNullOrEmpty(item.CouponCode) ? null
                : item.CouponCode,
            PeriodDays = item.PeriodDays, Spaces = string.Join(',', (item.Spaces ?? []).Distinct().Order(StringComparer.Ordinal)),
            PictureId = item.PictureId, OpensMinute = item.OpensAt is { } opens ? opens.Hour * 60 + opens.Minute : 0,
            State = RewardState.Proposed,
        };
        db.Add(reward);
        approvals.Propose(by.CommunityId, Kind, reward.Id, by.StaffId, $"礼品：{item.Name}，{item.CostPoints} 积分，{item.Stock} 份");
        audit.Add(by, "reward.proposed", reward.Id, new { item.Code, reward.Version, item.CostPoints, item.Stock });
        return reward.Id;
    }
}

/// <summary>Finance decides a proposed reward.</summary>
public sealed class ApproveReward(OwnerPayDb db) : IApprovable
{
    static readonly Error Gone = new(409, "reward_not_proposed", "该礼品不在待审批状态");

    public string Kind => ProposeRewards.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var reward = await db.Rewards.Where(r => r.Id == approval.SubjectId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (reward is not { State: RewardState.Proposed }) return Gone;
        if (approved)
            foreach (var earlier in await db.Rewards.Where(r => r.CommunityId == reward.CommunityId && r.Code == reward.Code
                && r.State == RewardState.Active).ToListAsync(cancel))
                earlier.State = RewardState.Superseded;
        reward.State = approved ? RewardState.Active : RewardState.Rejected;
        return null;
    }
}
