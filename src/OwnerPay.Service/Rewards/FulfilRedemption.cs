using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="PickUpCode">Eight digits as they are shown, or the text of the QR code as a scanner reads it.</param>
public sealed record FulfilRequest([property: Required, RegularExpression("^(OWNERPAY:)?[0-9]{8}$")] string PickUpCode);

/// <param name="RedemptionId">Of the redemption, or of the prize.</param>
/// <param name="PersonName">Masked; enough for the clerk to ask for the name.</param>
/// <param name="ValueFen">Declared value of a prize, fen; 0 for a reward.</param>
public sealed record FulfilledRedemption(Guid RedemptionId, string RewardName, string PersonName, bool IsPrize = false, long ValueFen = 0);

/// <summary>Staff hand a reserved reward or a won prize to whoever shows its pick-up code.</summary>
/// <remarks>Errors: <c>pick_up_code_unknown</c> 404; <c>redemption_ended</c> 409; <c>pick_up_code_locked</c> 423.</remarks>
public sealed class FulfilRedemption(OwnerPayDb db, GuardPickUpCodes guard, HandOutPrize prizes, Audit audit, Clock clock)
{
    public static readonly Error Unknown = new(404, "pick_up_code_unknown", "没有找到该领取码")
    {
        Field = "pickUpCode",
        Detail = "请核对后重新输入；连续输错 5 次将锁定 15 分钟"
    };
    public static readonly Error Ended = new(409, "redemption_ended", "该兑换已领取、取消或过期");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/redemptions/fulfil", Post).WithName("fulfilRedemption").ForStaff(StaffRole.Clerk)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Unknown, Ended, GuardPickUpCodes.Locked);

    static async Task<Results<Ok<FulfilledRedemption>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, FulfilRequest request, FulfilRedemption fulfil, CancellationToken cancel) =>
        (await fulfil.Run(request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    public async Task<Result<FulfilledRedemption>> Run(FulfilRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        // A repeated call gets its first answer again and is no new guess.
        var again = await db.Knows(key, cancel);
        var attempt = again ? GuardPickUpCodes.Attempt.Counted : await guard.Begin(by, cancel);
        if (attempt == GuardPickUpCodes.Attempt.Locked) return GuardPickUpCodes.Locked;
        var code = PickUpCodes.Digits(request.PickUpCode);
        var answer = await db.Once<FulfilledRedemption>(key, new { by.CommunityId, code },
            () => PickUpCodes.IsPrize(code) ? prizes.Run(code, by, cancel) : HandOut(code, by, cancel), cancel);
        if (again) return answer;
        if (answer.Done) await guard.Right(by, attempt, cancel);
        else if (answer.Refusal!.Code == Unknown.Code) await guard.Wrong(by, attempt, cancel);
        else await guard.Known(by, attempt, cancel);
        return answer;
    }

    async Task<Result<FulfilledRedemption>> HandOut(string code, StaffMember by, CancellationToken cancel)
    {
        var (redemptions, rewards, persons) = (db.Redemptions, db.Rewards, db.Persons);
        var found = await redemptions.AsNoTracking().Where(r => r.CommunityId == by.CommunityId && r.PickUpCode == code)
            .Select(r => new
            {
                r.Id,
                Reward = rewards.Where(reward => reward.Id == r.RewardId).Select(reward => reward.Name).Single(),
                Person = persons.Where(person => person.Id == r.PersonId).Select(person => person.Name).Single(),
            }).SingleOrDefaultAsync(cancel);
        if (found is null) return Unknown;
        var (now, today) = (clock.Now(), clock.Today());
        var handedOut = await db.Redemptions.Where(r => r.Id == found.Id && r.State == RedemptionState.Reserved && r.ExpiresOn >= today)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RedemptionState.Fulfilled).SetProperty(r => r.EndedAt, now)
                .SetProperty(r => r.FulfilledBy, by.StaffId), cancel);
        if (handedOut == 0) return Ended;
        audit.Add(by, "redemption.fulfilled", found.Id, new { reward = found.Reward });
        return new FulfilledRedemption(found.Id, found.Reward, Mask.Name(found.Person));
    }
}
