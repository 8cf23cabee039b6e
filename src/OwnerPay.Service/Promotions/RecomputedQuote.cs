using System.Globalization;
using System.Text.Json;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;

namespace OwnerPay.Service.Promotions;

/// <summary>A quote as it was frozen beside the quote that the same input gives now.</summary>
/// <param name="Now">Computed again.</param>
/// <param name="PayableFen">What the frozen result says is to be paid.</param>
/// <param name="LinePayableFen">The same of each line, in the order of the lines.</param>
public sealed record FrozenQuote(Quote Now, long PayableFen, IReadOnlyList<long> LinePayableFen);

/// <summary>Computes a frozen quote again from its own canonical JSON: the same input must give the same hash years later.</summary>
public static class RecomputedQuote
{
    /// <inheritdoc cref="Read"/>
    /// <returns>The hash that comes out now, or null when the text is no quote at all.</returns>
    public static string? HashOf(string canonical, DateTimeOffset at) => Read(canonical, at)?.Now.Hash;

    /// <param name="canonical">Canonical JSON as an order froze it.</param>
    /// <param name="at">The instant of the quote (<see cref="BillQuote.At"/>): which windows were open.</param>
    /// <returns>Null when the text is no quote at all.</returns>
    public static FrozenQuote? Read(string canonical, DateTimeOffset at)
    {
        try
        {
            using var json = JsonDocument.Parse(canonical);
            var lines = json.RootElement.GetProperty("lines").EnumerateArray().Select(Line).ToArray();
            var offers = json.RootElement.GetProperty("offers").EnumerateArray().Select(Offer).ToArray();
            var result = json.RootElement.GetProperty("result");
            return new(Quote.For(lines, offers, at), result.GetProperty("payableFen").GetInt64(),
                [.. result.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("payableFen").GetInt64())]);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or RuleRefusal)
        {
            return null;
        }
    }

    static QuoteLine Line(JsonElement line) => new(
        Text(line, "id"), Text(line, "feeKind"), line.GetProperty("promotable").GetBoolean(), Amount(line, "principalFen"), Amount(line, "lateFeeFen"),
        new DateRange(Day(line, "from"), Day(line, "to")));

    static QuoteOffer Offer(JsonElement offer) => new(
        Text(offer, "id"), Text(offer, "group"), offer.GetProperty("priority").GetInt32(),
        Text(offer, "type") == "percent" ? Domain.Promotions.OfferType.Percent : Domain.Promotions.OfferType.Fixed, offer.GetProperty("value").GetInt64(),
        [.. offer.GetProperty("feeKinds").EnumerateArray().Select(kind => kind.GetString()!)], Instant(offer, "start"), Instant(offer, "end"),
        Amount(offer, "minFen"), offer.GetProperty("capFen").ValueKind == JsonValueKind.Null ? null : Amount(offer, "capFen"),
        offer.GetProperty("needsWholeYear").GetBoolean())
    {
        // Form 2 has these; what form 1 does not say is as it always was.
        MinMonths = offer.TryGetProperty("minMonths", out var months) ? months.GetInt32() : 0,
        RoundTo = offer.TryGetProperty("roundToFen", out var round) ? round.GetInt64() : 1,
        ServiceFrom = offer.TryGetProperty("serviceFrom", out var day) && day.ValueKind != JsonValueKind.Null ? Day(offer, "serviceFrom") : null,
    };

    static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? throw new FormatException(name);

    static Fen Amount(JsonElement of, string name) => new(of.GetProperty(name).GetInt64());

    static DateOnly Day(JsonElement of, string name) => DateOnly.ParseExact(Text(of, name), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTimeOffset Instant(JsonElement of, string name) => DateTimeOffset.Parse(Text(of, name), CultureInfo.InvariantCulture);
}
