using CsCheck;
using OwnerPay.Domain.Roster;

namespace OwnerPay.Domain.Tests.Roster;

public sealed class LiableStretchesTests
{
    static readonly Guid[] People = [.. Enumerable.Range(1, 4).Select(number => new Guid(number, 0, 0, new byte[8]))];
    static readonly DateOnly First = new(2026, 1, 1);

    static readonly Gen<Holding> AnyHolding = Gen.Select(
        Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 40], Gen.Int[-1, 25],
        (person, owns, from, length) => new Holding(People[person], owns ? HolderKind.Owner : HolderKind.Developer,
            First.AddDays(from), length < 0 ? null : First.AddDays(from + length)));

    [Fact]
    public void Every_day_of_a_house_has_exactly_the_party_that_its_tenures_say() => AnyHolding.List[0, 6].Sample(holdings =>
    {
        var stretches = LiableStretches.Of(holdings);

        for (var day = First; day < First.AddDays(80); day = day.AddDays(1))
        {
            var meant = LiableStretches.On(day, holdings);
            var found = stretches.Where(stretch => stretch.From <= day && (stretch.To is null || day <= stretch.To)).ToList();
            Assert.Equal(meant is null ? 0 : 1, found.Count);
            if (meant is null) continue;
            Assert.Equal(meant.Value.Kind, found[0].Kind);
            Assert.True(meant.Value.Persons.SetEquals(found[0].Persons));
        }
        foreach (var (before, after) in stretches.Zip(stretches.Skip(1)))
            Assert.False(before.To!.Value.AddDays(1) == after.From && before.Kind == after.Kind && before.Persons.SetEquals(after.Persons),
                "the same people on consecutive days are one party");
    }, iter: 2000);

    [Fact]
    public void A_buyer_never_becomes_part_of_the_sellers_party()
    {
        var stretches = LiableStretches.Of(
        [
            new(People[0], HolderKind.Developer, new(2026, 9, 1), null),
            new(People[1], HolderKind.Owner, new(2026, 10, 9), new(2026, 11, 11)),
            new(People[2], HolderKind.Owner, new(2026, 11, 12), null),
            new(People[3], HolderKind.Owner, new(2026, 11, 12), null),
        ]);

        Assert.Equal(3, stretches.Count);
        Assert.Equal((HolderKind.Developer, new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 8)),
            (stretches[0].Kind, stretches[0].From, stretches[0].To!.Value));
        Assert.Equal([People[1]], stretches[1].Persons);
        Assert.Equal(new DateOnly(2026, 11, 11), stretches[1].To);
        Assert.Equal([People[2], People[3]], stretches[2].Persons.Order());
        Assert.Null(stretches[2].To);
    }

    [Fact]
    public void A_day_on_which_nobody_holds_the_house_is_nobodys() => Assert.Equal(2, LiableStretches.Of(
    [
        new(People[0], HolderKind.Owner, new(2026, 1, 1), new(2026, 1, 31)),
        new(People[0], HolderKind.Owner, new(2026, 2, 2), null),
    ]).Count);
}
