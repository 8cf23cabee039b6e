using System.Text;
using CsCheck;
using OwnerPay.Domain.Rewards;

namespace OwnerPay.Domain.Tests.Rewards;

public sealed class PublishedDrawTests
{
    static readonly DateTimeOffset Opens = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(8));

    static DrawRules Rules(params int[] counts) => new("0190", "阳光花园", "新年“抽奖”", "按时缴费\n即可参加", Opens, Opens.AddDays(10), "上证指数 2026-12-21 收盘",
        new(2026, 12, 21),
        100, 0, 5, 30, [.. counts.Select((count, at) => new DrawPrize($"奖品{at}", 1_000 + at, count))]);

    static PublishedDraw Drawn(DrawRules rules, byte[] secret, string beacon, IEnumerable<string> tickets, int replaced = 0)
    {
        string[] sorted = [.. tickets.Order(StringComparer.Ordinal)];
        var run = VerifiableDraw.Run(secret, beacon, rules.Winners + replaced, sorted);
        var text = rules.ToText();
        return new(text, PublishedDraw.HashOf(text), run.Commit, run.Root, sorted, beacon, run.Seed, Convert.ToHexStringLower(secret), run.Winners,
            [.. run.Winners.Take(Math.Min(replaced, Math.Max(0, sorted.Length - rules.Winners)))]);
    }

    [Fact]
    public void A_draw_that_was_published_as_it_was_is_accepted_and_a_byte_that_somebody_changed_anywhere_is_not() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 999].HashSet[0, 12], Gen.Int[1, 4], Gen.Int[0, 2], Gen.Int[0, 100_000], Gen.Int[1, 255])
            .Sample((secret, numbers, prizes, replaced, place, change) =>
        {
            var file = Drawn(Rules(prizes), secret, "3127.45", numbers.Select(number => $"T{number}"), replaced).ToBytes();
            Assert.Empty(PublishedDraw.Check(file));

            file[place % file.Length] ^= (byte)change;
            Assert.NotEmpty(PublishedDraw.Check(file));
        }, iter: 400);

    [Fact]
    public void Every_single_byte_of_a_small_draw_counts()
    {
        var file = Drawn(Rules(1, 2), new byte[32], "1", ["T1"]).ToBytes();    // one ticket wins whatever the beacon is: the seed tells all the same
        Assert.Empty(PublishedDraw.Check(file));
        for (var at = 0; at < file.Length; at++)
        {
            var changed = file.ToArray();
            changed[at] ^= 1;
            Assert.True(PublishedDraw.Check(changed).Count > 0, $"byte {at} of {Encoding.UTF8.GetString(file)}");
        }
        Assert.NotEmpty(PublishedDraw.Check(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file) + "\n")));
        Assert.NotEmpty(PublishedDraw.Check(Array.Empty<byte>()));
    }

    [Fact]
    public void A_winner_left_out_or_added_or_another_order_is_found()
    {
        var draw = Drawn(Rules(3), new byte[32], "1", ["T1", "T2", "T3", "T4", "T5"]);

        Assert.Contains(DrawFault.Count, PublishedDraw.Check((draw with { Winners = [.. draw.Winners.Take(2)] }).ToBytes()));
        Assert.Contains(DrawFault.Winners, PublishedDraw.Check((draw with { Winners = [.. draw.Winners.Reverse()] }).ToBytes()));
        Assert.Contains(DrawFault.Count, PublishedDraw.Check((draw with { Replaced = [draw.Winners[0]] }).ToBytes()));
        Assert.Equal([DrawFault.NotDrawn], PublishedDraw.Check((draw with { SecretHex = null, SeedHex = null, Winners = [] }).ToBytes()));
        Assert.Contains(DrawFault.Commit, PublishedDraw.Check((draw with { SecretHex = draw.SecretHex!.Replace('0', 'A') }).ToBytes()));
    }

    [Fact]
    public void The_rules_come_back_from_their_text_and_the_law_is_in_them()
    {
        var rules = Rules(1, 9);
        var back = DrawRules.Parse(rules.ToText());
        Assert.Equal((rules.ToText(), 10, "奖品1"), (back.ToText(), back.Winners, back.PrizeOf(3).Name));
        Assert.Equal("text_unsound", Assert.Throws<RuleRefusal>(() => DrawRules.Parse(rules.ToText() + " ")).Code);
        Assert.False(DrawLimits.PrizeTooHigh(new("车", 5_000_000, 1)));
        Assert.True(DrawLimits.PrizeTooHigh(new("车", 5_000_001, 1)));
        Assert.Equal("撤诉", DrawLimits.Waiver("参加者须先撤诉"));
        Assert.Null(DrawLimits.Waiver("按时缴费的业主均可参加"));
        Assert.Equal(40_000, DrawLimits.Tax(199_999).Value);
        Assert.Equal(1, DrawLimits.Tax(3).Value);
        Assert.Equal("negative_number", Assert.Throws<RuleRefusal>(() => DrawLimits.Tax(-1)).Code);
    }
}
