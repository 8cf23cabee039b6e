using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>One item of the file <c>rewards.json</c>.</summary>
/// <param name="Code">Stable code; the same code again proposes the next version.</param>
/// <param name="CostPoints">Whole points.</param>
/// <param name="Stock">Pieces.</param>
/// <param name="From">First Shanghai day, <paramref name="To"/> the last.</param>
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
    [property: Required, StringLength(60, MinimumLength = 1)] string PickUpPlace);

/// <param name="Schema">Where editors find the form of the file; not used.</param>
public sealed record RewardsInput(
    [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<RewardInput> Rewards, [property: JsonPropertyName("$schema")] string? Schema = null);

public sealed record RewardsProposed(IReadOnlyList<Guid> RewardIds);

/// <summary>The manager proposes rewards; finance approves their cost. A new version replaces the old one when it is approved.</summary>
/// <remarks>Errors: <c>reward_window_reversed</c>, <c>reward_code_twice</c> 400.</remarks>
public sealed class ProposeRewards(OwnerPayDb db, Approvals approvals, Audit audit)
{
    public const string Kind = "reward";

    static readonly Error WindowReversed = new(400, "reward_window_reversed", "兑换截止日早于开始日");
    static readonly Error CodeTwice = new(400, "reward_code_twice", "同一文件中礼品代码重复");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/rewards", Post).WithName("proposeRewards").ForStaff(StaffRole.Manager)
            .CanFail(Problems.Validation, WindowReversed, CodeTwice);

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
        }
        var ids = new List<Guid>();
        foreach (var item in input.Rewards) ids.Add(await Propose(item, by, cancel));
        return new RewardsProposed(ids);
    }

    async Task<Guid> Propose(RewardInput item, StaffMember by, CancellationToken cancel)
    {
        var last = await db.Rewards.Where(r => r.CommunityId == by.CommunityId && r.Code == item.Code).MaxAsync(r => (int?)r.Version, cancel) ?? 0;
        var reward = new Reward
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Code = item.Code, Version = last + 1, Name = item.Name, Description = item.Description,
            CostPoints = item.CostPoints, StockTotal = item.Stock, StockLeft = item.Stock, LimitPerPerson = item.LimitPerPerson, From = item.From, To = item.To,
            PickUpDays = item.PickUpDays, PickUpPlace = item.PickUpPlace, State = RewardState.Proposed,
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
            foreach (var earlier in await db.Rewards.Where(r => r.CommunityId == reward.CommunityId && r.Code == reward.Code && r.State == RewardState.Active).ToListAsync(cancel))
                earlier.State = RewardState.Superseded;
        reward.State = approved ? RewardState.Active : RewardState.Rejected;
        return null;
    }
}
