using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Domain.Rewards;

/// <param name="Commit">SHA-256 of the secret, published before entries open; hex.</param>
/// <param name="Root">SHA-256 of the sorted ticket list, published at closing; hex.</param>
/// <param name="Seed">What the candidates are drawn from; hex.</param>
/// <param name="Winners">Ticket ids in drawn order, which is the order of the prizes.</param>
public sealed record DrawResult(string Commit, string Root, string Seed, IReadOnlyList<string> Winners);

/// <summary>A lucky draw that anyone can recompute from what is published: nobody can know or steer it, the organiser included.</summary>
/// <remarks>Root = SHA-256 of the ticket ids in ordinal order with a line feed between them and none at the end. Seed = SHA-256(secret ‖ root ‖
/// beacon as UTF-8). Candidate i is the first 8 bytes, big-endian, of HMAC-SHA-256(seed, "draw/i"), i from 0 on; values that would favour
/// some tickets are rejected, but their i is used up. A larger number of winners continues the same list, so the replacement of an
/// invalid winner is the next one of a run with one winner more.</remarks>
public static class VerifiableDraw
{
    const int SecretBytes = 32;
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    static readonly SearchValues<char> LineBreaks = SearchValues.Create("\n\v\f\r\u0085\u2028\u2029");

    /// <param name="secret">32 random bytes, kept back until the draw is done.</param>
    /// <param name="beacon">The public number exactly as it was entered; not trimmed.</param>
    /// <param name="winners">Prizes, ≥ 0; with fewer tickets all of them win, in drawn order.</param>
    /// <param name="tickets">Ids in any order, each once.</param>
    /// <exception cref="RuleRefusal"><c>secret_unsound</c>, <c>ticket_unsound</c>, <c>duplicate_id</c>, <c>negative_number</c>,
    /// <c>text_unsound</c>.</exception>
    public static DrawResult Run(ReadOnlySpan<byte> secret, string beacon, int winners, IReadOnlyCollection<string> tickets)
    {
        if (secret.Length != SecretBytes) throw new RuleRefusal(RuleCodes.SecretUnsound, $"a secret has 32 bytes, this one {secret.Length}");
        RuleRefusal.IfNegative(winners, "the number of prizes");
        var remaining = Sorted(tickets);
        var root = SHA256.HashData(Bytes(string.Join('\n', remaining)));
        var seed = SHA256.HashData([.. secret, .. root, .. Bytes(beacon)]);

        var drawn = new List<string>(Math.Min(winners, remaining.Count));
        for (var candidate = 0L; drawn.Count < winners && remaining.Count > 0; candidate++)
        {
            var value = Candidate(seed, candidate);
            var fair = (UInt128.One << 64) / (ulong)remaining.Count * (ulong)remaining.Count;
            if (value >= fair) continue;
            var position = (int)(value % (ulong)remaining.Count);
            drawn.Add(remaining[position]);
            remaining.RemoveAt(position);
        }
        return new(Hex(SHA256.HashData(secret)), Hex(root), Hex(seed), drawn);
    }

    /// <summary>The bytes of a secret that was revealed as hex digits.</summary>
    /// <exception cref="RuleRefusal"><c>secret_unsound</c> unless it is 64 hex digits.</exception>
    public static byte[] Secret(string hex) =>
        hex.Length == 2 * SecretBytes && hex.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(hex)
            : throw new RuleRefusal(RuleCodes.SecretUnsound, "a secret is 64 hex digits");

    static List<string> Sorted(IReadOnlyCollection<string> tickets)
    {
        var sorted = new List<string>(tickets);
        sorted.Sort(StringComparer.Ordinal);
        for (var index = 0; index < sorted.Count; index++)
        {
            if (sorted[index].Length == 0 || sorted[index].AsSpan().ContainsAny(LineBreaks))
                throw new RuleRefusal(RuleCodes.TicketUnsound, "a ticket id is empty or holds a line break");
            if (index > 0 && sorted[index] == sorted[index - 1]) throw RuleRefusal.Duplicate("ticket", sorted[index]);
        }
        return sorted;
    }

    static ulong Candidate(byte[] seed, long number)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"draw/{number}")), mac);
        return BinaryPrimitives.ReadUInt64BigEndian(mac);
    }

    /// <summary>Half of a surrogate pair has no bytes of its own: two lists could look alike.</summary>
    static byte[] Bytes(string text)
    {
        try { return Strict.GetBytes(text); }
        catch (EncoderFallbackException) { throw new RuleRefusal(RuleCodes.TextUnsound, "a ticket id or the beacon holds half of a character"); }
    }

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
