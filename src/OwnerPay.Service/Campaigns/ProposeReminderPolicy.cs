using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <param name="FromDay">Days from the due date: −15 is fifteen days before, 1 the first day overdue.</param>
public sealed record PolicyStep(ReminderStage Stage, int FromDay);

/// <param name="Steps">Ascending in stage and day, at least 3 days apart; none: nobody is reminded.</param>
public sealed record PolicyRequest([property: Required, MaxLength(4)] IReadOnlyList<PolicyStep> Steps);

public sealed record PolicyProposed(Guid PolicyId, Guid ApprovalId);

/// <param name="MessageKind">Its template says the words and the channels.</param>
public sealed record PolicyStepView(ReminderStage Stage, int FromDay, string MessageKind);

public sealed record PolicyView(Guid PolicyId, PolicyState State, IReadOnlyList<PolicyStepView> Steps, DateTimeOffset ProposedAt);

public sealed record PolicyList(IReadOnlyList<PolicyView> Policies);

/// <summary>A clerk or manager proposes when bills are reminded of; a manager puts it into force.</summary>
/// <remarks>Errors: <c>reminder_step_invalid</c> 400 with the step; <c>policy_outdated</c> 409.</remarks>
public sealed class ProposeReminderPolicy(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error StepInvalid = new(400, "reminder_step_invalid", "提醒步骤有误");
    static readonly Error Outdated = new(409, "policy_outdated", "已有更新的提醒策略生效");

    public string Kind => "reminder-policy";

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/reminder-policies", Post).WithName("proposeReminderPolicy")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, StepInvalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/reminder-policies", Get).WithName("listReminderPolicies")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager);
    }

    static async Task<Results<Created<PolicyProposed>, ProblemHttpResult>> Post(
        StaffMember by, IdempotencyKey key, PolicyRequest request, ProposeReminderPolicy propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/reminder-policies", done));

    static async Task<Ok<PolicyList>> Get(StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var policies = await db.ReminderPolicies.AsNoTracking().Where(p => p.CommunityId == by.CommunityId).OrderByDescending(p => p.ProposedAt)
            .ThenByDescending(p => p.Id).Take(100).ToListAsync(cancel);
        return TypedResults.Ok(new PolicyList([.. policies.Select(p => new PolicyView(p.Id, p.State,
            [.. p.Read().Select(step => new PolicyStepView(step.Stage, step.FromDay, RemindOfBills.KindOf(step.Stage)))], p.ProposedAt))]));
    }

    Task<Result<PolicyProposed>> Run(PolicyRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<PolicyProposed>(key, new { by.CommunityId, request }, () =>
        {
            List<ReminderStep> steps = [.. request.Steps.Select(step => new ReminderStep(step.Stage, step.FromDay))];
            if (ReminderSchedule.Check(steps) is { } wrong)
                return Task.FromResult<Result<PolicyProposed>>(StepInvalid.At($"steps[{wrong}]",
                    $"阶段与日期须依次递增且至少相隔 {ReminderSchedule.Apart} 天；温馨提示在到期日当天或之前，催缴通知从到期次日（1）起，最晚第 {ReminderSchedule.Latest} 天"));
            var policy = new ReminderPolicy
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Steps = JsonSerializer.Serialize(steps, Json.Options),
                State = PolicyState.Proposed,
                ProposedBy = by.StaffId, ProposedAt = clock.Now(),
            };
            db.Add(policy);
            var approval = approvals.Propose(by.CommunityId, Kind, policy.Id, by.StaffId, $"提醒策略：{string.Join("、", steps.Select(s => Words(s)))}");
            audit.Add(by, "reminder-policy.proposed", policy.Id, new { request.Steps });
            return Task.FromResult<Result<PolicyProposed>>(new PolicyProposed(policy.Id, approval.Id));
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var all = await db.ReminderPolicies.Where(p => p.CommunityId == approval.CommunityId).ForUpdate().ToListAsync(cancel);
        var proposed = all.Single(p => p.Id == approval.SubjectId);
        if (approved)
            foreach (var active in all.Where(p => p.State == PolicyState.Active))
            {
                if (active.ProposedAt > proposed.ProposedAt) return Outdated;
                active.State = PolicyState.Superseded;
            }
        proposed.State = approved ? PolicyState.Active : PolicyState.Rejected;
        return null;
    }

    static string Words(ReminderStep step) => step.FromDay switch
    {
        < 0 => $"到期前 {-step.FromDay} 天",
        0 => "到期当天",
        _ => $"逾期第 {step.FromDay} 天",
    };
}
