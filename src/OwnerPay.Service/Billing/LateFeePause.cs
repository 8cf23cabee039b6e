using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>Why the late fee of a bill stands still.</summary>
public enum PauseKind
{
    /// <summary>The bill is disputed (异议): until the dispute is closed.</summary>
    Dispute,
    /// <summary>Its due date was put off (缓交): up to that date.</summary>
    Deferral,
    /// <summary>It is paid by instalments (分期): as long as the plan is kept.</summary>
    Plan,
}

/// <summary>Days on which the late fee of one bill stands still. Written down from above by what grants it.</summary>
public sealed class LateFeePause : IEntityTypeConfiguration<LateFeePause>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }
    public PauseKind Kind { get; init; }

    /// <summary>The dispute, deferral or plan; of a plan its parts stand under the same id.</summary>
    public Guid SourceId { get; init; }

    /// <summary>First day without late fee.</summary>
    public DateOnly From { get; init; }

    /// <summary>Last day without late fee; null: open. Of a plan it is set only when two people end it: whether it is kept follows from its
    /// parts.</summary>
    public DateOnly? To { get; set; }

    /// <summary>Of a plan: days by which a part may be late. Else 0.</summary>
    public int GraceDays { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<LateFeePause> table)
    {
        table.ToTable("LateFeePauses", t => t.HasCheckConstraint("CK_LateFeePauses_Grace", "GraceDays >= 0"));
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.BillId, p.SourceId }).IsUnique();
        table.HasIndex(p => p.SourceId);    // the bills of a plan
        table.HasIndex(p => p.CommunityId);
    }
}

/// <summary>One part of an instalment plan. Billing holds them, because late fee depends on whether they are paid.</summary>
public sealed class PlanPart : IEntityTypeConfiguration<PlanPart>, ISealed
{
    public Guid PlanId { get; init; }

    /// <summary>From 1, ascending in date.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>What messages about this part speak of.</summary>
    public Guid NoticeId { get; init; }
    public DateOnly DueOn { get; init; }

    /// <summary>Fen of principal, above 0.</summary>
    public long Fen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<PlanPart> table)
    {
        table.ToTable("PlanParts", t => t.HasCheckConstraint("CK_PlanParts_Fen", "Fen > 0"));
        table.HasKey(p => new { p.PlanId, p.Number });
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => p.CommunityId);
        table.HasIndex(p => p.NoticeId).IsUnique();
    }
}

/// <summary>A written demand for a bill that reached its owner (书面催告): late fee of terms that ask for one begins on the day after.</summary>
public sealed class WrittenDemand : IEntityTypeConfiguration<WrittenDemand>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }

    /// <summary>Shanghai date on which it arrived.</summary>
    public DateOnly ArrivedOn { get; init; }

    /// <summary>What proves the arrival: number of the registered letter, signed receipt.</summary>
    public string Evidence { get; init; } = "";
    public DemandState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<WrittenDemand> table)
    {
        table.ToTable("WrittenDemands");
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => d.BillId);
        table.HasIndex(d => new { d.CommunityId, d.ProposedAt });
    }
}

/// <summary><c>Proposed</c> → <c>Proved</c> (another person saw the evidence) or <c>Rejected</c>.</summary>
public enum DemandState { Proposed, Proved, Rejected }
