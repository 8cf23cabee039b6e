using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Chooses the next channel of messages that nobody was reached by yet, and the email that goes beside. Each is looked at when it is new and
/// when an attempt ended; a crash between loses nothing, since the mark is set in the transaction of that end.</summary>
public sealed class ContinueChains(OwnerPayDb db, MessageKinds kinds, MessageChannels channels, RenderMessages render, BoundUsers bound, Clock clock)
{
    const int Batch = 200;

    /// <summary>Marks the messages about something of which an attempt ended, in the caller's transaction: also those of persons who share the
    /// phone.</summary>
    public Task<int> GoOn(string kind, IReadOnlyCollection<Guid> subjects, CancellationToken cancel)
    {
        var messages = db.Messages;
        return messages.Where(m => subjects.Contains(m.SubjectId) && m.Kind == kind && !m.ChainDue && m.CancelledAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.ChainDue, true), cancel);
    }

    /// <returns>How many messages were looked at; 0 when none is due.</returns>
    public Task<int> Run(CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        var (messages, holds) = (db.Messages, db.MessageHolds);
        // What a campaign that stands still would send is chosen when it goes on.
        var ids = await messages.Where(m => m.ChainDue && (m.CampaignId == null || !holds.Any(h => h.CampaignId == m.CampaignId))).OrderBy(m =>
            m.CreatedAt).Select(m => m.Id).Take(Batch).ToListAsync(cancel);
        if (ids.Count == 0) return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        // The message's row is what an ending attempt waits for: its end is seen below, or it marks the message anew.
        var due = await messages.Where(m => ids.Contains(m.Id) && m.ChainDue).OrderBy(m => m.Id).ForUpdate().AsNoTracking().ToListAsync(cancel);
        var locked = due.ConvertAll(m => m.Id);
        foreach (var group in due.GroupBy(m => (m.CommunityId, m.Kind)))
            await Go(group.Key.CommunityId, kinds.Of(group.Key.Kind), [.. group], cancel);
        await messages.Where(m => locked.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.ChainDue, false), cancel);
        await transaction.CommitAsync(cancel);
        db.ChangeTracker.Clear();
        return ids.Count;
    }, cancel);

    async Task Go(Guid community, IMessageKind kind, List<Message> due, CancellationToken cancel)
    {
        if (await render.Active(community, kind.Kind, cancel) is not { } template) return;
        var settings = await db.MessageSettings.AsNoTracking().SingleOrDefaultAsync(s => s.Id == community, cancel)
            ?? new MessageSettings { Id = community };
        var persons = due.Select(m => m.PersonId).Distinct().ToList();
        var open = new Dictionary<MessageChannel, ILookup<Guid, ChannelAddress>>();
        foreach (var channel in channels.For(kind, template).Where(channel => channel.Channel != MessageChannel.Subscription))
            open[channel.Channel] = (await channel.Addresses(new(community, kind, template, settings, persons), cancel)).ToLookup(a => a.PersonId);
        if (open.Count == 0) return;
        var tried = await Tried(kind.Kind, due, persons, cancel);
        var (now, rows) = (clock.Now(), new List<Delivery>());
        var notBefore = kind.Purpose == MessagePurpose.Answer ? now : settings.NextAllowed(now);
        foreach (var message in due)
        {
            var attempts = tried(message);
            var reachable = open.Where(channel => channel.Value.Contains(message.PersonId)).Select(channel => channel.Key).ToHashSet();
            if (ChannelChain.Next(template.Channels(), attempts, reachable, kind.NeedsProof) is { } next) rows.AddRange(Rows(message, next));
            if (reachable.Contains(MessageChannel.Email) && !attempts.Any(attempt => attempt.Channel == MessageChannel.Email
                    || attempt.State == AttemptState.GivenUp))
                rows.AddRange(Rows(message, MessageChannel.Email));
        }
        // An address that was told of the same thing through another person stands already.
        if (rows.Count > 0) await db.InsertUnlessThere<Delivery>(rows, cancel);

        IEnumerable<Delivery> Rows(Message message, MessageChannel channel) => open[channel][message.PersonId].Select(address => new Delivery
        {
            Id = Guid.CreateVersion7(), CommunityId = community, MessageId = message.Id, Channel = channel, AddressId = address.AddressId,
            Kind = message.Kind,
            SubjectId = message.SubjectId, CampaignId = message.CampaignId, State = DeliveryState.Waiting, NotBefore = notBefore,
            NextTryAt = TimeProvider.System.GetUtcNow(), CreatedAt = now,
        });
    }

    /// <summary>Attempts to reach a message's person; a phone that two persons share counts for both.</summary>
    async Task<Func<Message, ChannelAttempt[]>> Tried(string kind, List<Message> due, List<Guid> persons, CancellationToken cancel)
    {
        var (deliveries, subjects) = (db.Deliveries, due.Select(m => m.SubjectId).Distinct().ToList());
        var all = (await deliveries.AsNoTracking().Where(d => subjects.Contains(d.SubjectId) && d.Kind == kind).ToListAsync(cancel))
            .ToLookup(d => d.SubjectId);
        var phones = (await bound.Of(persons, cancel)).ToLookup(user => user.PersonId, user => user.WeChatUserId);
        return message => [.. all[message.SubjectId]
            .Where(d => d.MessageId == message.Id || d.Channel == MessageChannel.Subscription && phones[message.PersonId].Contains(d.AddressId))
            .Select(d => new ChannelAttempt(d.Channel, d.Attempt))];
    }
}

/// <summary>Names of channels for people.</summary>
public static class ChannelNames
{
    public static string Of(MessageChannel channel) => channel switch
    {
        MessageChannel.Subscription => "小程序订阅消息",
        MessageChannel.OfficialAccount => "公众号模板消息",
        MessageChannel.Sms => "短信",
        MessageChannel.Letter => "信函",
        MessageChannel.Email => "邮件",
        _ => throw new InvalidOperationException($"No name of {channel}"),
    };
}
