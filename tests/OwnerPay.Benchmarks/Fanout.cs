using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.Benchmarks;

/// <summary>P5: a notice to very many phones from two instances on one MariaDB, against the rate that they were given.</summary>
public sealed class Fanout : IWorkload
{
    const int PerSecond = 150, PhonesAtOnce = 8;
    const string Template = "Nq4TzV8sKw2XbLc7HmRd5JpYf9GuAe3Wi1oC6tB0vSk";

    /// <summary>A Thursday morning, far from quiet hours, whatever time it is where this is measured.</summary>
    static readonly DateTimeOffset Morning = new(2026, 12, 10, 10, 0, 0, TimeSpan.FromHours(8));

    public string Id => "P5";

    public string Title => $"message fan-out, two instances, {PerSecond} a second";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        var people = bench.Scale(100_000);
        await using var server = await MariaDbServer.Start(bench.Folder);
        // WeChat's own limit lies a little above ours: whoever runs into it is slowed down.
        await using var emulator = await EmulatorHost.Start(
            new EmulatorOptions { DataDirectory = bench.NewFolder("wechat-fanout"), MessagesPerSecond = PerSecond * 11 / 10 }, cancel);
        string[] args = ["--data", bench.NewFolder("fanout"), "--database", server.ConnectionTo("fanout")];
        using var weChat = new HttpClient { BaseAddress = emulator.BaseAddress };
        await using var prepared = ServiceApp.Build([.. args, $"--OwnerPay:WeChatApiUrl={emulator.BaseAddress}", "--environment=Development"],
            adjust: Quietly.Adjust);
        Bench.Say($"  {people:#,0} phones that allow a message");
        var campaign = await Prepare(prepared, weChat, emulator.Merchant, people, cancel);

        await using var first = await Instance(args, emulator);
        await using var second = await Instance(args, emulator);
        var (from, to) = (people / 10, people - people / 100);
        await Until(weChat, from, cancel);
        var (began, countThen) = (TimeProvider.System.GetTimestamp(), await Taken(weChat, cancel));
        await Until(weChat, to, cancel);
        var (took, countNow) = (TimeProvider.System.GetElapsedTime(began), await Taken(weChat, cancel));
        var rate = (countNow - countThen) / took.TotalSeconds;
        await UntilDone(prepared, campaign, cancel);
        await first.Stop();
        await second.Stop();

        var broken = await Broken(prepared, campaign, people, await Taken(weChat, cancel), cancel);
        return new Outcome(
            [new Line($"messages to {people:#,0} phones", "messages/s", rate, PerSecond, rate / PerSecond, "≥ 0.97 ×", rate >= 0.97 * PerSecond)],
            [
                "the reference is the rate itself, which both instances share; nothing can be faster",
                "measured between the first tenth and the last hundredth: the start of two processes and the end of the queue are no part of the rate",
                "WeChat is the emulator on the same machine; it refuses what is more than a tenth above the rate",
            ], broken);
    }

    static Task<ServerProcess> Instance(string[] args, EmulatorHost emulator)
    {
        var port = Ports.Free();
        return ServerProcess.Start(ServerProcess.Service, port, "/health/ready",
        [
            .. args, "--public-url", $"http://127.0.0.1:{port}", $"--OwnerPay:WeChatPayUrl={emulator.BaseAddress}",
                $"--OwnerPay:WeChatApiUrl={emulator.BaseAddress}",
            $"--OwnerPay:MessagesPerSecond={PerSecond}", $"--OwnerPay:StoryBegin={Morning:O}", "--environment=Development",
                "--Logging:LogLevel:Default=Warning",
        ]);
    }

    static async Task<Guid> Prepare(WebApplication app, HttpClient weChat, Merchant merchant, int people, CancellationToken cancel)
    {
        await Do(app, db => db.Migrate(cancel));
        var community = new PeopledCommunity(app.Services, merchant.Appid);
        var houses = await community.Make(people, cancel);
        await Parallel.ForEachAsync(houses, new ParallelOptions { MaxDegreeOfParallelism = PhonesAtOnce, CancellationToken = cancel }, async (house,
            stop) =>
            (await weChat.PostAsJsonAsync($"/admin/users/{house.OpenId}/subscriptions", new { accept = new[] { Template }, times = 2 }, stop))
                .EnsureSuccessStatusCode());
        foreach (var page in houses.Chunk(1_000))
            await Do(app, async db =>
            {
                db.AddRange(page.Select(house => new MessageGrant
                {
                    WeChatUserId = house.WeChatUserId, WeChatTemplateId = Template, Count = 1,
                    Reported = 1
                }));
                db.AddRange(page.Select(house => new GrantEntry
                {
                    Id = Guid.CreateVersion7(), WeChatUserId = house.WeChatUserId, WeChatTemplateId = Template, Delta = 1,
                    Reason = GrantReason.Accepted,
                    SourceId = Guid.CreateVersion7(), At = Morning,
                }));
                await db.SaveChangesAsync(cancel);
            });
        var (campaign, master) = (Guid.CreateVersion7(), app.Services.GetRequiredService<MasterKey>());
        await Do(app, async db =>
        {
            db.Add(new MiniProgram
            {
                Id = Guid.CreateVersion7(), AppId = merchant.Appid, SecretWrapped = master.Wrap(MiniProgram.SecretPurpose, merchant.Appsecret),
            });
            db.Add(new MessageTemplate
            {
                Id = Guid.CreateVersion7(), CommunityId = community.CommunityId, Kind = NoticeKind.Notice.MessageKind(), Version = 1,
                State = TemplateState.Active,
                WeChatTemplateId = Template, Page = "pages/message/list", Fields = """{"thing1":"{title}","date3":"{date}"}""",
                InboxTitle = "{title}",
                InboxBody = "{text}", Chain = "Subscription",
            });
            db.Add(new Campaign
            {
                Id = campaign, CommunityId = community.CommunityId, Kind = NoticeKind.Notice.Name(), SubjectId = campaign, Title = "供水管网检修通知",
                Body = "请提前储水。", Audience = new Audience().ToJson(), StartAt = Morning, ProposedBy = Guid.CreateVersion7(), CreatedAt = Morning,
                State = CampaignState.Scheduled,
            });
            await db.SaveChangesAsync(cancel);
        });
        return campaign;
    }

    static async Task Until(HttpClient weChat, int count, CancellationToken cancel)
    {
        while (await Taken(weChat, cancel) < count) await Task.Delay(100, cancel);
    }

    static async Task<int> Taken(HttpClient weChat, CancellationToken cancel) =>
        (await weChat.GetFromJsonAsync<JsonNode>("/admin/statistics", cancel))!["messagesAccepted"]!.GetValue<int>();

    static async Task UntilDone(WebApplication app, Guid campaign, CancellationToken cancel)
    {
        for (var done = false; !done; await Task.Delay(500, cancel))
            await Do(app, async db => done = await db.Campaigns.AnyAsync(c => c.Id == campaign && c.State == CampaignState.Done, cancel));
    }

    static async Task<List<string>> Broken(WebApplication app, Guid campaign, int people, int taken, CancellationToken cancel)
    {
        var (broken, sent) = (new List<string>(), 0);
        await Do(app, async db => sent = await db.Deliveries.CountAsync(d => d.CampaignId == campaign && d.State == DeliveryState.Sent, cancel));
        if (sent != people) broken.Add($"{sent} of {people} are noted as sent");
        if (taken != people) broken.Add($"WeChat took {taken} messages for {people} phones");
        await using var scope = app.Services.CreateAsyncScope();
        broken.AddRange((await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(null, cancel)).Take(20)
            .Select(f => $"{f.Check} {f.Subject} {f.Message}"));
        return broken;
    }

    static async Task Do(WebApplication app, Func<OwnerPayDb, Task> act)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<OwnerPayDb>());
    }
}
