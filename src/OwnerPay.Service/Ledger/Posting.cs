using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Ledger;

/// <summary>One line of a journal (分录).</summary>
public sealed class Posting : IEntityTypeConfiguration<Posting>
{
    public const string Yuan = "CNY", Points = "POINTS";

    public Guid CommunityId { get; init; }
    public Guid JournalId { get; init; }

    /// <summary>From 1 in the order in which they were posted.</summary>
    public int Line { get; init; }

    /// <summary>Path such as <c>1122/&lt;house id&gt;/&lt;party id&gt;</c>; see <see cref="Accounts"/>.</summary>
    public string Account { get; init; } = "";

    /// <summary><see cref="Yuan"/> (amounts in fen) or <see cref="Points"/> (whole points).</summary>
    public string Commodity { get; init; } = Yuan;

    /// <summary>Debit positive, credit negative; never 0. Fen or points.</summary>
    public long Amount { get; init; }

    public void Configure(EntityTypeBuilder<Posting> table)
    {
        table.ToTable("Postings", t => t.HasCheckConstraint("CK_Postings_Amount", "Amount <> 0"));
        table.HasKey(p => new { p.CommunityId, p.JournalId, p.Line });
        table.Property(p => p.Account).HasMaxLength(110);
        table.Property(p => p.Commodity).HasMaxLength(8);
        table.HasIndex(p => new { p.CommunityId, p.Account });    // balances
    }
}
