using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Why days do not count.</summary>
public enum StopReason { Dispute, Deferral, Plan, NoDemandYet }

/// <param name="SourceId">The dispute, deferral or plan; null where no demand has arrived.</param>
public sealed record LateFeeStop(StopReason Reason, DateOnly From, DateOnly To, Guid? SourceId);

/// <summary>Days in a row with the same open principal, all counted or all stopped.</summary>
/// <param name="FeeYuan">Exact, before cap and rounding; 0 where the days are stopped.</param>
/// <param name="Stops">Why they do not count.</param>
public sealed record LateFeeRange(DateOnly From, DateOnly To, int Days, long OpenFen, bool Counted, decimal FeeYuan,
    IReadOnlyList<LateFeeStop> Stops);

/// <summary>Lines of a bill with the same terms.</summary>
/// <param name="Titles">The fees, in Chinese.</param>
/// <param name="PrincipalFen">Original principal; the cap is a share of it.</param>
/// <param name="GrownFen">What the fee has grown to, capped and rounded.</param>
/// <param name="CourtSafeFen">What of it a court would leave; null when no loan rate is known for one of the days.</param>
public sealed record LateFeeOfTerms(
    IReadOnlyList<string> Titles, int RatePerMillion, int GraceDays, int CapPercent, bool AfterDemand, long PrincipalFen, long CapFen, long GrownFen,
    long? CourtSafeFen, IReadOnlyList<LateFeeRange> Ranges);

/// <param name="GrownFen">The contract figure: all that the fee has grown to.</param>
/// <param name="PaidFen">Paid of it.</param>
/// <param name="WaivedFen">Waived of it.</param>
/// <param name="LateFeeFen">Still to pay by who pays on the day.</param>
/// <param name="CourtSafeFen">What of the contract figure is safe before a court: at most 1.3 times the one-year loan prime rate on the same
/// days.</param>
/// <param name="CourtSafeLeftFen">The same less what was paid and waived, at least 0.</param>
/// <param name="DemandArrivedOn">The first written demand that was proved.</param>
public sealed record LateFeeExplained(
    Guid BillId, Guid HouseId, DateOnly DueOn, DateOnly AsOf, BillState State, long OpenFen, long GrownFen, long PaidFen, long WaivedFen,
    long LateFeeFen,
    long? CourtSafeFen, long? CourtSafeLeftFen, DateOnly? DemandArrivedOn, IReadOnlyList<LateFeeOfTerms> Terms);

/// <summary>The late fee of a bill, day range by day range, for staff who must explain it to an owner or defend it before a court.</summary>
/// <remarks>Errors: <c>bill_not_found</c> 404.</remarks>
public sealed class ShowLateFee(OwnerPayDb db, OpenBills openBills, LoanRates loanRates, Clock clock)
{
    public static void Map(Doors doors) =>
        doors.Staff.MapGet("/communities/{communityId:guid}/bills/{billId:guid}/late-fee", Get).WithName("showLateFee")
        .ForStaff(StaffRole.Collector, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(ShowBills.NotFound);

    /// <param name="asOf">Shanghai date; today without it.</param>
    static async Task<Results<Ok<LateFeeExplained>, ProblemHttpResult>> Get(
        Guid billId, StaffMember by, ShowLateFee show, CancellationToken cancel, DateOnly? asOf = null) =>
        (await show.Run(by.CommunityId, billId, asOf, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<LateFeeExplained>> Run(Guid community, Guid billId, DateOnly? asked, CancellationToken cancel)
    {
        if (!await db.Bills.AnyAsync(b => b.Id == billId && b.CommunityId == community, cancel)) return ShowBills.NotFound;
        var (of, asOf, rates) = ((await openBills.OfStaff([billId], cancel))[0], asked ?? clock.Today(), await loanRates.InForce(community, cancel));
        var bill = of.Bill;
        var terms = bill.State == BillState.Voided ? [] : BillLateFee.Debts(of.Lines, of.Reductions).Select(debt => Explain(of, debt, rates, asOf))
            .ToList();
        var settled = of.Reductions.Where(r => r.BillLineId is null && r.On <= asOf).ToList();
        var safe = terms.TrueForAll(t => t.CourtSafeFen is not null) ? terms.Sum(t => t.CourtSafeFen) : null;
        return new LateFeeExplained(bill.Id, bill.HouseId, bill.DueOn, asOf, bill.State, bill.OpenFen, terms.Sum(t => t.GrownFen),
            settled.Where(r => ReductionKinds.IsMoney(r.SourceKind)).Sum(r => r.Fen),
            settled.Where(r => !ReductionKinds.IsMoney(r.SourceKind)).Sum(r => r.Fen),
            of.LateFeeOn(asOf), safe, safe is { } fen ? Math.Max(0, fen - settled.Sum(r => r.Fen)) : null, of.Stops.DemandArrivedOn, terms);
    }

    static LateFeeOfTerms Explain(BillWithLines of, BillLateFee.Debt debt, IReadOnlyList<LoanRate> rates, DateOnly asOf)
    {
        var stops = of.Stops.Of(of.Bill, debt.AfterDemand, asOf);
        var grown = LateFee.AsOf(asOf, of.Bill.DueOn, debt.Principal, debt.Terms, debt.Moves, stops, Fen.Zero);
        var stretches = LateFeeDays.Of(asOf, of.Bill.DueOn, debt.Principal, debt.Terms.GraceDays, debt.Moves, stops);
        var (causes, safe) = (Causes(of, debt.AfterDemand, asOf), LateFeeDays.CourtSafe(stretches, rates));
        return new([.. debt.Lines.Select(line => line.Title).Distinct()], debt.Terms.RatePerMillion, debt.Terms.GraceDays, debt.Terms.CapPercent,
            debt.AfterDemand,
            debt.Principal.Value, debt.Terms.CapOf(debt.Principal).Value, grown.Value, safe is { } fen ? Fen.Min(fen, grown).Value : null,
            [.. stretches.Select(s => new LateFeeRange(s.Days.From, s.Days.To, s.Days.Days, s.Open.Value, !s.Stopped,
                (decimal)s.FenDays * debt.Terms.RatePerMillion / 100_000_000m,
                s.Stopped ? [.. causes.Where(c => new DateRange(c.From, c.To).Overlaps(s.Days))] : []))]);
    }

    static List<LateFeeStop> Causes(BillWithLines of, bool afterDemand, DateOnly asOf)
    {
        var causes = new List<LateFeeStop>();
        foreach (var pause in of.Stops.Pauses)
            if (pause.On(asOf) is { } days) causes.Add(new(Reason(pause.Row.Kind), days.From, days.To, pause.Row.SourceId));
        if (afterDemand && of.Stops.BeforeDemand(of.Bill, asOf) is { } before) causes.Add(new(StopReason.NoDemandYet, before.From, before.To, null));
        return causes;
    }

    static StopReason Reason(PauseKind kind) => kind switch
    {
        PauseKind.Dispute => StopReason.Dispute,
        PauseKind.Deferral => StopReason.Deferral,
        PauseKind.Plan => StopReason.Plan,
        _ => throw new InvalidOperationException($"No reason for {kind}"),
    };
}
