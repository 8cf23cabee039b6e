using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A correction or withdrawal of a bill as staff see it.</summary>
/// <param name="Fen">Over all lines; below 0: lowered. Of a proposal to void it is what the bill is worth now.</param>
/// <param name="CreditFen">Of what had been paid already, so much became prepaid money; <paramref name="LateFeeCreditFen"/> of it as late fee.</param>
/// <param name="AppliedOn">Shanghai date of its journal; null unless applied.</param>
public sealed record AdjustmentView(
    Guid AdjustmentId, Guid BillId, Guid HouseId, string HouseCode, AdjustmentKind Kind, AdjustmentState State, string Reason, string Evidence, long Fen, long CreditFen,
    long LateFeeCreditFen, Guid ProposedBy, DateTimeOffset ProposedAt, Guid? ApprovalId, Guid? DecidedBy, DateTimeOffset? DecidedAt, DateOnly? AppliedOn,
    IReadOnlyList<BillAdjustmentLineShown> Lines);

/// <summary>Corrections of bills for staff, the newest first, and those of one bill for its owner.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400; <c>adjustment_not_found</c> 404.</remarks>
public sealed class ShowAdjustments(OwnerPayDb db)
{
    const int PageSize = 50;
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/adjustments", GetList).WithName("listBillAdjustments").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/adjustments/{id:guid}", GetOne).WithName("showBillAdjustment").ForStaff(Readers)
            .CanFail(DecideAdjustment.NotFound);
    }

    /// <param name="billId">Of this bill only.</param>
    static async Task<Results<Ok<Page<AdjustmentView>>, ProblemHttpResult>> GetList(
        StaffMember by, ShowAdjustments show, CancellationToken cancel, Guid? billId = null, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var found = show.db.BillAdjustments.AsNoTracking().Where(a => a.CommunityId == by.CommunityId && (billId == null || a.BillId == billId));
        var rows = await found.NewestFirst(after, a => new Cursor(a.ProposedAt, a.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(await show.Views(rows, cancel), PageSize, view => new Cursor(view.ProposedAt, view.AdjustmentId)));
    }

    static async Task<Results<Ok<AdjustmentView>, ProblemHttpResult>> GetOne(Guid id, StaffMember by, ShowAdjustments show, CancellationToken cancel)
    {
        var rows = await show.db.BillAdjustments.AsNoTracking().Where(a => a.Id == id && a.CommunityId == by.CommunityId).ToListAsync(cancel);
        return rows.Count == 0 ? DecideAdjustment.NotFound.ToProblem() : TypedResults.Ok((await show.Views(rows, cancel))[0]);
    }

    readonly OwnerPayDb db = db;

    async Task<IReadOnlyList<AdjustmentView>> Views(List<BillAdjustment> rows, CancellationToken cancel)
    {
        var (ids, billIds, houses) = (rows.ConvertAll(a => a.Id), rows.ConvertAll(a => a.BillId), db.Set<Roster.House>());
        var lines = await Lines(ids, cancel);
        var approvals = await db.Approvals.Where(a => a.Kind == DecideAdjustment.ApprovalKind && ids.Contains(a.SubjectId)).ToDictionaryAsync(a => a.SubjectId, a => a.Id, cancel);
        var bills = await (from bill in db.Bills
                           where billIds.Contains(bill.Id)
                           join house in houses on bill.HouseId equals house.Id
                           select new { bill.Id, bill.HouseId, house.Code, bill.AmountFen, bill.AdjustedFen }).ToDictionaryAsync(b => b.Id, cancel);
        return [.. rows.Select(a =>
        {
            var bill = bills[a.BillId];
            var fen = a is { Kind: AdjustmentKind.Void, State: not AdjustmentState.Applied } ? -bill.AmountFen - bill.AdjustedFen : lines[a.Id].Sum(l => l.Fen);
            return new AdjustmentView(a.Id, a.BillId, bill.HouseId, bill.Code, a.Kind, a.State, a.Reason, a.Evidence, fen, a.CreditFen, a.LateFeeCreditFen, a.ProposedBy,
                a.ProposedAt, approvals.TryGetValue(a.Id, out var approval) ? approval : null, a.DecidedBy, a.DecidedAt, a.AppliedOn,
                [.. lines[a.Id].Select(l => new BillAdjustmentLineShown(l.BillLineId, l.Fen))]);
        })];
    }

    /// <summary>What an owner sees of his bill: corrections that hold. What is only proposed is not promised.</summary>
    public async Task<IReadOnlyList<BillAdjustmentShown>> OfBill(Guid billId, CancellationToken cancel)
    {
        var rows = await db.BillAdjustments.AsNoTracking().Where(a => a.BillId == billId && a.State == AdjustmentState.Applied).OrderBy(a => a.DecidedAt).ThenBy(a => a.Id)
            .ToListAsync(cancel);
        if (rows.Count == 0) return [];
        var lines = await Lines(rows.ConvertAll(a => a.Id), cancel);
        return [.. rows.Select(a => new BillAdjustmentShown(a.Kind, a.AppliedOn!.Value, a.Reason, lines[a.Id].Sum(l => l.Fen), a.CreditFen,
            [.. lines[a.Id].Select(l => new BillAdjustmentLineShown(l.BillLineId, l.Fen))]))];
    }

    async Task<ILookup<Guid, BillAdjustmentLine>> Lines(List<Guid> ids, CancellationToken cancel) =>
        (await db.BillAdjustmentLines.AsNoTracking().Where(l => ids.Contains(l.AdjustmentId)).OrderBy(l => l.Number).ToListAsync(cancel)).ToLookup(l => l.AdjustmentId);
}
