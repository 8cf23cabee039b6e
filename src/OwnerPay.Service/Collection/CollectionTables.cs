using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

public static class CollectionTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Dispute> Disputes => db.Set<Dispute>();
        public DbSet<Deferral> Deferrals => db.Set<Deferral>();
        public DbSet<InstalmentPlan> InstalmentPlans => db.Set<InstalmentPlan>();
        public DbSet<GrantedBill> GrantedBills => db.Set<GrantedBill>();
        public DbSet<Waiver> Waivers => db.Set<Waiver>();
        public DbSet<Reversal> Reversals => db.Set<Reversal>();
    }
}

/// <summary>A bill that a deferral or a plan is about.</summary>
public sealed class GrantedBill : IEntityTypeConfiguration<GrantedBill>, ISealed
{
    /// <summary>The deferral or the plan.</summary>
    public Guid SubjectId { get; init; }
    public Guid BillId { get; init; }
    public Guid CommunityId { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<GrantedBill> table)
    {
        table.ToTable("GrantedBills");
        table.HasKey(b => new { b.SubjectId, b.BillId });
        table.Property(b => b.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(b => b.BillId);    // what is granted about a bill
        table.HasIndex(b => b.CommunityId);
    }
}

/// <summary>What one person proposes and another decides: a deferral, a plan, a waiver, a reversal.</summary>
public interface IGrant
{
    Guid Id { get; }
    Guid CommunityId { get; }
    GrantState State { get; set; }
    Guid? DecidedBy { get; set; }
    DateTimeOffset? DecidedAt { get; set; }
}

/// <summary>What becomes of something that one person proposes and another grants.</summary>
public enum GrantState
{
    Proposed,
    /// <summary>Approved and in effect; a plan in it runs.</summary>
    Granted,
    Rejected,
    Withdrawn,
    /// <summary>Two people took it back.</summary>
    Reversed,
    /// <summary>Of a plan: all of it is paid.</summary>
    Completed,
    /// <summary>Of a plan: a part was missed.</summary>
    Missed,
}
