using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OwnerPay.WeChatEmulator.Admin;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.OfficialAccount;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.Pay.Bills;
using OwnerPay.WeChatEmulator.Phone;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator;

/// <summary>A running emulator: WeChat Pay, the mini-program's server API and the admin API on one loopback address.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    readonly WebApplication app;
    readonly World world;
    readonly FileStream folderLock;
    int stopped;

    EmulatorHost(WebApplication app, World world, FileStream folderLock, Uri baseAddress) =>
        (this.app, this.world, this.folderLock, BaseAddress) = (app, world, folderLock, baseAddress);

    /// <summary>Where it listens, with the port that was really taken.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What a client needs to be its merchant; the same as in <c>merchant.json</c>, also after a rotation.</summary>
    public Merchant Merchant => world.Keys.For(BaseAddress.GetLeftPart(UriPartial.Authority));

    /// <summary>Makes keys and tables in a fresh folder or takes up those of an old one, and listens.</summary>
    /// <exception cref="EmulatorStartException">The address is not loopback or in use, the scenario is not understood, or the folder belongs to
    /// another version or to a running emulator.</exception>
    public static async Task<EmulatorHost> Start(EmulatorOptions options, CancellationToken cancel = default)
    {
        var address = LoopbackAddress(options.Url);
        if (options.RetrySpeed < 1) throw new EmulatorStartException("retry speed: must be 1 or more");
        if (options.ProbeEvery is < 0 or 1) throw new EmulatorStartException("probe every: must be 0 or 2 and more");
        if (options.FeePerTenThousand is < 0 or > 10_000) throw new EmulatorStartException("fee: must be 0 to 10000 ten-thousandths");
        options.Phone.Check();
        var scenario = options.ScenarioFile is { } file ? Scenario.Read(file) : null;
        var directory = Path.GetFullPath(options.DataDirectory);
        Directory.CreateDirectory(directory);
        var folderLock = Lock(directory);
        try
        {
            return await Start(options, scenario, address, directory, folderLock, cancel);
        }
        catch
        {
            await folderLock.DisposeAsync();
            throw;
        }
    }

    static async Task<EmulatorHost> Start(
        EmulatorOptions options, Scenario? scenario, (IPAddress, int) address, string directory, FileStream folderLock, CancellationToken cancel)
    {
        var keys = Keys.OpenOrMake(directory);
        var store = await Store.Open(directory, cancel);
        var app = Build(address, options);
        EmulatorHost? host = null;
        var world = new World(options, store, keys, app.Logger, () => host!.Merchant.WriteTo(directory));
        await world.Prepare();
        scenario?.PlayOn(world.Faults);
        Map(app, world);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException failure)
        {
            await app.DisposeAsync();
            store.Dispose();
            throw new EmulatorStartException($"{options.Url}: {failure.Message}");
        }
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        host = new(app, world, folderLock, new Uri(bound));
        host.Merchant.WriteTo(directory);
        await world.Resume();
        return host;
    }

    /// <summary>One emulator a folder: two writers would each believe in their own numbers.</summary>
    static FileStream Lock(string directory)
    {
        try
        {
            return new(Path.Combine(directory, "emulator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new EmulatorStartException($"data: another emulator is running on {directory}");
        }
    }

    static (IPAddress Address, int Port) LoopbackAddress(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "http")
            throw new EmulatorStartException($"urls: {url} is no http address");
        if (!uri.IsLoopback) throw new EmulatorStartException($"urls: {url} is not on loopback, and the emulator serves nobody else");
        return (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal) ? literal : IPAddress.Loopback, uri.Port);
    }

    static WebApplication Build((IPAddress Address, int Port) address, EmulatorOptions options)
    {
        // Empty on purpose: no configuration files, no environment variables, nothing shared with a host around it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address.Address, address.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Services.AddAdminJson();
        builder.Services.AddSingleton<IHostLifetime, Embedded>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));    // a slow answer must not hold up the end
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (options.LogToConsole) builder.Logging.AddSimpleConsole();
        return builder.Build();
    }

    static void Map(WebApplication app, World world)
    {
        app.UseLoopbackOnly();
        app.UseReadableRefusals();
        MapPay(app, world);
        MapApi(app, world);
        var admin = app.MapAdmin();
        new AdminPersons(world.Store, world.Keys, world.Messages, world.Pushes).Map(admin);
        new AdminAccounts(world.Store, world.Keys, world.Pushes, world.Followers).Map(admin);
        new AdminPhone(world.Store, world.Payments, world.Feed, app.Lifetime).Map(admin);
        new AdminOrders(world.Store, world.Keys, world.Payments, world.Callbacks).Map(admin);
        new AdminRefunds(world.Store, world.Settling, world.Account).Map(admin);
        new AdminTrouble(world.Store, world.Keys, world.Faults, world).Map(admin);

        var phone = new PhoneDoor(world.Options.Phone, world.Keys);
        app.Lifetime.ApplicationStopped.Register(phone.Dispose);
        phone.Map(app);
    }

    static void MapPay(WebApplication app, World world)
    {
        var (store, keys, clock, options, faults) = (world.Store, world.Keys, world.Clock, world.Options, world.Faults);
        var pay = new PayDoor(keys, options, faults, world.Probes, world.RotateCertificate);
        var place = new PlaceOrder(store, keys, clock, options, faults, world.Payments);
        var orders = new OrderCalls(store, keys, faults, world.Payments);
        var refunds = new RefundCalls(store, keys, clock, options, faults, world.Settling);
        var bills = new BillCalls(store, keys, clock, options, faults, world.ReplacedBills);
        app.MapPost("/v3/pay/transactions/jsapi", pay.Checked(place.Jsapi));
        app.MapPost("/v3/pay/transactions/native", pay.Checked(place.Native));
        app.MapGet("/v3/pay/transactions/out-trade-no/{outTradeNo}", pay.Checked(orders.ByOutTradeNo));
        app.MapGet("/v3/pay/transactions/id/{transactionId}", pay.Checked(orders.ByTransactionId));
        app.MapPost("/v3/pay/transactions/out-trade-no/{outTradeNo}/close", pay.Checked(orders.Close));
        app.MapPost("/v3/refund/domestic/refunds", pay.Checked(refunds.Apply));
        app.MapGet("/v3/refund/domestic/refunds/{outRefundNo}", pay.Checked(refunds.Query));
        app.MapPost("/v3/refund/domestic/refunds/{refundId}/apply-abnormal-refund", pay.Checked(refunds.ApplyAbnormal));
        app.MapGet("/v3/certificates", pay.Checked(new Certificates(keys, options).List));
        app.MapGet("/v3/bill/tradebill", pay.Checked(bills.Trade));
        app.MapGet("/v3/bill/fundflowbill", pay.Checked(bills.FundFlow));
        app.MapGet("/v3/billdownload/file", pay.Checked(bills.Download));
    }

    static void MapApi(WebApplication app, World world)
    {
        var tokens = new AccessTokens(world.Store, world.Keys);
        var api = new ApiDoor(world.Faults, tokens);
        var persons = new Persons(world.Store, world.Keys);
        app.MapGet("/sns/jscode2session", api.Open(persons.Login));
        app.MapMethods("/cgi-bin/stable_token", ["GET", "POST"], api.Open(tokens.Stable));
        app.MapGet("/cgi-bin/token", api.Open(tokens.Plain));
        MapMiniProgram(app, world, call => api.WithToken(world.Keys.MiniProgram, call), persons);
        MapOfficialAccount(app, world, call => api.WithToken(world.Keys.OfficialAccount, call));
    }

    static void MapMiniProgram(WebApplication app, World world, Func<Func<ApiRequest, Task<ApiAnswer>>, RequestDelegate> door, Persons persons)
    {
        var shipping = new Shipping(world.Store, world.Keys);
        app.MapPost("/wxa/business/getuserphonenumber", door(persons.PhoneNumber));
        app.MapPost("/cgi-bin/message/subscribe/send", door(world.Messages.Send));
        app.MapPost("/wxa/getwxacodeunlimit", door(new Codes(world.Keys, world.Messages).Unlimited));
        app.MapPost("/wxa/sec/order/is_trade_managed", door(shipping.IsManaged));
        app.MapPost("/wxa/sec/order/is_trade_management_confirmation_completed", door(shipping.IsConfirmed));
        app.MapPost("/wxa/sec/order/upload_shipping_info", door(shipping.Upload));
        app.MapPost("/wxa/sec/order/get_order", door(shipping.GetOrder));
        app.MapPost("/wxa/sec/order/set_msg_jump_path", door(Shipping.JumpPath));
    }

    static void MapOfficialAccount(WebApplication app, World world, Func<Func<ApiRequest, Task<ApiAnswer>>, RequestDelegate> door)
    {
        var templates = new TemplateMessages(
            world.Store, world.Keys, world.Clock, world.Faults, world.Feed, world.Pushes, world.Messages);
        app.MapPost("/cgi-bin/message/template/send", door(templates.Send));
        app.MapGet("/cgi-bin/template/get_all_private_template", door(templates.All));
        app.MapGet("/cgi-bin/user/info", door(world.Followers.Info));
        app.MapPost("/cgi-bin/user/info/batchget", door(world.Followers.Infos));
        app.MapGet("/cgi-bin/user/get", door(world.Followers.List));
    }

    /// <summary>Signals belong to the process around the emulator.</summary>
    sealed class Embedded : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Stops listening and sending; what waits is taken up by the next start on the same folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1) return;
        await app.StopAsync();
        await world.DisposeAsync();
        await app.DisposeAsync();
        await folderLock.DisposeAsync();
    }
}
