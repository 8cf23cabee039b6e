using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary><c>Proposed</c> → <c>Open</c> (rules and commitment are published) → <c>Closed</c> (ticket list and root are published) → <c>Drawn</c>,
/// for ever; or <c>Rejected</c>, or <c>Withdrawn</c> before the first ticket.</summary>
public enum DrawState { Proposed, Open, Closed, Drawn, Rejected, Withdrawn }

/// <summary>A lucky draw that anyone can recompute (抽奖).</summary>
public sealed class Draw : IEntityTypeConfiguration<Draw>, ISealed
{
    /// <summary>Purpose under which the master key wraps the secret.</summary>
    public const string SecretPurpose = "draw-secret";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Title { get; set; } = "";

    /// <summary>Canonical JSON; see <see cref="DrawRules"/>.</summary>
    public string Rules { get; set; } = "";

    /// <summary>SHA-256 of the rules, hex.</summary>
    public string RulesHash { get; set; } = "";
    public DateTimeOffset Opens { get; set; }
    public DateTimeOffset Closes { get; set; }

    /// <summary>32 random bytes under the master key; nobody reads them before the winners are drawn.</summary>
    public byte[] SecretWrapped { get; init; } = [];

    /// <summary>SHA-256 of the secret, hex; published before the first ticket.</summary>
    public string CommitHex { get; init; } = "";
    public DrawState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Payments whose points were made after this moment of the system's clock have not been looked at yet.</summary>
    [NotSealed]
    public DateTimeOffset? LookedUntil { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>SHA-256 of the ticket list, hex; from closing on.</summary>
    public string? RootHex { get; set; }

    /// <summary>The public number as it was entered, its source, who entered it, and the approval's subject.</summary>
    public string? Beacon { get; set; }
    public string? BeaconSource { get; set; }
    public Guid? BeaconBy { get; set; }
    public Guid? BeaconEntry { get; set; }

    /// <summary>From drawing on: what the winners are drawn from, hex.</summary>
    public string? SeedHex { get; set; }
    public DateTimeOffset? DrawnAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public DrawRules ReadRules() => DrawRules.Parse(Rules);

    public void Configure(EntityTypeBuilder<Draw> table)
    {
        table.ToTable("Draws", t => t.HasCheckConstraint("CK_Draws_Window", "Closes > Opens"));
        table.Property(d => d.Rules).HasMaxLength(-1);
        table.Property(d => d.RulesHash).HasMaxLength(64);
        table.Property(d => d.CommitHex).HasMaxLength(64);
        table.Property(d => d.RootHex).HasMaxLength(64);
        table.Property(d => d.SeedHex).HasMaxLength(64);
        table.Property(d => d.SecretWrapped).HasMaxLength(64);
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.CommunityId, d.CreatedAt });
        table.HasIndex(d => new { d.State, d.Closes });    // what closes next
        table.HasIndex(d => d.CommitHex).IsUnique();       // a secret is used once
    }
}

/// <summary>A ticket of a draw (抽奖券). Its number is public and says nothing about its holder.</summary>
public sealed class DrawTicket : IEntityTypeConfiguration<DrawTicket>, ISealed
{
    /// <summary>What gives tickets: a payment in time, or points.</summary>
    public const string ByPayment = "payment", ByPoints = "points";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid DrawId { get; init; }
    public string Number { get; init; } = "";
    public Guid PersonId { get; init; }
    public string SourceKind { get; init; } = "";

    /// <summary>The payment; the purchase.</summary>
    public Guid SourceId { get; init; }

    /// <summary>Which of its source's tickets it is, from 1.</summary>
    public int Sequence { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its payment went back before the closing: it is not on the list.</summary>
    public bool Void { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<DrawTicket> table)
    {
        table.ToTable("DrawTickets", t => t.HasCheckConstraint("CK_DrawTickets_Sequence", "Sequence > 0"));
        table.Property(t => t.Number).HasMaxLength(16);
        table.Property(t => t.SourceKind).HasMaxLength(16);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.DrawId, t.Number }).IsUnique();
        table.HasIndex(t => new { t.DrawId, t.SourceKind, t.SourceId, t.Sequence }).IsUnique();    // a payment gives its tickets once
        table.HasIndex(t => new { t.DrawId, t.PersonId });                                         // the limit per person
    }
}

/// <summary><c>Waiting</c> to be fetched; <c>HandedOut</c>; <c>Replaced</c>: an invalid winner, whose prize went to the next one drawn.</summary>
public enum DrawWinState { Waiting, HandedOut, Replaced }

/// <summary>A winner of a draw with his prize (中奖).</summary>
public sealed class DrawWin : IEntityTypeConfiguration<DrawWin>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid DrawId { get; init; }

    /// <summary>Which one was drawn, from 0.</summary>
    public int Position { get; init; }

    /// <summary>Which prize it is, from 0 in published order.</summary>
    public int Place { get; init; }
    public Guid TicketId { get; init; }
    public Guid PersonId { get; init; }
    public string PrizeName { get; init; } = "";

    /// <summary>What the prize is worth, fen, and the income tax of 20 % that is due on it.</summary>
    public long ValueFen { get; init; }
    public long TaxFen { get; init; }

    /// <summary>Eight digits, unique in the community.</summary>
    public string PickUpCode { get; init; } = "";

    /// <summary>Last Shanghai day to fetch it.</summary>
    public DateOnly ExpiresOn { get; init; }
    public DateTimeOffset DrawnAt { get; init; }
    [NotSealed]
    public DrawWinState State { get; set; }
    [NotSealed]
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Staff who handed it out.</summary>
    [NotSealed]
    public Guid? HandedOutBy { get; set; }

    /// <summary>Why the winner was replaced; set when it is proposed.</summary>
    [NotSealed]
    public string? ReplacedReason { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<DrawWin> table)
    {
        table.ToTable("DrawWins", t => t.HasCheckConstraint("CK_DrawWins_Sound", "Position >= 0 AND Place >= 0 AND ValueFen >= 0 AND TaxFen >= 0"));
        table.Property(w => w.PickUpCode).HasMaxLength(8);
        table.Property(w => w.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(w => new { w.DrawId, w.Position }).IsUnique();
        table.HasIndex(w => new { w.CommunityId, w.PickUpCode }).IsUnique();
        table.HasIndex(w => w.TicketId).IsUnique();
        table.HasIndex(w => w.PersonId);
    }
}
