using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;

namespace OwnerPay.Service.Documents;

public enum LetterheadState { Proposed, Active, Superseded, Rejected }

/// <summary>What stands on every printed document of a community (抬头): company, address, the bank account for transfers. Versions, never edited.</summary>
/// <remarks>Two people decide: whoever could alone change the bank account on the notices could have an estate's fees sent to his own.</remarks>
public sealed class Letterhead : IEntityTypeConfiguration<Letterhead>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Company { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>When the office is open, as people write it.</summary>
    public string Hours { get; init; } = "";
    public string BankHolder { get; init; } = "";
    public string BankName { get; init; } = "";
    public string BankAccount { get; init; } = "";

    /// <summary>A sentence of the company's own at the end of statements.</summary>
    public string Closing { get; init; } = "";
    public LetterheadState State { get; set; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public PaperHead Head(Community community) => new(Company, community.Name, community.ContactPhone, Address, Hours);

    public void Configure(EntityTypeBuilder<Letterhead> table)
    {
        table.ToTable("Letterheads");
        table.Property(l => l.State).HasConversion<string>().HasMaxLength(16);
        table.Property(l => l.Closing).HasMaxLength(400);
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => new { l.CommunityId, l.State });    // the one in force
    }
}
