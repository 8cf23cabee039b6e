using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Ledger;

public enum BookMonthState { Open, Closed }

/// <summary>A month of a community's books (会计期间) that was closed once at least. A closed one takes no journal: what still comes for it counts in the
/// next open month and says so.</summary>
public sealed class BookMonth : IEntityTypeConfiguration<BookMonth>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary><c>2026-11</c>, as in <see cref="Journal.Month"/>.</summary>
    public string Month { get; init; } = "";
    public BookMonthState State { get; set; }

    /// <summary>The approved change that closed or reopened it last.</summary>
    public Guid? ChangeId { get; set; }

    /// <summary>Journals that count in the month, when it was closed last; 0 before.</summary>
    public long Journals { get; set; }

    /// <summary>Sum of all debits in yuan of those journals, fen.</summary>
    public long TurnoverFen { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BookMonth> table)
    {
        table.ToTable("BookMonths");
        table.Property(m => m.Month).HasMaxLength(7);
        table.Property(m => m.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(m => new { m.CommunityId, m.Month }).IsUnique();    // what is closed of a community, and the lock of a month
    }
}

public enum BookMonthAction { Close, Reopen }

public enum BookMonthChangeState { Proposed, Approved, Rejected }

/// <summary>A wish of finance to close a month or to open it again, which a manager decides.</summary>
public sealed class BookMonthChange : IEntityTypeConfiguration<BookMonthChange>, ISealed
{
    /// <summary>Source kind of the journals that a closing books; the source id is the change's.</summary>
    public const string ServedSource = "month-served";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Month { get; init; } = "";
    public BookMonthAction Action { get; init; }

    /// <summary>Why, in the words of finance.</summary>
    public string Reason { get; init; } = "";
    public BookMonthChangeState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BookMonthChange> table)
    {
        table.ToTable("BookMonthChanges", t => t.HasCheckConstraint("CK_BookMonthChanges_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy"));
        table.Property(c => c.Month).HasMaxLength(7);
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => new { c.CommunityId, c.Month, c.State });    // a month's history, and what waits for a decision
    }
}
