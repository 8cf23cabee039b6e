using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>A meter (表): of one house, or shared by a building or the whole community. A new one at the same place follows the one that was taken away.</summary>
public sealed class Meter : IEntityTypeConfiguration<Meter>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid FeeKindId { get; init; }

    /// <summary>Slot of the tariffs that price it.</summary>
    public string Slot { get; init; } = "";

    /// <summary>The house whose usage it counts; null for a shared meter.</summary>
    public Guid? HouseId { get; init; }

    /// <summary>The building that shares it; null with <see cref="HouseId"/> null too: the community shares it.</summary>
    public Guid? BuildingId { get; init; }

    /// <summary>Tells the meters of a house apart: 厨房, 卫生间; empty where there is one.</summary>
    public string Place { get; init; } = "";

    /// <summary>As it stands on the meter, in capitals; unique in the community.</summary>
    public string Serial { get; init; } = "";

    /// <summary>Digits before the point, 1 to 9: a counter of five begins anew after 99999.</summary>
    public int Digits { get; init; }

    /// <summary>Units per unit of the counter, ≥ 1: the ratio of a current transformer.</summary>
    public int Multiplier { get; init; }
    public DateOnly InstalledOn { get; init; }

    /// <summary>Day of the closing reading; null while it hangs.</summary>
    public DateOnly? RemovedOn { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Meter> table)
    {
        table.ToTable("Meters", t => t.HasCheckConstraint("CK_Meters_Counter", "Digits BETWEEN 1 AND 9 AND Multiplier BETWEEN 1 AND 100000"));
        table.Property(m => m.Slot).HasMaxLength(40);
        table.Property(m => m.Place).HasMaxLength(20);
        table.Property(m => m.Serial).HasMaxLength(32);
        table.Property(m => m.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(m => new { m.CommunityId, m.Serial }).IsUnique();
        table.HasIndex(m => m.HouseId);                                 // the meters of a page of houses
        table.HasIndex(m => new { m.CommunityId, m.BuildingId });       // shared meters
    }
}

/// <summary>What a reading is to its meter. Usage is counted from an opening reading on; the first reading of a meter is one.</summary>
public enum ReadingRole { Opening, Regular, Closing }

/// <summary>Where a reading came from.</summary>
public enum ReadingSource { Entry, Import }

/// <summary>What stood on a meter on a day (读数). Never edited: a correction withdraws it and puts another in its place.</summary>
public sealed class MeterReading : IEntityTypeConfiguration<MeterReading>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MeterId { get; init; }
    public DateOnly ReadOn { get; init; }

    /// <summary>The counter in 0.001 units.</summary>
    public long ValueThousandths { get; init; }
    public ReadingRole Role { get; set; }

    /// <summary>Nobody looked; the next real reading corrects it.</summary>
    public bool Estimated { get; init; }

    /// <summary>The counter began anew since the reading before.</summary>
    public bool RolledOver { get; init; }
    public ReadingSource Source { get; init; }

    /// <summary><see cref="ReadOn"/> while it counts, null once withdrawn: one reading a day counts.</summary>
    public DateOnly? LiveOn { get; set; }

    /// <summary>Why it was withdrawn, in Chinese.</summary>
    public string? WithdrawnBecause { get; set; }

    /// <summary>The photo that shows it, if somebody took one.</summary>
    public Guid? PhotoId { get; init; }
    public Guid RecordedBy { get; init; }
    public DateTimeOffset RecordedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public CounterReading OnCounter => new(ReadOn, ValueThousandths, Estimated, RolledOver);

    public void Configure(EntityTypeBuilder<MeterReading> table)
    {
        table.ToTable("MeterReadings", t => t.HasCheckConstraint("CK_MeterReadings_Value", "ValueThousandths >= 0"));
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.MeterId, r.LiveOn }).IsUnique();
        table.HasIndex(r => new { r.CommunityId, r.RecordedAt });
    }
}
