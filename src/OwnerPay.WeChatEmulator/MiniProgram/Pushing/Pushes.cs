using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.MiniProgram.Pushing;

/// <summary>Pushes events to the servers of the mini-program and of the service account: signed, encrypted, three times at most, to loopback
/// only.</summary>
/// <remarks>Accepted is 200 with an empty body or <c>success</c> within 5 seconds.</remarks>
sealed partial class Pushes(Store store, Keys keys, EmulatorOptions options, FaultList faults, ILogger log) : IAsyncDisposable
{
    const int Tries = 3;
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5), BetweenTries = TimeSpan.FromSeconds(5);
    static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web);

    readonly CancellationTokenSource stopping = new();
    readonly TaskSet running = new(failure => PushBroke(log, failure));
    readonly HttpClient client = Loopback.Client();

    /// <summary>Saves where an account's messages go, after the server proved that it knows the token.</summary>
    /// <param name="settings">Null: nothing is pushed any more.</param>
    /// <returns>Why it was not saved, or null.</returns>
    public async Task<string?> Configure(Account account, PushSettings? settings, CancellationToken cancel)
    {
        if (settings?.Fault is { } fault) return fault;
        if (settings is not null && Loopback.Is(settings.Url) && !await Answers(settings, cancel)) return "Token校验失败，请检查确认";
        var value = settings is null ? null : JsonSerializer.Serialize(settings, Layout);
        await store.Write(db => SettingNames.Save(db, account.PushSetting, value), cancel);
        return null;
    }

    public Task<PushSettings?> Settings(Account account) => store.Read(db => Settings(db, account));

    static async Task<PushSettings?> Settings(EmulatorDb db, Account account) =>
        await db.Settings.SingleOrDefaultAsync(setting => setting.Name == account.PushSetting) is { } saved
            ? JsonSerializer.Deserialize<PushSettings>(saved.Value, Layout)
            : null;

    async Task<bool> Answers(PushSettings settings, CancellationToken cancel)
    {
        var (url, echo) = settings.Check(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await Text(request, cancel) == (200, echo);
    }

    /// <summary>Sends an event if the account has a server; what is not on loopback is only recorded.</summary>
    public async Task Tell(Account account, string openid, PushEvent news)
    {
        if (await Settings(account) is not { } settings) return;
        string Where() => $"PUSH {news.Event} {openid}";
        var now = TimeProvider.System.GetUtcNow();
        var (lost, twice) = (faults.Strike(FaultKind.PushLost, Where) is not null, faults.Strike(FaultKind.PushDouble, Where) is not null);
        var row = new PushRow
        {
            Id = Guid.CreateVersion7(),
            IsOfficial = account.IsOfficial,
            Openid = openid,
            Event = news.Event,
            Message = settings.Format == PushFormat.Json
                ? news.Json(account.OriginalId, openid, now.ToUnixTimeSeconds())
                : news.Xml(account.OriginalId, openid, now.ToUnixTimeSeconds()),
            State = lost ? CallbackState.Lost : Loopback.Is(settings.Url) ? CallbackState.Waiting : CallbackState.Recorded,
            NextAttemptAt = now,
            CreatedAt = now,
        };
        await store.Write(db => Task.FromResult(db.Add(row)));
        if (row.State != CallbackState.Waiting) return;
        if (twice) running.Add(Attempt(account, settings, row));
        running.Add(Deliver(account, row));
    }

    /// <summary>Takes up again what was waiting when the emulator stopped.</summary>
    public async Task Resume()
    {
        foreach (var row in await store.Read(db => db.Pushes.Where(push => push.State == CallbackState.Waiting).ToListAsync()))
            running.Add(Deliver(row.IsOfficial ? keys.OfficialAccount : keys.MiniProgram, row));
    }

    async Task Deliver(Account account, PushRow row)
    {
        while (row.State == CallbackState.Waiting)
        {
            var wait = row.NextAttemptAt - TimeProvider.System.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, stopping.Token);
            var accepted = await Settings(account) is { } settings && await Attempt(account, settings, row);
            row.Attempts++;
            row.State = accepted ? CallbackState.Delivered : row.Attempts >= Tries ? CallbackState.GivenUp : CallbackState.Waiting;
            row.NextAttemptAt = TimeProvider.System.GetUtcNow() + BetweenTries / options.RetrySpeed;
            await store.Write(db => db.Pushes.Where(push => push.Id == row.Id).ExecuteUpdateAsync(set => set
                .SetProperty(push => push.Attempts, row.Attempts).SetProperty(push => push.State, row.State)
                .SetProperty(push => push.NextAttemptAt, row.NextAttemptAt)));
        }
    }

    async Task<bool> Attempt(Account account, PushSettings settings, PushRow row)
    {
        if (!Loopback.Is(settings.Url)) return false;
        var (url, body) = settings.Sealed(account, row.Openid, row.Message, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(settings.Format == PushFormat.Json ? "application/json" : "text/xml");
        return await Text(request, stopping.Token) is (200, "" or "success");
    }

    async Task<(int Status, string Text)> Text(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/4.0");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerWithin);
        try
        {
            using var answer = await client.SendAsync(request, limit.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception failure)
            when (!cancel.IsCancellationRequested && failure is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return (0, "");
        }
    }

    [LoggerMessage(3, LogLevel.Error, "A push was given up because of a fault of the emulator itself")]
    static partial void PushBroke(ILogger log, Exception failure);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.Settle();
        client.Dispose();
        stopping.Dispose();
    }
}
