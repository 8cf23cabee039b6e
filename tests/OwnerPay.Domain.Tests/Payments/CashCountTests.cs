using CsCheck;
using OwnerPay.Domain.Payments;

namespace OwnerPay.Domain.Tests.Payments;

public sealed class CashCountTests
{
    [Fact]
    public void A_drawer_is_worth_its_notes_and_coins() =>
        Assert.Equal(new Fen(32_050), CashCount.Of([new(10_000, 3), new(2_000, 1), new(10, 5)]));

    [Fact]
    public void Whatever_is_counted_sums_up_in_any_order() =>
        Gen.Select(Gen.Int[0, CashCount.Faces.Count], Gen.Long[0, 5_000].Array[13]).Sample((faces, pieces) =>
        {
            CashPieces[] drawer = [.. CashCount.Faces.Take(faces).Select((face, at) => new CashPieces(face, pieces[at]))];
            Assert.Equal(drawer.Sum(p => p.FaceFen * p.Pieces), CashCount.Of(drawer).Value);
            Assert.Equal(CashCount.Of(drawer), CashCount.Of([.. drawer.Reverse()]));
        });

    [Theory]
    [InlineData(300, 1, RuleCodes.NoSuchFace)]
    [InlineData(100, -1, RuleCodes.NegativeNumber)]
    [InlineData(10_000, long.MaxValue, RuleCodes.TooLarge)]
    public void A_count_that_cannot_be_is_refused(long face, long pieces, string code) =>
        Assert.Equal(code, Assert.Throws<RuleRefusal>(() => CashCount.Of([new(face, pieces)])).Code);

    [Fact]
    public void A_face_counted_twice_is_refused() =>
        Assert.Equal(RuleCodes.DuplicateId, Assert.Throws<RuleRefusal>(() => CashCount.Of([new(100, 1), new(100, 2)])).Code);
}
