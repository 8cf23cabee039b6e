using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>Whose money a fee is. Only fees of the company can be discounted at its cost.</summary>
public enum Beneficiary { Company, Agency, OwnersFund }

/// <summary>A kind of fee (费用科目) with its tax and its late-fee terms from the agreement.</summary>
public sealed class FeeKind : IEntityTypeConfiguration<FeeKind>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Stable code in lower case: <c>property</c>, <c>parking</c>; part of account paths.</summary>
    public string Code { get; init; } = "";
    public string Name { get; set; } = "";
    public Beneficiary Beneficiary { get; init; }

    /// <summary>Offers may touch it.</summary>
    public bool Promotable { get; set; }

    /// <summary>Tax code for invoices.</summary>
    public string TaxCode { get; set; } = "";

    /// <summary>VAT rate in millionths: 60,000 = 6 %. The price includes it.</summary>
    public int TaxRatePerMillion { get; set; }

    /// <summary>Late fee in millionths a day; 0: none is agreed.</summary>
    public int LateFeePerMillion { get; set; }

    /// <summary>Forgiven days after the due date.</summary>
    public int GraceDays { get; set; }

    /// <summary>Most that the late fee can become, % of the original principal.</summary>
    public int LateFeeCapPercent { get; set; } = 100;

    /// <summary>The agreement lets late fee begin only after a written demand has arrived.</summary>
    public bool LateFeeAfterDemand { get; set; }

    /// <summary>The merchant account that its money goes to; null: the community's first.</summary>
    public Guid? MerchantAccountId { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<FeeKind> table)
    {
        table.ToTable("FeeKinds", t => t.HasCheckConstraint("CK_FeeKinds_Terms",
            "TaxRatePerMillion BETWEEN 0 AND 1000000 AND LateFeePerMillion BETWEEN 0 AND 10000 AND GraceDays BETWEEN 0 AND 366 AND LateFeeCapPercent BETWEEN 0 AND 100"));
        table.Property(k => k.Code).HasMaxLength(24);
        table.Property(k => k.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(k => new { k.CommunityId, k.Code }).IsUnique();
    }
}
