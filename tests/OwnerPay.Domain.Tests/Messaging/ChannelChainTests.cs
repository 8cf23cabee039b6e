using CsCheck;
using OwnerPay.Domain.Messaging;

namespace OwnerPay.Domain.Tests.Messaging;

public sealed class ChannelChainTests
{
    static readonly IReadOnlyList<MessageChannel> Proving = ChannelChain.Proving;
    static readonly HashSet<MessageChannel> All = [.. Enum.GetValues<MessageChannel>()];

    [Fact]
    public void What_the_subscription_missed_goes_by_the_account_then_by_text_message_then_on_paper()
    {
        var tried = new List<ChannelAttempt>();
        var way = new List<MessageChannel>();
        while (ChannelChain.Next(Proving, tried, All, needsProof: true) is { } next)
        {
            way.Add(next);
            tried.Add(new(next, AttemptState.Missed));
        }

        Assert.Equal(Proving, way);
    }

    [Fact]
    public void Who_follows_no_account_gets_the_text_message_at_once() =>
        Assert.Equal(MessageChannel.Sms, ChannelChain.Next(
            ChannelChain.Usual, [new(MessageChannel.Subscription, AttemptState.Missed)], new HashSet<MessageChannel> { MessageChannel.Sms },
                needsProof: false));

    [Fact]
    public void Nobody_is_told_twice_because_one_of_two_phones_refused() =>
        Assert.Null(ChannelChain.Next(ChannelChain.Usual,
            [new(MessageChannel.Subscription, AttemptState.Missed), new(MessageChannel.Subscription, AttemptState.Reached)], All, needsProof: false));

    [Fact]
    public void A_message_whose_arrival_must_be_proved_goes_on_paper_although_the_phone_took_it()
    {
        ChannelAttempt[] taken = [new(MessageChannel.Subscription, AttemptState.Reached)];

        Assert.Equal(MessageChannel.Letter, ChannelChain.Next(Proving, taken, All, needsProof: true));
        Assert.Null(ChannelChain.Next(Proving, [.. taken, new(MessageChannel.Letter, AttemptState.Missed)], All, needsProof: true));
        Assert.Null(ChannelChain.Next(Proving, taken, All, needsProof: false));
    }

    [Fact]
    public void Nothing_follows_what_is_on_its_way_or_pointless_and_no_channel_is_tried_twice() => Gen.Select(
        Gen.Select(Gen.Enum<MessageChannel>(), Gen.Enum<AttemptState>()).List[0, 6], Gen.Bool, Gen.Enum<MessageChannel>().HashSet[0, 5])
            .Sample((attempts, proof, open) =>
    {
        List<ChannelAttempt> tried = [.. attempts.Select(attempt => new ChannelAttempt(attempt.Item1, attempt.Item2))];

        var next = ChannelChain.Next(Proving, tried, open, proof);

        if (next is not { } channel) return;
        Assert.DoesNotContain(tried, attempt => attempt.Channel == channel || attempt.State == AttemptState.GivenUp);
        Assert.DoesNotContain(tried, attempt => attempt.Channel != MessageChannel.Email && attempt.State == AttemptState.OnItsWay);
        Assert.Contains(channel, open);
        Assert.NotEqual(MessageChannel.Email, channel);
    });

    [Fact]
    public void A_chain_has_each_channel_once_and_paper_at_its_end()
    {
        Assert.True(ChannelChain.IsValid(ChannelChain.Usual));
        Assert.True(ChannelChain.IsValid([MessageChannel.Sms]));
        Assert.False(ChannelChain.IsValid([]));
        Assert.False(ChannelChain.IsValid([MessageChannel.Sms, MessageChannel.Sms]));
        Assert.False(ChannelChain.IsValid([MessageChannel.Letter, MessageChannel.Sms]));
        Assert.False(ChannelChain.IsValid([MessageChannel.Email]));
    }
}
