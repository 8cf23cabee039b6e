using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OwnerPay.WeChatEmulator;
using OwnerPay.WeChatEmulator.Phone;

namespace OwnerPay.Browser.Tests;

/// <summary>The door between the page and the mini-program's backend.</summary>
public sealed class PhoneDoorTests(PhoneStage stage)
{
    [Fact]
    public async Task A_service_that_is_not_there_is_told_to_the_owner_in_Chinese_and_found_again_by_trying()
    {
        await using var silent = Quiet();
        silent.Urls.Add("http://127.0.0.1:0");
        await silent.StartAsync();
        var address = new Uri(silent.Urls.Single());
        await silent.StopAsync();    // from here on nobody answers at that port

        var folder = Directory.CreateTempSubdirectory("ownerpay-phone-");
        await using (var emulator = await EmulatorHost.Start(new() { DataDirectory = folder.FullName, Phone = new() { Backend = address, Scene = "sunshine" } }))
        {
            var page = await (await stage.Desk()).NewPageAsync();
            await page.GotoAsync($"{emulator.BaseAddress}phone/?id=oNobody");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("网络不太顺畅，请检查网络后重试");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("待缴账单仍会保留");

            await using var back = Quiet();
            back.Urls.Add(address.ToString());
            back.MapPost("/api/owner/v1/sessions", () => TypedResults.Ok(new { token = "t", expiresAt = TimeProvider.System.GetUtcNow().AddHours(2) }));
            back.MapGet("/api/owner/v1/me", () => TypedResults.Ok(new { bound = false, suspended = false, houses = Array.Empty<string>() }));
            await back.StartAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "绑定我的房屋" })).ToBeVisibleAsync();
        }
        folder.Delete(recursive: true);
    }

    static WebApplication Quiet()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    [Theory]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("http://pay.example.cn")]
    [InlineData("http://127.0.0.1:5080/api")]
    public async Task A_backend_elsewhere_is_refused_at_the_start(string backend)
    {
        var folder = Directory.CreateTempSubdirectory("ownerpay-phone-");
        var refusal = await Assert.ThrowsAsync<EmulatorStartException>(
            () => EmulatorHost.Start(new() { DataDirectory = folder.FullName, Phone = new PhoneOptions { Backend = new Uri(backend) } }));
        Assert.Contains("backend", refusal.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Requests_reach_the_backend_whatever_their_path_says_and_nowhere_else()
    {
        using var there = await stage.WeChat.GetAsync("/phone/request/health/live");
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        using var elsewhere = await stage.WeChat.GetAsync("/phone/request//example.com/api");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);    // the service's own answer
        Assert.False(elsewhere.Headers.Contains("X-Phone-Fail"));
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_origin_gets_nothing(string header, string value)
    {
        foreach (var path in (string[])["/phone/settings", "/phone/request/health/live", "/phone/stories/phone-story"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { header, value } } };
            using var answer = await stage.WeChat.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("..%2Femulator")]
    [InlineData("nothing-of-the-kind")]
    public async Task A_story_is_a_file_of_the_folder_of_stories(string name)
    {
        using var answer = await stage.WeChat.GetAsync("/phone/stories/" + name);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
