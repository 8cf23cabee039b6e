using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>The contract late fee (违约金) of a bill as of a date, from the terms frozen on its lines, what lowered its principal and what was paid of the fee.</summary>
public static class BillLateFee
{
    /// <param name="lines">All lines of the bill.</param>
    /// <param name="reductions">All reductions of the bill; later ones than <paramref name="date"/> do not count yet.</param>
    /// <param name="date">Shanghai date, included: who pays on it is charged for it.</param>
    /// <returns>Fen ≥ 0 still to pay. Once the principal is paid the fee stops growing; what is left of it stays.</returns>
    /// <remarks>Lines with the same terms are one principal, so that their fee is rounded once; example: 3,000.00 yuan of property fee at
    /// 500 millionths a day, 10 days late → 15.00 yuan. Fee kinds without an agreed rate add nothing.</remarks>
    public static long AsOf(Bill bill, IReadOnlyList<BillLine> lines, IReadOnlyList<BillReduction> reductions, DateOnly date)
    {
        if (date <= bill.DueOn || bill.State == BillState.Voided) return 0;
        var fee = Fen.Zero;
        foreach (var alike in lines.GroupBy(line => new LateFeeTerms(line.GraceDays, line.LateFeePerMillion, line.LateFeeCapPercent)))
        {
            if (alike.Key.RatePerMillion == 0) continue;
            var ids = alike.Select(line => line.Id).ToHashSet();
            var payments = reductions.Where(r => r.BillLineId is { } line && ids.Contains(line))
                .Select(r => new PrincipalPayment(r.On, new Fen(Math.Abs(r.Fen)), Reopened: r.Fen < 0));
            fee += LateFee.AsOf(date, bill.DueOn, alike.Select(line => new Fen(line.AmountFen)).Sum(), alike.Key, [.. payments], [], Fen.Zero);
        }
        var settled = reductions.Where(r => r.BillLineId is null && r.On <= date).Select(r => new Fen(r.Fen)).Sum();
        return Fen.Max(fee - settled, Fen.Zero).Value;
    }
}
