using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="PrepaidFen">Of the total, what prepaid balances settled at once.</param>
public sealed record BillsIssued(Guid RunId, int Bills, long TotalFen, long PrepaidFen);

/// <summary>Finance confirms a run: exactly what was previewed is issued, in one transaction, or nothing.</summary>
/// <remarks>Bills, lines, claims, journals and the use of prepaid money are written page by page while the same computation as at the preview runs again;
/// if it comes to anything else, all is undone. Errors: <c>bill_run_not_found</c> 404; <c>second_person_needed</c> 403; <c>bill_run_decided</c>,
/// <c>preview_outdated</c> 409.</remarks>
public sealed class IssueBills(OwnerPayDb db, Books books, PrepaidMoney prepaid, Outbox outbox, Audit audit, Clock clock, IServiceScopeFactory scopes)
{
    public const string Issued = "bill-run.issued";

    /// <summary>Journal kinds: a bill, and prepaid money used on one; their source ids are the bill's and the prepaid entry's.</summary>
    public const string BillJournal = "bill", PrepaidJournal = "prepaid-used";

    public static readonly Error SecondPerson = new(403, "second_person_needed", "出账须由提出者以外的人确认");
    public static readonly Error Decided = new(409, "bill_run_decided", "该批次已出账或已驳回");
    public static readonly Error Outdated = new(409, "preview_outdated", "预览之后数据已变化，请重新预览");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/runs/{runId:guid}/confirm", PostConfirm)
            .WithName("confirmBillRun").ForStaff(StaffRole.Finance).CanFail(ShowBillRuns.NotFound, SecondPerson, Decided, Outdated, IdempotencyKey.Missing, IdempotencyKey.Reused);
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/runs/{runId:guid}/reject", PostReject)
            .WithName("rejectBillRun").ForStaff(StaffRole.Finance).CanFail(ShowBillRuns.NotFound, Decided, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Results<Ok<BillsIssued>, ProblemHttpResult>> PostConfirm(
        Guid runId, IdempotencyKey key, StaffMember staff, IssueBills issue, CancellationToken cancel) =>
        (await issue.Run(runId, key, staff, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Results<Ok<BillRunShown>, ProblemHttpResult>> PostReject(
        Guid runId, IdempotencyKey key, StaffMember staff, IssueBills issue, CancellationToken cancel) =>
        (await issue.Reject(runId, key, staff, cancel)).ToHttp(run => TypedResults.Ok(run));

    public Task<Result<BillsIssued>> Run(Guid runId, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<BillsIssued>(key, new { runId }, async () =>
        {
            var run = await db.BillRuns.AsNoTracking().Where(r => r.Id == runId && r.CommunityId == staff.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (run is null) return ShowBillRuns.NotFound;
            if (run.ProposedBy == staff.StaffId) return SecondPerson;
            if (run.State != BillRunState.Proposed) return Decided;
            if (run.DueOn < clock.Today()) return Outdated;
            try
            {
                return await Write(run, staff, cancel);
            }
            catch (DbException taken) when (WriteFailure.Violates(taken, "BillClaims", "LiveKey"))
            {
                return Outdated;    // another run billed one of these months a moment ago
            }
        }, cancel);

    async Task<Result<BillsIssued>> Write(BillRun run, StaffMember staff, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == run.CommunityId, cancel);
        var prices = await PriceBook.Load(db, run.CommunityId, run.FeeKinds.Split(','), cancel);
        var terms = new RunTerms(run.CommunityId, new DateRange(run.PeriodFrom, run.PeriodTo), run.DueOn, community.FirstDay,
            Shanghai.DateOf(run.ProposedAt));
        await RunExtras.LockShared(db, terms, prices, cancel);
        var (sum, usedFen, overdue) = (new RunSum(terms), 0L, false);
        var writer = await BulkWriter.Begin(db, cancel);
        await using var reading = scopes.CreateAsyncScope();
        var pages = new RunPages(db, terms, prices, usePrepaid: true, readers: new(reading.ServiceProvider.GetRequiredService<OwnerPayDb>()));
        await foreach (var page in pages.Read(page => Rows(run, page, sum, writer.NewBatch()), cancel))
        {
            await page.Batch.Write(cancel);
            foreach (var entry in page.Prepaid) await prepaid.Take(entry, cancel);
            usedFen -= page.Prepaid.Sum(entry => entry.DeltaFen);
            overdue |= page.HasOverdue;
        }
        if (overdue || sum.Hash() != run.PreviewHash) return Outdated;

        var tracked = await db.BillRuns.SingleAsync(r => r.Id == run.Id, cancel);
        (tracked.State, tracked.ConfirmedBy, tracked.IssuedAt) = (BillRunState.Issued, staff.StaffId, clock.Now());
        outbox.Add(Issued, run.CommunityId, about: run.Id);
        audit.Add(staff, "bill-run.issued", run.Id, new { sum.Bills, sum.TotalFen, prepaidFen = usedFen });
        return new BillsIssued(run.Id, sum.Bills, sum.TotalFen, usedFen);
    }

    /// <summary>All rows of a page, ready to be written.</summary>
    IssuedRows Rows(BillRun run, BillPage page, RunSum sum, IBulkBatch batch)
    {
        var rows = new IssuedRows(run, books, clock, batch, page.Prepaid);
        foreach (var house in page.Houses)
        {
            foreach (var draft in house.Bills)
            {
                sum.Add(draft);
                rows.Add(draft);
            }
            foreach (var claim in house.Claims) rows.Add(house.House, claim);
        }
        batch.Close();
        return rows;
    }

    /// <summary>Finance sends a run back; the clerk previews a new one.</summary>
    public Task<Result<BillRunShown>> Reject(Guid runId, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<BillRunShown>(key, new { runId }, async () =>
        {
            var run = await db.BillRuns.Where(r => r.Id == runId && r.CommunityId == staff.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (run is null) return ShowBillRuns.NotFound;
            if (run.State != BillRunState.Proposed) return Decided;
            run.State = BillRunState.Rejected;
            audit.Add(staff, "bill-run.rejected", run.Id, new { run.Bills, run.TotalFen });
            return BillRunShown.Of(run);
        }, cancel);
}
