using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>How a line is computed. More formulas come with meters and apportionment.</summary>
public enum TariffFormula { AreaPrice, Fixed }

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

    /// <summary>In 0.0001 yuan per m² (or per space or house) and month.</summary>
    public long UnitPrice { get; init; }
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
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.CommunityId, t.FeeKindId, t.Slot, t.Version }).IsUnique();
    }
}
