using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="CostPoints">Whole points.</param>
/// <param name="PeriodDays">Days that a parking right lasts; 0 for all else.</param>
/// <param name="PicturePath">Where the picture is, under the service's address; null without one.</param>
/// <param name="LeftForMe">How many more this person may redeem, by the limit per person.</param>
/// <param name="Open">It can be redeemed now; false: from <paramref name="OpensAt"/> on, at most seven days ahead.</param>
/// <param name="OpensAt">The instant from which it can be redeemed.</param>
public sealed record RewardItem(
    Guid RewardId, string Name, string Description, long CostPoints, int StockLeft, int LimitPerPerson, int LeftForMe,
    DateOnly From, DateOnly To, string PickUpPlace, int PickUpDays,
    RewardKind Kind, int PeriodDays, string? PicturePath, bool Open, DateTimeOffset OpensAt);

public sealed record RewardList(IReadOnlyList<RewardItem> Items);

public sealed record RedemptionItem(
    Guid RedemptionId, Guid RewardId, string RewardName, long CostPoints, string PickUpCode, RedemptionState State, DateTimeOffset ReservedAt,
        DateOnly ExpiresOn,
    string PickUpPlace, RewardKind Kind, string? CouponCode, string? ParkingSpace, DateOnly? From, DateOnly? To);

public sealed record StaffRewardItem(
    Guid RewardId, string Code, int Version, string Name, long CostPoints, int StockTotal, int StockLeft, int LimitPerPerson, DateOnly From,
        DateOnly To, RewardState State,
    RewardKind Kind, string? PicturePath, TimeOnly OpensAt);

public sealed record StaffRewardList(IReadOnlyList<StaffRewardItem> Items);

/// <summary>What can be redeemed, and what a person has redeemed.</summary>
public static class RewardCatalogue
{
    const int PageSize = 50, DaysAhead = 7;

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/rewards", Offered).WithName("listRewards").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapGet("/houses/{houseId}/redemptions", Mine).WithName("listRedemptions").ForOwners().CanFail(Member.HouseNotFound,
            Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/rewards", All).WithName("listAllRewards").ForStaff(StaffRole.Clerk, StaffRole.Manager,
            StaffRole.Finance);
    }

    static async Task<Ok<RewardList>> Offered(Member member, OwnerPayDb db, Clock clock, CancellationToken cancel)
    {
        var (now, today) = (clock.Now(), clock.Today());
        var announced = today.AddDays(DaysAhead);    // so that owners know when a rush begins
        var rewards = await db.Rewards.AsNoTracking().Where(r => r.CommunityId == member.CommunityId && r.State == RewardState.Active
            && r.From <= announced && today <= r.To)
            .OrderBy(r => r.CostPoints).ThenBy(r => r.Code).ToListAsync(cancel);
        var taken = await db.Redemptions.Where(Redemption.Counts).Where(r => r.CommunityId == member.CommunityId && r.PersonId == member.PersonId)
            .GroupBy(r => r.RewardId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return TypedResults.Ok(new RewardList([.. rewards.Select(r => new RewardItem(r.Id, r.Name, r.Description, r.CostPoints, r.StockLeft,
            r.LimitPerPerson,
            Math.Max(0, r.LimitPerPerson - taken.GetValueOrDefault(r.Id)), r.From, r.To, r.PickUpPlace, r.PickUpDays,
            r.Kind, r.PeriodDays, r.PictureId is { } picture ? RewardPictures.PathOf(picture) : null, r.OpensAt <= now, r.OpensAt))]));
    }

    static async Task<Results<Ok<Page<RedemptionItem>>, ProblemHttpResult>> Mine(Member member, string? cursor, OwnerPayDb db,
        CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var (redemptions, rewards) = (db.Redemptions, db.Rewards);
        var query = redemptions.AsNoTracking().Where(r => r.CommunityId == member.CommunityId && r.PersonId == member.PersonId);
        var rows = await query.NewestFirst(after, r => new Cursor(r.ReservedAt, r.Id)).Take(PageSize + 1)
            .Join(rewards, r => r.RewardId, reward => reward.Id, (r, reward) => new { Redemption = r, reward.Name, reward.PickUpPlace, reward.Kind })
            .OrderByDescending(x => x.Redemption.ReservedAt).ThenByDescending(x => x.Redemption.Id).ToListAsync(cancel);
        var ids = rows.Select(x => x.Redemption.Id).ToList();
        var rights = await db.ParkingRights.AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancel);
        var coupons = await db.Coupons.Where(c => c.SourceKind == RedeemReward.Source && ids.Contains(c.SourceId))
            .Select(c => new { c.SourceId, c.Code })
            .ToDictionaryAsync(c => c.SourceId, c => c.Code, cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, x => new Cursor(x.Redemption.ReservedAt, x.Redemption.Id)).Select(x => new RedemptionItem(
            x.Redemption.Id, x.Redemption.RewardId, x.Name, x.Redemption.CostPoints, x.Redemption.PickUpCode, x.Redemption.State,
            x.Redemption.ReservedAt, x.Redemption.ExpiresOn, x.PickUpPlace, x.Kind,
            coupons.GetValueOrDefault(x.Redemption.Id), rights.GetValueOrDefault(x.Redemption.Id)?.SpaceCode,
                rights.GetValueOrDefault(x.Redemption.Id)?.From,
            rights.GetValueOrDefault(x.Redemption.Id)?.To)));
    }

    static async Task<Ok<StaffRewardList>> All(StaffMember by, OwnerPayDb db, CancellationToken cancel) =>
        TypedResults.Ok(new StaffRewardList(await db.Rewards.AsNoTracking().Where(r => r.CommunityId == by.CommunityId).OrderBy(r => r.Code)
            .ThenByDescending(r => r.Version)
            .Select(r => new StaffRewardItem(r.Id, r.Code, r.Version, r.Name, r.CostPoints, r.StockTotal, r.StockLeft, r.LimitPerPerson, r.From, r.To,
                r.State, r.Kind,
                r.PictureId == null ? null : RewardPictures.PathOf(r.PictureId.Value), TimeOnly.MinValue.AddMinutes(r.OpensMinute))).ToListAsync(cancel)));
}
