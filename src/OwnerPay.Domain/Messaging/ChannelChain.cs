namespace OwnerPay.Domain.Messaging;

/// <summary>What became of one attempt by one channel. <c>Perhaps</c>: no clear answer came, the phone may have buzzed. <c>GivenUp</c>: the message
/// became pointless.</summary>
public enum AttemptState { OnItsWay, Reached, Perhaps, Missed, GivenUp }

/// <summary>One attempt of a message; a person with two phones has two by one channel.</summary>
public readonly record struct ChannelAttempt(MessageChannel Channel, AttemptState State);

/// <summary>By which way a message goes on when one did not reach: subscription → official account → text message → letter.</summary>
/// <remarks>Source: domain.md section 9. A channel is tried once. Example: chain [Subscription, OfficialAccount, Sms], the subscription missed, the
/// person follows no account and has a phone → Sms.</remarks>
public static class ChannelChain
{
    /// <summary>The chain where a template names none.</summary>
    public static readonly IReadOnlyList<MessageChannel> Usual = [MessageChannel.Subscription, MessageChannel.OfficialAccount, MessageChannel.Sms];

    /// <summary>The same for a message whose arrival must be proved.</summary>
    public static readonly IReadOnlyList<MessageChannel> Proving = [.. Usual, MessageChannel.Letter];

    /// <param name="chain">Channels in their order. Email is none of them: it goes beside.</param>
    /// <param name="tried">All attempts so far, in any order.</param>
    /// <param name="open">Channels by which the person can be reached now.</param>
    /// <param name="needsProof">True where a phone that took the message over proves nothing: then the letter follows in any case.</param>
    /// <returns>The channel to try next; null while one is on its way, when one reached, when the message is pointless, or when none is
    /// left.</returns>
    public static MessageChannel? Next(
        IReadOnlyList<MessageChannel> chain, IReadOnlyCollection<ChannelAttempt> tried, IReadOnlySet<MessageChannel> open, bool needsProof)
    {
        var mine = tried.Where(attempt => chain.Contains(attempt.Channel)).ToList();
        if (tried.Any(attempt => attempt.State == AttemptState.GivenUp)) return null;
        if (mine.Exists(attempt => attempt.State == AttemptState.OnItsWay)) return null;
        if (mine.Exists(attempt => attempt.State is AttemptState.Reached or AttemptState.Perhaps))
            return needsProof && chain.Contains(MessageChannel.Letter) && open.Contains(MessageChannel.Letter)
                && !mine.Exists(attempt => attempt.Channel == MessageChannel.Letter) ? MessageChannel.Letter : null;
        var furthest = mine.Count == 0 ? -1 : mine.Max(attempt => Place(chain, attempt.Channel));
        for (var step = furthest + 1; step < chain.Count; step++)
            if (open.Contains(chain[step])) return chain[step];
        return null;
    }

    /// <summary>A chain that may be set: each channel once, email not among them, paper at its end.</summary>
    public static bool IsValid(IReadOnlyList<MessageChannel> chain) =>
        chain.Count > 0 && chain.Distinct().Count() == chain.Count && !chain.Contains(MessageChannel.Email)
        && (!chain.Contains(MessageChannel.Letter) || chain[^1] == MessageChannel.Letter);

    static int Place(IReadOnlyList<MessageChannel> chain, MessageChannel channel)
    {
        for (var place = 0; place < chain.Count; place++)
            if (chain[place] == channel) return place;
        return -1;
    }
}
