namespace OwnerPay.Domain.Promotions;

/// <summary>One chosen bill line as a quote sees it.</summary>
/// <param name="Id">Unique within the choice; the service uses 32 lower-case hex digits.</param>
/// <param name="FeeKind">Compared letter by letter with the fee kinds of offers.</param>
/// <param name="Promotable">False for money that is passed through: no offer ever touches it.</param>
/// <param name="Principal">Open principal in fen, ≥ 0.</param>
/// <param name="LateFee">Late fee as of the day in fen, ≥ 0; it is paid in full under every offer.</param>
/// <param name="Service">The days for which the line charges.</param>
public sealed record QuoteLine(string Id, string FeeKind, bool Promotable, Fen Principal, Fen LateFee, DateRange Service);

public enum OfferType
{
    /// <summary><see cref="QuoteOffer.Value"/> in 0.01 %, 0 to 10,000.</summary>
    Percent,
    /// <summary><see cref="QuoteOffer.Value"/> in fen.</summary>
    Fixed,
}

/// <summary>One version of an offer or coupon that the payer might use.</summary>
/// <param name="Id">Unique within the quote; it names the version, so that an old quote can be explained.</param>
/// <param name="Group">Stacking group: at most one offer of a group is used.</param>
/// <param name="Priority">Decides the order of application and, last of all, between sets of equal price; lower goes first.</param>
/// <param name="FeeKinds">What it applies to; none means nothing.</param>
/// <param name="Start">First instant at which it holds.</param>
/// <param name="End">First instant at which it no longer holds; after <paramref name="Start"/>.</param>
/// <param name="Minimum">Fen of original principal on its eligible lines from which it holds; 0 for no minimum.</param>
/// <param name="Cap">Most fen that it takes off: 0 takes off nothing, null is no limit.</param>
/// <param name="NeedsWholeYear">Holds only if its eligible lines cover all twelve whole months of one calendar year.</param>
public sealed record QuoteOffer(
    string Id, string Group, int Priority, OfferType Type, long Value, IReadOnlyList<string> FeeKinds,
    DateTimeOffset Start, DateTimeOffset End, Fen Minimum, Fen? Cap, bool NeedsWholeYear)
{
    /// <summary>A percentage is rounded to a multiple of so many fen, half away from zero: 1, 10 (0.1 yuan) or 100 (1 yuan).</summary>
    public long RoundTo { get; init; } = 1;

    /// <summary>Only lines whose service begins on this day or later: what is paid in advance. Null: all.</summary>
    public DateOnly? ServiceFrom { get; init; }

    /// <summary>Holds only if its eligible lines cover at least so many whole months; 0 asks for none.</summary>
    public int MinMonths { get; init; }

    /// <summary>True for one that needs the later form of the canonical text.</summary>
    internal bool IsOfFormTwo => RoundTo != 1 || ServiceFrom is not null || MinMonths != 0;

    internal bool Covers(QuoteLine line)
    {
        if (!line.Promotable || line.Service.From < ServiceFrom) return false;
        for (var index = 0; index < FeeKinds.Count; index++)
            if (string.Equals(FeeKinds[index], line.FeeKind, StringComparison.Ordinal)) return true;
        return false;
    }
}

/// <summary>Why an offer takes nothing off; the first that applies, in this order.</summary>
public enum NotUsedReason
{
    NotStarted,
    Ended,
    /// <summary>No promotable line of its fee kinds is chosen, or their principal is 0.</summary>
    NothingEligible,
    BelowMinimum,
    NeedsWholeYear,
    /// <summary>Its eligible lines cover fewer whole months than it asks for.</summary>
    NeedsMonths,
    /// <summary>It could be used, but the price is lower, or as low and simpler, without it.</summary>
    BetterWithout,
}

/// <summary>What became of one offer in a quote.</summary>
/// <param name="Reason">Null if it was used.</param>
/// <param name="Eligible">Original principal of its eligible lines in fen.</param>
/// <param name="Saved">Fen that it takes off, 0 if not used.</param>
public readonly record struct ConsideredOffer(QuoteOffer Offer, NotUsedReason? Reason, Fen Eligible, Fen Saved);

public readonly record struct NotUsedOffer(string Offer, NotUsedReason Reason);

/// <param name="Amount">Fen that the offer takes off one line, above 0.</param>
public readonly record struct LineDiscount(string Offer, Fen Amount);

/// <param name="Discounts">By offer id.</param>
/// <param name="Payable">Principal less discounts, plus late fee.</param>
public readonly record struct PricedLine(QuoteLine Line, IReadOnlyList<LineDiscount> Discounts, Fen Payable);
