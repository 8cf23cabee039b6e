using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="Name">Of the channel, in Chinese.</param>
/// <param name="First">Persons whom this channel would reach first.</param>
/// <param name="Also">Persons who get it besides: the email, the letter that proves.</param>
/// <param name="Possible">Persons whom it could reach at all.</param>
/// <param name="CostFen">What its messages would cost, fen; of usual length.</param>
public sealed record ChannelReach(MessageChannel Channel, string Name, int First, int Also, int Possible, long CostFen);

/// <param name="Persons">How many are asked for, each once; all of them get it in the in-app inbox.</param>
/// <param name="InboxOnly">Persons whom no channel reaches.</param>
/// <param name="CostFen">All channels together, fen.</param>
public sealed record ReachAnswer(int Persons, int InboxOnly, long CostFen, IReadOnlyList<ChannelReach> Channels);

/// <summary>How many persons each channel would reach first, and what it would cost, before anything is sent: the same question to the same channels
/// as the chain asks at sending.</summary>
/// <remarks>A forecast: grants may be used up, people may pay, and a channel may refuse, by the time it is sent; what is refused goes on by the next
/// channel and may then cost more.</remarks>
public sealed class Reach(OwnerPayDb db, MessageKinds kinds, MessageChannels channels, RenderMessages render)
{
    const int Page = 500;

    sealed class Count
    {
        public int First, Also, Possible;
        public long CostFen;
    }

    /// <param name="kind">A registered kind; its template in force decides channels and order.</param>
    /// <param name="persons">Persons of the community; repeated ones count once.</param>
    public async Task<ReachAnswer> Of(Guid community, string kind, IReadOnlyCollection<Guid> persons, CancellationToken cancel)
    {
        var (counts, inboxOnly, all) = (new SortedDictionary<MessageChannel, Count>(), 0, persons.Distinct().ToList());
        if (await render.Active(community, kind, cancel) is not { } template) return new(all.Count, all.Count, 0, []);
        var settings = await db.MessageSettings.AsNoTracking().SingleOrDefaultAsync(s => s.Id == community, cancel)
            ?? new MessageSettings { Id = community };
        var known = kinds.Of(kind);
        foreach (var channel in channels.For(known, template)) counts[channel.Channel] = new();
        foreach (var page in all.Chunk(Page))
        {
            var open = new Dictionary<MessageChannel, Dictionary<Guid, long>>();
            foreach (var channel in channels.For(known, template))
                open[channel.Channel] = (await channel.Addresses(new(community, known, template, settings, page), cancel))
                    .GroupBy(a => a.PersonId).ToDictionary(g => g.Key, g => g.Sum(a => a.CostFen));
            foreach (var person in page) if (!Add(person, template, known, open, counts)) inboxOnly++;
        }
        return new(all.Count, inboxOnly, counts.Values.Sum(c => c.CostFen),
            [.. counts.Select(c => new ChannelReach(c.Key, ChannelNames.Of(c.Key), c.Value.First, c.Value.Also, c.Value.Possible, c.Value.CostFen))]);
    }

    static bool Add(
        Guid person, MessageTemplate template, IMessageKind kind, Dictionary<MessageChannel, Dictionary<Guid, long>> open,
        SortedDictionary<MessageChannel, Count> counts)
    {
        var mine = open.Where(channel => channel.Value.ContainsKey(person)).Select(channel => channel.Key).ToHashSet();
        foreach (var channel in mine) counts[channel].Possible++;
        var first = ChannelChain.Next(template.Channels(), [], mine, kind.NeedsProof);
        if (first is { } chosen)
        {
            counts[chosen].First++;
            counts[chosen].CostFen += open[chosen][person];
            ChannelAttempt[] reached = [new(chosen, AttemptState.Reached)];
            if (ChannelChain.Next(template.Channels(), reached, mine, kind.NeedsProof) is { } proof) Besides(proof);
        }
        if (mine.Contains(MessageChannel.Email)) Besides(MessageChannel.Email);
        return mine.Count > 0;

        void Besides(MessageChannel channel)
        {
            counts[channel].Also++;
            counts[channel].CostFen += open[channel][person];
        }
    }
}
