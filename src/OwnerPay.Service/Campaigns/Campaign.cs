using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Campaigns;

/// <summary>A group of messages sent for one reason; here the messages of a bill run, later the group notices of staff.</summary>
public sealed class Campaign : IEntityTypeConfiguration<Campaign>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary><c>bill-run</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The bill run.</summary>
    public Guid SubjectId { get; init; }
    public string Title { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<Campaign> table)
    {
        table.ToTable("Campaigns");
        table.Property(c => c.Kind).HasMaxLength(24);
        table.HasIndex(c => new { c.Kind, c.SubjectId }).IsUnique();
        table.HasIndex(c => new { c.CommunityId, c.CreatedAt });
    }
}
