using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Rewards;

/// <summary>What happens around points and gifts, in the words of the field.</summary>
public static class RewardSteps
{
    /// <summary>Proposed by the manager, approved by finance.</summary>
    /// <returns>The reward's id.</returns>
    public static async Task<Guid> AddReward(this Estate estate, int stock, long costPoints, int limit = 1)
    {
        var id = await estate.ProposeReward(stock, costPoints, limit);
        await estate.ApproveAll(estate.Finance);
        return id;
    }

    public static async Task<Guid> ProposeReward(this Estate estate, int stock, long costPoints, int limit)
    {
        var answer = (await estate.Manager.Post(estate.Path + "/rewards", new
        {
            rewards = new[]
            {
                new
                {
                    code = "gift", name = "新年台历", description = "", costPoints, stock, limitPerPerson = limit, from = "2026-01-01", to = "2027-12-31", pickUpDays = 7,
                    pickUpPlace = "物业服务中心",
                },
            },
        })).Done();
        return answer["rewardIds"][0]!.GetValue<Guid>();
    }

    public static Task<Answer> Redeem(this TestOwner owner, Guid reward, string? key = null) =>
        owner.Api.Post(owner.Path + "/redemptions", new { rewardId = reward }, key);

    /// <summary>Points from nowhere: only what a test starts from.</summary>
    public static async Task GivePoints(this Estate estate, TestOwner owner, long points)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var source = Guid.CreateVersion7();
        await services.GetRequiredService<OwnerPayDb>().Once<long>(new IdempotencyKey("test", "test", "give", source.ToString("N")), points, async () =>
        {
            await services.GetRequiredService<EarnPoints>().Run(estate.CommunityId, owner.House.PersonId, points, "test", source,
                services.GetRequiredService<Clock>().Today(), "测试", default);
            return points;
        }, default);
    }

    /// <summary>The same for many, in one transaction.</summary>
    public static async Task GivePoints(this Estate estate, IReadOnlyList<TestOwner> owners, long points)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<OwnerPayDb>().Once<long>(new IdempotencyKey("test", "test", "give", Guid.CreateVersion7().ToString("N")), points, async () =>
        {
            foreach (var owner in owners)
                await services.GetRequiredService<EarnPoints>().Run(estate.CommunityId, owner.House.PersonId, points, "test", Guid.CreateVersion7(),
                    services.GetRequiredService<Clock>().Today(), "测试", default);
            return points;
        }, default);
    }

    /// <summary>Points in the hands of this community's people.</summary>
    public static Task<long> PointsHeld(this Estate estate) => estate.Installation.Db(db =>
    {
        var lots = db.PointsLots;
        return lots.Where(lot => lot.CommunityId == estate.CommunityId).SumAsync(lot => lot.Remaining);
    });

    /// <summary>A reward of another kind, approved.</summary>
    public static async Task<Guid> AddReward(this Estate estate, string code, string kind, int stock, long costPoints, int limit = 1, string? couponCode = null,
        int periodDays = 0, string[]? spaces = null, Guid? pictureId = null)
    {
        var answer = (await estate.ProposeReward(code, kind, stock, costPoints, limit, couponCode, periodDays, spaces, pictureId)).Done();
        await estate.ApproveAll(estate.Finance);
        return answer["rewardIds"][0]!.GetValue<Guid>();
    }

    public static Task<Answer> ProposeReward(this Estate estate, string code, string kind, int stock, long costPoints, int limit = 1, string? couponCode = null,
        int periodDays = 0, string[]? spaces = null, Guid? pictureId = null) => estate.Manager.Post(estate.Path + "/rewards", new
        {
            rewards = new[]
            {
                new
                {
                    code, name = "奖励 " + code, description = "", costPoints, stock, limitPerPerson = limit, from = "2026-01-01", to = "2027-12-31", pickUpDays = 7,
                    pickUpPlace = "物业服务中心", kind, couponCode, periodDays, spaces, pictureId,
                },
            },
        });
}
