using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>What is done to a bill that is wrong: some lines change (更正), or the whole bill is withdrawn (作废).</summary>
public enum AdjustmentKind { Correction, Void }

/// <summary><c>Proposed</c> → <c>Applied</c> (approved and booked at once), <c>Rejected</c> or <c>Withdrawn</c>, for ever.</summary>
public enum AdjustmentState { Proposed, Applied, Rejected, Withdrawn }

/// <summary>A change of a bill after its issue, proposed by one person with reason and evidence, approved by another. The bill's frozen lines stay as they
/// were issued; what changed stands here, with its own journal.</summary>
public sealed class BillAdjustment : IEntityTypeConfiguration<BillAdjustment>, ISealed
{
    /// <summary>Source kind of its journal and of the prepaid money that it gives back.</summary>
    public const string Source = ReductionKinds.Adjustment;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }
    public AdjustmentKind Kind { get; init; }

    /// <summary>Why, as the owner reads it on his bill.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What proves it, for staff: a reference to a paper, a protocol, a ticket.</summary>
    public string Evidence { get; init; } = "";
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public AdjustmentState State { get; set; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Shanghai date of its journal; null unless applied.</summary>
    public DateOnly? AppliedOn { get; set; }

    /// <summary>Fen that had been paid of what was taken off (principal and late fee) and became prepaid money.</summary>
    public long CreditFen { get; set; }

    /// <summary>The part of <see cref="CreditFen"/> that had been paid as late fee.</summary>
    public long LateFeeCreditFen { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BillAdjustment> table)
    {
        table.ToTable("BillAdjustments", t =>
        {
            t.HasCheckConstraint("CK_BillAdjustments_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
            t.HasCheckConstraint("CK_BillAdjustments_Credit", "LateFeeCreditFen >= 0 AND CreditFen >= LateFeeCreditFen");
        });
        table.Property(a => a.Evidence).HasMaxLength(400);
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => a.BillId);
        table.HasIndex(a => new { a.CommunityId, a.ProposedAt });
    }
}

/// <summary>By how much an adjustment changes one line of the bill. Of a voided bill these rows are made when it is approved: all that was left of each line.</summary>
public sealed class BillAdjustmentLine : IEntityTypeConfiguration<BillAdjustmentLine>, ISealed
{
    public Guid AdjustmentId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillLineId { get; init; }

    /// <summary>Fen with tax, never 0; below 0: the line is lowered.</summary>
    public long Fen { get; init; }

    /// <summary>Its part without tax; null until it is applied. All adjustments of a line together have the net of their sum, to the fen.</summary>
    public long? NetFen { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BillAdjustmentLine> table)
    {
        table.ToTable("BillAdjustmentLines", t => t.HasCheckConstraint("CK_BillAdjustmentLines_Fen", "Fen <> 0"));
        table.HasKey(l => new { l.AdjustmentId, l.Number });
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => new { l.AdjustmentId, l.BillLineId }).IsUnique();
        table.HasIndex(l => l.BillLineId);    // what a line is worth
        table.HasIndex(l => l.CommunityId);
    }
}

/// <summary>Somebody above who has a bill in hand (an open order, a refund on its way), so that it may not change under him.</summary>
public interface IHoldsBills
{
    /// <returns>Why these bills may not be changed now, or null. Asked while they are locked.</returns>
    Task<Error?> Holding(IReadOnlyCollection<Guid> bills, CancellationToken cancel);
}

public static class BillHolders
{
    /// <summary>The first refusal of all who may have one of these bills in hand, or null.</summary>
    public static async Task<Error?> Holding(this IEnumerable<IHoldsBills> holders, IReadOnlyCollection<Guid> bills, CancellationToken cancel)
    {
        foreach (var holder in holders)
            if (await holder.Holding(bills, cancel) is { } held) return held;
        return null;
    }
}
