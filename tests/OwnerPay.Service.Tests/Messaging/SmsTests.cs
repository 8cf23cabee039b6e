using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Messaging.Sms;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Staff;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class SmsTests(Servers servers)
{
    const string KeyId = "LTAI5tTestKeyId00001", Secret = "TestSecretOfNobody000001", Kind = "bill.reminder.friendly";

    // The example that Alibaba Cloud publishes with its description of the signature.
    [Fact]
    public void The_published_example_gets_the_published_signature()
    {
        var headers = AliyunSignature.Headers("ecs.cn-shanghai.aliyuncs.com", "RunInstances", "2014-05-26",
            new DateTimeOffset(2023, 10, 26, 10, 22, 32, TimeSpan.Zero), "3156853299f313e23d1673dc12e1703d");
        var query = AliyunSignature.Query(new Dictionary<string, string>
        {
            ["RegionId"] = "cn-shanghai", ["ImageId"] = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        });

        Assert.Equal("ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
            + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            AliyunSignature.Authorization("YourAccessKeyId", "YourAccessKeySecret", "POST", query, headers));
    }

    sealed class Place(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }

    [Theory]
    [InlineData("https://dysmsapi.aliyuncs.com", true)]
    [InlineData("https://dysmsapi.aliyuncs.com.example.org", false)]
    [InlineData("http://127.0.0.1:9000", false)]
    public async Task In_production_numbers_and_texts_of_owners_go_to_the_provider_and_nowhere_else(string url, bool starts)
    {
        Task Start(string environment) => new ProviderHosts(new ServiceSettings { SmsUrl = url }, new Place(environment)).StartAsync(default);

        await Start(Environments.Development);
        if (starts) await Start(Environments.Production);
        else await Assert.ThrowsAsync<OptionsValidationException>(() => Start(Environments.Production));
    }

    [Theory, EachDatabase]
    public async Task Who_allowed_no_message_gets_a_text_message_which_is_priced_reported_and_never_sent_to_a_shared_number(Database database)
    {
        using var provider = new SmsProvider(KeyId, Secret);
        await using var estate = await servers.OwnEstate(database, 5, "--OwnerPay:SmsUrl", provider.Url);
        var reports = await SetUp(estate);
        await estate.SetTariffs();
        await estate.SetTemplates();
        var (refused, shared, unwilling) = (await estate.SignIn(estate.Houses[0]), estate.Houses[1], await estate.SignIn(estate.Houses[2]));
        await Share(estate, shared);
        (await unwilling.Api.Put(unwilling.Path + "/contact", new { sms = false, promotion = false })).Done();
        var reach = await estate.Reach(Kind, [.. estate.Houses.Select(house => house.PersonId)]);
        Assert.Equal((4, 4 * 10L), reach.Channels.Where(c => c.Channel == MessageChannel.Sms).Select(c => (c.First, c.CostFen)).Single());
        provider.Refuse("isv.BUSINESS_LIMIT_CONTROL");    // the first try only: it goes later
        await estate.IssueBills();

        await estate.Remind(Kind);
        await Estate.Eventually(async () => (await Sms(estate)) is { Count: 4 } all
            && all.All(d => d.State is not (DeliveryState.Waiting or DeliveryState.Claimed)),
            "all text messages are decided");

        var sms = await Sms(estate);
        Assert.Equal(3, sms.Count(d => d.State == DeliveryState.Sent));
        Assert.Equal((DeliveryState.NoPermission, "third_person", 0L), sms.Where(d => d.AddressId == SmsChannel.AddressOf(shared.Phone))
            .Select(d => (d.State, d.Reason, d.CostFen)).Single());
        Assert.All(sms.Where(d => d.State == DeliveryState.Sent), d => Assert.Equal((10L, DeliveryProof.Accepted), (d.CostFen, d.Proof)));
        Assert.DoesNotContain(provider.Arrived, arrived => arrived.Phone == shared.Phone || arrived.Phone == unwilling.House.Phone);
        var first = provider.Arrived.Single(arrived => arrived.Phone == refused.House.Phone && arrived.TemplateCode == "SMS_480010002");
        Assert.Equal(("阳光物业", "SMS_480010002", "250.88"), (first.SignName, first.TemplateCode, first.Values["open"]!.GetValue<string>()));
        Assert.Null(first.Values["lateFee"]);    // only what the text names leaves the house

        await Reports(estate, reports, provider, refused.House.Phone);
        Assert.Empty(await estate.Broken());
    }

    /// <summary>Reports are believed from the secret address alone, repeated without effect, and one that failed is a failure.</summary>
    static async Task Reports(Estate estate, JsonNode reports, SmsProvider provider, string phone)
    {
        var url = new Uri(new Uri(reports["reportUrl"]!.GetValue<string>()).PathAndQuery, UriKind.Relative);
        var reminders = provider.Arrived.Where(sms => sms.TemplateCode == "SMS_480010002").ToList();
        var (good, bad) = (reminders.Single(sms => sms.Phone == phone), reminders.First(sms => sms.Phone != phone));
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        Assert.Equal(404, (int)(await http.PostAsJsonAsync(url.ToString().Replace("/reports", "x/reports", StringComparison.Ordinal)[..^1],
            SmsProvider.Report(good, true))).StatusCode);
        for (var time = 0; time < 2; time++)
            Assert.Equal(0, (await (await http.PostAsJsonAsync(url, SmsProvider.Report(good, true)))
                .Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<int>());
        Assert.Equal(200, (int)(await http.PostAsJsonAsync(url, SmsProvider.Report(bad, false, "UNDELIV"))).StatusCode);
        var sms = await Sms(estate);
        Assert.Equal(DeliveryProof.Delivered, sms.Single(d => d.ProviderId == good.BizId).Proof);
        Assert.Equal((DeliveryState.Failed, "UNDELIV"), sms.Where(d => d.ProviderId == bad.BizId).Select(d => (d.State, d.Reason)).Single());
    }

    [Theory, EachDatabase]
    public async Task A_text_message_whose_answer_never_came_is_not_sent_again_and_an_owner_who_answers_TD_gets_no_more_promotions(Database database)
    {
        using var provider = new SmsProvider(KeyId, Secret);
        await using var estate = await servers.OwnEstate(database, 1, "--OwnerPay:SmsUrl", provider.Url);
        var reports = await SetUp(estate);
        await estate.SetTariffs();
        await estate.SetTemplates();
        var owner = await estate.SignIn(estate.Houses[0]);
        var agreed = (await owner.Api.Put(owner.Path + "/contact", new { sms = true, promotion = true })).Done();
        Assert.True(agreed["promotion"].GetValue<bool>());
        await estate.IssueBills();
        await Estate.Eventually(() => Task.FromResult(provider.Arrived.Count == 1), "the bill is told by text message");
        provider.Refuse("silent");

        await estate.Remind(Kind);
        await Estate.Eventually(async () => (await Sms(estate)).Any(d => d.State == DeliveryState.Failed), "the message is given up");

        Assert.Equal("outcome_unknown", Assert.Single(await Sms(estate)).Reason);
        Assert.Equal(2, provider.Arrived.Count);
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        var replies = new Uri(new Uri(reports["replyUrl"]!.GetValue<string>()).PathAndQuery, UriKind.Relative);
        var reply = new JsonArray(new JsonObject { ["phone_number"] = owner.House.Phone, ["content"] = "TD", ["sequence_id"] = 1 });
        Assert.Equal(200, (int)(await http.PostAsJsonAsync(replies, reply)).StatusCode);
        var now = (await owner.Api.Get(owner.Path + "/contact")).Done();
        Assert.Equal((true, false), (now["sms"].GetValue<bool>(), now["promotion"].GetValue<bool>()));
        Assert.Empty(await estate.Broken());
    }

    static async Task<JsonNode> SetUp(Estate estate)
    {
        using var admin = await estate.Installation.FirstAdmin();
        return (await admin.Send(HttpMethod.Put, "/messaging/sms-account", new
        {
            accessKeyId = KeyId, accessKeySecret = Secret,
            signName = "阳光物业"
        })).Done().Body!;
    }

    /// <summary>A tenant of another house has the same number: an agent's, perhaps.</summary>
    static Task Share(Estate estate, TestHouse house) => estate.Installation.Db(async db =>
    {
        var tenant = new Person { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Name = "租客", Kind = PersonKind.Human };
        db.Add(tenant);
        db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, PersonId = tenant.Id, Number = house.Phone });
        return await db.SaveChangesAsync();
    });

    static Task<List<Delivery>> Sms(Estate estate) => estate.Installation.Db(db => db.Deliveries.AsNoTracking()
        .Where(d => d.CommunityId == estate.CommunityId && d.Channel == MessageChannel.Sms && d.Kind == Kind).ToListAsync());
}
