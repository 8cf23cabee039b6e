using System.Globalization;
using System.Text.Json;
using OwnerPay.Domain.Billing;
using OwnerPay.Domain.Collection;
using OwnerPay.Domain.Payments;
using OwnerPay.Domain.Points;
using OwnerPay.Domain.Promotions;
using OwnerPay.Domain.Rewards;

namespace OwnerPay.Domain.Tests;

/// <summary>Turns the input of a case into the values of the rule, calls the public function that the service calls, and shapes its answer.</summary>
/// <remarks>It only translates: what is wrong with a value is for the rule to say. Text that is no date or number at all is refused here,
/// as the edge of the service refuses it.</remarks>
static class RuleRunner
{
    public static readonly IReadOnlyDictionary<string, Func<JsonElement, object>> Rules = new Dictionary<string, Func<JsonElement, object>>
    {
        ["proration"] = RunProration,
        ["tiered"] = RunTiered,
        ["apportion"] = input => new
        {
            partsFen = Apportion.Split(Money(input, "totalFen"), List(input, "weights", Number).ToArray()).Select(part => part.Value),
        },
        ["lateFee"] = RunLateFee,
        ["quote"] = RunQuote,
        ["pointsSpend"] = RunPointsSpend,
        ["draw"] = RunDraw,
        ["allocate"] = RunAllocate,
        ["assign"] = RunAssign,
        ["amountInWords"] = input => new { text = AmountInWords.Of(Money(input, "fen")) },
    };

    static object RunProration(JsonElement input)
    {
        var charge = Proration.Of(Scaled(input.GetProperty("quantity"), 2), Scaled(input.GetProperty("unitPriceYuan"), 4),
            Date(input, "from"), Date(input, "to"));
        return new
        {
            amountFen = charge.Amount.Value,
            months = charge.Months.Select(month => new { month = $"{month.Year:D4}-{month.Month:D2}", days = month.Days, ofDays = month.OfDays }),
        };
    }

    static object RunTiered(JsonElement input)
    {
        var tiers = List(input, "tiers", tier => new Tier(
            tier.GetProperty("upTo") is { ValueKind: not JsonValueKind.Null } upTo ? Scaled(upTo, 3) : null,
            Scaled(tier.GetProperty("priceYuan"), 4)));
        return new { amountFen = Tiered.Of(Scaled(input.GetProperty("usedBefore"), 3), Scaled(input.GetProperty("usage"), 3), tiers).Amount.Value };
    }

    static object RunLateFee(JsonElement input) => new
    {
        lateFeeFen = LateFee.AsOf(
            Date(input, "asOf"), Date(input, "due"), Money(input, "principalFen"),
            new(Int(input, "graceDays"), Int(input, "ratePerMillion"), Int(input, "capPercent")),
            List(input, "payments", payment => new PrincipalPayment(Date(payment, "date"), Money(payment, "fen"))),
            List(input, "stops", stop => new DateRange(Date(stop, "from"), Date(stop, "to"))),
            Money(input, "settledLateFeeFen")).Value,
    };

    static object RunQuote(JsonElement input)
    {
        var lines = List(input, "lines", line => new QuoteLine(
            Text(line, "id"), Text(line, "feeKind"), line.GetProperty("promotable").GetBoolean(), Money(line, "principalFen"),
            Money(line, "lateFeeFen"), new DateRange(Date(line, "from"), Date(line, "to"))));
        var offers = List(input, "offers", offer => new QuoteOffer(
            Text(offer, "id"), Text(offer, "group"), Int(offer, "priority"),
            Text(offer, "type") switch { "percent" => OfferType.Percent, "fixed" => OfferType.Fixed, var other => throw Unreadable(other) },
            Long(offer.GetProperty("value")), List(offer, "feeKinds", kind => kind.GetString()!), Instant(offer, "start"), Instant(offer, "end"),
            Money(offer, "minFen"), offer.GetProperty("capFen") is { ValueKind: not JsonValueKind.Null } cap ? new Fen(Long(cap)) : null,
            offer.GetProperty("needsWholeYear").GetBoolean()));
        var quote = Quote.For(lines, offers, Instant(input, "at"));
        return new
        {
            payableFen = quote.Payable.Value,
            offersUsed = quote.OffersUsed,
            lines = quote.Lines.Select(line => new
            {
                id = line.Line.Id,
                discounts = line.Discounts.Select(discount => new { offer = discount.Offer, fen = discount.Amount.Value }),
                payableFen = line.Payable.Value,
            }),
            notUsed = quote.NotUsed.Select(offer => new { offer = offer.Offer, reason = CamelCase(offer.Reason) }),
        };
    }

    static object RunPointsSpend(JsonElement input)
    {
        var lots = List(input, "lots", lot => new PointsLot(Text(lot, "id"), Long(lot.GetProperty("points")), Date(lot, "expires")));
        var taken = PointsLots.Spend(Date(input, "on"), Long(input.GetProperty("points")), lots);
        return new { from = taken.Select(part => new { lot = part.Lot, points = part.Points }) };
    }

    static object RunDraw(JsonElement input)
    {
        var result = VerifiableDraw.Run(VerifiableDraw.Secret(Text(input, "secretHex")), Text(input, "beacon"), Int(input, "winners"),
            List(input, "tickets", ticket => ticket.GetString()!));
        return new { commitHex = result.Commit, rootHex = result.Root, seedHex = result.Seed, winners = result.Winners };
    }

    static object RunAllocate(JsonElement input)
    {
        var order = Text(input, "order") switch
        {
            "PrincipalFirst" => AllocationOrder.PrincipalFirst,
            "LawOrder" => AllocationOrder.LawOrder,
            var other => throw Unreadable(other),
        };
        var bills = List(input, "bills", bill => new OpenBill(
            Text(bill, "id"), Date(bill, "due"), List(bill, "lines", line => new OpenLine(Text(line, "id"), Money(line, "openFen"))),
            Money(bill, "lateFeeFen")));
        var result = Allocation.Of(order, Money(input, "amountFen"), bills);
        return new
        {
            allocations = result.Entries.Select(entry => new
            {
                bill = entry.Bill,
                to = entry.To switch { AllocatedTo.Line => "line", AllocatedTo.LateFee => "lateFee", _ => "" },
                id = entry.Id,
                fen = entry.Amount.Value,
            }),
            prepaidFen = result.Prepaid.Value,
        };
    }

    static object RunAssign(JsonElement input)
    {
        var cases = List(input, "cases", item => new CaseToAssign(
            Text(item, "id"), Long(item.GetProperty("weight")), item.GetProperty("previous").GetString()));
        var result = Assignment.Of(List(input, "collectors", collector => collector.GetString()!), cases);
        return new
        {
            assigned = result.Assigned.Select(assigned => new { @case = assigned.Case, collector = assigned.Collector }),
            load = result.Loads.Select(load => new { collector = load.Collector, weight = load.Weight }),
        };
    }

    static string CamelCase(NotUsedReason reason) => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());

    static List<T> List<T>(JsonElement from, string name, Func<JsonElement, T> read) => [.. from.GetProperty(name).EnumerateArray().Select(read)];

    static string Text(JsonElement from, string name) => from.GetProperty(name).GetString() ?? throw Unreadable(name);

    static Fen Money(JsonElement from, string name) => new(Long(from.GetProperty(name)));

    static long Long(JsonElement number) => number.TryGetInt64(out var value) ? value : throw Unreadable(number.GetRawText());

    static int Int(JsonElement from, string name) =>
        from.GetProperty(name).TryGetInt32(out var value) ? value : throw Unreadable(from.GetProperty(name).GetRawText());

    static long Scaled(JsonElement text, int decimals) => FixedPoint.Parse(text.GetString(), decimals);

    const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    static decimal Number(JsonElement text) =>
        decimal.TryParse(text.GetString(), Plain, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(text.GetRawText());

    static DateOnly Date(JsonElement from, string name) =>
        DateOnly.TryParseExact(Text(from, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Unreadable(Text(from, name));

    static DateTimeOffset Instant(JsonElement from, string name) =>
        from.GetProperty(name).TryGetDateTimeOffset(out var instant) ? instant : throw Unreadable(Text(from, name));

    static RuleRefusal Unreadable(string text) => new(RuleCodes.NotANumber, $"'{text}' is not what belongs here");
}
