using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.OfficialAccount;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.Pay.Bills;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator;

/// <summary>The parts of one emulator that several doors share.</summary>
sealed class World : IAsyncDisposable
{
    readonly Action merchantChanged;
    readonly Lock rotating = new();

    /// <param name="merchantChanged">Writes <c>merchant.json</c> anew.</param>
    public World(EmulatorOptions options, Store store, Keys keys, ILogger log, Action merchantChanged)
    {
        this.merchantChanged = merchantChanged;
        (Options, Store, Keys, Clock) = (options, store, keys, new(options.BusinessTime));
        Probes = new(options.ProbeEvery);
        Callbacks = new(store, keys, options, Faults, Probes, log);
        Account = new(store, Clock);
        Payments = new(store, keys, Clock, options, Faults, Callbacks, Feed);
        Settling = new(store, keys, Clock, options, Faults, Callbacks, Feed, log);
        Pushes = new(store, keys, options, Faults, log);
        Messages = new(store, keys, Clock, options, Faults, Feed, Pushes);
        Followers = new(store, keys, Pushes);
    }

    public EmulatorOptions Options { get; }
    public Store Store { get; }
    public Keys Keys { get; }
    public BusinessClock Clock { get; }
    public FaultList Faults { get; } = new();
    public PhoneFeed Feed { get; } = new();
    public ReplacedBills ReplacedBills { get; } = new();
    public Probes Probes { get; }
    public Callbacks Callbacks { get; }
    public MerchantAccount Account { get; }
    public PayOrders Payments { get; }
    public RefundSettling Settling { get; }
    public Pushes Pushes { get; }
    public Followers Followers { get; }
    public SubscribeMessages Messages { get; }

    /// <summary>A new platform certificate signs from now on, and the client's file names it.</summary>
    public void RotateCertificate()
    {
        lock (rotating)
        {
            Keys.RotatePlatformCertificate();
            merchantChanged();
        }
    }

    /// <summary>Reads what every call may need before the first one comes.</summary>
    public async Task Prepare()
    {
        await Messages.Resume();
        if (await Store.Read(db => db.Settings.SingleOrDefaultAsync(setting => setting.Name == SettingNames.ClockAhead)) is { } ahead)
            Clock.Ahead = TimeSpan.Parse(ahead.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Business time jumps ahead, and stays so over a restart.</summary>
    public async Task MoveClock(TimeSpan ahead)
    {
        Clock.Ahead += ahead;
        await Store.Write(db => SettingNames.Save(db, SettingNames.ClockAhead, Clock.Ahead.ToString("c", CultureInfo.InvariantCulture)));
    }

    /// <summary>Takes up what was waiting when the emulator stopped.</summary>
    public async Task Resume()
    {
        await Callbacks.Resume();
        await Settling.Resume();
        await Pushes.Resume();
    }

    public async ValueTask DisposeAsync()
    {
        await Settling.DisposeAsync();
        await Callbacks.DisposeAsync();
        await Pushes.DisposeAsync();
        Store.Dispose();
    }
}
