using System.Globalization;

namespace OwnerPay.Domain.Promotions;

/// <summary>The bytes that a quote's hash is taken of.</summary>
/// <remarks>Lines keep their order, because it decides between equal remainders; offers and fee kinds are sorted, because theirs does not
/// matter. Windows are written in Shanghai time. The form has a number: whoever changes it takes the next, so that old hashes stay true. Form 2
/// knows months, service days and rounding of offers; a quote without such an offer is still written in form 1.</remarks>
static class QuoteCanonical
{
    public static CanonicalJson Of(Quote quote)
    {
        var roomy = 256 + 384 * quote.Lines.Count + 448 * quote.Considered.Count;    // with ids of 32 digits; saves growing step by step
        var form = 1;
        foreach (var considered in quote.Considered)
            if (considered.Offer.IsOfFormTwo) form = 2;
        var json = new CanonicalJson(roomy).BeginObject().Name("form").Value(form);
        json.Name("lines").BeginArray();
        foreach (var priced in quote.Lines) Write(json, priced.Line);
        json.EndArray().Name("offers").BeginArray();
        foreach (var considered in quote.Considered) Write(json, considered.Offer, form);
        json.EndArray().Name("result").BeginObject().Name("lines").BeginArray();
        foreach (var line in quote.Lines)
        {
            json.BeginObject().Name("discounts").BeginArray();
            foreach (var discount in line.Discounts)
                json.BeginObject().Name("fen").Value(discount.Amount.Value).Name("offer").Value(discount.Offer).EndObject();
            json.EndArray().Name("id").Value(line.Line.Id).Name("payableFen").Value(line.Payable.Value).EndObject();
        }
        json.EndArray().Name("notUsed").BeginArray();
        foreach (var offer in quote.NotUsed)
            json.BeginObject().Name("offer").Value(offer.Offer).Name("reason").Value(Word(offer.Reason)).EndObject();
        json.EndArray().Name("offersUsed").BeginArray();
        foreach (var offer in quote.OffersUsed) json.Value(offer);
        return json.EndArray().Name("payableFen").Value(quote.Payable.Value).EndObject().EndObject();
    }

    static void Write(CanonicalJson json, QuoteLine line) => json.BeginObject()
        .Name("feeKind").Value(line.FeeKind)
        .Name("from").Value(Word(line.Service.From))
        .Name("id").Value(line.Id)
        .Name("lateFeeFen").Value(line.LateFee.Value)
        .Name("principalFen").Value(line.Principal.Value)
        .Name("promotable").Value(line.Promotable)
        .Name("to").Value(Word(line.Service.To))
        .EndObject();

    static void Write(CanonicalJson json, QuoteOffer offer, int form)
    {
        json.BeginObject().Name("capFen");
        if (offer.Cap is { } cap) json.Value(cap.Value);
        else json.Null();
        json.Name("end").Value(Word(offer.End)).Name("feeKinds").BeginArray();
        foreach (var kind in offer.FeeKinds.Order(StringComparer.Ordinal)) json.Value(kind);
        json.EndArray()
            .Name("group").Value(offer.Group)
            .Name("id").Value(offer.Id)
            .Name("minFen").Value(offer.Minimum.Value);
        if (form > 1) json.Name("minMonths").Value(offer.MinMonths);
        json.Name("needsWholeYear").Value(offer.NeedsWholeYear).Name("priority").Value(offer.Priority);
        if (form > 1)
        {
            json.Name("roundToFen").Value(offer.RoundTo).Name("serviceFrom");
            if (offer.ServiceFrom is { } day) json.Value(Word(day));
            else json.Null();
        }
        json.Name("start").Value(Word(offer.Start))
            .Name("type").Value(offer.Type switch { OfferType.Percent => "percent", OfferType.Fixed => "fixed", _ => "" })
            .Name("value").Value(offer.Value)
            .EndObject();
    }

    static string Word(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);

    static string Word(DateTimeOffset instant) =>
        Shanghai.Local(instant).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    static string Word(NotUsedReason reason) => reason switch
    {
        NotUsedReason.NotStarted => "notStarted",
        NotUsedReason.Ended => "ended",
        NotUsedReason.NothingEligible => "nothingEligible",
        NotUsedReason.BelowMinimum => "belowMinimum",
        NotUsedReason.NeedsWholeYear => "needsWholeYear",
        NotUsedReason.NeedsMonths => "needsMonths",
        NotUsedReason.BetterWithout => "betterWithout",
        _ => throw new InvalidOperationException($"reason {reason} has no word"),
    };
}
