using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>One instance of a flow's story: the one that dies, or the one that is started afterwards.</summary>
public sealed class Host : IAsyncDisposable
{
    readonly WebApplication? app;

    Host(WebApplication app, Fuse fuse)
    {
        (this.app, Fuse) = (app, fuse);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>A process of its own.</summary>
    public Host(Uri address) => (Address, Fuse) = (address, new Fuse());

    public Fuse Fuse { get; }
    public Uri Address { get; }

    /// <summary>A host with a fuse and without jobs: only what a flow asks for happens, so that its steps can be counted.</summary>
    public static async Task<Host> Doomed(Installation installation, Uri weChatCalls)
    {
        var fuse = new Fuse();
        return new(await installation.Build(builder =>
        {
            Quiet(builder);
            Without<OutboxWorker>(builder);
            Without<JobRunner>(builder);
            builder.Services.AddSingleton<IInterceptor>(new FuseOnDatabase(fuse));
            builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new FuseOnWeChat(fuse)));
        }, PublicUrl(weChatCalls)), fuse);
    }

    /// <summary>The host at which stories begin: no worker of it does anything afterwards.</summary>
    public static Task<WebApplication> Still(Installation installation, Uri weChatCalls) => installation.AddInstance(builder =>
    {
        Quiet(builder);
        Without<OutboxWorker>(builder);
        Without<JobRunner>(builder);
    }, PublicUrl(weChatCalls));

    /// <summary>A host like any other, started after the end of those before it.</summary>
    /// <param name="jobs">False where its jobs would do more than the flow is about.</param>
    public static async Task<Host> Fresh(Installation installation, Uri weChatCalls, bool jobs) => new(await installation.Build(builder =>
    {
        Quiet(builder);
        if (!jobs) Without<JobRunner>(builder);
    }, [.. PublicUrl(weChatCalls), "--OwnerPay:JobPace=0.03"]), new Fuse());

    static string[] PublicUrl(Uri weChatCalls) => ["--public-url", weChatCalls.GetLeftPart(UriPartial.Authority)];

    static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();    // of a dying host everything fails
        Without<Service.Payments.WeChatPay.CheckKeysAtStart>(builder);    // it asks WeChat for each of many estates
    }

    static void Without<T>(WebApplicationBuilder builder)
    {
        foreach (var worker in builder.Services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(T)).ToList())
            builder.Services.Remove(worker);
    }

    /// <summary>A client presses a button; when nobody answers it learns 0.</summary>
    public Task<int> Owner(TestOwner owner, string path, object? body, string key) => Send("/api/owner/v1", owner.Api.Token!, path, body, key);

    public Task<int> Staff(Api staff, string path, object? body, string key) => Send("/api/staff/v1", staff.Token!, path, body, key);

    async Task<int> Send(string door, string token, string path, object? body, string key)
    {
        using var api = new Api(Address, door, token);
        try { return (await api.Post(path, body, key)).Status; }
        catch (Exception broken) when (broken is HttpRequestException or IOException) { return 0; }
    }

    /// <summary>A clerk uploads a file.</summary>
    public Task<int> Upload(Api staff, string path, byte[] file, string name, string key) =>
        Send("/api/staff/v1", staff.Token!, path, new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } }, key);

    /// <summary>A clerk uploads a roster and waits for its import. Whether it has ended he sees from elsewhere: looking would be a step of this host's.</summary>
    public async Task<int> Import(Estate estate, byte[] file)
    {
        using var api = new Api(Address, "/api/staff/v1", estate.Clerk.Token);
        try
        {
            var begun = await api.Post($"{estate.Path}/roster/imports?goodRows=false", RosterImporting.Form(file));
            if (begun.Status != 202) return begun.Status;
            var id = begun["importId"].GetValue<Guid>();
            var state = RosterImportState.Running;
            while (state == RosterImportState.Running && !Fuse.Blown)
            {
                await Task.Delay(30);
                state = await estate.Installation.Db(db => db.RosterImports.Where(i => i.Id == id).Select(i => i.State).SingleAsync());
            }
            return state == RosterImportState.Done ? 200 : 0;
        }
        catch (HttpRequestException) { return 0; }
    }

    /// <summary>A job comes by.</summary>
    public async Task<int> Job<T>() where T : IJob
    {
        try
        {
            await using var scope = app!.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<T>().Run(default);
            return 200;
        }
        catch (Exception) when (Fuse.Blown) { return 0; }
    }

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
