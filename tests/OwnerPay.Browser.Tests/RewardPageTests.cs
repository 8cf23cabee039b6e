using System.Net.Http.Headers;
using Microsoft.Playwright;
using OwnerPay.Demo;
using OwnerPay.Service.Staff;

namespace OwnerPay.Browser.Tests;

/// <summary>What an owner gets for points: rewards, and tickets of a draw.</summary>
public sealed class RewardPageTests(PhoneStage stage)
{
    Desk Office => stage.Office;

    async Task<OwnersPhone> WithPoints(string name, string number, string house, int points)
    {
        var phone = await stage.OpenBound(name, number, house);
        await Office.As(StaffRole.Clerk).Post(Office.Community + "/points/grants", new { houseCode = house, points, reason = "参加志愿服务" });
        await PhoneStage.Approve(Office);    // above what a clerk may grant alone in a day, and the other tests grant on the same day
        return phone;
    }

    [Fact]
    public async Task An_owner_who_takes_tickets_of_a_draw_sees_their_numbers_what_they_cost_and_where_to_check_that_nobody_cheats()
    {
        var phone = await WithPoints("段承莉", "19900002701", "1-2-401", 180);
        await phone.Tap("幸运抽奖");
        await phone.Tap("新年按时缴费抽奖");
        await phone.Sees("我的抽奖券 0 / 5");
        await phone.Tap("增加");
        await phone.Sees("共 100 积分");
        await phone.Tap("换抽奖券");
        await phone.Answer("允许");    // that WeChat may tell a winner
        await phone.Sees("我的抽奖券 2 / 5");
        await Assertions.Expect(phone.Page.Locator(".chips li")).ToHaveCountAsync(2);
        await phone.Sees("可用 80 积分");
        await Assertions.Expect(phone.Page.Locator(".proof code")).ToHaveCountAsync(2);    // rules and secret are fixed already
        var page = phone.Page.GetByRole(AriaRole.Link, new() { Name = "打开公示页核对" });
        await Assertions.Expect(page).ToHaveAttributeAsync("href", new Uri(stage.Service, $"draws/{stage.Draw}").ToString());
        await phone.Look("phone-draw");

        await phone.Back();
        await phone.Sees("我有 2 张抽奖券");
        await phone.Look("phone-draws");
        await phone.Back();
        await phone.Tap("80 积分");
        await phone.Sees("抽奖券 新年按时缴费抽奖");
        await phone.Look("phone-points");
        await phone.Tap("按有效期", AriaRole.Tab);
        await phone.Sees("得 180 · 用 100");
        await phone.Look("phone-points-lots");
        Assert.Empty(await stage.Verify());
        await phone.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_redeemed_reward_shows_the_code_that_the_clerk_scans_and_one_to_come_says_when_the_rush_begins()
    {
        var phone = await WithPoints("尹建彤", "19900002738", "1-2-402", 500);
        await Propose(await phone.Page.ScreenshotAsync(new()
        {
            Type = ScreenshotType.Jpeg, Clip = new() { X = 0, Y = 90, Width = 390, Height = 300 },
        }));
        await phone.Tab("礼品");
        await phone.Sees("12月5日 10:00 开抢");
        await phone.Look("phone-rewards");
        await phone.Tap("查看陶瓷茶杯");
        await Assertions.Expect(phone.Page.Locator("img.reward-picture")).ToHaveJSPropertyAsync("complete", true);
        Assert.NotEqual(0, await phone.Page.Locator("img.reward-picture").EvaluateAsync<int>("picture => picture.naturalWidth"));
        await phone.Look("phone-reward");
        await phone.Tap("立即兑换");
        await phone.SeesDialog("将使用 260 积分");
        await phone.Answer("确认兑换");

        var code = phone.Page.GetByAltText("领取码二维码");
        await Assertions.Expect(code).ToBeVisibleAsync();
        await Assertions.Expect(code).ToHaveJSPropertyAsync("complete", true);
        Assert.NotEqual(0, await code.EvaluateAsync<int>("picture => picture.naturalWidth"));
        await phone.Look("phone-pick-up");
        await phone.Back();
        await phone.Back();
        await phone.Sees("还差 20 分");
        Assert.Empty(await stage.Verify());
        await phone.Page.Context.CloseAsync();
    }

    /// <summary>A cup with a picture, and one that can be had in three days.</summary>
    async Task Propose(byte[] picture)
    {
        using var form = new MultipartFormDataContent();
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(content, "file", "cup.jpg");
        var stored = await Office.As(StaffRole.Clerk).Post(Office.Community + "/rewards/pictures", form);
        object Cup(string code, string name, string from, string opensAt, Guid? pictureId) => new
        {
            code, name, description = "景德镇白瓷，容量 300 毫升。", costPoints = 260, stock = 8, limitPerPerson = 2, from, opensAt, to = "2027-01-31", pickUpDays = 14,
            pickUpPlace = "物业服务中心前台", pictureId,
        };
        await Office.As(StaffRole.Manager).Post(Office.Community + "/rewards", new
        {
            rewards = new[] { Cup("cup", "陶瓷茶杯", "2026-12-01", "00:00", stored.Id("pictureId")), Cup("cup-rush", "限量生肖杯", "2026-12-05", "10:00", null) },
        });
        await PhoneStage.Approve(Office);
    }
}
