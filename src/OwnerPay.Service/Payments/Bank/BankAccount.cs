using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>A bank account of a community (收款银行账户): what transfers, collections and cash deposits go into.</summary>
public sealed class BankAccount : IEntityTypeConfiguration<BankAccount>, ISealed
{
    public const string NumberPurpose = "bank-account-number";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Short code, unique in the community; names the account in the books: <c>1002/icbc-01</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>As staff know it: 工商银行 基本户.</summary>
    public string Name { get; set; } = "";

    /// <summary>The account number, wrapped; shown by its last four digits only.</summary>
    public byte[] NumberWrapped { get; set; } = [];

    /// <summary>Last four digits of the number.</summary>
    public string Tail { get; set; } = "";

    /// <summary>Takes no new money.</summary>
    public bool Closed { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BankAccount> table)
    {
        table.ToTable("BankAccounts");
        table.Property(a => a.Code).HasMaxLength(24);
        table.Property(a => a.NumberWrapped).HasMaxLength(200);
        table.Property(a => a.Tail).HasMaxLength(4);
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => new { a.CommunityId, a.Code }).IsUnique();
    }
}
