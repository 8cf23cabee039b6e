using System.Diagnostics.CodeAnalysis;

namespace OwnerPay.Domain;

/// <summary>The one way in which a rule says no: the input makes no sense, or what was asked for cannot be had.</summary>
/// <remarks>Rules compute or refuse; they never guess. Input from outside is checked where it enters, so a refusal that reaches the top of
/// a request is a bug, except where a caller asks on purpose and translates <see cref="Code"/> into its own error.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is thrown, but it is read as what it means: a rule refuses.")]
public sealed class RuleRefusal(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="RuleCodes"/>; stable, safe to store and to compare.</summary>
    public string Code { get; } = code;

    /// <summary>Refuses an amount of money below 0.</summary>
    internal static void IfNegative(Fen amount, string what)
    {
        if (amount.Value < 0) throw new RuleRefusal(RuleCodes.NegativeAmount, $"{what} is {amount.Value} fen");
    }

    /// <summary>Refuses a count, quantity, reading, weight or price below 0.</summary>
    internal static void IfNegative(long number, string what)
    {
        if (number < 0) throw new RuleRefusal(RuleCodes.NegativeNumber, $"{what} is {number}");
    }

    internal static RuleRefusal TooLarge(string what) => new(RuleCodes.TooLarge, $"{what} does not fit in 64 bits of its unit");

    internal static RuleRefusal Duplicate(string what, string id) => new(RuleCodes.DuplicateId, $"{what} {id} is given twice");
}

/// <summary>Every <see cref="RuleRefusal.Code"/> there is.</summary>
public static class RuleCodes
{
    /// <summary>An amount is to be split, but all weights are 0 or there is none.</summary>
    public const string NoBasis = "no_basis";
    /// <summary>The lots that are valid on the day hold fewer points than are to be spent.</summary>
    public const string InsufficientPoints = "insufficient_points";
    /// <summary>There are cases and nobody to give them to.</summary>
    public const string NoCollectors = "no_collectors";
    /// <summary>Money below 0 where only 0 or more has a meaning.</summary>
    public const string NegativeAmount = "negative_amount";
    /// <summary>A price, quantity, reading, weight, rate or count below 0.</summary>
    public const string NegativeNumber = "negative_number";
    /// <summary>A percentage or rate above its scale.</summary>
    public const string PercentTooHigh = "percent_too_high";
    /// <summary>The last day is before the first, or the end of a window not after its start.</summary>
    public const string RangeReversed = "range_reversed";
    /// <summary>The same id twice in one list.</summary>
    public const string DuplicateId = "duplicate_id";
    /// <summary>Tiers that do not ascend, or of which not exactly the last is open.</summary>
    public const string TiersUnsound = "tiers_unsound";
    /// <summary>Segments of one line that price the same day twice, or no segment at all.</summary>
    public const string SegmentsUnsound = "segments_unsound";
    /// <summary>A result or sum beyond what its unit can hold, or an amount beyond what words exist for.</summary>
    public const string TooLarge = "too_large";
    /// <summary>A draw secret of other than 32 bytes.</summary>
    public const string SecretUnsound = "secret_unsound";
    /// <summary>A ticket id that is empty or holds a line break, which would make two lists look alike.</summary>
    public const string TicketUnsound = "ticket_unsound";
    /// <summary>Text that is no valid Unicode, so that its bytes would be ambiguous.</summary>
    public const string TextUnsound = "text_unsound";
    /// <summary>More than 10 stacking groups or 5,000 sets of offers fit one choice of bills: a mistake of configuration.</summary>
    public const string TooManyOffers = "too_many_offers";
    /// <summary>Text that is not a plain decimal number with at most the digits of its unit.</summary>
    public const string NotANumber = "not_a_number";
    /// <summary>A note or coin of a face that was never made.</summary>
    public const string NoSuchFace = "no_such_face";
    /// <summary>A setting that is looser than the law or the rule allows.</summary>
    public const string SettingTooLoose = "setting_too_loose";
}
