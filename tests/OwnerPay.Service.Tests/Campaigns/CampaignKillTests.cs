using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Setup;
using static OwnerPay.Service.Tests.Campaigns.TestCampaigns;

namespace OwnerPay.Service.Tests.Campaigns;

/// <summary>A large notice while machines fail: two instances on one MariaDB with a Redis between them, one of them a process that is
/// killed.</summary>
public sealed class CampaignKillTests(Servers servers, ITestOutputHelper output)
{
    /// <summary>Messages that one instance has in hand at once.</summary>
    const int InHand = 8;

    static int People => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 20_000 : 2_000;

    [Fact]
    public async Task Nobody_is_lost_or_told_twice_when_an_instance_is_killed_and_Redis_stops_in_the_middle_of_a_large_notice()
    {
        await using var redis = await RedisServer.StartOwn();
        string[] args = ["--redis", redis.Socket, "--OwnerPay:MessagesPerSecond=150"];
        await using var installation = await servers.Own(Database.MariaDb, args: args);
        await using var estate = await Estate.Create(installation, People);
        await estate.SetTemplates();
        await estate.GiveCrowdPhones(estate.TemplateOf("campaign.notice"));
        await using var victim = await Run(installation, args);

        var campaign = (await estate.Campaign(Notice())).Done()["campaignId"].GetValue<Guid>();
        await estate.ApproveAll(estate.Manager);
        await Estate.Eventually(async () => await estate.TakenByWeChat() >= People / 6, "the notice is on its way", seconds: 240);
        await victim.Kill();
        var claims = (await InHandOf(installation, campaign)).Select(d => d.Claim).OfType<Guid>().ToHashSet();
        var atKill = await estate.TakenByWeChat();
        await Estate.Eventually(async () => await estate.TakenByWeChat() >= People / 2, "the other one goes on", seconds: 240);
        await redis.End();
        var atRedis = await estate.TakenByWeChat();
        await EndLeases(installation, estate, campaign, claims);
        var progress = await estate.UntilDone(campaign, seconds: 600);
        var taken = await estate.TakenByWeChat();
        output.WriteLine($"{atKill} taken at the kill, {atRedis} when Redis stopped, {taken} in all; {progress}");

        Assert.InRange(atKill, 1, People - 1);
        Assert.InRange(atRedis, 1, People - 1);
        var (sent, unknown) = (Count(progress, "sent"), Count(progress, "unknown"));
        Assert.InRange(unknown, 0, InHand);                  // what was in hand at the kill is not sent again
        Assert.Equal((People, 0), (Count(progress, "persons"), Count(progress, "toTell")));
        Assert.Equal(People, sent + unknown);                // nobody is lost, and each counts once
        Assert.InRange(taken, sent, sent + unknown);         // each phone would have taken a second one: none came
        Assert.Empty(await estate.Broken());
    }

    /// <summary>Deliveries that an instance has claimed and not finished.</summary>
    static Task<List<Delivery>> InHandOf(Installation installation, Guid campaign) => installation.Db(db => db.Deliveries.AsNoTracking()
        .Where(d => d.CampaignId == campaign && (d.State == DeliveryState.Waiting || d.State == DeliveryState.Claimed)).ToListAsync());

    /// <summary>Waits until all is done but what the dead one had claimed; then as if the minutes of its leases were over.</summary>
    static async Task EndLeases(Installation installation, Estate estate, Guid campaign, HashSet<Guid> claims)
    {
        await Estate.Eventually(async () => Count(await estate.Progress(campaign), "toTell") == 0
            && (await InHandOf(installation, campaign)).TrueForAll(d => d.Claim is { } claim && claims.Contains(claim)),
                "only the dead one's are left", seconds: 600);
        await installation.Db(db =>
        {
            var (deliveries, past) = (db.Deliveries, DateTimeOffset.UnixEpoch);
            return deliveries.Where(d => d.CampaignId == campaign && d.LeaseUntil != null).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.LeaseUntil, past));
        });
    }

    static Task<ServerProcess> Run(Installation installation, string[] args)
    {
        var port = Ports.Free();
        return ServerProcess.Start(ServerProcess.Service, port, "/health/live",
            [.. installation.Arguments(port), .. args, $"--OwnerPay:StoryBegin={installation.Clock.GetUtcNow():O}"]);
    }
}
