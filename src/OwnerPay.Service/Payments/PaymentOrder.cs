using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments;

/// <summary> <c>Created</c> (frozen and committed, WeChat not asked yet) → <c>Placed</c> (WeChat gave a prepay id) → <c>Paid</c> or <c>Closed</c>,
/// for ever. A payment that arrives for a closed order is booked all the same (<c>Closed</c> → <c>Paid</c> is the one step back that money may take).
/// </summary>
public enum OrderState { Created, Placed, Paid, Closed }

/// <summary>By which way an order is paid: on the owner's phone, by a code on a screen that somebody scans, or at once because the money is there
/// already.</summary>
public enum OrderWay { Jsapi, Native, Counter, Bank, Collection }

/// <summary>A frozen quote with a channel and an expiry (支付订单). One WeChat order each; its id as 32 hex digits is WeChat's out_trade_no.</summary>
public sealed class PaymentOrder : IEntityTypeConfiguration<PaymentOrder>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }
    public OrderWay Way { get; init; }

    /// <summary>All zeros where no merchant has part in it: at the counter and by bank.</summary>
    public Guid MerchantAccountId { get; init; }

    /// <summary>Who taps; all zeros where nobody does.</summary>
    public Guid WeChatUserId { get; init; }

    /// <summary>Who pays, or for whom it is paid: gets the points and is told. All zeros for a party that nobody belongs to.</summary>
    public Guid PersonId { get; init; }

    /// <summary>Of the payer; empty where anybody may pay.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>The pay link by which somebody pays who need not be of the house; null for its members.</summary>
    public Guid? PayLinkId { get; init; }

    /// <summary>Principal of its lines, fen.</summary>
    public long PrincipalFen { get; init; }
    public long DiscountFen { get; init; }
    public long LateFeeFen { get; init; }

    /// <summary>Part of it that prepaid money pays, fen.</summary>
    public long PrepaidFen { get; init; }

    /// <summary>Money for the prepaid balance, fen; an order has either this or lines.</summary>
    public long TopUpFen { get; init; }

    /// <summary>What WeChat is asked for and what a callback is checked against, fen: the one stored field for both.</summary>
    public long PayableFen { get; init; }

    /// <summary>SHA-256 (hex) of the quote; <see cref="Quote"/> reproduces it for ever.</summary>
    public string QuoteHash { get; init; } = "";

    /// <summary>Input and result of the quote as canonical JSON.</summary>
    public string Quote { get; init; } = "{}";

    /// <summary>SHA-256 (hex) over payer and chosen bills: the same choice gets the same order again.</summary>
    public string ChoiceHash { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Business instant until which the price holds and WeChat lets pay.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Points per whole yuan that were promised when the order was frozen, with what years of paying in time add.</summary>
    public int PointsPerYuan { get; init; }

    /// <summary>Its payment earns a gift or a coupon.</summary>
    public bool EarnsGift { get; init; }

    /// <summary>The very bytes of WeChat's order call; every repeat sends these. Empty where nothing is to be paid.</summary>
    public byte[] Request { get; init; } = [];
    [NotSealed]
    public OrderState State { get; set; }

    /// <summary>WeChat's prepay_id; of an order by code its code_url.</summary>
    [NotSealed]
    public string? PrepayId { get; set; }

    /// <summary>When the chase next asks WeChat (system clock), and how often it has.</summary>
    [NotSealed]
    public DateTimeOffset NextAskAt { get; set; }
    [NotSealed]
    public int Asks { get; set; }

    /// <summary>When anybody last asked WeChat about it (system clock): the chase, or the owner by looking at its page.</summary>
    [NotSealed]
    public DateTimeOffset? LastAskedAt { get; set; }
    [NotSealed]
    public DateTimeOffset? EndedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>WeChat's out_trade_no.</summary>
    public string OutTradeNo => Id.ToString("N");

    /// <summary>True while it can still be paid in the ordinary way.</summary>
    public bool IsOpen => State is OrderState.Created or OrderState.Placed;

    /// <summary>Shanghai date for which its price holds: who types his password past midnight owes no further day of late fee.</summary>
    public DateOnly PriceDate => Clock.DateOf(CreatedAt);

    public void Configure(EntityTypeBuilder<PaymentOrder> table)
    {
        table.Ignore(o => o.OutTradeNo).Ignore(o => o.IsOpen).Ignore(o => o.PriceDate);
        table.ToTable("PaymentOrders", t => t.HasCheckConstraint("CK_PaymentOrders_Amounts",
            "PayableFen >= 0 AND DiscountFen >= 0 AND DiscountFen <= PrincipalFen AND LateFeeFen >= 0 AND PayableFen = PrincipalFen - DiscountFen + LateFeeFen - PrepaidFen + TopUpFen"
            + " AND PrepaidFen >= 0 AND TopUpFen >= 0 AND (TopUpFen = 0 OR PrincipalFen + LateFeeFen + PrepaidFen = 0) AND PointsPerYuan >= 0"));
        table.Property(o => o.OpenId).HasMaxLength(128);
        table.Property(o => o.PrepayId).HasMaxLength(512);
        table.Property(o => o.QuoteHash).HasMaxLength(64);
        table.Property(o => o.ChoiceHash).HasMaxLength(64);
        table.Property(o => o.Quote).HasMaxLength(-1);
        table.Property(o => o.Request).HasMaxLength(8000);
        table.Property(o => o.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(o => new { o.State, o.NextAskAt });                // the chase
        table.HasIndex(o => new { o.State, o.ExpiresAt });                // what is to be closed
        table.HasIndex(o => new { o.HouseId, o.CreatedAt });
        table.HasIndex(o => new { o.WeChatUserId, o.CreatedAt });         // an owner's payments
        table.HasIndex(o => new { o.CommunityId, o.CreatedAt });
    }
}

/// <summary>A frozen line of an order: what it pays of one bill line, or of one bill's late fee.</summary>
public sealed class OrderLine : IEntityTypeConfiguration<OrderLine>, ISealed
{
    public Guid OrderId { get; init; }

    /// <summary>From 1, in the order of allocation.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }

    /// <summary>The line, or null for the bill's late fee.</summary>
    public Guid? BillLineId { get; init; }

    /// <summary>Principal (or late fee) that this settles, fen.</summary>
    public long Fen { get; init; }

    /// <summary>Part of <see cref="Fen"/> given by offers.</summary>
    public long DiscountFen { get; init; }

    /// <summary>Which offers give <see cref="DiscountFen"/>, see <see cref="OfferShare"/>: <c>early-bird-2027=12000,full-year=500</c>; empty for none.</summary>
    public string Offers { get; init; } = "";
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<OrderLine> table)
    {
        table.ToTable("OrderLines", t => t.HasCheckConstraint("CK_OrderLines_Fen", "Fen >= 0 AND DiscountFen >= 0 AND DiscountFen <= Fen"));
        table.HasKey(l => new { l.OrderId, l.Number });
        table.Property(l => l.Offers).HasMaxLength(600);
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => l.BillId);
    }
}

/// <summary>A bill is in one open order only: this row is taken at checkout and given back at settlement or close.</summary>
public sealed class BillHold : IEntityTypeConfiguration<BillHold>
{
    public Guid BillId { get; init; }
    public Guid OrderId { get; init; }

    public void Configure(EntityTypeBuilder<BillHold> table)
    {
        table.ToTable("BillHolds");
        table.HasKey(h => h.BillId);
        table.HasIndex(h => h.OrderId);
    }
}
