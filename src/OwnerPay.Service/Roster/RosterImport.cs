using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

public enum RosterImportState { Running, Done, Refused, Failed }

/// <summary>One import of a roster file with its report: read = written + unchanged + skipped + bad.</summary>
public sealed class RosterImport : IEntityTypeConfiguration<RosterImport>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string FileName { get; init; } = "";

    /// <summary>SHA-256 of the file, hex.</summary>
    public string FileHash { get; init; } = "";
    public RosterImportState State { get; set; }
    public int RowsRead { get; set; }
    public int RowsWritten { get; set; }
    public int RowsUnchanged { get; set; }
    public int RowsSkipped { get; set; }
    public int RowsBad { get; set; }

    /// <summary>The report as JSON: faults and notes with sheet, row, column.</summary>
    public string Report { get; set; } = "{}";
    public Guid StartedBy { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    public void Configure(EntityTypeBuilder<RosterImport> table)
    {
        table.ToTable("RosterImports");
        table.Property(i => i.Report).HasMaxLength(-1);
        table.HasIndex(i => new { i.CommunityId, i.StartedAt });
    }
}
