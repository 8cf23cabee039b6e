using System.Globalization;

namespace OwnerPay.WeChatEmulator.Trouble;

/// <param name="Count">How many times it strikes before it is used up.</param>
/// <param name="Scope">Strikes only where this text occurs: in the line and body of a call (<c>POST /v3/pay/…</c>), or, for a callback, in
/// <c>CALLBACK url out_trade_no out_refund_no</c>. Absent: anywhere.</param>
/// <param name="Seconds">For the kinds that wait; system clock, not divided by the retry speed.</param>
/// <param name="Code">For <see cref="FaultKind.Refused"/>: <c>45168</c> or <c>RULE_LIMIT</c>.</param>
/// <param name="Status">HTTP status of a refused Pay call.</param>
public sealed record Fault(
    FaultKind Kind, int Count = 1, string? Scope = null, double Seconds = 0, string? Code = null, int Status = 400)
{
    /// <summary>What is wrong with it in one line, or null.</summary>
    internal string? Mistake =>
        Count < 1 ? "count is 1 or more"
        : Seconds is < 0 or > 86_400 ? "seconds is 0 to 86400"
        : Kind == FaultKind.Refused && string.IsNullOrEmpty(Code) ? "refused needs a code"
        : Kind != FaultKind.Refused && Code is not null ? "only refused has a code"
        : Status is < 400 or > 599 ? "status is 400 to 599" : null;

    /// <summary>The code as the mini-program's API answers it; -1 for one of Pay's.</summary>
    internal int Errcode => int.TryParse(Code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <summary>Faults mixed at random, the same mix for the same seed and the same order of events.</summary>
/// <param name="Seed">Of the random numbers; each kind draws from a row of its own.</param>
/// <param name="Rates">Share of occasions at which a kind strikes, 0 to 1.</param>
/// <param name="MaximumSeconds">Longest wait of the kinds that wait, which draw evenly up to it.</param>
/// <param name="Scope">As for a single fault.</param>
public sealed record Chaos(int Seed, IReadOnlyDictionary<FaultKind, double> Rates, double MaximumSeconds = 2, string? Scope = null)
{
    internal string? Mistake =>
        Rates.Count == 0 ? "rates names no fault"
        : Rates.Any(rate => rate.Value is not (>= 0 and <= 1)) ? "a rate is 0 to 1"
        : Rates.ContainsKey(FaultKind.Refused) ? "refused needs a code and cannot be mixed"
        : MaximumSeconds is not (> 0 and <= 60) ? "maximumSeconds is above 0 and at most 60" : null;

    /// <summary>The draw number <paramref name="n"/> of a kind: whether it strikes, and for how long.</summary>
    internal Fault? Draw(FaultKind kind, long n)
    {
        if (!Rates.TryGetValue(kind, out var rate)) return null;
        var bits = Scramble(Scramble(((ulong)(uint)Seed << 32) | (uint)kind) + (ulong)n);
        return Part(bits) < rate ? new(kind, Seconds: Math.Max(0.001, MaximumSeconds * Part(Scramble(bits)))) : null;
    }

    /// <summary>Evenly from 0 to below 1.</summary>
    static double Part(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>The finalizer of SplitMix64: neighbouring numbers come out unlike.</summary>
    static ulong Scramble(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
