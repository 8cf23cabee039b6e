using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>A person who works with OwnerPay: clerk, cashier, finance, manager or admin.</summary>
public sealed class StaffAccount : IEntityTypeConfiguration<StaffAccount>
{
    public Guid Id { get; init; }

    /// <summary>Sign-in name, unique, lower case.</summary>
    public string Login { get; init; } = "";
    public string Name { get; set; } = "";
    public string PasswordHash { get; set; } = "";

    /// <summary>Wrong passwords in a row; five lock the account for 15 minutes.</summary>
    public int FailedSignIns { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public bool Disabled { get; set; }

    /// <summary>Signed in so far only with the one-time password of the first start; nothing else is open until it is changed.</summary>
    public bool MustChangePassword { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<StaffAccount> table)
    {
        table.ToTable("StaffAccounts");
        table.HasIndex(a => a.Login).IsUnique();
    }
}
