namespace OwnerPay.Domain.Points;

/// <summary>Principal of one line that a payment paid.</summary>
/// <param name="Paid">Fen after discounts and without late fee, ≥ 0.</param>
/// <param name="Promotable">Whether the fee is one that the company may reward (its own, not money passed through).</param>
/// <param name="Due">Due date of the line's bill.</param>
public readonly record struct PaidPrincipal(Fen Paid, bool Promotable, DateOnly Due);

/// <summary>Points for paying in time: one for each whole yuan of promotable principal that was paid on or before its due date.</summary>
public static class PointsEarned
{
    /// <summary>The yuan of all lines are added first and cut once for the payment: 0.60 + 0.60 yuan earn 1 point, not 0.</summary>
    /// <param name="paidOn">Shanghai date of the payment.</param>
    /// <param name="times">Points per yuan: 1, or 2 for an owner who has been on time three years running.</param>
    /// <exception cref="RuleRefusal"><c>negative_amount</c>, <c>negative_number</c>, <c>too_large</c>.</exception>
    public static long For(DateOnly paidOn, IEnumerable<PaidPrincipal> lines, int times = 1)
    {
        RuleRefusal.IfNegative(times, "the points per yuan");
        Int128 fen = 0;
        foreach (var line in lines)
        {
            RuleRefusal.IfNegative(line.Paid, "paid principal");
            if (line.Promotable && paidOn <= line.Due) fen += line.Paid.Value;
        }
        var points = fen / 100 * times;
        return points > long.MaxValue ? throw RuleRefusal.TooLarge("sum of the points") : (long)points;
    }
}
