namespace OwnerPay.Domain.Payments;

/// <summary>What of one bill a payment covers first.</summary>
public enum AllocationOrder
{
    /// <summary>Principal lines in their order, then the late fee; the fee agreement must say so.</summary>
    PrincipalFirst,
    /// <summary>Late fee, then principal lines: the law's order where nothing is agreed (Civil Code art. 561).</summary>
    LawOrder,
}

/// <param name="Open">Fen still to pay on the line, ≥ 0.</param>
public readonly record struct OpenLine(string Id, Fen Open);

/// <param name="Lines">In line order.</param>
/// <param name="LateFee">Fen of late fee still to pay, ≥ 0.</param>
public sealed record OpenBill(string Id, DateOnly Due, IReadOnlyList<OpenLine> Lines, Fen LateFee);

public enum AllocatedTo { Line, LateFee }

/// <param name="Id">Of the line, or of the bill for its late fee.</param>
/// <param name="Amount">Fen, above 0.</param>
public readonly record struct AllocationEntry(string Bill, AllocatedTo To, string Id, Fen Amount);

/// <param name="Entries">In booking order.</param>
/// <param name="Prepaid">Fen left over, for the prepaid balance; with the entries they are the payment.</param>
public sealed record AllocationResult(IReadOnlyList<AllocationEntry> Entries, Fen Prepaid);

/// <summary>Spreads one payment over bills: bill by bill, the oldest due date first, then by id.</summary>
public static class Allocation
{
    /// <param name="amount">Fen received, ≥ 0.</param>
    /// <param name="bills">In any order.</param>
    /// <exception cref="RuleRefusal"><c>negative_amount</c>; <c>duplicate_id</c> for a bill or a line that is given twice.</exception>
    public static AllocationResult Of(AllocationOrder order, Fen amount, IReadOnlyCollection<OpenBill> bills)
    {
        Check(amount, bills);
        var entries = new List<AllocationEntry>();
        var left = amount;
        foreach (var bill in bills.OrderBy(bill => bill.Due).ThenBy(bill => bill.Id, StringComparer.Ordinal))
        {
            switch (order)
            {
                case AllocationOrder.PrincipalFirst:
                    foreach (var line in bill.Lines) Give(new(bill.Id, AllocatedTo.Line, line.Id, line.Open));
                    Give(new(bill.Id, AllocatedTo.LateFee, bill.Id, bill.LateFee));
                    break;
                case AllocationOrder.LawOrder:
                    Give(new(bill.Id, AllocatedTo.LateFee, bill.Id, bill.LateFee));
                    foreach (var line in bill.Lines) Give(new(bill.Id, AllocatedTo.Line, line.Id, line.Open));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(order), order, "no known order");
            }
        }
        return new(entries, left);

        void Give(AllocationEntry open)
        {
            var given = Fen.Min(left, open.Amount);
            if (given == Fen.Zero) return;
            entries.Add(open with { Amount = given });
            left -= given;
        }
    }

    static void Check(Fen amount, IReadOnlyCollection<OpenBill> bills)
    {
        RuleRefusal.IfNegative(amount, "the payment");
        var (billIds, lineIds) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var bill in bills)
        {
            RuleRefusal.IfNegative(bill.LateFee, "a late fee");
            if (!billIds.Add(bill.Id)) throw RuleRefusal.Duplicate("bill", bill.Id);
            foreach (var line in bill.Lines)
            {
                RuleRefusal.IfNegative(line.Open, "open principal");
                if (!lineIds.Add(line.Id)) throw RuleRefusal.Duplicate("line", line.Id);
            }
        }
    }
}
