using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What WeChat's fund-flow bill (资金账单) of a merchant number says of a day. Of a number that several communities share it stands with the
/// oldest account.</summary>
public sealed class FundFlowDay : IEntityTypeConfiguration<FundFlowDay>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }
    public int Rows { get; init; }

    /// <summary>Balance at WeChat before the first and after the last movement, fen.</summary>
    public long OpeningFen { get; init; }
    public long ClosingFen { get; init; }

    /// <summary>Movements in and out, fen.</summary>
    public long IncomeFen { get; init; }
    public long ExpenseFen { get; init; }

    /// <summary>Paid out to the bank, less what was paid in from there, fen; booked by the pay-outs of the day.</summary>
    public long PaidOutFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<FundFlowDay> table)
    {
        table.ToTable("FundFlowDays", t => t.HasCheckConstraint("CK_FundFlowDays_Sums", "IncomeFen >= 0 AND ExpenseFen >= 0"));
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.MerchantAccountId, d.Day }).IsUnique();
        table.HasIndex(d => d.CommunityId);
    }
}

/// <summary>Money that WeChat paid out to the bank (提现), or that was paid in from there (充值), until the bank's statement shows it.</summary>
public sealed class WeChatPayOut : IEntityTypeConfiguration<WeChatPayOut>, ISealed
{
    /// <summary>Source kind of its journal.</summary>
    public const string Source = "wechat-payout";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }

    /// <summary>WeChat's number of the movement.</summary>
    public string FlowNo { get; init; } = "";

    /// <summary>Fen to the bank; below 0: from it.</summary>
    public long AmountFen { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>What the bank's statement calls it; null until it is seen there.</summary>
    public string? BankReference { get; set; }

    /// <summary>Shanghai date of the bank's row.</summary>
    public DateOnly? ArrivedOn { get; set; }

    /// <summary>Who found it; null where it was matched by itself.</summary>
    public Guid? ArrivedBy { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<WeChatPayOut> table)
    {
        table.ToTable("WeChatPayOuts", t => t.HasCheckConstraint("CK_WeChatPayOuts_Amount", "AmountFen <> 0"));
        table.Property(p => p.FlowNo).HasMaxLength(64);
        table.Property(p => p.BankReference).HasMaxLength(64);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.MerchantAccountId, p.FlowNo }).IsUnique();
        table.HasIndex(p => new { p.CommunityId, p.BankReference }).IsUnique();    // a row of the bank is taken once
        table.HasIndex(p => new { p.CommunityId, p.ArrivedOn, p.Day });            // what has not arrived
    }
}
