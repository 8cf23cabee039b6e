using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Counter;

/// <summary><c>Open</c>: takes money. <c>Counted</c>: the cashier counted the drawer and may count again. <c>Confirmed</c>: finance has the cash;
/// for ever.</summary>
public enum ShiftState { Open, Counted, Confirmed }

/// <summary>A cashier's shift at the counter or on the doorstep (收款班次): one drawer, opened with a float, ended by a count that another person
/// confirms.</summary>
public sealed class CashShift : IEntityTypeConfiguration<CashShift>, ISealed
{
    /// <summary>Source kinds of its journals: the float goes into the drawer; all of the drawer goes to finance.</summary>
    public const string OpenedSource = "shift-opened", ConfirmedSource = "shift-confirmed";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid CashierId { get; init; }

    /// <summary>The cashier while the shift is open, then null: one open shift each.</summary>
    public Guid? OpenFor { get; set; }

    /// <summary>Change money from finance's safe, fen.</summary>
    public long FloatFen { get; init; }
    public ShiftState State { get; set; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? CountedAt { get; set; }

    /// <summary>What must lie in the drawer by the books when it was counted, float included, fen.</summary>
    public long? ExpectedFen { get; set; }

    /// <summary>What did lie there, fen.</summary>
    public long? CountedFen { get; set; }

    /// <summary>The pieces as counted, as JSON; null when only a sum was told.</summary>
    public string? Pieces { get; set; }

    /// <summary>What the cashier says to a difference.</summary>
    public string? Note { get; set; }
    public Guid? ConfirmedBy { get; set; }
    public DateTimeOffset? ConfirmedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>Fen too much (above 0) or too little in the drawer; 0 before it was counted.</summary>
    public long DifferenceFen => (CountedFen - ExpectedFen) ?? 0;

    public void Configure(EntityTypeBuilder<CashShift> table)
    {
        table.Ignore(s => s.DifferenceFen);
        table.ToTable("CashShifts", t =>
        {
            t.HasCheckConstraint("CK_CashShifts_Amounts", "FloatFen >= 0 AND (CountedFen IS NULL OR CountedFen >= 0)");
            t.HasCheckConstraint("CK_CashShifts_TwoPeople", "ConfirmedBy IS NULL OR ConfirmedBy <> CashierId");
        });
        table.Property(s => s.Pieces).HasMaxLength(1000);
        table.Property(s => s.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(s => new { s.CommunityId, s.OpenFor }).IsUnique();    // two taps do not open two drawers
        table.HasIndex(s => new { s.CommunityId, s.OpenedAt });
    }
}

/// <summary>Takings of a confirmed shift as they were paid into the bank (现金缴存).</summary>
public sealed class CashDeposit : IEntityTypeConfiguration<CashDeposit>, ISealed
{
    public const string Source = "cash-deposit";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid ShiftId { get; init; }
    public Guid BankAccountId { get; init; }

    /// <summary>Fen: the counted drawer less its float, which stays in the safe.</summary>
    public long AmountFen { get; init; }

    /// <summary>Number of the bank's slip.</summary>
    public string Slip { get; init; } = "";

    /// <summary>Shanghai date on the slip.</summary>
    public DateOnly On { get; init; }
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<CashDeposit> table)
    {
        table.ToTable("CashDeposits", t => t.HasCheckConstraint("CK_CashDeposits_Amount", "AmountFen > 0"));
        table.Property(d => d.Slip).HasMaxLength(64);
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => d.ShiftId).IsUnique();    // the takings of a shift go once
        table.HasIndex(d => new { d.CommunityId, d.BankAccountId, d.Slip }).IsUnique();
    }
}
