using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OwnerPay.Domain.Rewards;

/// <summary>What is wrong with a published draw.</summary>
public enum DrawFault
{
    /// <summary>No published draw at all, or not written in its one form: a space or an escape was changed.</summary>
    Form,

    /// <summary>Secret or public number are not published yet.</summary>
    NotDrawn,

    /// <summary>The rules do not give the hash that was published before tickets were given.</summary>
    Rules,

    /// <summary>The secret is not the one whose hash was published before.</summary>
    Commit,

    /// <summary>The list of tickets is not the one whose hash was published at closing.</summary>
    Root,

    /// <summary>Secret, tickets and public number do not give the published seed.</summary>
    Seed,

    /// <summary>Other tickets win, or in another order.</summary>
    Winners,

    /// <summary>More or fewer winners than prizes and replacements.</summary>
    Count,
}

/// <summary>A draw as it is published in <c>draws/&lt;id&gt;.json</c>: canonical JSON with all that is needed to recompute it, and nothing
/// else.</summary>
/// <param name="RootHex">Null until it closes, as is what follows from it.</param>
/// <param name="Tickets">In ordinal order.</param>
/// <param name="Beacon">Exactly as it was entered.</param>
/// <param name="Winners">Ticket ids in drawn order; replaced ones stay.</param>
/// <param name="Replaced">Those of them whose prize went to the next one drawn, in drawn order.</param>
public sealed record PublishedDraw(
    string Rules, string RulesHash, string CommitHex, string? RootHex, IReadOnlyList<string> Tickets, string? Beacon, string? SeedHex,
        string? SecretHex,
    IReadOnlyList<string> Winners, IReadOnlyList<string> Replaced)
{
    public static string HashOf(string rules) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rules)));

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        var json = new CanonicalJson(256 + Tickets.Count * 20).BeginObject();
        Text(json, "beacon", Beacon);
        Text(json, "commitHex", CommitHex);
        List(json, "replaced", Replaced);
        Text(json, "rootHex", RootHex);
        Text(json, "rules", Rules);
        Text(json, "rulesHash", RulesHash);
        Text(json, "secretHex", SecretHex);
        Text(json, "seedHex", SeedHex);
        List(json, "tickets", Tickets);
        List(json, "winners", Winners);
        return json.EndObject().Utf8.ToArray();
    }

    static void Text(CanonicalJson json, string name, string? text)
    {
        json.Name(name);
        if (text is null) json.Null();
        else json.Value(text);
    }

    static void List(CanonicalJson json, string name, IReadOnlyList<string> texts)
    {
        json.Name(name).BeginArray();
        foreach (var text in texts) json.Value(text);
        json.EndArray();
    }

    /// <exception cref="RuleRefusal"><c>text_unsound</c>.</exception>
    public static PublishedDraw Parse(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var json = document.RootElement;
            string? Of(string name) => json.GetProperty(name).GetString();
            IReadOnlyList<string> All(string name) => [.. json.GetProperty(name).EnumerateArray().Select(each => each.GetString()
                ?? throw new FormatException())];
            return new(Of("rules") ?? "", Of("rulesHash") ?? "", Of("commitHex") ?? "", Of("rootHex"), All("tickets"), Of("beacon"), Of("seedHex"),
                Of("secretHex"),
                All("winners"), All("replaced"));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new RuleRefusal(RuleCodes.TextUnsound, $"no published draw: {wrong.Message}");
        }
    }

    /// <summary>Recomputes all of it from the file alone.</summary>
    /// <returns>Empty when everything is as it must be; then not a byte was changed.</returns>
    public static IReadOnlyList<DrawFault> Check(ReadOnlyMemory<byte> file)
    {
        try
        {
            var draw = Parse(file);
            return draw.ToBytes().AsSpan().SequenceEqual(file.Span) ? draw.Check() : [DrawFault.Form];
        }
        catch (RuleRefusal) { return [DrawFault.Form]; }
    }

    List<DrawFault> Check()
    {
        var rules = DrawRules.Parse(Rules);
        List<DrawFault> faults = [];
        if (HashOf(Rules) != RulesHash) faults.Add(DrawFault.Rules);
        if (SecretHex is null || Beacon is null) return [.. faults, DrawFault.NotDrawn];
        var run = VerifiableDraw.Run(VerifiableDraw.Secret(SecretHex), Beacon, Winners.Count, Tickets);
        if (run.Commit != CommitHex || !SecretHex.Equals(SecretHex.ToLowerInvariant(), StringComparison.Ordinal)) faults.Add(DrawFault.Commit);
        if (run.Root != RootHex || !Tickets.SequenceEqual(Tickets.Order(StringComparer.Ordinal))) faults.Add(DrawFault.Root);
        if (run.Seed != SeedHex) faults.Add(DrawFault.Seed);
        if (!run.Winners.SequenceEqual(Winners)) faults.Add(DrawFault.Winners);
        var replaced = Replaced.ToHashSet();
        if (!Winners.Where(replaced.Contains).SequenceEqual(Replaced) || Winners.Count != Math.Min(rules.Winners + Replaced.Count,
            Tickets.Count)) faults.Add(DrawFault.Count);
        return faults;
    }
}
