using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class NotifyUrlTests(Servers servers)
{
    // A gateway answered 200 to unknown routes; one wrong character in the notify URL, and WeChat counted every notice as delivered for ever.
    [Theory, EachDatabase]
    [Trait("Incident", "3")]
    public async Task A_public_address_behind_which_something_else_answers_is_put_before_the_admin_and_is_over_when_it_leads_to_us(Database database)
    {
        await using var gateway = await Gateway.Start();
        await using var installation = await servers.Own(database, 1, null, "--public-url", gateway.Address, "--OwnerPay:JobPace=0.002");
        await using var estate = await Estate.Create(installation, 1);

        Task<WorkItem?> Item() => installation.Db(db => db.WorkItems.AsNoTracking().SingleOrDefaultAsync(i => i.CommunityId == estate.CommunityId && i.Kind == CheckNotifyUrls.Trouble));
        await Estate.Eventually(async () => await Item() is { State: WorkItemState.Open }, "the admin is told");
        var item = (await Item())!;
        Assert.Equal(StaffRole.Admin, item.Role);
        Assert.Contains("/transactions 应答 200", item.Detail, StringComparison.Ordinal);

        gateway.LeadsTo = installation.Addresses[0];
        await Estate.Eventually(async () => await Item() is { State: WorkItemState.Done }, "the trouble is over");
        Assert.Equal("通知地址已可访问", (await Item())!.Resolution);
    }

    /// <summary>Answers 200 to everything until it is told whom to pass it on to.</summary>
    sealed class Gateway(WebApplication app, string address) : IAsyncDisposable
    {
        readonly HttpClient http = new();

        public string Address => address;

        public Uri? LeadsTo { get; set; }

        public static async Task<Gateway> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            var app = builder.Build();
            var gateway = new Gateway(app, $"http://127.0.0.1:{Ports.Free()}");
            app.Urls.Add(gateway.Address);
            app.MapFallback(gateway.Pass);
            await app.StartAsync();
            return gateway;
        }

        async Task Pass(HttpContext call)
        {
            if (LeadsTo is not { } target) return;
            using var copy = new HttpRequestMessage(new HttpMethod(call.Request.Method), new Uri(target, call.Request.Path));
            using var answer = await http.SendAsync(copy);
            call.Response.StatusCode = (int)answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            http.Dispose();
        }
    }
}
