using CsCheck;
using OwnerPay.Domain.Rewards;

namespace OwnerPay.Domain.Tests.Rewards;

public sealed class VerifiableDrawTests
{
    static readonly Gen<(byte[] Secret, string Beacon, int Winners, string[] Tickets)> Draws = Gen.Select(
        Gen.Byte.Array[32], Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.Int[0, 30],
        Gen.Int[0, 99_999].HashSet[0, 40].Select(set => set.Select(number => $"T{number}").ToArray()));

    [Fact]
    public void Winners_are_distinct_tickets_and_as_many_as_there_are_prizes_or_tickets() => Draws.Sample(draw =>
    {
        var winners = VerifiableDraw.Run(draw.Secret, draw.Beacon, draw.Winners, draw.Tickets).Winners;

        Assert.Equal(Math.Min(draw.Winners, draw.Tickets.Length), winners.Count);
        Assert.Equal(winners.Count, winners.Distinct().Count());
        Assert.Subset(draw.Tickets.ToHashSet(), winners.ToHashSet());
    });

    [Fact]
    public void An_invalid_winner_is_replaced_by_the_next_one_and_the_others_keep_their_prizes() => Draws.Sample(draw =>
        VerifiableDraw.Run(draw.Secret, draw.Beacon, draw.Winners + 1, draw.Tickets).Winners.Take(draw.Winners)
            .SequenceEqual(VerifiableDraw.Run(draw.Secret, draw.Beacon, draw.Winners, draw.Tickets).Winners));

    [Fact]
    public void The_order_in_which_tickets_come_does_not_matter_but_every_letter_of_the_beacon_does()
    {
        var secret = new byte[32];
        string[] tickets = [.. Enumerable.Range(0, 1_000).Select(number => $"T{number}")];
        var winners = VerifiableDraw.Run(secret, "3127.45", 20, tickets).Winners;

        Assert.Equal(winners, VerifiableDraw.Run(secret, "3127.45", 20, tickets.Reverse().ToArray()).Winners);
        Assert.NotEqual(winners, VerifiableDraw.Run(secret, "3127.45 ", 20, tickets).Winners);
    }

    [Fact]
    public void Without_tickets_nobody_wins_and_the_root_is_that_of_the_empty_text()
    {
        var result = VerifiableDraw.Run(new byte[32], "1", 3, []);

        Assert.Empty(result.Winners);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", result.Root);
    }

    [Fact]
    public void Text_that_is_half_a_character_is_refused_because_two_lists_could_look_alike()
    {
        Assert.Equal("text_unsound", Assert.Throws<RuleRefusal>(() => VerifiableDraw.Run(new byte[32], "1", 1, ["T\ud800"])).Code);
        Assert.Equal("text_unsound", Assert.Throws<RuleRefusal>(() => VerifiableDraw.Run(new byte[32], "\udc00", 1, ["T1"])).Code);
        Assert.Equal("secret_unsound", Assert.Throws<RuleRefusal>(() => VerifiableDraw.Run(new byte[31], "1", 1, ["T1"])).Code);
    }
}
