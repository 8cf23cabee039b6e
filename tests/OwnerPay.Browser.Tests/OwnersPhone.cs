using Microsoft.Playwright;

namespace OwnerPay.Browser.Tests;

/// <summary>What a finger and a pair of eyes do with a phone. Everything goes through what is on the screen.</summary>
public sealed class OwnersPhone(IPage page, string openid)
{
    public IPage Page => page;

    public string Openid => openid;

    /// <summary>WeChat's dialog on top, when one is open.</summary>
    ILocator Dialog => page.Locator(".layer").Last;

    ILocator MiniProgram => page.Locator(".app");

    /// <summary>Taps a button of the mini-program by its words.</summary>
    public Task Tap(string words, AriaRole role = AriaRole.Button) => MiniProgram.GetByRole(role, new() { Name = words }).First.ClickAsync();

    /// <summary>Taps a button in WeChat's dialog.</summary>
    public Task Answer(string words) => Dialog.GetByRole(AriaRole.Button, new() { Name = words, Exact = true }).ClickAsync();

    public Task Tab(string title) => page.Locator(".tabs").GetByText(title, new() { Exact = true }).ClickAsync();

    public Task Back() => MiniProgram.GetByLabel("返回").ClickAsync();

    public Task Sees(string words) => Assertions.Expect(MiniProgram.GetByText(words).First).ToBeVisibleAsync();

    public Task DoesNotSee(string words) => Assertions.Expect(MiniProgram.GetByText(words)).ToHaveCountAsync(0);

    public Task SeesDialog(string words) => Assertions.Expect(Dialog).ToContainTextAsync(words);

    public Task SeesNoDialog() => Assertions.Expect(page.Locator(".layer")).ToHaveCountAsync(0);

    public Task SeesBanner(string words) => Assertions.Expect(page.Locator(".banner").First).ToContainTextAsync(words);

    /// <summary>Keeps a picture of what is on the screen, where somebody wants to look at it.</summary>
    public async Task Look(string name)
    {
        if (Environment.GetEnvironmentVariable("OWNERPAY_PICTURES") is not { Length: > 0 } folder) return;
        await Assertions.Expect(page.Locator(".toast")).ToHaveCountAsync(0);
        await page.ScreenshotAsync(new() { Path = System.IO.Path.Combine(folder, name + ".png") });
    }

    public Task SeesTitle(string title) => Assertions.Expect(MiniProgram.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 })).ToBeVisibleAsync();

    public async Task Bind(string house)
    {
        await page.GetByLabel("房号").FillAsync(house);
        await Tap("授权手机号并绑定");
        await Answer("允许");
        await SeesTitle("业主缴费");
        await Sees(house);
    }

    /// <summary>Six digits on WeChat's pad.</summary>
    public async Task TypePassword()
    {
        await SeesDialog("请输入支付密码");
        foreach (var digit in "135790") await Answer($"{digit}");
    }

    /// <summary>From the home page to WeChat's pad, allowing the receipt's message on the way when WeChat asks.</summary>
    public async Task GoToPad(bool asked = true)
    {
        await Tap("去缴费");
        await SeesTitle("确认缴费");
        await Tap("去支付");
        if (asked) await Answer("允许");
        await SeesDialog("请输入支付密码");
    }

    /// <summary>The pad, WeChat's own page after it, and back in the mini-program.</summary>
    public async Task Pay()
    {
        await TypePassword();
        await SeesDialog("支付成功");
        await Answer("完成");
        await SeesTitle("缴费结果");
    }
}
