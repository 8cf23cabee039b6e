namespace OwnerPay.Domain.Promotions;

public enum NextStepKind
{
    /// <summary>Pay before <see cref="NextStep.When"/>: then an offer that is used now ends.</summary>
    PayBefore,
    /// <summary>Choose more fees: an offer's minimum is not reached.</summary>
    ChooseMore,
    /// <summary>Choose all twelve months of a year.</summary>
    ChooseWholeYear,
    /// <summary>Choose more months: an offer asks for <see cref="NextStep.Months"/> more.</summary>
    ChooseMonths,
    /// <summary>Wait until <see cref="NextStep.When"/>: then an offer begins.</summary>
    WaitUntil,
}

/// <summary>Something that a payer can do about the price.</summary>
/// <param name="Offer">Id of the offer that it is about.</param>
/// <param name="When">The end or the beginning of the offer's window; null where no date matters.</param>
/// <param name="Saves">Fen: what paying before costs less than paying then; else what the step would save on the lines already chosen, the
/// least that it brings. Late fees that grow meanwhile are not counted.</param>
/// <param name="Missing">Fen of principal to choose in addition to reach the minimum, 0 if it is reached.</param>
/// <param name="Months">Whole months to choose in addition, where an offer asks for months.</param>
public readonly record struct NextStep(NextStepKind Kind, string Offer, DateTimeOffset? When, Fen Saves, Fen Missing, int Months = 0);

/// <summary>Looks for steps by pricing the same lines once more as if the step were done.</summary>
static class NextSteps
{
    /// <summary>The date by which to pay first, then what saves most; of equal savings by kind, then offer id.</summary>
    public static IReadOnlyList<NextStep> Of(Quote quote)
    {
        var lines = new QuoteLine[quote.Lines.Count];
        for (var index = 0; index < lines.Length; index++) lines[index] = quote.Lines[index].Line;
        var steps = new List<NextStep>();
        foreach (var considered in quote.Considered)
            if (Improvement(considered, quote, lines) is { } step) steps.Add(step);
        steps.Sort((left, right) =>
            left.Saves != right.Saves ? right.Saves.CompareTo(left.Saves)
            : left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind)
            : string.CompareOrdinal(left.Offer, right.Offer));
        if (Deadline(quote, lines) is { } deadline) steps.Insert(0, deadline);
        return steps;
    }

    /// <summary>The first end of a used offer after which the price is higher; another offer may take its place.</summary>
    static NextStep? Deadline(Quote quote, QuoteLine[] lines)
    {
        foreach (var used in quote.Considered.Where(offer => offer.Reason is null).OrderBy(offer => offer.Offer.End))
            if (DiscountAt(used.Offer.End, quote, lines) is { } later && later < quote.Discount)
                return new(NextStepKind.PayBefore, used.Offer.Id, used.Offer.End, quote.Discount - later, Fen.Zero);
        return null;
    }

    static NextStep? Improvement(ConsideredOffer considered, Quote quote, QuoteLine[] lines)
    {
        var offer = considered.Offer;
        var missing = Fen.Max(offer.Minimum - considered.Eligible, Fen.Zero);
        var step = considered.Reason switch
        {
            NotUsedReason.NotStarted => new NextStep(NextStepKind.WaitUntil, offer.Id, offer.Start, Fen.Zero, Fen.Zero),
            NotUsedReason.BelowMinimum => new NextStep(NextStepKind.ChooseMore, offer.Id, null, Fen.Zero, missing),
            NotUsedReason.NeedsWholeYear => new NextStep(NextStepKind.ChooseWholeYear, offer.Id, null, Fen.Zero, missing),
            NotUsedReason.NeedsMonths => new NextStep(
                NextStepKind.ChooseMonths, offer.Id, null, Fen.Zero, missing, offer.MinMonths - Eligibility.Months(offer, lines)),
            _ => (NextStep?)null,
        };
        if (step is not { } possible) return null;
        var then = possible.When is { } start ? DiscountAt(start, quote, lines) : DiscountAt(quote.At, quote, lines, waived: offer);
        return then > quote.Discount ? possible with { Saves = then.Value - quote.Discount } : null;
    }

    /// <summary>Null if so many offers held then that the quote would be refused.</summary>
    static Fen? DiscountAt(DateTimeOffset at, Quote quote, QuoteLine[] lines, QuoteOffer? waived = null)
    {
        var considered = new ConsideredOffer[quote.Considered.Count];
        for (var index = 0; index < considered.Length; index++)
        {
            var offer = quote.Considered[index].Offer;
            considered[index] = Eligibility.Of(offer, lines, at, waived: ReferenceEquals(offer, waived));
        }
        return OfferSearch.IsWithinLimits(considered) ? new Fen(OfferSearch.Discount(lines, considered)) : null;
    }
}
