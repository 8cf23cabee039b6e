using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>Genuine callbacks as they came: each stored once, its repetitions counted.</summary>
public sealed class StoredCallbacks(OwnerPayDb db, Clock clock)
{
    /// <returns>The row for a callback that passed the check; not stored yet.</returns>
    public WeChatCallback Of(MerchantInForce merchant, NotificationEnvelope envelope, SignatureHeaders headers, byte[] body) => new()
    {
        Id = Guid.CreateVersion7(), MchId = merchant.MchId, NotificationId = envelope.Id, EventType = envelope.EventType,
        Headers = JsonSerializer.Serialize(headers.Pairs().ToDictionary(h => h.Key, h => h.Value), Json.Options), Body = body, ReceivedAt = clock.Now(),
    };

    /// <summary>Stores a callback apart from any booking, or counts its repetition.</summary>
    /// <param name="outcome">Null while undecided; what was decided before stays.</param>
    public async Task Keep(WeChatCallback callback, string? outcome, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        for (var attempt = 1; ; attempt++)
        {
            var known = await db.WeChatCallbacks.Where(c => c.MchId == callback.MchId && c.NotificationId == callback.NotificationId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Times, c => c.Times + 1).SetProperty(c => c.Outcome, c => c.Outcome ?? outcome), cancel);
            if (known > 0) return;
            try
            {
                callback.Outcome = outcome;
                db.Add(callback);
                await db.SaveChangesAsync(cancel);
                return;
            }
            catch (DbUpdateException twin) when (attempt == 1 && WriteFailure.Violates(twin, "WeChatCallbacks", "MchId", "NotificationId"))
            {
                db.ChangeTracker.Clear();    // its twin was stored at this moment: count it there
            }
        }
    }

    /// <summary>Writes down what became of a stored callback.</summary>
    public Task Decide(WeChatCallback callback, string outcome, CancellationToken cancel) =>
        db.WeChatCallbacks.Where(c => c.MchId == callback.MchId && c.NotificationId == callback.NotificationId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Outcome, c => c.Outcome ?? outcome), cancel);
}
