using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="Until">The new due date; after today and after the due date of each of the bills, at most two years away.</param>
/// <param name="Reason">Why; the owner reads it.</param>
public sealed record DeferralRequest(
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<Guid> BillIds, DateOnly Until,
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record DeferralProposed(Guid DeferralId, Guid ApprovalId);

/// <summary>Finance or a manager proposes to put off the due date of bills; another manager grants it.</summary>
/// <remarks>Errors: <c>deferral_date_wrong</c> 400; <c>deferral_not_found</c> 404; <c>deferral_date_over</c>, those of <see
/// cref="Grants"/>.</remarks>
public sealed class ProposeDeferral(OwnerPayDb db, Grants grants, Approvals approvals, Messages messages, Audit audit, Clock clock) : IApprovable
{
    static readonly Error DateWrong = new(400, "deferral_date_wrong", "缓交日期应在今天之后、账单到期日之后，最长两年") { Field = "until" };
    static readonly Error DateOver = new(409, "deferral_date_over", "缓交日期已过，请重新申请");
    static readonly Error NotFound = new(404, "deferral_not_found", "没有找到该缓交申请");

    public string Kind => "deferral";

    public StaffRole[] Approvers => Roles.Approvers;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/deferrals", Post).WithName("proposeDeferral").ForStaff(Roles.Proposers)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, DateWrong, DateOver, .. Grants.Errors]);
        doors.Staff.MapPost("/communities/{communityId:guid}/deferrals/{id:guid}/withdraw", PostWithdraw).WithName("withdrawDeferral")
            .ForStaff(Roles.Proposers)
            .CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Approvals.NotOwn, Approvals.Decided);
    }

    static async Task<Results<Created<DeferralProposed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, DeferralRequest request, ProposeDeferral propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/deferrals", done));

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(
        Guid id, IdempotencyKey key, StaffMember by, ProposeDeferral propose, CancellationToken cancel) =>
        (await propose.Withdraw(id, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    Task<Result<DeferralProposed>> Run(DeferralRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DeferralProposed>(key, new { by.CommunityId, request }, async () =>
        {
            var locked = await grants.Lock(by.CommunityId, request.BillIds, null, cancel);
            if (locked.Refusal is { } refusal) return refusal;
            var (bills, today) = (locked.Value, clock.Today());
            if (request.Until <= today || request.Until > today.AddYears(2) || bills.Any(b => request.Until <= b.DueOn)) return DateWrong;
            var deferral = new Deferral
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, HouseId = bills[0].HouseId, PartyId = bills[0].PartyId,
                Until = request.Until,
                Reason = request.Reason.Trim(), State = GrantState.Proposed, ProposedBy = by.StaffId, ProposedAt = clock.Now(),
            };
            db.Add(deferral);
            db.AddRange(bills.Select(b => new GrantedBill { SubjectId = deferral.Id, BillId = b.Id, CommunityId = by.CommunityId }));
            var approval = approvals.Propose(by.CommunityId, Kind, deferral.Id, by.StaffId,
                $"{bills.Count} 张账单缓交至 {request.Until:yyyy-MM-dd}：{deferral.Reason}");
            audit.Add(by, "deferral.proposed", deferral.Id, new { request.BillIds, request.Until });
            return new DeferralProposed(deferral.Id, approval.Id);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var deferral = await db.Deferrals.SingleAsync(d => d.Id == approval.SubjectId && d.CommunityId == approval.CommunityId, cancel);
        grants.Decide(deferral, approved, by);
        if (!approved) return null;
        var today = clock.Today();
        if (deferral.Until <= today) return DateOver;
        var ids = await db.GrantedBills.Where(b => b.SubjectId == deferral.Id).Select(b => b.BillId).ToListAsync(cancel);
        var locked = await grants.Lock(deferral.CommunityId, ids, deferral.Id, cancel);
        if (locked.Refusal is { } refusal) return refusal;
        deferral.From = today;
        db.AddRange(locked.Value.Select(b => Pauses.Of(b.Id, b.CommunityId, PauseKind.Deferral, deferral.Id, today, deferral.Until)));
        await messages.CancelUnsent([.. locked.Value.Where(b => b.DueOn < today).Select(b => b.Id)], BillReminders.Kinds, "deferred", cancel);
        return null;
    }

    Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        grants.Withdraw<Deferral>(Kind, NotFound, id, key, by, cancel);
}
