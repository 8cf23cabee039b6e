using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>How a line is computed.</summary>
public enum TariffFormula
{
    /// <summary>Area × price × months.</summary>
    AreaPrice,
    /// <summary>Price × months, for a house or a space.</summary>
    Fixed,
    /// <summary>Usage of a meter × price.</summary>
    Metered,
    /// <summary>Usage of a meter, cut by thresholds of the calendar year or month, each part at its own price.</summary>
    Tiered,
    /// <summary>A share of what a building or the community used together.</summary>
    Apportioned,
}

/// <summary>When the count of a <see cref="TariffFormula.Tiered"/> price begins anew.</summary>
public enum TierPeriod { Year, Month }

/// <summary>By what a common cost is shared out.</summary>
public enum ApportionBasis { Area, Household, Usage }

/// <summary>What makes a charge due: months that pass, a meter that is read, a common cost that is entered.</summary>
public enum ChargeTrigger { Months, Readings, CommonCost }

/// <summary>Reads of a formula what it implies.</summary>
static class TariffFormulas
{
    public static ChargeTrigger Trigger(this TariffFormula formula) => formula switch
    {
        TariffFormula.AreaPrice or TariffFormula.Fixed => ChargeTrigger.Months,
        TariffFormula.Metered or TariffFormula.Tiered => ChargeTrigger.Readings,
        TariffFormula.Apportioned => ChargeTrigger.CommonCost,
        _ => throw new InvalidOperationException($"Formula {formula} has no trigger"),
    };
}

/// <summary>What a tariff is charged on; a narrower scope beats a wider one.</summary>
public enum TariffScope { Community, Building, House, ParkingOwned, ParkingRented }

/// <summary>A superseded version was taken over from its own first day on: it never priced a day and never will.</summary>
public enum TariffState { Active, Superseded }

/// <summary>A price with scope and effective dates (收费标准). Never edited: a new version supersedes it from its first day on.</summary>
public sealed class Tariff : IEntityTypeConfiguration<Tariff>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid FeeKindId { get; init; }

    /// <summary>Names the charge within its fee kind: <c>base</c>, <c>parking-owned</c>; versions of one slot follow each other.</summary>
    public string Slot { get; init; } = "";
    public int Version { get; init; }
    public string Name { get; init; } = "";
    public TariffFormula Formula { get; init; }

    /// <summary>In 0.0001 yuan per m² (or per space or house) and month, or per unit of a meter; 0 for tiers, which carry their own.</summary>
    public long UnitPrice { get; init; }

    /// <summary>JSON of the <see cref="Domain.Billing.Tier"/>s of a tiered price (0.001 units, 0.0001 yuan); else null.</summary>
    public string? Tiers { get; init; }

    /// <summary>Of a tiered price only.</summary>
    public TierPeriod TierPeriod { get; init; }

    /// <summary>What a meter counts, for the text of the line: 吨, 度, m³. Null where nothing is metered.</summary>
    public string? UnitName { get; init; }

    /// <summary>Of an apportioned price only.</summary>
    public ApportionBasis Basis { get; init; }

    /// <summary>Of an apportioned price only: vacant houses bear their share.</summary>
    public bool VacantShares { get; init; }

    /// <summary>The fee kind whose house meters are the basis, where a common cost is shared by usage.</summary>
    public Guid? UsageKindId { get; init; }
    public TariffScope Scope { get; init; }

    /// <summary>Building or house of a narrower scope.</summary>
    public Guid? ScopeId { get; init; }
    public DateOnly From { get; init; }

    /// <summary>Last day; null while it lasts.</summary>
    public DateOnly? To { get; set; }
    public TariffState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Tariff> table)
    {
        table.ToTable("Tariffs", t => t.HasCheckConstraint("CK_Tariffs_UnitPrice", "UnitPrice >= 0"));
        table.Property(t => t.Slot).HasMaxLength(40);
        table.Property(t => t.Tiers).HasMaxLength(2000);
        table.Property(t => t.UnitName).HasMaxLength(8);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.CommunityId, t.FeeKindId, t.Slot, t.Version }).IsUnique();
    }
}
