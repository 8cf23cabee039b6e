using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

public enum PersonKind { Human, Firm }

/// <summary>A human or firm in one community (业主/住户): name, phones, optional ID number (wrapped, never listed).</summary>
public sealed class Person : IEntityTypeConfiguration<Person>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Name { get; set; } = "";
    public PersonKind Kind { get; init; }

    /// <summary>ID number wrapped by the master key.</summary>
    public byte[]? IdNumberWrapped { get; set; }

    public void Configure(EntityTypeBuilder<Person> table)
    {
        table.ToTable("Persons");
        table.Property(p => p.IdNumberWrapped).HasMaxLength(200);
        table.HasIndex(p => new { p.CommunityId, p.Name });
    }
}

/// <summary>A phone number of a person.</summary>
public sealed class PersonPhone : IEntityTypeConfiguration<PersonPhone>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>11 digits.</summary>
    public string Number { get; init; } = "";

    public void Configure(EntityTypeBuilder<PersonPhone> table)
    {
        table.ToTable("PersonPhones");
        table.HasIndex(p => new { p.PersonId, p.Number }).IsUnique();
        table.HasIndex(p => new { p.CommunityId, p.Number });    // binding: whose number is this
    }
}
