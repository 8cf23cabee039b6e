using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <param name="LastDay">Last Shanghai day on which they can be spent.</param>
public sealed record PointsToExpire(DateOnly LastDay, long Points);

/// <param name="Outstanding">Whole points that owners can still spend.</param>
/// <param name="Owed">Points that refunds took back after they had been spent: later points fill them.</param>
/// <param name="CostFen">Declared cost of what is outstanding less what is owed, fen.</param>
/// <param name="Holders">Persons who hold some.</param>
/// <param name="Sums">Of all time.</param>
/// <param name="ToExpire">The first to expire first.</param>
public sealed record PointsReport(
    DateOnly AsOf, long Outstanding, long Owed, long CostFenPerHundred, long CostFen, int Holders, PointsSums Sums,
        IReadOnlyList<PointsToExpire> ToExpire);

/// <summary>What a community's points amount to, for finance and manager: the promise that is still out, at its declared cost.</summary>
public sealed class ReportPoints(OwnerPayDb db, PointsTermsBook terms, Clock clock)
{
    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/points/report", Get).WithName("reportPoints")
        .ForStaff(StaffRole.Finance, StaffRole.Manager);

    static async Task<Ok<PointsReport>> Get(StaffMember by, ReportPoints report, CancellationToken cancel) =>
        TypedResults.Ok(await report.Run(by.CommunityId, cancel));

    public async Task<PointsReport> Run(Guid community, CancellationToken cancel)
    {
        var today = clock.Today();
        var lots = db.PointsLots.Where(l => l.CommunityId == community);
        var months = await lots.Where(l => l.Remaining > 0 && l.ExpiresOn >= today).GroupBy(l => l.ExpiresOn)
            .Select(g => new PointsToExpire(g.Key, g.Sum(l => l.Remaining))).ToListAsync(cancel);
        var outstanding = months.Sum(month => month.Points);
        var owed = -await lots.Where(l => l.Remaining < 0).SumAsync(l => l.Remaining, cancel);
        var holders = await lots.Where(l => l.Remaining > 0 && l.ExpiresOn >= today).Select(l => l.PersonId).Distinct().CountAsync(cancel);
        var cost = (await terms.Of(community, cancel)).CostFenPerHundred;
        return new(today, outstanding, owed, cost, Fen.Round((Int128)Math.Max(0, outstanding - owed) * cost, 100).Value, holders,
            await db.PointsEntries.Where(e => e.CommunityId == community).Sums(cancel), [.. months.OrderBy(month => month.LastDay)]);
    }
}
