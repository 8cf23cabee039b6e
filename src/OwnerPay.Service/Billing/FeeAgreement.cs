using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>On which day an agreement makes a bill due.</summary>
public enum DueRule
{
    /// <summary>As the run announces it.</summary>
    AsRun,
    /// <summary>A day of the first month of the bill's period.</summary>
    DayOfFirstMonth,
    /// <summary>A day of the month after the bill's period.</summary>
    DayOfMonthAfter,
}

public enum FeeAgreementState { Proposed, Approved, Rejected }

/// <summary>What a house's fee agreement says (入住签约): when and how to pay, what follows from paying late, where the paper is. A later one supersedes it from
/// its first day on.</summary>
public sealed class FeeAgreement : IEntityTypeConfiguration<FeeAgreement>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public DateOnly From { get; init; }
    public DateOnly SignedOn { get; init; }
    public DueRule DueRule { get; init; }

    /// <summary>1 to 31, the last day in shorter months; 0 with <see cref="DueRule.AsRun"/>.</summary>
    public int DueDay { get; init; }

    /// <summary>How and how often it is paid, in the agreement's words.</summary>
    public string Method { get; init; } = "";

    /// <summary>What follows from paying late, in the agreement's words.</summary>
    public string Consequences { get; init; } = "";

    /// <summary>Where the signed paper is: number in the archive, file name.</summary>
    public string EvidenceFile { get; init; } = "";
    public FeeAgreementState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    /// <summary>The due date of a bill for this period; null leaves it to the run.</summary>
    public DateOnly? DueOn(DateOnly periodFrom, DateOnly periodTo)
    {
        if (DueRule == DueRule.AsRun) return null;
        var month = DueRule == DueRule.DayOfFirstMonth ? new DateOnly(periodFrom.Year, periodFrom.Month, 1) : new DateOnly(periodTo.Year, periodTo.Month, 1).AddMonths(1);
        return month.AddDays(Math.Min(DueDay, DateTime.DaysInMonth(month.Year, month.Month)) - 1);
    }

    public void Configure(EntityTypeBuilder<FeeAgreement> table)
    {
        table.ToTable("FeeAgreements", t => t.HasCheckConstraint("CK_FeeAgreements_DueDay", "DueDay BETWEEN 0 AND 31"));
        table.Property(a => a.Consequences).HasMaxLength(1000);
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => new { a.HouseId, a.From });
        table.HasIndex(a => new { a.CommunityId, a.ProposedAt });
    }
}
