namespace OwnerPay.Domain.Promotions;

/// <summary>The price of chosen bill lines at an instant, with the offers that make it lowest, explained (试算).</summary>
/// <remarks>Of each stacking group at most one offer is used. Among all such sets the one with the lowest payable wins; of equal ones that
/// with fewer offers, then the lower sorted list of priorities, then of ids. Within a set percentages go first, then fixed amounts, each by
/// (priority, id), always on what the ones before have left. An offer's amount is rounded once over all its lines, capped, and split over them
/// as <see cref="Apportion"/> does. The same input gives the same answer, and the same <see cref="Hash"/>, for ever.</remarks>
public sealed class Quote
{
    /// <summary>More stacking groups than this with an offer that holds are a mistake of configuration.</summary>
    public const int MostGroups = 10;

    /// <summary>More admissible sets than this, the empty one included, are a mistake of configuration.</summary>
    public const int MostSets = 5_000;

    static readonly Comparison<ConsideredOffer> ById = (left, right) => string.CompareOrdinal(left.Offer.Id, right.Offer.Id);

    readonly ConsideredOffer[] considered;
    readonly PricedLine[] lines;
    CanonicalJson? canonical;
    string? hash;
    IReadOnlyList<NextStep>? nextBetter;

    Quote(DateTimeOffset at, ConsideredOffer[] considered, PricedLine[] lines)
    {
        (At, this.considered, this.lines) = (at, considered, lines);
        var used = 0;
        foreach (ref readonly var offer in considered.AsSpan())
            if (offer.Reason is null) used++;
        var (offersUsed, notUsed) = (new string[used], new NotUsedOffer[considered.Length - used]);
        var discount = 0L;
        for (var (index, taken) = (0, 0); index < considered.Length; index++)
        {
            ref readonly var offer = ref considered[index];
            discount += offer.Saved.Value;
            if (offer.Reason is { } reason) notUsed[index - taken] = new(offer.Offer.Id, reason);
            else offersUsed[taken++] = offer.Offer.Id;
        }
        (OffersUsed, NotUsed, Discount) = (offersUsed, notUsed, new(discount));
        var payable = 0L;
        foreach (ref readonly var line in lines.AsSpan()) payable += line.Payable.Value;
        Payable = new(payable);
    }

    /// <summary>The instant for which the price holds. No part of <see cref="Hash"/>: the same price a minute later is the same quote.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Fen to pay: all principal and late fee, less all discounts.</summary>
    public Fen Payable { get; }

    /// <summary>Fen that all offers together take off.</summary>
    public Fen Discount { get; }

    /// <summary>Ids of the offers that take something off, ascending.</summary>
    public IReadOnlyList<string> OffersUsed { get; }

    /// <summary>The other offers with their reason, by id.</summary>
    public IReadOnlyList<NotUsedOffer> NotUsed { get; }

    /// <summary>The lines in the order in which they were given.</summary>
    public IReadOnlyList<PricedLine> Lines => lines;

    /// <summary>Every offer that was looked at, by id.</summary>
    public IReadOnlyList<ConsideredOffer> Considered => considered;

    /// <summary>What the payer could do for a lower price or must do to keep this one; the most useful first, empty if there is nothing.</summary>
    public IReadOnlyList<NextStep> NextBetter => nextBetter ??= NextSteps.Of(this);

    /// <summary>Lines, offers and result as canonical JSON (RFC 8785).</summary>
    /// <exception cref="RuleRefusal"><c>too_large</c> for amounts beyond 2^53 − 1 fen, <c>text_unsound</c> for ids that are no text.</exception>
    public string Canonical => CanonicalForm.ToString();

    /// <summary>SHA-256 of <see cref="Canonical"/>, 64 lower-case hex digits: what a payer saw and sends back at checkout.</summary>
    public string Hash => hash ??= CanonicalForm.Sha256();

    CanonicalJson CanonicalForm => canonical ??= QuoteCanonical.Of(this);

    /// <param name="lines">In the order of the bill; it decides between equal remainders.</param>
    /// <param name="offers">In any order.</param>
    /// <exception cref="RuleRefusal"><c>negative_amount</c>, <c>negative_number</c>, <c>percent_too_high</c>, <c>range_reversed</c>,
    /// <c>duplicate_id</c>, <c>too_large</c>; <c>too_many_offers</c> above <see cref="MostGroups"/> or <see cref="MostSets"/>.</exception>
    public static Quote For(IReadOnlyList<QuoteLine> lines, IReadOnlyList<QuoteOffer> offers, DateTimeOffset at)
    {
        Check(lines);
        var considered = new ConsideredOffer[offers.Count];
        for (var index = 0; index < considered.Length; index++)
        {
            Check(offers[index]);
            considered[index] = Eligibility.Of(offers[index], lines, at);
        }
        Array.Sort(considered, ById);
        for (var index = 1; index < considered.Length; index++)
            if (considered[index - 1].Offer.Id == considered[index].Offer.Id) throw RuleRefusal.Duplicate("offer", considered[index].Offer.Id);

        if (!OfferSearch.IsWithinLimits(considered))
            throw new RuleRefusal(RuleCodes.TooManyOffers, $"more than {MostGroups} groups or {MostSets} sets of offers hold at once");
        return new(at, considered, OfferSearch.Price(lines, considered));
    }

    /// <summary>Why an offer would not hold for these lines, looked at alone; null if it would. For what is no discount: a gift, a coupon to come.</summary>
    public static NotUsedReason? Against(QuoteOffer offer, IReadOnlyList<QuoteLine> lines, DateTimeOffset at)
    {
        Check(lines);
        Check(offer);
        return Eligibility.Of(offer, lines, at).Reason;
    }

    static void Check(IReadOnlyList<QuoteLine> lines)
    {
        var sum = 0L;
        var seen = lines.Count > 32 ? new HashSet<string>(lines.Count, StringComparer.Ordinal) : null;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            RuleRefusal.IfNegative(line.Principal, "a line's principal");
            RuleRefusal.IfNegative(line.LateFee, "a line's late fee");
            if (line.Principal.Value > long.MaxValue - sum || line.LateFee.Value > long.MaxValue - sum - line.Principal.Value)
                throw RuleRefusal.TooLarge("sum of the lines");
            sum += line.Principal.Value + line.LateFee.Value;
            if (seen is not null ? !seen.Add(line.Id) : IsBefore(lines, index)) throw RuleRefusal.Duplicate("line", line.Id);
        }
    }

    static bool IsBefore(IReadOnlyList<QuoteLine> lines, int index)
    {
        for (var before = 0; before < index; before++)
            if (lines[before].Id == lines[index].Id) return true;
        return false;
    }

    static void Check(QuoteOffer offer)
    {
        RuleRefusal.IfNegative(offer.Value, "an offer's value");
        RuleRefusal.IfNegative(offer.Minimum, "an offer's minimum");
        if (offer.Cap is { } cap) RuleRefusal.IfNegative(cap, "an offer's cap");
        if (offer.Type == OfferType.Percent && offer.Value > 10_000)
            throw new RuleRefusal(RuleCodes.PercentTooHigh, $"offer {offer.Id} takes off {offer.Value} hundredths of a per cent");
        if (offer.RoundTo < 1) throw new RuleRefusal(RuleCodes.NegativeNumber, $"offer {offer.Id} is rounded to {offer.RoundTo} fen");
        if (offer.MinMonths < 0) throw new RuleRefusal(RuleCodes.NegativeNumber, $"offer {offer.Id} asks for {offer.MinMonths} months");
        if (offer.End <= offer.Start) throw new RuleRefusal(RuleCodes.RangeReversed, $"offer {offer.Id} ends before it begins");
    }
}
