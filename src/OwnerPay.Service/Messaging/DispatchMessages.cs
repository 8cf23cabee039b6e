using System.Collections.Concurrent;
using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Sends what waits, several at a time, on any instance. Each message is claimed by itself: a lease that ends too early costs a look, never
/// a second message.</summary>
public sealed class DispatchMessages(
    OwnerPayDb db, IServiceScopeFactory scopes, MessageKinds kinds, RenderMessages render, ContinueChains chains, SendPace pace, Clock clock) : IJob
{
    const int Batch = 96, AtOnce = 8;

    /// <summary>Longer than a batch can take when every call runs into its time-out.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    sealed record Claimed(Guid Id, Guid CommunityId, string Kind);

    public async Task<string> Run(CancellationToken cancel)
    {
        var lost = await GiveUpLost(cancel);
        await ReturnGrants(cancel);
        var (counts, failures) = (new int[Enum.GetValues<DeliveryState>().Length], new ConcurrentQueue<Exception>());
        while (!cancel.IsCancellationRequested)
        {
            var looked = await chains.Run(cancel);
            var token = Guid.CreateVersion7();
            var claimed = await Claim(token, cancel);
            if (claimed.Count == 0 && looked == 0) break;
            if (claimed.Count == 0) continue;
            var (hopeless, refused) = await CloseUnreachable(token, claimed, cancel);
            counts[(int)DeliveryState.Failed] += hopeless;
            counts[(int)DeliveryState.NoPermission] += refused;
            var mine = hopeless + refused == 0 ? [.. claimed.Select(d => d.Id)] : await StillWaiting(token, cancel);
            if (mine.Count == 0) continue;
            var slots = await pace.Take(SendPace.Subscription, mine.Count, cancel);
            await Parallel.ForEachAsync(mine.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                async (next, stop) =>
            {
                var (number, delivery) = next;
                if (slots.WaitOf(number, TimeProvider.System.GetUtcNow()) is { Ticks: > 0 } wait) await Task.Delay(wait, stop);
                await using var scope = scopes.CreateAsyncScope();
                // A message on its way is seen through to its end, also when the instance stops.
                try
                {
                    var state = await scope.ServiceProvider.GetRequiredService<SendDelivery>().Run(delivery, token, CancellationToken.None);
                    if (state is { } known) Interlocked.Increment(ref counts[(int)known]);
                }
                // One message that cannot be taken stops none behind it; it comes up again when its lease is over, and the job is not well till then.
                catch (Exception failure) { failures.Enqueue(failure); }
            });
            await LetGo(token, cancel);
        }
        if (!failures.IsEmpty) throw new AggregateException($"{failures.Count} messages could not be taken", failures);
        return $"sent {counts[(int)DeliveryState.Sent]}, no permission {counts[(int)DeliveryState.NoPermission]}, "
            + $"failed {counts[(int)DeliveryState.Failed] + lost}, cancelled {counts[(int)DeliveryState.Cancelled]}, later {counts[(int)DeliveryState.Waiting]}";
    }

    /// <summary>Claims a batch by one conditional update. Quiet hours are part of the question, so that a backlog does not run into the
    /// night.</summary>
    async Task<List<Claimed>> Claim(Guid token, CancellationToken cancel)
    {
        var (now, system) = (clock.Now(), TimeProvider.System.GetUtcNow());
        var quiet = MessageWindow.NextAllowed(now) != now;
        var atAnyHour = kinds.AtAnyHour;
        var (deliveries, holds) = (db.Deliveries, db.MessageHolds);
        var due = await deliveries
            .Where(d => d.State == DeliveryState.Waiting && d.NextTryAt <= system && d.NotBefore <= now
                && (d.LeaseUntil == null || d.LeaseUntil < system))
            .Where(d => !quiet || atAnyHour.Contains(d.Kind))
            .Where(d => d.CampaignId == null || !holds.Any(h => h.CampaignId == d.CampaignId))
            .OrderBy(d => d.NextTryAt).ThenBy(d => d.Id).Select(d => d.Id).Take(pace.Batch(Batch)).ToListAsync(cancel);
        if (due.Count == 0) return [];
        try
        {
            await deliveries.Where(d => due.Contains(d.Id) && d.State == DeliveryState.Waiting && (d.LeaseUntil == null || d.LeaseUntil < system))
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.Claim, token).SetProperty(d => d.LeaseUntil, system + Lease), cancel);
        }
        catch (Exception lost) when (WriteFailure.MayBeRepeated(lost)) { return []; }    // another instance claims at this moment
        return await deliveries.Where(d => d.Claim == token).OrderBy(d => d.NextTryAt).ThenBy(d => d.Id)
            .Select(d => new Claimed(d.Id, d.CommunityId, d.Kind)).ToListAsync(cancel);
    }

    /// <summary>Most phones gave no permission, and a community may have no template: those are closed by one statement a kind instead of a
    /// transaction each, with the verdict that <see cref="SendDelivery"/> would have come to.</summary>
    async Task<(int Hopeless, int Refused)> CloseUnreachable(Guid token, List<Claimed> claimed, CancellationToken cancel)
    {
        var (now, deliveries, grants) = (clock.Now(), db.Deliveries, db.MessageGrants);
        var (hopeless, refused) = (0, 0);
        foreach (var (community, kind) in claimed.Select(d => (d.CommunityId, d.Kind)).Distinct())
        {
            var open = deliveries.Where(d => d.Claim == token && d.State == DeliveryState.Waiting && d.CommunityId == community && d.Kind == kind
                && d.ReservedTemplateId == null && d.Channel == MessageChannel.Subscription);
            if (await render.Active(community, kind, cancel) is not { WeChatTemplateId: var template })
                hopeless += await Close(open, kind, DeliveryState.Failed, SendDelivery.NoTemplate, now, cancel);
            else
                refused += await Close(open.Where(d => !grants.Any(g => g.WeChatUserId == d.AddressId && g.WeChatTemplateId == template
                    && g.Count > 0)),
                    kind, DeliveryState.NoPermission, template.Length == 0 ? SendDelivery.NoText : SendDelivery.NoGrant, now, cancel);
        }
        return (hopeless, refused);
    }

    /// <summary>Closes them and sends their messages on by the next channel, both or none.</summary>
    Task<int> Close(IQueryable<Delivery> open, string kind, DeliveryState state, string reason, DateTimeOffset now, CancellationToken cancel) =>
        db.AgainFromTheStart(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var rows = await open.Select(d => new { d.Id, d.SubjectId }).ToListAsync(cancel);
            if (rows.Count == 0) return 0;
            var ids = rows.ConvertAll(row => row.Id);
            var closed = await open.Where(d => ids.Contains(d.Id)).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, state)
                .SetProperty(d => d.Reason, reason).SetProperty(d => d.DoneAt, now).SetProperty(d => d.Attempts, d => d.Attempts + 1)
                .SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
            await chains.GoOn(kind, [.. rows.Select(row => row.SubjectId).Distinct()], cancel);
            await transaction.CommitAsync(cancel);
            return closed;
        }, cancel);

    Task<List<Guid>> StillWaiting(Guid token, CancellationToken cancel)
    {
        var deliveries = db.Deliveries;
        return deliveries.Where(d => d.Claim == token && d.State == DeliveryState.Waiting).OrderBy(d => d.NextTryAt).ThenBy(d => d.Id)
            .Select(d => d.Id).ToListAsync(cancel);
    }

    /// <summary>What was claimed but not taken, because its campaign was stopped meanwhile, is free again at once.</summary>
    Task<int> LetGo(Guid token, CancellationToken cancel)
    {
        var deliveries = db.Deliveries;
        return deliveries.Where(d => d.Claim == token && d.State == DeliveryState.Waiting && d.CampaignId != null).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    /// <summary>An instance died between claiming and noting the answer. Whether the phone buzzed is unknown, and WeChat knows no repeat: it is not
    /// sent again.</summary>
    async Task<int> GiveUpLost(CancellationToken cancel)
    {
        var (now, system) = (clock.Now(), TimeProvider.System.GetUtcNow());
        var deliveries = db.Deliveries;
        return await deliveries.Where(d => d.State == DeliveryState.Claimed && d.LeaseUntil < system).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.State, DeliveryState.Failed).SetProperty(d => d.Reason, SendDelivery.OutcomeUnknown)
            .SetProperty(d => d.DoneAt, now), cancel);
    }

    /// <summary>Gives back the grants of deliveries that were cancelled while they waited for another try.</summary>
    async Task ReturnGrants(CancellationToken cancel)
    {
        var deliveries = db.Deliveries;
        var holding = await deliveries.Where(d => d.State == DeliveryState.Cancelled && d.ReservedTemplateId != null).OrderBy(d => d.Id)
            .Select(d => d.Id).Take(500).ToListAsync(cancel);
        foreach (var delivery in holding)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SendDelivery>().ReturnGrant(delivery, cancel);
        }
    }
}
