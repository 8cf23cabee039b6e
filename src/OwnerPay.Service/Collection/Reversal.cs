using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

public enum ReversalKind { Waiver, Deferral, InstalmentPlan }

/// <summary>A granted waiver, deferral or plan is taken back (撤销), again by two people.</summary>
public sealed class Reversal : IEntityTypeConfiguration<Reversal>, IGrant, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public ReversalKind Kind { get; init; }
    public Guid SubjectId { get; init; }
    public string Reason { get; init; } = "";
    public GrantState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Reversal> table)
    {
        table.ToTable("Reversals", t => t.HasCheckConstraint("CK_Reversals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy"));
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.SubjectId);
        table.HasIndex(r => new { r.CommunityId, r.ProposedAt });
    }
}

/// <param name="SubjectId">The waiver, deferral or plan.</param>
public sealed record ReversalRequest(ReversalKind Kind, Guid SubjectId, [property: Required, StringLength(190, MinimumLength = 2)] string Reason);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record ReversalProposed(Guid ReversalId, Guid ApprovalId);

/// <summary>Finance or a manager proposes to take back what was granted; another manager approves. A waiver is owed again by a reversing journal; a
/// deferral or a plan ends on this day, whose late fee is still free, and the days before stay free.</summary>
/// <remarks>Errors: <c>grant_not_found</c>, <c>reversal_not_found</c> 404; <c>grant_not_in_force</c>, <c>reversal_pending</c>,
/// <c>waiver_changed_since</c> 409.</remarks>
public sealed class ProposeReversal(OwnerPayDb db, Grants grants, WaiveBills waive, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error SubjectNotFound = new(404, "grant_not_found", "没有找到该减免、缓交或分期") { Field = "subjectId" };
    static readonly Error NotInForce = new(409, "grant_not_in_force", "该减免、缓交或分期未生效或已结束，不能撤销");
    static readonly Error Pending = new(409, "reversal_pending", "已有一份撤销在等待审批，请先处理");
    static readonly Error NotFound = new(404, "reversal_not_found", "没有找到该撤销申请");

    public string Kind => "grant-reversal";

    public StaffRole[] Approvers => Roles.Approvers;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/grant-reversals", Post).WithName("proposeGrantReversal").ForStaff(Roles.Proposers)
            .CanFail(
            Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, SubjectNotFound, NotInForce, Pending, WaiveBills.ChangedSince);
        doors.Staff.MapPost("/communities/{communityId:guid}/grant-reversals/{id:guid}/withdraw", PostWithdraw).WithName("withdrawGrantReversal")
            .ForStaff(Roles.Proposers).CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Approvals.NotOwn, Approvals.Decided);
    }

    static async Task<Results<Created<ReversalProposed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, ReversalRequest request, ProposeReversal propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/grant-reversals", done));

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(
        Guid id, IdempotencyKey key, StaffMember by, ProposeReversal propose, CancellationToken cancel) =>
        (await propose.Withdraw(id, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    Task<Result<ReversalProposed>> Run(ReversalRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ReversalProposed>(key, new { by.CommunityId, request }, async () =>
        {
            var state = await StateOf(request.Kind, request.SubjectId, by.CommunityId, cancel);
            if (state is null) return SubjectNotFound;
            if (state != GrantState.Granted) return NotInForce;
            if (await db.Reversals.AnyAsync(r => r.SubjectId == request.SubjectId && r.State == GrantState.Proposed, cancel)) return Pending;
            var reversal = new Reversal
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Kind = request.Kind, SubjectId = request.SubjectId,
                Reason = request.Reason.Trim(),
                State = GrantState.Proposed, ProposedBy = by.StaffId, ProposedAt = clock.Now(),
            };
            db.Add(reversal);
            var approval = approvals.Propose(by.CommunityId, Kind, reversal.Id, by.StaffId,
                $"撤销{NameOf(request.Kind)}：{reversal.Reason}");
            audit.Add(by, "grant-reversal.proposed", reversal.Id, new { request.Kind, request.SubjectId });
            return new ReversalProposed(reversal.Id, approval.Id);
        }, cancel);

    /// <summary>Locked, so that of two proposals one is counted by the other.</summary>
    async Task<GrantState?> StateOf(ReversalKind kind, Guid id, Guid community, CancellationToken cancel) => kind switch
    {
        ReversalKind.Waiver => (await db.Waivers.Where(w => w.Id == id && w.CommunityId == community).ForUpdate()
            .SingleOrDefaultAsync(cancel))?.State,
        ReversalKind.Deferral => (await db.Deferrals.Where(d => d.Id == id && d.CommunityId == community).ForUpdate()
            .SingleOrDefaultAsync(cancel))?.State,
        ReversalKind.InstalmentPlan => (await db.InstalmentPlans.Where(p => p.Id == id && p.CommunityId == community).ForUpdate()
            .SingleOrDefaultAsync(cancel))?.State,
        _ => throw new InvalidOperationException($"No state of {kind}"),
    };

    static string NameOf(ReversalKind kind) => kind switch
    {
        ReversalKind.Waiver => "减免",
        ReversalKind.Deferral => "缓交",
        ReversalKind.InstalmentPlan => "分期",
        _ => throw new InvalidOperationException($"No name for {kind}"),
    };

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var reversal = await db.Reversals.SingleAsync(r => r.Id == approval.SubjectId && r.CommunityId == approval.CommunityId, cancel);
        grants.Decide(reversal, approved, by);
        if (!approved) return null;
        if (await StateOf(reversal.Kind, reversal.SubjectId, reversal.CommunityId, cancel) != GrantState.Granted) return NotInForce;
        return reversal.Kind switch
        {
            ReversalKind.Waiver => await EndWaiver(reversal, cancel),
            ReversalKind.Deferral => await EndDeferral(reversal, cancel),
            _ => await EndPlan(reversal, cancel),
        };
    }

    async Task<Error?> EndWaiver(Reversal reversal, CancellationToken cancel)
    {
        var waiver = await db.Waivers.SingleAsync(w => w.Id == reversal.SubjectId, cancel);
        waiver.State = GrantState.Reversed;
        return await waive.Reverse(waiver.CommunityId, waiver.Id, waiver.BillId, cancel);
    }

    async Task<Error?> EndDeferral(Reversal reversal, CancellationToken cancel)
    {
        var deferral = await db.Deferrals.SingleAsync(d => d.Id == reversal.SubjectId, cancel);
        if (deferral.Until < clock.Today()) return NotInForce;
        deferral.State = GrantState.Reversed;
        return await EndPauses(deferral.Id, cancel);
    }

    async Task<Error?> EndPlan(Reversal reversal, CancellationToken cancel)
    {
        var (plan, today) = (await db.InstalmentPlans.SingleAsync(p => p.Id == reversal.SubjectId, cancel), clock.Today());
        if ((await BillStops.Plans(db, [plan.Id], cancel))[plan.Id].AsOf(today).State != Domain.Collection.InstalmentState.Kept) return NotInForce;
        (plan.State, plan.EndedOn) = (GrantState.Reversed, today);
        return await EndPauses(plan.Id, cancel);
    }

    async Task<Error?> EndPauses(Guid source, CancellationToken cancel)
    {
        foreach (var pause in await db.LateFeePauses.Where(p => p.SourceId == source).ToListAsync(cancel)) pause.To = clock.Today();
        return null;
    }

    Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        grants.Withdraw<Reversal>(Kind, NotFound, id, key, by, cancel, new { reversal = id });
}
