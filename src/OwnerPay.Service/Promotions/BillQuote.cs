using System.Text.Json.Serialization;
using OwnerPay.Service.Billing;

namespace OwnerPay.Service.Promotions;

/// <summary>What one offer takes off one line.</summary>
/// <param name="Version">Version of the offer that holds.</param>
public sealed record QuotedDiscount(Guid OfferId, string Code, int Version, string Name, long Fen)
{
    /// <summary>Whose money it is.</summary>
    [JsonIgnore]
    public OfferFunding Funding { get; init; }
}

/// <summary>A bill line in a quote.</summary>
/// <param name="FeeKind">Code of the fee kind.</param>
/// <param name="PrincipalFen">Open principal.</param>
public sealed record QuotedLine(
    Guid BillLineId, int Number, string FeeKind, string Title, DateOnly From, DateOnly To, long PrincipalFen, long DiscountFen, IReadOnlyList<QuotedDiscount> Discounts);

/// <summary>A chosen bill in a quote.</summary>
/// <param name="Lines">Those that this merchant gets, each with the principal to pay of it.</param>
/// <param name="LateFeeFen">Late fee as of the day; never discounted.</param>
/// <param name="IsPart">Something of the bill stays open; offers are only given for whole bills.</param>
public sealed record QuotedBill(Guid BillId, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, IReadOnlyList<QuotedLine> Lines, long LateFeeFen, bool IsPart)
{
    public long PayableFen => Lines.Sum(line => line.PrincipalFen - line.DiscountFen) + LateFeeFen;
}

/// <summary>An offer that takes something off.</summary>
/// <param name="Fen">Over all lines.</param>
/// <param name="CouponId">The payer's coupon that gives it; null for an offer that everybody may use.</param>
public sealed record UsedOffer(Guid OfferId, string Code, int Version, string Name, long Fen, Guid? CouponId = null);

/// <summary>What this choice earns beside its price once it is paid.</summary>
/// <param name="IsCoupon">A coupon for next time; else something that staff hand out.</param>
public sealed record QuotedGift(Guid OfferId, string Code, int Version, string Name, bool IsCoupon);

/// <summary>An offer that was looked at and takes nothing off.</summary>
/// <param name="Reason">Stable word: <c>notStarted</c>, <c>ended</c>, <c>nothingEligible</c>, <c>belowMinimum</c>, <c>needsWholeYear</c>, <c>betterWithout</c>,
/// <c>needsMonths</c>, <c>budgetUsed</c>, <c>overdue</c>, <c>arrears</c>, <c>notFirstPayment</c>, <c>notTagged</c>.</param>
/// <param name="Text">The reason as the owner reads it, in Chinese.</param>
public sealed record UnusedOffer(Guid OfferId, string Code, int Version, string Name, string Reason, string Text);

/// <summary>Something that the payer can do about the price.</summary>
/// <param name="Text">What to do and what it saves, in Chinese.</param>
/// <param name="When">End or beginning of the offer's window, where a date matters.</param>
/// <param name="SavesFen">At least so much.</param>
public sealed record BetterStep(string Kind, string OfferCode, string Text, DateTimeOffset? When, long SavesFen);

/// <summary>The price of chosen bills at an instant, explained (试算): what a payer sees, what his order freezes.</summary>
/// <param name="Merchant">Whose money it is: one order pays one merchant account.</param>
/// <param name="Bills">By due date, then id.</param>
/// <param name="QuoteHash">SHA-256 (hex) over <see cref="Canonical"/>: it goes back with the checkout.</param>
public sealed record BillQuote(
    Guid HouseId, DateTimeOffset At, MerchantChoice Merchant, IReadOnlyList<QuotedBill> Bills, IReadOnlyList<UsedOffer> Offers, IReadOnlyList<UnusedOffer> NotUsed,
    IReadOnlyList<QuotedGift> Gifts, IReadOnlyList<BetterStep> NextBetter, long PrincipalFen, long DiscountFen, long LateFeeFen, long PayableFen, string QuoteHash)
{
    [JsonIgnore]
    public Guid CommunityId { get; init; }

    /// <summary>Least part of one bill that may be paid by itself, fen; null where bills are only paid whole.</summary>
    public long? PartPaymentMinFen { get; init; }

    /// <summary>Prepaid money of the payer that could pay a part of it, fen; no part of the hash.</summary>
    public long PrepaidBalanceFen { get; init; }

    /// <summary>The one liable party of the bills.</summary>
    [JsonIgnore]
    public Guid PartyId { get; init; }

    /// <summary>All of the input and the result as canonical JSON (RFC 8785); <see cref="RecomputedQuote"/> gets the same hash from it for ever.</summary>
    [JsonIgnore]
    public string Canonical { get; init; } = "";

    /// <summary>The quote as parts to freeze in an order and to settle later, in the order of allocation: bill by bill, lines by number; nothing of 0 fen.</summary>
    /// <param name="lateFeeFirst">The community's rule: late fee before the bill's lines, or after them.</param>
    public IReadOnlyList<BillPart> Parts(bool lateFeeFirst)
    {
        var parts = new List<BillPart>();
        foreach (var bill in Bills)
        {
            var lateFee = new BillPart(bill.BillId, null, bill.LateFeeFen, 0);
            if (lateFeeFirst) parts.Add(lateFee);
            foreach (var line in bill.Lines) parts.Add(new(bill.BillId, line.BillLineId, line.PrincipalFen, line.DiscountFen));
            if (!lateFeeFirst) parts.Add(lateFee);
        }
        return parts.FindAll(part => part.Fen > 0);
    }
}
