namespace OwnerPay.Domain.Payments;

/// <summary>So many notes or coins of one face.</summary>
/// <param name="FaceFen">Face value in fen: 10,000 for a note of 100 yuan.</param>
/// <param name="Pieces">How many, ≥ 0.</param>
public readonly record struct CashPieces(long FaceFen, long Pieces);

/// <summary>What lies in a cash drawer, counted piece by piece (清点).</summary>
/// <remarks>Source: notes and coins of the fourth and fifth series of the renminbi, all legal tender or exchanged by banks at their face.
/// Example: 3 × 100 yuan, 1 × 20 yuan, 5 × 1 jiao → 320.50 yuan → 32,050 fen.</remarks>
public static class CashCount
{
    /// <summary>Faces that exist, in fen: 100, 50, 20, 10, 5, 2, 1 yuan; 5, 2, 1 jiao; 5, 2, 1 fen.</summary>
    public static readonly IReadOnlyList<long> Faces = [10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

    /// <returns>Fen in the drawer.</returns>
    /// <exception cref="RuleRefusal"><c>no_such_face</c>; <c>duplicate_id</c> for a face that is counted twice; <c>negative_number</c>;
    /// <c>too_large</c>.</exception>
    public static Fen Of(IReadOnlyCollection<CashPieces> drawer)
    {
        var counted = new HashSet<long>();
        Int128 sum = 0;
        foreach (var (face, pieces) in drawer)
        {
            if (!Faces.Contains(face)) throw new RuleRefusal(RuleCodes.NoSuchFace, $"there is no note or coin of {face} fen");
            if (!counted.Add(face)) throw RuleRefusal.Duplicate("face", face.ToString(System.Globalization.CultureInfo.InvariantCulture));
            RuleRefusal.IfNegative(pieces, "a number of pieces");
            sum += (Int128)face * pieces;
        }
        return sum > long.MaxValue ? throw RuleRefusal.TooLarge("sum of a drawer") : new Fen((long)sum);
    }
}
