using System.Globalization;
using System.Text.Json;

namespace OwnerPay.Domain.Rewards;

/// <param name="ValueFen">What one piece is worth, fen; 20 % income tax is due on it.</param>
public sealed record DrawPrize(string Name, long ValueFen, int Count);

/// <summary>The rules of a draw as they are published before anybody takes part: what can be won, how one takes part, until when, and which public
/// number decides. Their text is canonical JSON, so that its hash says that nothing was changed.</summary>
/// <param name="Draw">Id as 32 hex digits.</param>
/// <param name="Opens">First instant for tickets, <paramref name="Closes"/> the first one without.</param>
/// <param name="Beacon">Which public number decides, in words: <c>上证指数 2026-12-21 收盘点位</c>.</param>
/// <param name="BeaconOn">Shanghai date on which it becomes known; after the closing.</param>
/// <param name="TicketPoints">Points for a ticket; 0: none for points.</param>
/// <param name="TicketFen">A payment in time gives a ticket for each such amount, fen; 0: none for payments.</param>
/// <param name="MaxTickets">Tickets of one person at most.</param>
/// <param name="PickUpDays">Days after the draw in which a prize is fetched.</param>
/// <param name="Prizes">In the order in which they are drawn.</param>
public sealed record DrawRules(
    string Draw, string Community, string Title, string Text, DateTimeOffset Opens, DateTimeOffset Closes, string Beacon, DateOnly BeaconOn,
        long TicketPoints,
    long TicketFen, int MaxTickets, int PickUpDays, IReadOnlyList<DrawPrize> Prizes)
{
    const string Instant = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>Pieces that can be won.</summary>
    public int Winners => Prizes.Sum(prize => prize.Count);

    /// <summary>The prize of the nth winner, from 0.</summary>
    public DrawPrize PrizeOf(int place) => Prizes.SelectMany(prize => Enumerable.Repeat(prize, prize.Count)).ElementAt(place);

    /// <summary>The published text.</summary>
    public string ToText()
    {
        var json = new CanonicalJson().BeginObject().Name("beacon").Value(Beacon).Name("beaconOn").Value(BeaconOn.ToString("yyyy-MM-dd",
            CultureInfo.InvariantCulture))
            .Name("closes").Value(At(Closes)).Name("community").Value(Community).Name("draw").Value(Draw).Name("maxTickets").Value(MaxTickets)
            .Name("opens").Value(At(Opens)).Name("pickUpDays").Value(PickUpDays).Name("prizes").BeginArray();
        foreach (var prize in Prizes)
            json.BeginObject().Name("count").Value(prize.Count).Name("name").Value(prize.Name).Name("valueFen").Value(prize.ValueFen).EndObject();
        return json.EndArray().Name("text").Value(Text).Name("ticketFen").Value(TicketFen).Name("ticketPoints").Value(TicketPoints)
            .Name("title").Value(Title).EndObject().ToString();
    }

    /// <exception cref="RuleRefusal"><c>text_unsound</c> when it is no such text.</exception>
    public static DrawRules Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            string Of(string name) => json.GetProperty(name).GetString() ?? throw new FormatException();
            var rules = new DrawRules(Of("draw"), Of("community"), Of("title"), Of("text"), DateTimeOffset.ParseExact(Of("opens"), Instant,
                CultureInfo.InvariantCulture),
                DateTimeOffset.ParseExact(Of("closes"), Instant, CultureInfo.InvariantCulture), Of("beacon"),
                DateOnly.ParseExact(Of("beaconOn"), "yyyy-MM-dd", CultureInfo.InvariantCulture), json.GetProperty("ticketPoints").GetInt64(),
                json.GetProperty("ticketFen").GetInt64(), json.GetProperty("maxTickets").GetInt32(), json.GetProperty("pickUpDays").GetInt32(),
                [.. json.GetProperty("prizes").EnumerateArray().Select(prize => new DrawPrize(
                    prize.GetProperty("name").GetString() ?? "", prize.GetProperty("valueFen").GetInt64(), prize.GetProperty("count").GetInt32()))]);
            return rules.ToText() == text ? rules : throw new RuleRefusal(RuleCodes.TextUnsound, "the rules are not in their one form");
        }
        catch (Exception wrong) when (wrong
            is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new RuleRefusal(RuleCodes.TextUnsound, $"no rules of a draw: {wrong.Message}");
        }
    }

    static string At(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromHours(8)).ToString(Instant, CultureInfo.InvariantCulture);
}

/// <summary>What the law allows of a draw among payers.</summary>
public static class DrawLimits
{
    /// <summary>Anti-Unfair Competition Law of the PRC: the highest prize of a draw connected with a sale is at most 50,000 yuan.</summary>
    public const long TopPrizeFen = 5_000_000;

    /// <summary>Taking part never depends on giving up a right: rules that ask for one of these are refused.</summary>
    static readonly string[] Waivers =
        ["放弃投诉", "放弃起诉", "放弃诉讼", "放弃索赔", "放弃追究", "放弃维权", "放弃异议", "放弃权利", "放弃一切权利", "不得投诉", "不得起诉", "不再投诉", "不再追究", "撤诉", "撤回投诉", "撤销投诉", "免除物业"];

    public static bool PrizeTooHigh(DrawPrize prize) => prize.ValueFen > TopPrizeFen;

    /// <returns>The words by which the rules ask somebody to give up a right; null when there are none.</returns>
    public static string? Waiver(string rules) => Array.Find(Waivers, words => rules.Contains(words, StringComparison.Ordinal));

    /// <summary>Income tax on a prize (偶然所得): 20 % of its value, fen, rounded half away from zero. 1,999.99 yuan → 40,000 fen.</summary>
    public static Fen Tax(long valueFen)
    {
        RuleRefusal.IfNegative(valueFen, "the value of a prize");
        return Fen.Round((Int128)valueFen * 20, 100);
    }
}
