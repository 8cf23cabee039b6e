using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Ledger;

/// <summary>A balanced set of postings with a source (凭证). Append-only; its number is given soon after commit, without gaps per community and month.</summary>
public sealed class Journal : IEntityTypeConfiguration<Journal>
{
    public const int LongestSummary = 190;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>What it explains: <c>bill</c>, <c>payment</c>, <c>points-earned</c>, <c>redemption</c>, <c>wechat-fee</c> … and the id of that row.</summary>
    public string SourceKind { get; init; } = "";
    public Guid SourceId { get; init; }

    /// <summary>Shanghai date on which it counts; never in a month that was closed when it was written.</summary>
    public DateOnly BusinessDate { get; init; }

    /// <summary>The Shanghai date on which it would count, had that month not been closed; null for nearly all.</summary>
    public DateOnly? MeantFor { get; init; }
    public DateTimeOffset At { get; init; }
    public string Summary { get; init; } = "";

    /// <summary>Gapless within <see cref="CommunityId"/> and <see cref="Month"/>; null until the numbering worker came by.</summary>
    public long? Number { get; set; }

    /// <summary>Year and month of the number, <c>2026-11</c>.</summary>
    public string? Month { get; set; }

    public void Configure(EntityTypeBuilder<Journal> table)
    {
        table.ToTable("Journals");
        table.Property(j => j.SourceKind).HasMaxLength(32);
        table.Property(j => j.Summary).HasMaxLength(LongestSummary);
        table.Property(j => j.Month).HasMaxLength(7);
        table.HasIndex(j => new { j.SourceKind, j.SourceId }).IsUnique();           // nothing is booked twice
        table.HasIndex(j => new { j.CommunityId, j.Month, j.Number }).IsUnique();
        table.HasIndex(j => new { j.Number, j.At });                                // what still waits for its number
        table.HasIndex(j => new { j.CommunityId, j.BusinessDate });                 // the journals of a month
    }
}
