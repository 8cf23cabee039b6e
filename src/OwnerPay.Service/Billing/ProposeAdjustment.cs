using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Fen">By how much the line changes, tax included; below 0: it is lowered.</param>
public sealed record AdjustmentLineRequest(Guid BillLineId, [property: Range(-100_000_000_000, 100_000_000_000)] long Fen);

/// <param name="Reason">Why; the owner reads it on his bill.</param>
/// <param name="Evidence">What proves it: a reference to a paper, a protocol, a ticket.</param>
public sealed record AdjustmentRequest(
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason, [property: Required, StringLength(400, MinimumLength = 2)] string Evidence,
    [property: Required, MinLength(1), MaxLength(100)] IReadOnlyList<AdjustmentLineRequest> Lines);

/// <inheritdoc cref="AdjustmentRequest"/>
public sealed record VoidRequest(
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason, [property: Required, StringLength(400, MinimumLength = 2)] string Evidence);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record AdjustmentProposed(Guid AdjustmentId, Guid ApprovalId);

/// <summary>Clerk or finance proposes to correct lines of a bill, or to withdraw the bill. A manager decides; until then nothing changes.</summary>
/// <remarks>Errors: <c>bill_not_found</c> 404; <c>adjustment_line_unknown</c>, <c>adjustment_line_twice</c>, <c>adjustment_of_nothing</c> 400;
/// <c>bill_voided</c>, <c>adjustment_pending</c>, <c>adjustment_below_zero</c>, <c>adjustment_to_zero</c> 409; when it is approved also what
/// <see cref="CorrectBill"/> refuses.</remarks>
public sealed class ProposeAdjustment(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock)
{
    static readonly Error LineUnknown = new(400, "adjustment_line_unknown", "所选明细不属于该账单") { Field = "lines" };
    static readonly Error LineTwice = new(400, "adjustment_line_twice", "同一条明细不能更正两次") { Field = "lines" };
    static readonly Error OfNothing = new(400, "adjustment_of_nothing", "更正金额不能为 0") { Field = "lines" };
    static readonly Error Pending = new(409, "adjustment_pending", "该账单已有一份更正或作废在等待审批，请先处理");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/bills/{billId:guid}/adjustments", PostAdjustment).WithName("proposeBillAdjustment")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance).CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ShowBills.NotFound,
                LineUnknown, LineTwice, OfNothing, Pending, CorrectBill.Voided, CorrectBill.BelowZero, CorrectBill.ToZero);
        doors.Staff.MapPost("/communities/{communityId:guid}/bills/{billId:guid}/void", PostVoid).WithName("proposeBillVoid")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance).CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ShowBills.NotFound, Pending,
                CorrectBill.Voided);
    }

    static async Task<Results<Created<AdjustmentProposed>, ProblemHttpResult>> PostAdjustment(
        Guid billId, IdempotencyKey key, StaffMember by, AdjustmentRequest request, ProposeAdjustment propose, CancellationToken cancel) =>
        (await propose.Run(billId, AdjustmentKind.Correction, request, key, by, cancel)).ToHttp(done => Created(by, done));

    static async Task<Results<Created<AdjustmentProposed>, ProblemHttpResult>> PostVoid(
        Guid billId, IdempotencyKey key, StaffMember by, VoidRequest request, ProposeAdjustment propose, CancellationToken cancel) =>
        (await propose.Run(billId, AdjustmentKind.Void, new(request.Reason, request.Evidence, []), key, by, cancel)).ToHttp(done => Created(by, done));

    static Created<AdjustmentProposed> Created(StaffMember by, AdjustmentProposed done) =>
        TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/adjustments/{done.AdjustmentId}", done);

    Task<Result<AdjustmentProposed>> Run(
        Guid bill, AdjustmentKind kind, AdjustmentRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<AdjustmentProposed>(key, new { by.CommunityId, bill, kind, request }, () => Add(bill, kind, request, by, cancel), cancel);

    /// <summary>The same inside the caller's transaction, for corrections that follow from something else: a reading, a hand-over, a change of owner.</summary>
    public async Task<Result<AdjustmentProposed>> Add(Guid billId, AdjustmentKind kind, AdjustmentRequest request, StaffMember by, CancellationToken cancel)
    {
        // The bill's row is the lock under which its pending adjustments are counted.
        var bill = await db.Bills.AsNoTracking().Where(b => b.Id == billId && b.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (bill is null) return ShowBills.NotFound;
        if (bill.State == BillState.Voided) return CorrectBill.Voided;
        if (await db.BillAdjustments.AnyAsync(a => a.BillId == billId && a.State == AdjustmentState.Proposed, cancel)) return Pending;
        if (request.Lines.Any(line => line.Fen == 0)) return OfNothing;
        if (request.Lines.DistinctBy(line => line.BillLineId).Count() != request.Lines.Count) return LineTwice;
        var lines = await db.BillLines.AsNoTracking().Where(l => l.BillId == billId).ToDictionaryAsync(l => l.Id, cancel);
        if (request.Lines.Any(line => !lines.ContainsKey(line.BillLineId))) return LineUnknown;
        if (request.Lines.FirstOrDefault(line => lines[line.BillLineId].WorthFen + line.Fen < 0) is { } below)
            return CorrectBill.BelowZero.With("worthFen", lines[below.BillLineId].WorthFen);
        if (kind == AdjustmentKind.Correction && bill.WorthFen + request.Lines.Sum(line => line.Fen) == 0) return CorrectBill.ToZero;

        var adjustment = new BillAdjustment
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, BillId = billId, Kind = kind, Reason = request.Reason, Evidence = request.Evidence,
            ProposedBy = by.StaffId, ProposedAt = clock.Now(), State = AdjustmentState.Proposed,
        };
        db.Add(adjustment);
        db.AddRange(request.Lines.Select((line, at) => new BillAdjustmentLine
        {
            AdjustmentId = adjustment.Id, Number = at + 1, CommunityId = by.CommunityId, BillLineId = line.BillLineId, Fen = line.Fen,
        }));
        var sum = request.Lines.Sum(line => line.Fen);
        var what = kind == AdjustmentKind.Void ? $"作废账单 {new Fen(bill.WorthFen).InYuan()} 元" : $"账单更正 {(sum > 0 ? "+" : "")}{new Fen(sum).InYuan()} 元";
        var approval = approvals.Propose(by.CommunityId, DecideAdjustment.ApprovalKind, adjustment.Id, by.StaffId, $"{what}：{request.Reason}");
        audit.Add(by, "bill-adjustment.proposed", adjustment.Id, new { billId, kind, sumFen = sum, request.Reason });
        return new AdjustmentProposed(adjustment.Id, approval.Id);
    }
}
