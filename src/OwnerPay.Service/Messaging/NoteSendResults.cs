using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Brings what WeChat told about sent messages to their deliveries: it arrived, or why it did not.</summary>
/// <remarks>WeChat may tell before it has answered the sending itself, so the telling waits for the delivery's message number and not the other
/// way round. After ten minutes without one the message is none of ours (another system sends through the same mini-program).</remarks>
public sealed class NoteSendResults(OwnerPayDb db, Grants grants, ContinueChains chains) : IJob
{
    const int Batch = 200;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    sealed record Noted(DeliveryState? State);

    public async Task<string> Run(CancellationToken cancel)
    {
        var (events, deliveries) = (db.SubscriptionEvents, db.Deliveries);
        var late = TimeProvider.System.GetUtcNow() - Patience;
        var ignored = await events.Where(e => e.State == SubscriptionEventState.Waiting && e.ReceivedAt < late)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, SubscriptionEventState.Ignored), cancel);
        var found = await (
            from told in events.AsNoTracking()
            where told.State == SubscriptionEventState.Waiting
            join delivery in deliveries on new { User = told.WeChatUserId, Number = told.WeChatMessageId }
                equals new { User = delivery.AddressId, Number = delivery.ProviderId! }
            where delivery.Channel == MessageChannel.Subscription || delivery.Channel == MessageChannel.OfficialAccount
            orderby told.ReceivedAt, told.Id
            select new { Event = told, Delivery = delivery }).Take(Batch).ToListAsync(cancel);
        foreach (var pair in found) await Note(pair.Event, pair.Delivery, cancel);
        return $"noted {found.Count}, ignored {ignored}";
    }

    Task<Result<Noted>> Note(SubscriptionEvent told, Delivery delivery, CancellationToken cancel) =>
        db.Once<Noted>(new IdempotencyKey("job", "note-send-results", "note", told.Id.ToString("N")), told.Id, async () =>
        {
            var (events, deliveries) = (db.SubscriptionEvents, db.Deliveries);
            var mine = await events.Where(e => e.Id == told.Id && e.State == SubscriptionEventState.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, SubscriptionEventState.Done), cancel);
            if (mine == 0) return new Noted(null);
            var sent = deliveries.Where(d => d.Id == delivery.Id && d.State == DeliveryState.Sent);
            if (told.Failure is not { } failure)
            {
                await sent.ExecuteUpdateAsync(set => set.SetProperty(d => d.DeliveredAt, told.At), cancel);
                return new Noted(DeliveryState.Sent);
            }
            // Blocked by the user is no fault of ours; what it would have used up elsewhere is gone too.
            var state = IsRefusal(failure) ? DeliveryState.NoPermission : DeliveryState.Failed;
            await sent.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, state).SetProperty(d => d.Reason, failure), cancel);
            await chains.GoOn(delivery.Kind, [delivery.SubjectId], cancel);
            if (state == DeliveryState.NoPermission && delivery.Channel == MessageChannel.Subscription)
                await grants.Empty(told.WeChatUserId, told.WeChatTemplateId, told.Id, cancel);
            return new Noted(state);
        }, cancel);

    /// <summary>WeChat's words vary: <c>failed:user block</c>, <c>user refuse to accept the msg</c>, or its code 43101.</summary>
    static bool IsRefusal(string failure) =>
        failure.Contains("block", StringComparison.OrdinalIgnoreCase) || failure.Contains("refuse", StringComparison.OrdinalIgnoreCase)
        || failure == "43101";
}
