using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Events;

public enum EventState { Draft, Published, Cancelled }

/// <summary>An event of the community (活动): owners' talks, lectures, paying made easy at the door. Places are given out first come, first
/// served.</summary>
public sealed class CommunityEvent : IEntityTypeConfiguration<CommunityEvent>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Title { get; set; } = "";

    /// <summary>The Markdown subset of notices.</summary>
    public string Body { get; set; } = "";
    public string Place { get; set; } = "";
    public Audience Audience { get; set; }
    public Guid? BuildingId { get; set; }
    public DateTimeOffset StartsAt { get; set; }
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>First instant at which nobody can sign up any more, at the latest the start.</summary>
    public DateTimeOffset SignUpUntil { get; set; }

    /// <summary>People that can take part.</summary>
    public int Places { get; set; }

    /// <summary>Places of confirmed sign-ups together; <c>verify</c> counts them again.</summary>
    [NotSealed]
    public int PlacesTaken { get; set; }

    /// <summary>Most places of one house, confirmed and waiting together.</summary>
    public int PerHouse { get; set; }

    /// <summary>Who comes too late for a place may wait for one.</summary>
    public bool HasWaitingList { get; set; }

    /// <summary>Hours before the start at which those with a place are reminded; 0: not at all.</summary>
    public int RemindHours { get; set; }
    public EventState State { get; set; }

    /// <summary>Why it does not take place; owners read it.</summary>
    public string? CancelReason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public AudienceScope Scope => new(CommunityId, Audience, BuildingId, null);

    public void Configure(EntityTypeBuilder<CommunityEvent> table)
    {
        table.ToTable("CommunityEvents", t => t.HasCheckConstraint("CK_CommunityEvents_Places",
            "Places > 0 AND PlacesTaken >= 0 AND PlacesTaken <= Places AND PerHouse > 0 AND RemindHours >= 0"));
        table.Ignore(e => e.Scope);
        table.Property(e => e.Body).HasMaxLength(-1);
        table.Property(e => e.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(e => new { e.CommunityId, e.StartsAt });
        table.HasIndex(e => new { e.State, e.StartsAt });    // what is to be reminded of
    }
}

/// <summary><c>Waiting</c> moves up to <c>Confirmed</c> when places become free; <c>Cancelled</c> is for ever.</summary>
public enum SignUpState { Confirmed, Waiting, Cancelled }

/// <summary>A person signs up for an event, for himself and others of his house (报名).</summary>
public sealed class EventSignUp : IEntityTypeConfiguration<EventSignUp>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid EventId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>How many people come.</summary>
    public int Places { get; init; }
    public DateTimeOffset SignedUpAt { get; init; }
    [NotSealed]
    public SignUpState State { get; set; }

    /// <summary>True while it is not cancelled, then null: one live sign-up per person and house.</summary>
    [NotSealed]
    public bool? Live { get; set; }
    [NotSealed]
    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>When staff saw them come; null: have not come.</summary>
    [NotSealed]
    public DateTimeOffset? CheckedInAt { get; set; }
    [NotSealed]
    public Guid? CheckedInBy { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<EventSignUp> table)
    {
        table.ToTable("EventSignUps", t => t.HasCheckConstraint("CK_EventSignUps_Places", "Places > 0"));
        table.Property(s => s.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(s => new { s.EventId, s.HouseId, s.PersonId, s.Live }).IsUnique();
        table.HasIndex(s => new { s.EventId, s.State, s.SignedUpAt });    // the line
    }
}

public static class EventsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<CommunityEvent> CommunityEvents => db.Set<CommunityEvent>();
        public DbSet<EventSignUp> EventSignUps => db.Set<EventSignUp>();
    }
}
