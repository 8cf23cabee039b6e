using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="Fen">Principal to be paid up to this date, above 0.</param>
public sealed record PlanPartRequest(DateOnly DueOn, [property: Range(1, 100_000_000_000)] long Fen);

/// <param name="Parts">Ascending in date, from today on, at most three years away; together exactly the open principal of the bills.</param>
/// <param name="GraceDays">Days by which a part may be late, 0 to 31.</param>
/// <param name="Reason">Why; the owner reads it.</param>
public sealed record PlanRequest(
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<Guid> BillIds,
    [property: Required, MinLength(1), MaxLength(60)] IReadOnlyList<PlanPartRequest> Parts,
    [property: Range(0, 31)] int GraceDays, [property: Required, StringLength(190, MinimumLength = 2)] string Reason);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record PlanProposed(Guid PlanId, Guid ApprovalId);

/// <summary>Finance or a manager proposes to take open principal in dated parts; another manager grants it.</summary>
/// <remarks>Errors: <c>plan_dates_wrong</c> 400; <c>plan_not_found</c> 404; <c>plan_sum_differs</c>, <c>plan_dates_over</c>, those of <see
/// cref="Grants"/>.</remarks>
public sealed class ProposePlan(OwnerPayDb db, Grants grants, Approvals approvals, Messages messages, Audit audit, Clock clock) : IApprovable
{
    static readonly Error DatesWrong = new(400, "plan_dates_wrong", "各期日期应从今天起依次递增，最长三年") { Field = "parts" };
    static readonly Error SumDiffers = new(409, "plan_sum_differs", "各期金额之和应等于所选账单的未缴本金") { Field = "parts" };
    static readonly Error DatesOver = new(409, "plan_dates_over", "第一期日期已过，请重新申请");
    static readonly Error NotFound = new(404, "plan_not_found", "没有找到该分期申请");

    public string Kind => "instalment-plan";

    public StaffRole[] Approvers => Roles.Approvers;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/instalment-plans", Post).WithName("proposeInstalmentPlan").ForStaff(Roles.Proposers)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, DatesWrong, SumDiffers, DatesOver, .. Grants.Errors]);
        doors.Staff.MapPost("/communities/{communityId:guid}/instalment-plans/{id:guid}/withdraw", PostWithdraw).WithName("withdrawInstalmentPlan")
            .ForStaff(Roles.Proposers).CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Approvals.NotOwn, Approvals.Decided);
    }

    static async Task<Results<Created<PlanProposed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, PlanRequest request, ProposePlan propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/instalment-plans", done));

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(
        Guid id, IdempotencyKey key, StaffMember by, ProposePlan propose, CancellationToken cancel) =>
        (await propose.Withdraw(id, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    Task<Result<PlanProposed>> Run(PlanRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<PlanProposed>(key, new { by.CommunityId, request }, async () =>
        {
            var today = clock.Today();
            for (var index = 0; index < request.Parts.Count; index++)
                if (request.Parts[index].DueOn < today || request.Parts[index].DueOn > today.AddYears(3)
                    || index > 0 && request.Parts[index].DueOn <= request.Parts[index - 1].DueOn) return DatesWrong.At($"parts[{index}].dueOn");
            var locked = await grants.Lock(by.CommunityId, request.BillIds, null, cancel);
            if (locked.Refusal is { } refusal) return refusal;
            var (bills, total) = (locked.Value, request.Parts.Sum(part => part.Fen));
            if (bills.Sum(b => b.OpenFen) is var open && open != total) return SumDiffers.With("openFen", open).With("partsFen", total);
            var plan = new InstalmentPlan
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, HouseId = bills[0].HouseId, PartyId = bills[0].PartyId,
                Reason = request.Reason.Trim(),
                TotalFen = total, GraceDays = request.GraceDays, State = GrantState.Proposed, ProposedBy = by.StaffId, ProposedAt = clock.Now(),
            };
            db.Add(plan);
            db.AddRange(bills.Select(b => new GrantedBill { SubjectId = plan.Id, BillId = b.Id, CommunityId = by.CommunityId }));
            db.AddRange(request.Parts.Select((part, at) => new PlanPart
            {
                PlanId = plan.Id, Number = at + 1, CommunityId = by.CommunityId, NoticeId = Guid.CreateVersion7(),
                DueOn = part.DueOn, Fen = part.Fen,
            }));
            var approval = approvals.Propose(by.CommunityId, Kind, plan.Id, by.StaffId,
                $"{new Fen(total).InYuan()} 元分 {request.Parts.Count} 期，至 {request.Parts[^1].DueOn:yyyy-MM-dd}：{plan.Reason}");
            audit.Add(by, "instalment-plan.proposed", plan.Id, new { request.BillIds, totalFen = total, parts = request.Parts.Count });
            return new PlanProposed(plan.Id, approval.Id);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var plan = await db.InstalmentPlans.SingleAsync(p => p.Id == approval.SubjectId && p.CommunityId == approval.CommunityId, cancel);
        grants.Decide(plan, approved, by);
        if (!approved) return null;
        var today = clock.Today();
        if (await db.PlanParts.AnyAsync(p => p.PlanId == plan.Id && p.DueOn < today, cancel)) return DatesOver;
        var ids = await db.GrantedBills.Where(b => b.SubjectId == plan.Id).Select(b => b.BillId).ToListAsync(cancel);
        var locked = await grants.Lock(plan.CommunityId, ids, plan.Id, cancel);
        if (locked.Refusal is { } refusal) return refusal;
        if (await grants.Held(ids, cancel) is { } held) return held;    // its money would come for a principal that was counted as open
        if (locked.Value.Sum(b => b.OpenFen) is var open && open != plan.TotalFen) return SumDiffers.With("openFen", open)
            .With("partsFen", plan.TotalFen);
        plan.From = today;
        db.AddRange(locked.Value.Select(b => Pauses.Of(b.Id, b.CommunityId, PauseKind.Plan, plan.Id, today, null, plan.GraceDays)));
        await messages.CancelUnsent([.. locked.Value.Where(b => b.DueOn < today).Select(b => b.Id)], BillReminders.Kinds, "plan", cancel);
        return null;
    }

    Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        grants.Withdraw<InstalmentPlan>(Kind, NotFound, id, key, by, cancel);
}
