using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public sealed record FulfilRequest([property: Required, RegularExpression("^[0-9]{8}$")] string PickUpCode);

/// <param name="PersonName">Masked; enough for the clerk to ask for the name.</param>
public sealed record FulfilledRedemption(Guid RedemptionId, string RewardName, string PersonName);

/// <summary>Staff hand a reserved reward to whoever shows its pick-up code.</summary>
/// <remarks>Errors: <c>pick_up_code_unknown</c> 404; <c>redemption_ended</c> 409.</remarks>
public sealed class FulfilRedemption(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error Unknown = new(404, "pick_up_code_unknown", "没有找到该领取码");
    static readonly Error Ended = new(409, "redemption_ended", "该兑换已领取、取消或过期");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/redemptions/fulfil", Post).WithName("fulfilRedemption").ForStaff(StaffRole.Clerk)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Unknown, Ended);

    static async Task<Results<Ok<FulfilledRedemption>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, FulfilRequest request, FulfilRedemption fulfil, CancellationToken cancel) =>
        (await fulfil.Run(request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    public Task<Result<FulfilledRedemption>> Run(FulfilRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<FulfilledRedemption>(key, request, async () =>
        {
            var (redemptions, rewards, persons) = (db.Redemptions, db.Rewards, db.Persons);
            var found = await redemptions.AsNoTracking().Where(r => r.CommunityId == by.CommunityId && r.PickUpCode == request.PickUpCode)
                .Select(r => new
                {
                    r.Id,
                    Reward = rewards.Where(reward => reward.Id == r.RewardId).Select(reward => reward.Name).Single(),
                    Person = persons.Where(person => person.Id == r.PersonId).Select(person => person.Name).Single(),
                }).SingleOrDefaultAsync(cancel);
            if (found is null) return Unknown;
            var now = clock.Now();
            var today = clock.Today();
            var handedOut = await db.Redemptions.Where(r => r.Id == found.Id && r.State == RedemptionState.Reserved && r.ExpiresOn >= today)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RedemptionState.Fulfilled).SetProperty(r => r.EndedAt, now)
                    .SetProperty(r => r.FulfilledBy, by.StaffId), cancel);
            if (handedOut == 0) return Ended;
            audit.Add(by, "redemption.fulfilled", found.Id, new { reward = found.Reward });
            return new FulfilledRedemption(found.Id, found.Reward, Mask.Name(found.Person));
        }, cancel);
}
