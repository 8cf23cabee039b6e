using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments;

/// <summary>A merchant account at WeChat Pay (商户号). One WeChat order pays one merchant account.</summary>
public sealed class MerchantAccount : IEntityTypeConfiguration<MerchantAccount>, ISealed
{
    public const string KeyPurpose = "merchant-key";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string MchId { get; init; } = "";
    public string AppId { get; init; } = "";

    /// <summary>Serial of our API certificate: signs requests.</summary>
    public string CertificateSerial { get; set; } = "";

    /// <summary>Our private key (PKCS#8 PEM), wrapped.</summary>
    public byte[] PrivateKeyWrapped { get; set; } = [];

    /// <summary>The APIv3 key, wrapped.</summary>
    public byte[] ApiV3KeyWrapped { get; set; } = [];

    /// <summary>Id and PEM of the WeChat Pay public key; null where platform certificates are used.</summary>
    public string? PublicKeyId { get; set; }
    public string? PublicKeyPem { get; set; }

    /// <summary>Serial and PEM of a platform certificate; more are fetched when WeChat shows a new serial.</summary>
    public string? PlatformSerial { get; set; }
    public string? PlatformCertificatePem { get; set; }

    /// <summary>New payments are paused; callbacks and queries go on.</summary>
    public bool Paused { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MerchantAccount> table)
    {
        table.ToTable("MerchantAccounts");
        table.Property(m => m.MchId).HasMaxLength(16);
        table.Property(m => m.AppId).HasMaxLength(32);
        table.Property(m => m.PrivateKeyWrapped).HasMaxLength(4000);
        table.Property(m => m.ApiV3KeyWrapped).HasMaxLength(200);
        table.Property(m => m.PublicKeyPem).HasMaxLength(4000);
        table.Property(m => m.PlatformCertificatePem).HasMaxLength(4000);
        table.Property(m => m.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(m => new { m.CommunityId, m.MchId, m.AppId }).IsUnique();
    }
}
