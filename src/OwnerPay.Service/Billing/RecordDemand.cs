using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="ArrivedOn">Shanghai date on which it reached the owner.</param>
/// <param name="Evidence">What proves it: number of the registered letter, signed receipt.</param>
public sealed record DemandRequest(DateOnly ArrivedOn, [property: Required, StringLength(190, MinimumLength = 2)] string Evidence);

/// <param name="ApprovalId">What a manager confirms or rejects.</param>
public sealed record DemandRecorded(Guid DemandId, Guid ApprovalId);

/// <summary>Staff record that a written demand for a bill reached its owner; a manager looks at the evidence and confirms it. Where the agreement
/// asks for one, late fee begins on the day after.</summary>
/// <remarks>Errors: <c>bill_not_found</c> 404; <c>demand_date_wrong</c> 400; <c>bill_voided</c> 409.</remarks>
public sealed class RecordDemand(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error WrongDate = new(400, "demand_date_wrong", "送达日期应在账单出账之后、今天或之前") { Field = "arrivedOn" };

    public string Kind => "written-demand";

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/bills/{billId:guid}/demands", Post).WithName("recordWrittenDemand")
        .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Finance)
        .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ShowBills.NotFound, WrongDate, CorrectBill.Voided);

    static async Task<Results<Created<DemandRecorded>, ProblemHttpResult>> Post(
        Guid billId, IdempotencyKey key, StaffMember by, DemandRequest request, RecordDemand record, CancellationToken cancel) =>
        (await record.Run(billId, request, key, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/bills/{billId}/late-fee", done));

    Task<Result<DemandRecorded>> Run(Guid billId, DemandRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DemandRecorded>(key, new { by.CommunityId, billId, request }, async () =>
        {
            var bill = await db.Bills.AsNoTracking().SingleOrDefaultAsync(b => b.Id == billId && b.CommunityId == by.CommunityId, cancel);
            if (bill is null) return ShowBills.NotFound;
            if (bill.State == BillState.Voided) return CorrectBill.Voided;
            if (request.ArrivedOn > clock.Today() || request.ArrivedOn < bill.IssuedOn) return WrongDate;
            var demand = new WrittenDemand
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, BillId = billId, ArrivedOn = request.ArrivedOn,
                Evidence = request.Evidence.Trim(),
                State = DemandState.Proposed, ProposedBy = by.StaffId, ProposedAt = clock.Now(),
            };
            db.Add(demand);
            var approval = approvals.Propose(by.CommunityId, Kind, demand.Id, by.StaffId,
                $"书面催告 {request.ArrivedOn:yyyy-MM-dd} 送达：{demand.Evidence}");
            audit.Add(by, "written-demand.recorded", demand.Id, new { billId, request.ArrivedOn });
            return new DemandRecorded(demand.Id, approval.Id);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var demand = await db.WrittenDemands.SingleAsync(d => d.Id == approval.SubjectId && d.CommunityId == approval.CommunityId, cancel);
        demand.State = approved ? DemandState.Proved : DemandState.Rejected;
        return null;
    }
}
