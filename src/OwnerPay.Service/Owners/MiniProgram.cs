using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Owners;

/// <summary>A mini-program account of the property company: appid and wrapped secret.</summary>
public sealed class MiniProgram : IEntityTypeConfiguration<MiniProgram>
{
    public const string SecretPurpose = "mini-program-secret";

    public Guid Id { get; init; }
    public string AppId { get; init; } = "";
    public byte[] SecretWrapped { get; set; } = [];

    public void Configure(EntityTypeBuilder<MiniProgram> table)
    {
        table.ToTable("MiniPrograms");
        table.Property(m => m.AppId).HasMaxLength(32);
        table.Property(m => m.SecretWrapped).HasMaxLength(300);
        table.HasIndex(m => m.AppId).IsUnique();
    }
}
