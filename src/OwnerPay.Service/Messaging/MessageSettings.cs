using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

/// <summary>How a community sends: its hours and limits, never wider than the law's and ours, and its prices.</summary>
public sealed class MessageSettings : IEntityTypeConfiguration<MessageSettings>, ISealed
{
    /// <summary>The community.</summary>
    public Guid Id { get; init; }

    /// <summary>First minute of the day at which messages may leave; 540 is 9:00.</summary>
    public int OpensMinute { get; set; } = 540;

    /// <summary>First minute that is quiet again; 1260 is 21:00.</summary>
    public int ClosesMinute { get; set; } = 1260;

    /// <summary>Reminders to one person in seven days, at most 3.</summary>
    public int RemindersPerWeek { get; set; } = ReminderLimits.Widest.PerWeek;

    /// <summary>Days from one reminder to the next, at least 1.</summary>
    public int ReminderDaysApart { get; set; } = ReminderLimits.Widest.DaysApart;

    /// <summary>Price of one text message, fen; the provider's, rounded up.</summary>
    public long SmsFen { get; set; } = 5;

    /// <summary>Price of one letter with proof of arrival, fen.</summary>
    public long LetterFen { get; set; } = 2_000;
    public byte[] Seal { get; set; } = [];

    public ReminderLimits Limits => new(RemindersPerWeek, ReminderDaysApart);
    public TimeOnly Opens => TimeOnly.MinValue.AddMinutes(OpensMinute);
    public TimeOnly Closes => TimeOnly.MinValue.AddMinutes(ClosesMinute);

    /// <summary>The first instant from now at which a message may leave here.</summary>
    public DateTimeOffset NextAllowed(DateTimeOffset now) => MessageWindow.NextAllowed(now, Opens, Closes);

    public void Configure(EntityTypeBuilder<MessageSettings> table)
    {
        table.ToTable("MessageSettings");
        table.Ignore(s => s.Limits).Ignore(s => s.Opens).Ignore(s => s.Closes);
        table.Property(s => s.Seal).HasMaxLength(RowSeal.Length);
    }
}

/// <summary>A day on which a person was reminded, and by which message: the key is the daily limit itself.</summary>
public sealed class ReminderDay : IEntityTypeConfiguration<ReminderDay>
{
    public Guid PersonId { get; init; }

    /// <summary>Shanghai day.</summary>
    public DateOnly Day { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MessageId { get; init; }

    public void Configure(EntityTypeBuilder<ReminderDay> table)
    {
        table.ToTable("ReminderDays");
        table.HasKey(d => new { d.PersonId, d.Day });
    }
}

/// <summary>How and for what a person may be reached, as he said it himself.</summary>
public sealed class ContactPreference : IEntityTypeConfiguration<ContactPreference>
{
    /// <summary>The person.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Mail address that the person confirmed; null: no email.</summary>
    public string? Email { get; set; }

    /// <summary>Mail address that waits for its code.</summary>
    public string? NewEmail { get; set; }

    /// <summary>Digest of the code that was sent to it, and until when it counts (system clock).</summary>
    public byte[]? EmailCodeHash { get; set; }
    public DateTimeOffset? EmailCodeUntil { get; set; }
    public int EmailCodeTries { get; set; }

    /// <summary>Reminders and notices by text message are unwanted.</summary>
    public bool NoSms { get; set; }

    /// <summary>When the person agreed to promotional text messages; null: never, or taken back.</summary>
    public DateTimeOffset? PromotionSince { get; set; }

    public void Configure(EntityTypeBuilder<ContactPreference> table)
    {
        table.ToTable("ContactPreferences");
        table.Property(p => p.EmailCodeHash).HasMaxLength(32);
        table.HasIndex(p => p.CommunityId);
    }
}
