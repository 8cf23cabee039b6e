using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>Rules of points, a grant and a draw to its end, so that every column of them has a row to be tampered with.</summary>
static class TamperPrizes
{
    public static async Task Play(Stage stage, Story story)
    {
        var (desk, at) = (story.Desk, story.Desk.Community);
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<OwnerPayDb>();
        var tenure = await db.Tenures.AsNoTracking().Where(t => t.Kind == TenureKind.Owner && t.To == null).OrderBy(t => t.Id).FirstAsync();
        var house = await db.Houses.Where(h => h.Id == tenure.HouseId).Select(h => h.Code).SingleAsync();
        await desk.As(StaffRole.Manager).Post(at + "/points/terms", new
        {
            streakYears = 3, streakTimes = 2, remindDays = 30, grantLimit = 500,
            costFenPerHundred = 100
        });
        await desk.As(StaffRole.Clerk).Post(at + "/points/grants", new
        {
            houseCode = house, points = 400, reason = "参加志愿服务",
            personId = tenure.PersonId
        });
        var now = new DateTimeOffset(stage.Time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            TimeSpan.Zero).ToOffset(Clock.ShanghaiOffset);
        var beaconOn = Clock.DateOf(now.AddHours(1)).AddDays(1);
        var draw = (await desk.As(StaffRole.Manager).Post(at + "/draws", new
        {
            title = "新年抽奖", text = "用积分领取抽奖券。", opens = now, closes = now.AddHours(1), beacon = "上证指数收盘点位", beaconOn, ticketPoints = 50,
            maxTickets = 4,
            prizes = new[] { new { name = "扫地机器人", valueFen = 100_000, count = 1 }, new { name = "洗衣液", valueFen = 5_000, count = 1 } },
        }))["drawId"]!.GetValue<Guid>();
        await Approve(desk, StaffRole.Finance, "points-terms");
        await Approve(desk, StaffRole.Finance, "draw");
        var member = new Member(Guid.CreateVersion7(), "", "", desk.CommunityId, tenure.PersonId, tenure.HouseId, tenure.Kind, []);
        var bought = await services.GetRequiredService<BuyTickets>().Run(draw, new TicketRequest(3), new IdempotencyKey("test", "tamper", "tickets",
            draw.ToString("N")), member, default);
        Assert.True(bought.Done, bought.Refusal?.Code);
        stage.Time.MoveTo(Clock.StartOf(beaconOn).AddHours(10));
        await Estate.Eventually(async () => await db.Draws.AnyAsync(d => d.Id == draw && d.State == DrawState.Closed), "the draw is closed");
        await desk.As(StaffRole.Finance).Post($"{at}/draws/{draw}/beacon", new { value = "3127.45", source = "上交所网站" });
        await Approve(desk, StaffRole.Manager, "draw-beacon");
        Assert.Equal(2, await db.DrawWins.CountAsync(w => w.DrawId == draw));
    }

    /// <summary>Decides what this file proposed; the month has other proposals that wait for other people.</summary>
    static async Task Approve(Desk desk, StaffRole by, string kind)
    {
        foreach (var approval in (await desk.As(by).Get(desk.Community + "/approvals?state=proposed"))["items"]!.AsArray())
            if (approval!["kind"]!.GetValue<string>() == kind)
                await desk.As(by).Post($"{desk.Community}/approvals/{approval["id"]!.GetValue<Guid>()}/approve", new { note = "同意" });
    }
}
