using OwnerPay.Domain.Messaging;

namespace OwnerPay.Service.Messaging;

/// <summary>Where a channel can reach a person now.</summary>
/// <param name="AddressId">Names the address: two persons who share one have the same.</param>
/// <param name="CostFen">What a message of usual length costs there, fen.</param>
public sealed record ChannelAddress(Guid PersonId, Guid AddressId, long CostFen);

/// <summary>Whose addresses are asked for.</summary>
public sealed record ChannelQuestion(
    Guid CommunityId, IMessageKind Kind, MessageTemplate Template, MessageSettings Settings, IReadOnlyCollection<Guid> Persons);

/// <summary>One attempt, with all that its text needs.</summary>
public sealed record Sending(
    Delivery Delivery, Message Message, IMessageKind Kind, MessageTemplate Template, MessageSettings Settings,
    IReadOnlyDictionary<string, string> Values);

/// <summary>What became of an attempt, and what to write.</summary>
/// <param name="Reason">The channel's code or our word; null when all is well.</param>
/// <param name="Back">What was reserved goes back: the message did not leave.</param>
/// <param name="ProviderId">The channel's number of it.</param>
/// <param name="Empty">The address takes nothing any more: what is counted for it is none.</param>
/// <param name="NotBefore">For <c>Waiting</c>: not before then; such a wait counts as no try.</param>
/// <param name="Text">Word for word what left, where the channel's text is kept.</param>
public sealed record SendOutcome(
    DeliveryState State, string? Reason, bool Back = false, string? ProviderId = null, bool Empty = false, DateTimeOffset? NotBefore = null,
    SentText? Text = null);

/// <summary>A way to send messages.</summary>
public interface IMessageChannel
{
    MessageChannel Channel { get; }

    /// <summary>Which of the persons it could reach now. The chain and the count before sending ask the same question.</summary>
    Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel);

    /// <summary>Reserves what the message uses up, inside the transaction that takes the delivery.</summary>
    /// <returns>Why it cannot go; null when it may.</returns>
    Task<SendOutcome?> Reserve(Delivery delivery, MessageTemplate template, CancellationToken cancel) => Task.FromResult<SendOutcome?>(null);

    /// <summary>Hands the message over, outside any transaction; called once per try.</summary>
    Task<SendOutcome> Send(Sending sending, CancellationToken cancel);

    /// <summary>Notes what follows, inside the transaction that writes the outcome.</summary>
    Task Note(Delivery delivery, MessageTemplate template, SendOutcome outcome, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>The channels that are registered.</summary>
public sealed class MessageChannels(IEnumerable<IMessageChannel> channels)
{
    readonly Dictionary<MessageChannel, IMessageChannel> byName = channels.ToDictionary(channel => channel.Channel);

    public IMessageChannel Of(MessageChannel channel) => byName[channel];

    /// <summary>Those that may carry a kind: a promotion never goes by WeChat's service templates.</summary>
    public IEnumerable<IMessageChannel> For(IMessageKind kind, MessageTemplate template) => byName.Values.OrderBy(channel => channel.Channel)
        .Where(channel => template.Speaks(channel.Channel) && Allows(kind, channel.Channel));

    public static bool Allows(IMessageKind kind, MessageChannel channel) =>
        kind.Purpose != MessagePurpose.Promotion || channel is not (MessageChannel.Subscription or MessageChannel.OfficialAccount);
}
