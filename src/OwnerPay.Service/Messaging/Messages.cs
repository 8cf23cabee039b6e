using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Somebody to be told about something.</summary>
/// <param name="SubjectId">The bill, payment … it speaks of.</param>
/// <param name="HouseId">The house it concerns, if one.</param>
public sealed record Recipient(Guid PersonId, Guid SubjectId, Guid? HouseId);

/// <summary>The one sender: whoever has something to tell adds it here, in the transaction of what happened.</summary>
public sealed class Messages(OwnerPayDb db, BoundUsers bound, MessageKinds kinds, Clock clock)
{
    /// <summary>Puts a message into a person's inbox and on its way to the person's phones. Nobody is told the same thing twice, however often this
    /// is called.</summary>
    /// <param name="kind">A registered kind: it decides template, text and hours.</param>
    /// <remarks>Rows are added to the current context; the caller saves. The text is made later, at sending or first reading.</remarks>
    public Task Tell(string kind, Guid community, Guid person, Guid subject, Guid? house, Guid? campaign, CancellationToken cancel) =>
        TellAll(kind, community, [new Recipient(person, subject, house)], campaign, cancel);

    /// <summary>The same for a page of recipients, with a fixed number of queries.</summary>
    public async Task TellAll(string kind, Guid community, IReadOnlyList<Recipient> recipients, Guid? campaign, CancellationToken cancel)
    {
        if (recipients.Count == 0) return;
        var subjects = recipients.Select(r => r.SubjectId).Distinct().ToList();
        var (messages, deliveries) = (db.Messages, db.Deliveries);
        var told = (await messages.AsNoTracking().Where(m => subjects.Contains(m.SubjectId) && m.Kind == kind)
            .Select(m => new { m.SubjectId, m.PersonId }).ToListAsync(cancel))
            .Select(m => (m.SubjectId, m.PersonId)).ToHashSet();
        var reached = (await deliveries.AsNoTracking().Where(d => subjects.Contains(d.SubjectId) && d.Kind == kind
            && d.Channel == MessageChannel.Subscription)
            .Select(d => new { d.SubjectId, d.AddressId }).ToListAsync(cancel))
            .Select(d => (d.SubjectId, d.AddressId)).ToHashSet();
        told.UnionWith(messages.Local.Where(m => m.Kind == kind).Select(m => (m.SubjectId, m.PersonId)));
        reached.UnionWith(deliveries.Local.Where(d => d.Kind == kind).Select(d => (d.SubjectId, d.AddressId)));
        await Add(kind, community, recipients, campaign, told, reached, cancel);
    }

    /// <summary>The same for subjects that this very transaction makes: nobody can have been told of them yet, so that nothing is looked up but phones.</summary>
    public Task TellOfNew(string kind, Guid community, IReadOnlyList<Recipient> recipients, CancellationToken cancel) =>
        recipients.Count == 0 ? Task.CompletedTask : Add(kind, community, recipients, null, [], [], cancel);

    async Task Add(
        string kind, Guid community, IReadOnlyList<Recipient> recipients, Guid? campaign, HashSet<(Guid, Guid)> told, HashSet<(Guid, Guid)> reached, CancellationToken cancel)
    {
        var now = clock.Now();
        var known = kinds.Of(kind);
        var notBefore = known.Purpose == MessagePurpose.Answer ? now : MessageWindow.NextAllowed(now);
        IReadOnlyList<BoundUser> phones = MessageChannels.Allows(known, MessageChannel.Subscription)
            ? await bound.Of([.. recipients.Select(r => r.PersonId).Distinct()], cancel) : [];
        var users = phones.ToLookup(user => user.PersonId);
        foreach (var recipient in recipients)
        {
            if (!told.Add((recipient.SubjectId, recipient.PersonId))) continue;
            var message = new Message
            {
                Id = Guid.CreateVersion7(), CommunityId = community, PersonId = recipient.PersonId, Kind = kind, SubjectId = recipient.SubjectId,
                HouseId = recipient.HouseId, CampaignId = campaign, CreatedAt = now, ChainDue = true,
            };
            db.Add(message);
            foreach (var user in users[recipient.PersonId])
            {
                // One phone may stand for two persons of a house: it buzzes once.
                if (!reached.Add((recipient.SubjectId, user.WeChatUserId))) continue;
                db.Add(new Delivery
                {
                    Id = Guid.CreateVersion7(), CommunityId = community, MessageId = message.Id, Channel = MessageChannel.Subscription,
                    AddressId = user.WeChatUserId,
                    Kind = kind, SubjectId = recipient.SubjectId, CampaignId = campaign, State = DeliveryState.Waiting, NotBefore = notBefore,
                    NextTryAt = TimeProvider.System.GetUtcNow(), CreatedAt = now,
                });
            }
        }
    }

    /// <summary>Stops all messages of a campaign that nobody has taken up yet, in the caller's transaction.</summary>
    public Task Hold(Guid community, Guid campaign, CancellationToken cancel) =>
        db.InsertUnlessThere(new MessageHold { CampaignId = campaign, CommunityId = community, Since = clock.Now() }, cancel);

    /// <summary>Lets them go on.</summary>
    public Task Release(Guid campaign, CancellationToken cancel) => db.MessageHolds.Where(h => h.CampaignId == campaign).ExecuteDeleteAsync(cancel);

    /// <summary>Cancels what of a campaign has not left yet, in the caller's transaction.</summary>
    public async Task<int> CancelCampaign(Guid campaign, string reason, CancellationToken cancel)
    {
        var (now, messages, deliveries) = (clock.Now(), db.Messages, db.Deliveries);
        // The messages first: whoever chooses their next channel at this moment holds them, and what he adds is cancelled below.
        await messages.Where(m => m.CampaignId == campaign).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.CancelledAt, now).SetProperty(m => m.ChainDue, false), cancel);
        return await deliveries.Where(d => d.CampaignId == campaign && (d.State == DeliveryState.Waiting || d.State == DeliveryState.ToPost))
            .ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, DeliveryState.Cancelled).SetProperty(d => d.Reason, reason).SetProperty(d => d.DoneAt, now), cancel);
    }

    /// <summary>Cancels what has not left yet, in the caller's transaction. Sending competes for the same rows: what is cancelled here is never
    /// sent.</summary>
    /// <param name="kinds">Which kinds of message about the subjects became pointless.</param>
    /// <param name="reason">Kept with the delivery: <c>paid</c>.</param>
    /// <returns>How many were cancelled.</returns>
    public Task<int> CancelUnsent(IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<string> kinds, string reason, CancellationToken cancel)
    {
        if (subjects.Count == 0) return Task.FromResult(0);
        var now = clock.Now();
        var deliveries = db.Deliveries;
        // Grants that a waiting delivery still holds go back when the dispatcher comes by: no lock on them here.
        return deliveries.Where(d => subjects.Contains(d.SubjectId) && kinds.Contains(d.Kind) && (d.State == DeliveryState.Waiting
            || d.State == DeliveryState.ToPost)).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, DeliveryState.Cancelled).SetProperty(d => d.Reason, reason).SetProperty(d => d.DoneAt, now), cancel);
    }
}
