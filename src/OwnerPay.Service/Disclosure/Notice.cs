using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Disclosure;

/// <summary>What a notice is about. <c>Payment</c> and <c>Disclosure</c> (公示) are published by two people.</summary>
public enum NoticeCategory { General, Works, Safety, Activity, Payment, Disclosure }

/// <summary>Draft, then published, then perhaps withdrawn; a withdrawn notice never comes back.</summary>
public enum NoticeState { Draft, Published, Withdrawn }

/// <summary>A notice (公告) on the board of a community. What it says stands in its versions (<see cref="NoticeText"/>), of which one is
/// shown.</summary>
public sealed class Notice : IEntityTypeConfiguration<Notice>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public NoticeCategory Category { get; set; }
    public Audience Audience { get; set; }
    public Guid? BuildingId { get; set; }
    public Guid? HouseId { get; set; }

    /// <summary>First and last Shanghai day on which owners see it; without a last day until it is withdrawn.</summary>
    public DateOnly ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    /// <summary>Stands above the others.</summary>
    public bool Pinned { get; set; }
    public NoticeState State { get; set; }

    /// <summary>The version that is shown; null until the first was published.</summary>
    public Guid? TextId { get; set; }

    /// <summary>When the version shown was published; until then when the notice was begun.</summary>
    public DateTimeOffset ShownAt { get; set; }
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Why it was withdrawn, for staff.</summary>
    public string? WithdrawReason { get; set; }
    public byte[] Seal { get; set; } = [];

    public AudienceScope Scope => new(CommunityId, Audience, BuildingId, HouseId);

    public void Configure(EntityTypeBuilder<Notice> table)
    {
        table.ToTable("Notices");
        table.Ignore(n => n.Scope);
        table.Property(n => n.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(n => new { n.CommunityId, n.State, n.ShownAt });    // the board
    }
}

public enum NoticeTextState { Draft, Proposed, Published, Replaced, Rejected }

/// <summary>One version of what a notice says. A draft is edited in place; from publication on a version is never changed, only replaced.</summary>
public sealed class NoticeText : IEntityTypeConfiguration<NoticeText>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid NoticeId { get; init; }

    /// <summary>From 1 within its notice.</summary>
    public int Number { get; init; }
    public NoticeTextState State { get; set; }
    public string Title { get; set; } = "";

    /// <summary>The Markdown subset of <see cref="NoticeMarkup"/>.</summary>
    public string Body { get; set; } = "";

    /// <summary>JSON of the payment progress that it shows, as it was counted when the text was written; empty where it shows none.</summary>
    public string Progress { get; set; } = "";

    /// <summary>JSON array of the ids of its attachments, in their order.</summary>
    public string Files { get; set; } = "[]";

    /// <summary>Owners get a message when it is published.</summary>
    public bool Tell { get; set; }

    /// <summary>Why the version before was corrected; null on the first.</summary>
    public string? Reason { get; init; }
    public Guid WrittenBy { get; set; }
    public DateTimeOffset WrittenAt { get; set; }
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>When the telling was begun; null while its first day has not come.</summary>
    [NotSealed]
    public DateTimeOffset? ToldAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<NoticeText> table)
    {
        table.ToTable("NoticeTexts");
        table.Property(t => t.Body).HasMaxLength(-1);
        table.Property(t => t.Progress).HasMaxLength(-1);
        table.Property(t => t.Files).HasMaxLength(1000);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.NoticeId, t.Number }).IsUnique();    // two corrections at once: one comes first
        table.HasIndex(t => new { t.State, t.Tell, t.ToldAt });         // what is still to be told
    }
}

/// <summary>A person has read a version of a notice; a corrected one is to be read again.</summary>
public sealed class NoticeRead : IEntityTypeConfiguration<NoticeRead>
{
    public Guid TextId { get; init; }
    public Guid PersonId { get; init; }
    public Guid CommunityId { get; init; }
    public DateTimeOffset ReadAt { get; init; }

    public void Configure(EntityTypeBuilder<NoticeRead> table)
    {
        table.ToTable("NoticeReads");
        table.HasKey(r => new { r.TextId, r.PersonId });
    }
}
