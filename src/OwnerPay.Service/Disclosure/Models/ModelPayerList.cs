using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Models;

/// <summary><c>Asking</c>: owners may agree to be shown; <c>Published</c>: those who agreed and paid in time are shown; <c>Ended</c>: nobody
/// is.</summary>
public enum ModelListState { Asking, Published, Ended }

/// <summary>A list of model payers (缴费模范户) over a period. Who is on it follows from the bills and from consent, and is stored nowhere.</summary>
public sealed class ModelPayerList : IEntityTypeConfiguration<ModelPayerList>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Title { get; init; } = "";

    /// <summary>Due dates that count: first and last Shanghai day.</summary>
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public ModelListState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PublishedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ModelPayerList> table)
    {
        table.ToTable("ModelPayerLists");
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => new { l.CommunityId, l.CreatedAt });
    }
}

/// <summary>How much of his name an owner lets others see: nothing, 王姓业主, or 王**.</summary>
public enum NameShown { Hidden, Surname, Masked }

/// <summary>How much of his house: nothing, the building, or 3-*-**01.</summary>
public enum HouseShown { Hidden, Building, Masked }

/// <summary>An owner agreed to be shown on one list, and perhaps took it back. A consent is never changed: another choice is another row.</summary>
public sealed class ModelPayerConsent : IEntityTypeConfiguration<ModelPayerConsent>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid ListId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PersonId { get; init; }
    public NameShown Name { get; init; }
    public HouseShown House { get; init; }

    /// <summary>What he agreed to, word for word.</summary>
    public string Agreed { get; init; } = "";
    public Guid WeChatUserId { get; init; }
    public DateTimeOffset GivenAt { get; init; }
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>True until it is withdrawn, then null: one that holds per list, house and person.</summary>
    public bool? Live { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ModelPayerConsent> table)
    {
        table.ToTable("ModelPayerConsents");
        table.Property(c => c.Agreed).HasMaxLength(500);
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => new { c.ListId, c.HouseId, c.PersonId, c.Live }).IsUnique();
    }
}

public static class ModelsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<ModelPayerList> ModelPayerLists => db.Set<ModelPayerList>();
        public DbSet<ModelPayerConsent> ModelPayerConsents => db.Set<ModelPayerConsent>();
    }
}
