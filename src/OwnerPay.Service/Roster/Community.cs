using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Roster;

/// <summary>Which day a house's billing starts, counted from its hand-over.</summary>
public enum FirstDayRule { HandOverDay, NextDay, FirstOfNextMonth }

/// <summary>Whose the fees are: the company's (包干制) or the owners', with a commission for the company (酬金制).</summary>
public enum FeeRegime { LumpSum, Commission }

/// <summary>One managed estate (小区). Every row of data belongs to one; staff see only theirs.</summary>
public sealed class Community : IEntityTypeConfiguration<Community>, ISealed
{
    public Guid Id { get; init; }

    /// <summary>Short code, unique in the installation: <c>sunshine</c>.</summary>
    public string Code { get; init; } = "";
    public string Name { get; set; } = "";

    /// <summary>Phone of the property office, printed on every message.</summary>
    public string ContactPhone { get; set; } = "";
    public FirstDayRule FirstDay { get; set; }
    public FeeRegime FeeRegime { get; set; }

    /// <summary>True: late fee before principal (Civil Code 561); false: principal first, which the agreement must say.</summary>
    public bool LateFeeFirst { get; set; }

    /// <summary>Points per whole yuan paid on time.</summary>
    public int PointsPerYuan { get; set; } = 1;

    /// <summary>A bill may be paid in part, from <see cref="PartPaymentMinFen"/> on.</summary>
    public bool AllowsPartPayment { get; set; }

    /// <summary>Least part of a bill that may be paid, fen.</summary>
    public long PartPaymentMinFen { get; set; }

    /// <summary>Most prepaid money that a party may have for a house by topping up, fen.</summary>
    public long PrepaidMaxFen { get; set; } = 2_000_000;

    /// <summary>Months to come that owners may pay in advance; 0: none.</summary>
    public int PrepayMonths { get; set; } = 12;

    /// <summary>A group notice to more persons than this needs another person's approval; 0: every one.</summary>
    public int CampaignApprovalAbove { get; set; } = 100;

    /// <summary>New payments are paused; callbacks, queries and refunds go on.</summary>
    public bool PaymentsPaused { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Community> table)
    {
        table.ToTable("Communities");
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => c.Code).IsUnique();
    }
}
