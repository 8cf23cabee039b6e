using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A bill run as clerk and finance see it.</summary>
/// <param name="Bills">Number of bills that it issues.</param>
/// <param name="Odd">What deserves a look; in lists only the counts.</param>
public sealed record BillRunShown(
    Guid RunId, BillRunState State, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, IReadOnlyList<string> FeeKinds, int Bills, long TotalFen,
    string PreviewHash, OddReport Odd, Guid ProposedBy, DateTimeOffset ProposedAt, Guid? ConfirmedBy, DateTimeOffset? IssuedAt)
{
    public static BillRunShown Of(BillRun run) => new(
        run.Id, run.State, run.PeriodFrom, run.PeriodTo, run.DueOn, run.FeeKinds.Split(','), run.Bills, run.TotalFen, run.PreviewHash,
        JsonSerializer.Deserialize<OddReport>(run.Odd, Json.Options)!, run.ProposedBy, run.ProposedAt, run.ConfirmedBy, run.IssuedAt);
}

/// <summary>The bill runs of a community.</summary>
public sealed class ShowBillRuns(OwnerPayDb db)
{
    public static readonly Error NotFound = new(404, "bill_run_not_found", "没有找到该出账批次");
    const int PageSize = 50;

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/runs", GetList).WithName("listBillRuns")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/runs/{runId:guid}", GetOne).WithName("showBillRun")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
    }

    static async Task<Results<Ok<Page<BillRunShown>>, ProblemHttpResult>> GetList(string? cursor, StaffMember staff, ShowBillRuns show, CancellationToken cancel) =>
        (await show.List(staff.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<BillRunShown>, ProblemHttpResult>> GetOne(Guid runId, StaffMember staff, ShowBillRuns show, CancellationToken cancel) =>
        (await show.One(staff.CommunityId, runId, cancel)).ToHttp(run => TypedResults.Ok(run));

    public async Task<Result<Page<BillRunShown>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var query = db.BillRuns.AsNoTracking().Where(r => r.CommunityId == community && r.HouseId == null);
        var runs = await query.NewestFirst(after, r => new Cursor(r.ProposedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return Pages.Of(runs, PageSize, r => new Cursor(r.ProposedAt, r.Id)).Select(BillRunShown.Of)
            .Select(run => run with { Odd = run.Odd with { Items = [] } });
    }

    public async Task<Result<BillRunShown>> One(Guid community, Guid runId, CancellationToken cancel) =>
        await db.BillRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId && r.CommunityId == community, cancel) is { } run ? BillRunShown.Of(run) : NotFound;
}
