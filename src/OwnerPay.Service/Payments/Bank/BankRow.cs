using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>
/// Money in: <c>Waiting</c> (in suspense until somebody says whose it is) → <c>Settled</c> (a payment) or <c>Returning</c> (asked for) →
/// <c>ReturnApproved</c> → <c>Returned</c> (sent back).
/// <c>Known</c>: booked before by another door (a transfer accepted at the counter, a cash deposit, an entrusted collection).
/// <c>PayOut</c>: from a payment company; reconciled against its own files. <c>Out</c>: money that went out, kept for reconciliation.
/// </summary>
public enum BankRowState { Waiting, Settled, Returning, ReturnApproved, Returned, Known, PayOut, Out }

/// <summary>A row of a bank statement (银行流水), stored once however often it is imported.</summary>
public sealed class BankRow : IEntityTypeConfiguration<BankRow>, ISealed
{
    /// <summary>Source kinds of its journals: money came into suspense, or ended what was on its way; money was sent back.</summary>
    public const string Source = "bank-row", ReturnedSource = "bank-row-returned";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BankAccountId { get; init; }
    public Guid ImportId { get; init; }

    /// <summary>SHA-256 (hex) over date, reference, amount and sequence: unique in its account.</summary>
    public string RowKey { get; init; } = "";

    /// <summary>Shanghai date on the statement.</summary>
    public DateOnly On { get; init; }

    /// <summary>Fen; in above 0, out below.</summary>
    public long AmountFen { get; init; }

    /// <summary>The bank's number of the row.</summary>
    public string Reference { get; init; } = "";

    /// <summary>From 1: the how manieth row of the same date, reference and amount in its file.</summary>
    public int Sequence { get; init; }
    public string Memo { get; init; } = "";

    /// <summary>The other side's name as the bank has it.</summary>
    public string Payer { get; init; } = "";

    /// <summary>Last four characters of the other side's account.</summary>
    public string PayerTail { get; init; } = "";

    /// <summary>What the rule says, and for whom; null: nothing fits.</summary>
    public BankMatch Match { get; init; }
    public Guid? ProposedPartyId { get; init; }
    public BankRowState State { get; set; }

    /// <summary>What the row settled or ended: the payment, the counter's payment, the deposit, the collection.</summary>
    public Guid? SettledBy { get; set; }

    /// <summary>Who said whose it is; null: the rule alone.</summary>
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The last request to send it back, as its approval names it.</summary>
    public Guid? ReturnId { get; set; }

    /// <summary>Number of the transfer by which it was sent back.</summary>
    public string? ReturnReference { get; set; }
    public byte[] Seal { get; set; } = [];

    public static string KeyOf(DateOnly on, string reference, long fen, int sequence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{on:yyyy-MM-dd}/{reference.Length}/{reference}/{fen}/{sequence}"))));

    public void Configure(EntityTypeBuilder<BankRow> table)
    {
        table.ToTable("BankRows", t => t.HasCheckConstraint("CK_BankRows_Amount", "AmountFen <> 0"));
        table.Property(r => r.RowKey).HasMaxLength(64);
        table.Property(r => r.Reference).HasMaxLength(100);
        table.Property(r => r.Memo).HasMaxLength(400);
        table.Property(r => r.PayerTail).HasMaxLength(4);
        table.Property(r => r.ReturnReference).HasMaxLength(64);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.BankAccountId, r.RowKey }).IsUnique();
        table.HasIndex(r => new { r.CommunityId, r.State, r.On });    // the work list
        table.HasIndex(r => r.SettledBy);
        table.HasIndex(r => r.ReturnId).IsUnique();
    }
}

/// <summary>An import of a bank statement and what became of it.</summary>
public sealed class BankImport : IEntityTypeConfiguration<BankImport>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BankAccountId { get; init; }
    public string FileName { get; init; } = "";

    /// <summary>SHA-256 (hex) of the file.</summary>
    public string FileHash { get; init; } = "";
    public int RowsRead { get; init; }
    public int RowsWritten { get; init; }

    /// <summary>Known from an earlier file.</summary>
    public int RowsUnchanged { get; init; }
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BankImport> table)
    {
        table.ToTable("BankImports");
        table.Property(i => i.FileHash).HasMaxLength(64);
        table.Property(i => i.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(i => new { i.CommunityId, i.At });
    }
}

/// <summary>A liable party's code for memos of transfers (转账附言码); one each, for ever.</summary>
public sealed class PartyTransferCode : IEntityTypeConfiguration<PartyTransferCode>, ISealed
{
    public Guid PartyId { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary><c>WY</c> and ten digits, see <see cref="TransferCode"/>.</summary>
    public string Code { get; init; } = "";
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<PartyTransferCode> table)
    {
        table.ToTable("TransferCodes");
        table.HasKey(c => c.PartyId);
        table.Property(c => c.Code).HasMaxLength(12);
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => new { c.CommunityId, c.Code }).IsUnique();
    }
}
