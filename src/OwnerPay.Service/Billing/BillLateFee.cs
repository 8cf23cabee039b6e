using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>The contract late fee (违约金) of a bill as of a date, from the terms frozen on its lines, what lowered its principal and what was paid of the fee.</summary>
public static class BillLateFee
{
    /// <param name="lines">All lines of the bill.</param>
    /// <param name="reductions">All reductions of the bill; later ones than <paramref name="date"/> do not count yet.</param>
    /// <param name="stops">What keeps it from running.</param>
    /// <param name="date">Shanghai date, included: who pays on it is charged for it.</param>
    /// <returns>Fen ≥ 0 still to pay. Once the principal is paid the fee stops growing; what is left of it stays.</returns>
    /// <remarks>Lines with the same terms are one principal, so that their fee is rounded once; example: 3,000.00 yuan of property fee at
    /// 500 millionths a day, 10 days late → 15.00 yuan. Fee kinds without an agreed rate add nothing.</remarks>
    public static long AsOf(Bill bill, IReadOnlyList<BillLine> lines, IReadOnlyList<BillReduction> reductions, BillStops stops, DateOnly date)
    {
        if (date <= bill.DueOn || bill.State == BillState.Voided) return 0;
        var settled = reductions.Where(r => r.BillLineId is null && r.On <= date).Sum(r => r.Fen);
        return Math.Max(0, Grown(bill, lines, reductions, stops, date) - settled);
    }

    /// <summary>All that the fee has grown to, fen, before anything of it was paid or waived.</summary>
    /// <inheritdoc cref="AsOf"/>
    public static long Grown(Bill bill, IReadOnlyList<BillLine> lines, IReadOnlyList<BillReduction> reductions, BillStops stops, DateOnly date)
    {
        var fee = Fen.Zero;
        foreach (var alike in Debts(lines, reductions))
            fee += LateFee.AsOf(date, bill.DueOn, alike.Principal, alike.Terms, alike.Moves, stops.Of(bill, alike.AfterDemand, date), Fen.Zero);
        return fee.Value;
    }

    static LateFeeTerms TermsOf(BillLine line) => new(line.GraceDays, line.LateFeePerMillion, line.LateFeeCapPercent);

    /// <summary>Lines of a bill with the same terms, as one principal.</summary>
    /// <param name="AfterDemand">The terms ask for a written demand first.</param>
    /// <param name="Moves">What lowered or raised the principal.</param>
    internal sealed record Debt(LateFeeTerms Terms, bool AfterDemand, IReadOnlyList<BillLine> Lines, Fen Principal,
        IReadOnlyList<PrincipalPayment> Moves);

    /// <summary>The principals of a bill for which a rate was agreed.</summary>
    internal static IEnumerable<Debt> Debts(IReadOnlyList<BillLine> lines, IReadOnlyList<BillReduction> reductions)
    {
        foreach (var alike in lines.GroupBy(line => (Terms: TermsOf(line), line.LateFeeAfterDemand)))
        {
            if (alike.Key.Terms.RatePerMillion == 0) continue;
            var (principal, moves) = (0L, new List<PrincipalPayment>());
            foreach (var line in alike) principal += Principal(line, [.. reductions.Where(r => r.BillLineId == line.Id)], moves);
            yield return new(alike.Key.Terms, alike.Key.LateFeeAfterDemand, [.. alike], new Fen(principal), moves);
        }
    }

    /// <summary>The principal that a line has had since it was issued; what lowered or raised it later is added to <paramref name="moves"/>.</summary>
    /// <remarks>An amount that an adjustment took off was never owed: no day counts for it. One that an adjustment put on is owed from the day after
    /// its approval: nobody is late with what he was not asked for. An adjustment and its reversal leave the fee as it was.</remarks>
    static long Principal(BillLine line, IReadOnlyList<BillReduction> reductions, List<PrincipalPayment> moves)
    {
        foreach (var move in reductions.Where(r => r.SourceKind != ReductionKinds.Adjustment))
            moves.Add(new(move.On, new Fen(Math.Abs(move.Fen)), Reopened: move.Fen < 0));
        if (line.AdjustedFen <= 0) return line.WorthFen;
        var raised = reductions.Where(r => r.SourceKind == ReductionKinds.Adjustment && r.Fen < 0).Max(r => r.On);
        moves.Add(new(raised, new Fen(line.AdjustedFen), Reopened: true));
        return line.AmountFen;
    }
}
