using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>What the merchant's server said to one attempt.</summary>
/// <param name="Status">HTTP status; 0 when no answer came within 5 seconds.</param>
sealed record Delivery(int Status, string? Body, double Milliseconds)
{
    /// <summary>WeChat takes 200 and 204 for success, whatever the body says.</summary>
    public bool Accepted => Status is 200 or 204;
}

/// <summary>News for the merchant before they are encrypted and signed.</summary>
/// <param name="OutRefundNo">For a refund's news.</param>
/// <param name="OriginalType"><c>transaction</c> or <c>refund</c>.</param>
/// <param name="At">Business instant of what happened.</param>
sealed record Announcement(
    string OutTradeNo, string? OutRefundNo, string NotifyUrl, bool PublicKeyMode, string EventType, string Summary, string OriginalType,
    byte[] Resource, DateTimeOffset At);

/// <param name="DelaySeconds">Of the system clock before the first attempt.</param>
sealed record CallbackManner(CallbackWish Callback = CallbackWish.Send, double DelaySeconds = 0);

/// <param name="Twice">A second copy leaves beside the first.</param>
/// <param name="Behind">Lets the next callback overtake it.</param>
/// <param name="AtOnce">The first attempt is over before the caller goes on.</param>
sealed record PlannedCallback(Callback Callback, bool Twice, bool Behind, bool AtOnce);

/// <summary>How a hand-made delivery differs from a proper one.</summary>
/// <param name="BadSignature">Signed so that it must not verify.</param>
/// <param name="TimestampOffsetSeconds">Moves the time stamp that is signed.</param>
sealed record Tampering(bool BadSignature = false, long TimestampOffsetSeconds = 0);

/// <summary>Notifies the merchant: signed, encrypted, repeated on WeChat's schedule until accepted, and only ever to loopback.</summary>
sealed partial class Callbacks(Store store, Keys keys, EmulatorOptions options, FaultList faults, Probes probes, ILogger log) : IAsyncDisposable
{
    /// <summary>Seconds between the attempts: 15 repeats over 24 h 4 min.</summary>
    static readonly int[] Waits = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long a callback waits for another one to overtake it.</summary>
    static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    /// <summary>Callbacks that let the next one pass; a restart lets them go at their time.</summary>
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> held = new();
    static readonly Task Never = new TaskCompletionSource().Task;
    readonly CancellationTokenSource stopping = new();
    readonly SemaphoreSlim lines = new(256);
    readonly TaskSet running = new(failure => DeliveryBroke(log, failure));

    readonly HttpClient client = Loopback.Client();

    /// <summary>Takes up again what was waiting when the emulator stopped.</summary>
    public async Task Resume()
    {
        foreach (var waiting in await store.Read(db => db.Callbacks.Where(callback => callback.State == CallbackState.Waiting).ToListAsync()))
            running.Add(Deliver(waiting));
    }

    /// <summary>Keeps the news in the transaction of what happened, so that no end of the process can lose them; they leave by
    /// <see cref="Send(PlannedCallback)"/> after the commit, as wished and as the pending faults want it.</summary>
    public PlannedCallback Plan(EmulatorDb db, Announcement news, CallbackManner wish)
    {
        var where = Where(news.NotifyUrl, news.OutTradeNo, news.OutRefundNo);
        var lost = wish.Callback == CallbackWish.Suppress || faults.Strike(FaultKind.CallbackLost, where) is not null;
        var late = TimeSpan.FromSeconds(wish.DelaySeconds + (faults.Strike(FaultKind.CallbackLate, where)?.Seconds ?? 0));
        var twice = wish.Callback == CallbackWish.Double || faults.Strike(FaultKind.CallbackDouble, where) is not null;
        var behind = faults.Strike(FaultKind.CallbackOutOfOrder, where);
        if (behind is not null) late += behind.Seconds > 0 ? TimeSpan.FromSeconds(behind.Seconds) : LongestHold;
        var now = TimeProvider.System.GetUtcNow();
        var callback = new Callback
        {
            Id = Guid.CreateVersion7(),
            OutTradeNo = news.OutTradeNo,
            OutRefundNo = news.OutRefundNo,
            EventType = news.EventType,
            NotifyUrl = news.NotifyUrl,
            PublicKeyMode = news.PublicKeyMode,
            Body = Envelope(news.EventType, news.Summary, news.OriginalType, news.Resource, news.At),
            State = lost ? CallbackState.Lost : Loopback.Is(news.NotifyUrl) ? CallbackState.Waiting : CallbackState.Recorded,
            NextAttemptAt = now + late,
            CreatedAt = now,
        };
        db.Add(callback);
        return new(callback, twice, behind is not null, wish.Callback == CallbackWish.BeforeAnswering);
    }

    public async Task Send(PlannedCallback planned)
    {
        var callback = planned.Callback;
        if (callback.State != CallbackState.Waiting) return;
        if (planned.Behind) held[callback.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (planned.Twice) running.Add(Attempt(callback, stopping.Token));
        if (planned.AtOnce) await Once(callback);
        if (callback.State == CallbackState.Waiting) running.Add(Deliver(callback));
    }

    static Func<string> Where(string url, string outTradeNo, string? outRefundNo) => () => $"CALLBACK {url} {outTradeNo} {outRefundNo}";

    /// <summary>Attempts until one is accepted or WeChat gives up.</summary>
    async Task Deliver(Callback callback)
    {
        while (callback.State == CallbackState.Waiting)
        {
            var wait = callback.NextAttemptAt - TimeProvider.System.GetUtcNow();
            if (wait > TimeSpan.Zero)
                await await Task.WhenAny(Task.Delay(wait, stopping.Token), held.TryGetValue(callback.Id, out var hold) ? hold.Task : Never);
            held.TryRemove(callback.Id, out _);
            await Once(callback);
        }
    }

    async Task Once(Callback callback)
    {
        var where = Where(callback.NotifyUrl, callback.OutTradeNo, callback.OutRefundNo);
        var probe = probes.Next() | faults.Strike(FaultKind.BadSignature, where) is not null;
        var delivery = await Attempt(callback, stopping.Token, new(BadSignature: probe));
        callback.Attempts++;
        callback.LastStatus = delivery.Status;
        if (delivery.Accepted) callback.State = CallbackState.Delivered;
        else if (callback.Attempts > Waits.Length) callback.State = CallbackState.GivenUp;
        else callback.NextAttemptAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(Waits[callback.Attempts - 1] / options.RetrySpeed);
        await store.Write(db => db.Callbacks.Where(row => row.Id == callback.Id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Attempts, callback.Attempts).SetProperty(row => row.LastStatus, callback.LastStatus)
            .SetProperty(row => row.State, callback.State).SetProperty(row => row.NextAttemptAt, callback.NextAttemptAt)));
        foreach (var (_, overtaken) in held) overtaken.TrySetResult();    // whoever was to come second may come now
    }

    /// <summary>One delivery outside the schedule, for tests of repeats and forgeries.</summary>
    public Task<Delivery> Attempt(Callback callback, CancellationToken cancel, Tampering? tampering = null) =>
        Send(callback.NotifyUrl, Encoding.UTF8.GetBytes(callback.Body), callback.PublicKeyMode, tampering ?? new(), cancel);

    /// <summary>Signs and posts any body to a loopback address.</summary>
    public async Task<Delivery> Send(string url, byte[] body, bool publicKeyMode, Tampering tampering, CancellationToken cancel)
    {
        if (!Loopback.Is(url)) return new(0, "not dialled: only loopback is", 0);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/4.0");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + tampering.TimestampOffsetSeconds;
        foreach (var (name, value) in keys.Sign(publicKeyMode, body, tampering.BadSignature, timestamp).Pairs())
            request.Headers.TryAddWithoutValidation(name, value);
        await lines.WaitAsync(cancel);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(AnswerWithin);
            using var response = await client.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            return new((int)response.StatusCode, text, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return new(0, null, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        finally
        {
            lines.Release();
        }
    }

    /// <summary>The notification around a resource, encrypted with the merchant's APIv3 key.</summary>
    public string Envelope(string eventType, string summary, string originalType, byte[] resource, DateTimeOffset at)
    {
        var nonce = ResourceCipher.NewNonce();
        var envelope = new NotificationEnvelope
        {
            Id = Guid.CreateVersion7().ToString(),
            CreateTime = at,
            ResourceType = "encrypt-resource",
            EventType = eventType,
            Summary = summary,
            Resource = new()
            {
                OriginalType = originalType,
                Algorithm = ResourceCipher.Algorithm,
                Nonce = nonce,
                AssociatedData = originalType,
                Ciphertext = ResourceCipher.Encrypt(keys.ApiV3, resource, nonce, originalType),
            },
        };
        return Encoding.UTF8.GetString(WireJson.Bytes(envelope, PayJson.Types.NotificationEnvelope));
    }

    [LoggerMessage(1, LogLevel.Error, "A callback was given up because of a fault of the emulator itself")]
    static partial void DeliveryBroke(ILogger log, Exception failure);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.Settle();
        client.Dispose();
        lines.Dispose();
        stopping.Dispose();
    }
}
