using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

public enum BillState { Open, Paid, Voided }

/// <summary>A bill (账单): one house, one liable party, one period, one beneficiary. Its lines explain themselves.</summary>
public sealed class Bill : IEntityTypeConfiguration<Bill>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }
    public Guid RunId { get; init; }
    public Beneficiary Beneficiary { get; init; }
    public DateOnly PeriodFrom { get; init; }
    public DateOnly PeriodTo { get; init; }
    public DateOnly DueOn { get; init; }
    public DateOnly IssuedOn { get; init; }

    /// <summary>Sum of its lines as issued, fen.</summary>
    public long AmountFen { get; init; }

    /// <summary>Sum of its approved adjustments, fen; below 0: it was lowered. A voided bill is lowered by all of its amount.</summary>
    [NotSealed]
    public long AdjustedFen { get; set; }

    /// <summary>What it is about today, fen: as issued, with its adjustments.</summary>
    public long WorthFen => AmountFen + AdjustedFen;

    /// <summary>Principal still open, fen: the lines' open amounts together.</summary>
    [NotSealed]
    public long OpenFen { get; set; }

    /// <summary>Shanghai date of the last fen of principal; the late fee that was left then stays frozen.</summary>
    [NotSealed]
    public DateOnly? PaidOn { get; set; }
    [NotSealed]
    public BillState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Bill> table)
    {
        table.ToTable("Bills", t => t.HasCheckConstraint("CK_Bills_Open",
            "AmountFen >= 0 AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen"));
        table.Ignore(b => b.WorthFen);
        table.Property(b => b.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(b => new { b.RunId, b.HouseId, b.PartyId, b.Beneficiary }).IsUnique();
        table.HasIndex(b => new { b.HouseId, b.State });                    // an owner's open bills
        table.HasIndex(b => new { b.CommunityId, b.State, b.DueOn });       // arrears
    }
}

/// <summary>A line of a bill (明细): frozen formula, quantity, price, days, net and tax.</summary>
public sealed class BillLine : IEntityTypeConfiguration<BillLine>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }

    /// <summary>From 1 within its bill.</summary>
    public int Number { get; init; }
    public Guid FeeKindId { get; init; }
    public Guid TariffId { get; init; }

    /// <summary>The parking space it is for, if one.</summary>
    public Guid? ParkingSpaceId { get; init; }
    public string Title { get; init; } = "";

    /// <summary>In 0.01 m², or 100 for one house, space, meter or share.</summary>
    public long QuantityHundredths { get; init; }

    /// <summary>In 0.0001 yuan per unit and month, or per unit of a meter; 0 for tiers and shares, which have no single price.</summary>
    public long UnitPrice { get; init; }

    /// <summary>The meter whose usage it charges, if one.</summary>
    public Guid? MeterId { get; init; }

    /// <summary>From this reading of the meter, frozen.</summary>
    public Guid? FromReadingId { get; init; }

    /// <summary>Up to this reading, frozen.</summary>
    public Guid? ToReadingId { get; init; }

    /// <summary>Usage of the meter in 0.001 units; 0 without a meter.</summary>
    public long UsageThousandths { get; init; }

    /// <summary>Of a tiered price: used before in the same year (or month) by the same party, 0.001 units.</summary>
    public long UsedBeforeThousandths { get; init; }

    /// <summary>The shared cost of which it is a share, if one.</summary>
    public Guid? ApportionmentId { get; init; }

    /// <summary>The approved vacant rate that lowered it, if one.</summary>
    public Guid? VacantRateId { get; init; }

    /// <summary>Part of the price that is charged, %: 100, or what a vacant rate says.</summary>
    public int PricePercent { get; init; } = 100;
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public long AmountFen { get; init; }
    public long NetFen { get; init; }
    public long TaxFen { get; init; }
    public string TaxCode { get; init; } = "";

    /// <summary>VAT rate in millionths, frozen: what was taken out of the amount.</summary>
    public int TaxRatePerMillion { get; init; }

    /// <summary>Late-fee terms of the agreement, frozen when the bill was issued: millionths a day; 0: none.</summary>
    public int LateFeePerMillion { get; init; }

    /// <summary>Forgiven days after the due date, frozen.</summary>
    public int GraceDays { get; init; }

    /// <summary>Most that the late fee can become, % of the original principal, frozen.</summary>
    public int LateFeeCapPercent { get; init; }

    /// <summary>Late fee begins only on the day after a written demand has arrived, frozen.</summary>
    public bool LateFeeAfterDemand { get; init; }

    /// <summary>The computation in words, in Chinese, as the owner reads it.</summary>
    public string Formula { get; init; } = "";

    /// <summary>Sum of its approved adjustments, fen, tax included; and its net part.</summary>
    [NotSealed]
    public long AdjustedFen { get; set; }
    [NotSealed]
    public long AdjustedNetFen { get; set; }

    /// <summary>What it is about today, fen: as issued, with its adjustments.</summary>
    public long WorthFen => AmountFen + AdjustedFen;

    /// <summary>Principal still open, fen.</summary>
    [NotSealed]
    public long OpenFen { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>As people read it: m² with two decimals, usage with three, or 1.</summary>
    public decimal Quantity => MeterId is null ? QuantityHundredths / 100m : UsageThousandths / 1_000m;

    public void Configure(EntityTypeBuilder<BillLine> table)
    {
        table.ToTable("BillLines", t => t.HasCheckConstraint("CK_BillLines_Amounts",
            "AmountFen >= 0 AND NetFen + TaxFen = AmountFen AND AmountFen + AdjustedFen >= 0 AND OpenFen >= 0 AND OpenFen <= AmountFen + AdjustedFen AND PricePercent BETWEEN 0 AND 100"));
        table.Ignore(l => l.WorthFen);
        table.Property(l => l.Formula).HasMaxLength(500);
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => new { l.BillId, l.Number }).IsUnique();
        table.HasIndex(l => new { l.CommunityId, l.To });    // what is still to be served at the end of a month
    }
}

/// <summary>A service month of a charge (or a meter reading, or a shared cost) that has been billed; unique while live, whatever made it. Voiding sets
/// <see cref="LiveKey"/> to null.</summary>
public sealed class BillClaim : IEntityTypeConfiguration<BillClaim>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid FeeKindId { get; init; }
    public string Slot { get; init; } = "";

    /// <summary>The parking space, if the charge is for one.</summary>
    public Guid? ParkingSpaceId { get; init; }

    /// <summary>Year × 100 + month; 0 where <see cref="SourceId"/> says what was billed.</summary>
    public int ServiceMonth { get; init; }

    /// <summary>The meter reading up to which usage was billed, or the apportionment of which the share was.</summary>
    public Guid? SourceId { get; init; }
    public Guid RunId { get; init; }

    /// <summary>SHA-256 over house, fee kind, slot, space, month and source; null once voided.</summary>
    public byte[]? LiveKey { get; set; }

    /// <summary>The key that a live claim for this carries.</summary>
    public static byte[] KeyOf(Guid house, Guid feeKind, string slot, Guid? space, int month, Guid? source = null) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{house:N}/{feeKind:N}/{slot}/{space:N}/{month}{(source is { } id ? $"/{id:N}" : "")}"));

    public void Configure(EntityTypeBuilder<BillClaim> table)
    {
        table.ToTable("BillClaims");
        table.Property(c => c.Slot).HasMaxLength(40);
        table.Property(c => c.LiveKey).HasMaxLength(32).IsFixedLength();
        table.HasIndex(c => c.LiveKey).IsUnique();
        table.HasIndex(c => c.RunId);
        table.HasIndex(c => new { c.HouseId, c.ServiceMonth });    // what of a house is billed already
    }
}
