using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Verbs;

namespace OwnerPay.Service.Tests.Rewards;

public sealed class DrawTests(Servers servers)
{
    const string Opens = "2026-12-10T09:00:00+08:00", Closes = "2026-12-12T18:00:00+08:00", BeaconOn = "2026-12-14";

    static Task<Answer> Propose(Estate estate, Guid? change = null, string text = "按时缴费或用积分领取抽奖券，人人机会均等。", long topFen = 100_000,
        string closes = Closes,
        string beaconOn = BeaconOn, long ticketPoints = 100, long ticketFen = 10_000)
    {
        var body = new
        {
            title = "新年抽奖", text, opens = Opens, closes, beacon = "上证指数 2026-12-14 收盘点位", beaconOn, ticketPoints, ticketFen, maxTickets = 3,
            pickUpDays = 10,
            prizes = new object[] { new { name = "扫地机器人", valueFen = topFen, count = 1 }, new { name = "洗衣液", valueFen = 4_990, count = 2 } },
        };
        return change is { } id ? estate.Manager.Put($"{estate.Path}/draws/{id}", body) : estate.Manager.Post(estate.Path + "/draws", body);
    }

    static async Task<JsonNode> Published(Estate estate, Guid draw)
    {
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        return JsonNode.Parse(await http.GetStringAsync($"/draws/{draw}.json"))!;
    }

    /// <summary>The job comes by on every instance at the same moment.</summary>
    static Task JobsRun(Estate estate) => Task.WhenAll(estate.Installation.Instances.Select(async instance =>
    {
        await using var scope = instance.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RunDraws>().Run(default);
    }));

    static Task<Answer> Take(TestOwner owner, Guid draw, int count = 1) => owner.Api.Post($"{owner.Path}/draws/{draw}/tickets", new { count });

    [Theory, EachDatabase]
    public async Task A_draw_that_the_law_forbids_is_refused_with_the_reason_and_published_rules_stay_as_they_are(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.GivePoints(owner, 500);

        var high = await Propose(estate, topFen: 5_000_001);
        Assert.Equal((400, "draw_prize_too_high", "prizes[0].valueFen"), (high.Status, high.Code, high["field"].GetValue<string>()));
        Assert.Contains("5 万元", high["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("draw_waives_right", (await Propose(estate, text: "参加者须放弃投诉")).Code);
        Assert.Equal("draw_beacon_too_early", (await Propose(estate, beaconOn: "2026-12-12")).Code);
        Assert.Equal("draw_window_unsound", (await Propose(estate, closes: "2026-12-10T08:00:00+08:00")).Code);
        Assert.Equal("draw_without_tickets", (await Propose(estate, ticketPoints: 0, ticketFen: 0)).Code);
        var draw = (await Propose(estate)).Done()["drawId"].GetValue<Guid>();
        var before = (await estate.Manager.Get($"{estate.Path}/draws/{draw}")).Done()["rulesHash"].GetValue<string>();
        (await Propose(estate, draw, text: "每位业主最多三张。")).Done();
        Assert.NotEqual(before, (await estate.Manager.Get($"{estate.Path}/draws/{draw}")).Done()["rulesHash"].GetValue<string>());
        Assert.Equal("draw_not_found", (await Take(owner, draw)).Code);    // nobody takes part in rules that nobody has read
        await estate.ApproveAll(estate.Finance);

        Assert.Equal(64, (await Published(estate, draw))["commitHex"]!.GetValue<string>().Length);
        Assert.Equal("draw_rules_fixed", (await Propose(estate, draw, topFen: 1)).Code);
        Assert.Equal("draw_not_closed", (await estate.Finance.Post($"{estate.Path}/draws/{draw}/beacon", new
        {
            value = "1",
            source = "上交所网站"
        })).Code);
        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Take(owner, draw)));
        Assert.Equal((3, 3), (taps.Count(tap => tap.Status == 200), taps.Count(tap => tap.Code == "draw_tickets_limit")));
        Assert.Equal(200, await estate.PointsHeld());
        Assert.Equal("draw_rules_fixed", (await estate.Manager.Post($"{estate.Path}/draws/{draw}/withdraw")).Code);
        var other = (await Propose(estate)).Done()["drawId"].GetValue<Guid>();
        await estate.ApproveAll(estate.Finance);
        (await estate.Manager.Post($"{estate.Path}/draws/{other}/withdraw")).Done();
        Assert.Equal("draw_not_open", (await Take(owner, other)).Code);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_draw_from_its_rules_to_its_prizes_can_be_recomputed_by_anybody_and_is_drawn_once(Database database)
    {
        await using var installation = await servers.Own(database, database == Database.MariaDb ? 2 : 1, null, Mornings.JobsSleep);
        await using var estate = await Estate.Create(installation, houses: 4);
        var draw = (await Propose(estate)).Done()["drawId"].GetValue<Guid>();
        await estate.ApproveAll(estate.Finance);
        var owners = await TakePart(estate, draw);

        installation.Clock.MoveTo(Mornings.At("2026-12-12", "18:00"));
        Assert.Equal("draw_not_open", (await Take(owners[3], draw)).Code);
        installation.Clock.MoveTo(Mornings.At("2026-12-12", "18:02"));
        await JobsRun(estate);
        var closed = await Published(estate, draw);
        // two of a payment, three for points; those of the payment that went back are off the list
        Assert.Equal(5, closed["tickets"]!.AsArray().Count);
        Assert.Null(closed["secretHex"]);
        Assert.Equal(1, await installation.Db(db => db.AuditEntries.CountAsync(a => a.Action == "draw.closed" && a.SubjectId == draw)));
        Assert.False(File.Exists(FileOf(estate, draw)));

        await Draw(estate, draw);
        await JobsRun(estate);
        await FileIsTheProof(estate, draw);
        await PrizesAreFetched(estate, draw, owners);
        Assert.Empty(await estate.Verify());
    }

    /// <summary>Two owners pay in time, one of them gets the money back; another one has points.</summary>
    static async Task<TestOwner[]> TakePart(Estate estate, Guid draw)
    {
        await estate.SetTariffs();
        await estate.IssueBills();
        var owners = await estate.SignInAll();
        foreach (var payer in owners.Take(2)) await payer.PayAll();
        await estate.GivePoints(owners[2], 400);
        await JobsRun(estate);
        await JobsRun(estate);    // a second run gives nothing twice
        Assert.Equal(3, (await Take(owners[2], draw, 3)).Done()["tickets"].AsArray().Count);
        Assert.Equal("draw_tickets_limit", (await Take(owners[2], draw)).Code);
        var mine = (await owners[0].Api.Get(owners[0].Path + "/draws")).Done()["items"][0]!;
        Assert.Equal((2, 7), (mine["myTickets"]!.AsArray().Count, mine["tickets"]!.GetValue<int>()));    // 250.88 yuan: one for each full hundred
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<OwnerPayDb>().Once<bool>(new IdempotencyKey("test", "test", "back", draw.ToString("N")), draw, async () =>
        {
            var payment = await services.GetRequiredService<OwnerPayDb>().PointsLots.Where(l => l.PersonId == owners[1].House.PersonId)
                .Select(l => l.SourceId).SingleAsync();
            await services.GetRequiredService<TakeBackPoints>().Run(("payment", payment), Guid.CreateVersion7(), 1, 1, new(2026, 12, 11), default);
            return true;
        }, default);
        return owners;
    }

    static async Task Draw(Estate estate, Guid draw)
    {
        var path = $"{estate.Path}/draws/{draw}/beacon";
        var beacon = new { value = "3127.45", source = "上海证券交易所网站 2026-12-14" };
        Assert.Equal("draw_beacon_early", (await estate.Finance.Post(path, beacon)).Code);
        estate.Installation.Clock.MoveTo(Mornings.At(BeaconOn, "18:00"));
        Assert.Equal("own_proposal", (await estate.Manager.Post(path, beacon)).Code);
        (await estate.Finance.Post(path, new { value = "3127.54", source = "抄错了" + beacon.source })).Done();
        Assert.Equal("draw_beacon_waiting", (await estate.Finance.Post(path, beacon)).Code);
        var wrong = (await estate.Manager.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray().Single()!["id"]!.GetValue<Guid>();
        Assert.Equal("own_proposal", (await estate.Finance.Post($"{estate.Path}/approvals/{wrong}/approve", new { note = "自核" })).Code);
        (await estate.Manager.Post($"{estate.Path}/approvals/{wrong}/reject", new { note = "与网站不符" })).Done();
        (await estate.Finance.Post(path, beacon)).Done();
        await estate.ApproveAll(estate.Manager);
        Assert.Equal("draw_not_closed", (await estate.Finance.Post(path, beacon)).Code);    // never again
    }

    static string FileOf(Estate estate, Guid draw) => Path.Combine(estate.Installation.Folder, "data", "draws", $"{draw}.json");

    static async Task FileIsTheProof(Estate estate, Guid draw)
    {
        var file = FileOf(estate, draw);
        var bytes = await File.ReadAllBytesAsync(file);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.Empty(PublishedDraw.Check(bytes));
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[^1] };
        Assert.Equal(bytes, await http.GetByteArrayAsync($"/draws/{draw}.json"));
        var (good, output, _) = await CommandLine.Process(null, "verify-draw", file);
        Assert.Equal((0, true), (good, output.Contains("核对通过", StringComparison.Ordinal)));

        var forged = Path.Combine(estate.Installation.Folder, "forged.json");
        bytes[Array.LastIndexOf(bytes, (byte)'T') + 1] ^= 1;
        await File.WriteAllBytesAsync(forged, bytes);
        var (bad, _, complaint) = await CommandLine.Run(null, "verify-draw", forged);
        Assert.Equal((1, true), (bad, complaint.Contains("不通过", StringComparison.Ordinal)));
        Assert.NotEqual(0, (await CommandLine.Run(null, "verify-draw", forged + ".missing")).ExitCode);
    }

    static async Task PrizesAreFetched(Estate estate, Guid draw, TestOwner[] owners)
    {
        var shown = (await estate.Finance.Get($"{estate.Path}/draws/{draw}")).Done();
        Assert.Equal((109_980, 21_996), (shown["prizesFen"].GetValue<long>(), shown["taxFen"].GetValue<long>()));    // 20 % of each prize
        Assert.Equal("2028-12-14", shown["keepUntil"].GetValue<string>());
        Assert.DoesNotContain(estate.Houses[0].OwnerName, shown.Body!.ToJsonString(), StringComparison.Ordinal);
        var prizes = new List<JsonNode>();
        foreach (var owner in owners)
            prizes.AddRange((await owner.Api.Get(owner.Path + "/draws")).Done()["items"][0]!["myPrizes"]!.AsArray().Select(prize => prize!));
        Assert.Equal(3, prizes.Count);
        Assert.Equal(3, await estate.Installation.Db(db => db.Messages.CountAsync(m => m.Kind == DrawWonMessage.Name
            && m.CommunityId == estate.CommunityId)));
        var handed = await estate.Clerk.Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = prizes[0]["pickUpCode"]!.GetValue<string>() });
        Assert.True(handed.Done()["isPrize"].GetValue<bool>());
        Assert.Equal("redemption_ended", (await estate.Clerk.Post(estate.Path + "/redemptions/fulfil",
            new { pickUpCode = prizes[0]["pickUpCode"]!.GetValue<string>() })).Code);

        var invalid = prizes[1]["winId"]!.GetValue<Guid>();
        Assert.Equal("draw_win_ended", (await estate.Manager.Post($"{estate.Path}/draws/wins/{prizes[0]["winId"]!.GetValue<Guid>()}/replace",
            new { reason = "已经领走了" })).Code);
        (await estate.Manager.Post($"{estate.Path}/draws/wins/{invalid}/replace", new { reason = "书面放弃奖品" })).Done();
        await estate.ApproveAll(estate.Finance);
        await JobsRun(estate);
        var file = PublishedDraw.Parse(await File.ReadAllBytesAsync(FileOf(estate, draw)));
        Assert.Equal((4, 1), (file.Winners.Count, file.Replaced.Count));
        Assert.Empty(PublishedDraw.Check(file.ToBytes()));
        Assert.Equal("redemption_ended", (await estate.Clerk.Post(estate.Path + "/redemptions/fulfil",
            new { pickUpCode = prizes[1]["pickUpCode"]!.GetValue<string>() })).Code);
        Assert.Equal(109_980, (await estate.Finance.Get($"{estate.Path}/draws/{draw}")).Done()["prizesFen"].GetValue<long>());
    }
}
