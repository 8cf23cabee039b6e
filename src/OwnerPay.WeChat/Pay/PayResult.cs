using System.Diagnostics.CodeAnalysis;

namespace OwnerPay.WeChat.Pay;

/// <summary>What came of a call: a value that WeChat signed, or a failure that says what to do next.</summary>
public sealed class PayResult<T> where T : class
{
    PayResult(T? value, PayFailure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public PayFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value)), MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Value is not null;

#pragma warning disable CA1000, CA2225 // The conversions below are the constructors of this type.
    public static implicit operator PayResult<T>(T value) => new(value, null);

    public static implicit operator PayResult<T>(PayFailure failure) => new(null, failure);
#pragma warning restore CA1000, CA2225

    public override string ToString() => IsSuccess ? "success" : Failure.ToString();
}

/// <summary>A call that brought no trustworthy success.</summary>
/// <param name="HttpStatus">Null when no answer came.</param>
/// <param name="Code">WeChat's code in one spelling, or one of this library's own: see <see cref="PayCodes"/>.</param>
/// <param name="Message">WeChat's text, for staff.</param>
/// <param name="RequestId">By which WeChat finds the call again; null if none came.</param>
/// <param name="Remedy">What to do next, if the answer is believed.</param>
/// <param name="OutcomeUnknown">True when nothing proves what WeChat did: time-outs, 5xx, and every error answer without a valid
/// signature, which is most of them. Such a failure must not be taken as proof that no money moved: query first.</param>
public sealed record PayFailure(int? HttpStatus, string Code, string Message, string? RequestId, Remedy Remedy, bool OutcomeUnknown);

/// <summary>The caller's next step after a failure.</summary>
public enum Remedy
{
    /// <summary>Make the same call again after a growing pause with jitter.</summary>
    Retry,
    /// <summary>Make the same call again in half an hour or more.</summary>
    RetryLater,
    /// <summary>Send the same number with the same bytes again, or query it. Never a new number: that could charge twice.</summary>
    SameNumberAgain,
    /// <summary>Query the number first; its state decides.</summary>
    Query,
    /// <summary>The number is closed: order under a new one.</summary>
    NewNumber,
    /// <summary>WeChat knows no such number. Soon after an order that is no proof yet: ask again before giving up.</summary>
    AskAgain,
    /// <summary>Keys, permissions or settings are wrong: people must act, repeating is useless.</summary>
    AskStaff,
    /// <summary>The request itself is against a rule: do not repeat it.</summary>
    GiveUp,
}

/// <summary>Codes in <see cref="PayFailure.Code"/>: WeChat's, upper case and with underscores whatever its spelling was, and ours.</summary>
public static class PayCodes
{
    public const string ParamError = "PARAM_ERROR";
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string AppidMchidNotMatch = "APPID_MCHID_NOT_MATCH";
    public const string MchNotExists = "MCH_NOT_EXISTS";
    public const string OrderClosed = "ORDER_CLOSED";
    public const string OrderPaid = "ORDER_PAID";
    public const string NoStatementExist = "NO_STATEMENT_EXIST";
    public const string StatementCreating = "STATEMENT_CREATING";
    public const string SignError = "SIGN_ERROR";
    public const string NoAuth = "NO_AUTH";
    public const string OutTradeNoUsed = "OUT_TRADE_NO_USED";
    public const string TradeError = "TRADE_ERROR";
    public const string RuleLimit = "RULE_LIMIT";
    public const string NotEnough = "NOT_ENOUGH";
    public const string UserAccountAbnormal = "USER_ACCOUNT_ABNORMAL";
    public const string AccountError = "ACCOUNT_ERROR";
    public const string OrderNotExist = "ORDER_NOT_EXIST";
    public const string ResourceNotExists = "RESOURCE_NOT_EXISTS";
    public const string FrequencyLimited = "FREQUENCY_LIMITED";
    public const string SystemError = "SYSTEM_ERROR";
    public const string BankError = "BANK_ERROR";
    public const string OpenidMismatch = "OPENID_MISMATCH";
    public const string InvalidTransactionId = "INVALID_TRANSACTIONID";

    /// <summary>Ours: no answer in time.</summary>
    public const string Timeout = "TIMEOUT";
    /// <summary>Ours: no connection, or it broke.</summary>
    public const string Unreachable = "UNREACHABLE";
    /// <summary>Ours: not sent, because recent calls of this merchant failed or too many are under way.</summary>
    public const string CircuitOpen = "CIRCUIT_OPEN";
    /// <summary>Ours: a 2xx answer whose signature is absent or wrong. It may be a probe; the request may have taken effect.</summary>
    public const string BadSignature = "BAD_SIGNATURE";
    /// <summary>Ours: genuine or not, the body is not what this call answers.</summary>
    public const string Unreadable = "UNREADABLE";
    /// <summary>Ours: the APIv3 key does not open what WeChat encrypted.</summary>
    public const string DecryptFailed = "DECRYPT_FAILED";
    /// <summary>Ours: not sent, because no credentials are known for the merchant.</summary>
    public const string UnknownMerchant = "UNKNOWN_MERCHANT";
    /// <summary>Ours: a bill file whose bytes do not hash to the announced value, or that is larger than allowed.</summary>
    public const string BadFile = "BAD_FILE";

    static readonly Dictionary<string, string> BySqueezed = new[]
    {
        ParamError, InvalidRequest, AppidMchidNotMatch, MchNotExists, OrderClosed, OrderPaid, NoStatementExist, StatementCreating, SignError,
        NoAuth, OutTradeNoUsed, TradeError, RuleLimit, NotEnough, UserAccountAbnormal, AccountError, OrderNotExist, ResourceNotExists,
        FrequencyLimited, SystemError, BankError, OpenidMismatch, InvalidTransactionId,
    }.ToDictionary(Squeeze);

    /// <summary>One spelling for all of WeChat's: <c>ORDERPAID</c> and <c>order_paid</c> become <c>ORDER_PAID</c>;
    /// unknown codes stay, upper case.</summary>
    public static string Normalise(string code) => BySqueezed.GetValueOrDefault(Squeeze(code)) ?? code.ToUpperInvariant();

    static string Squeeze(string code) => code.ToUpperInvariant().Replace("_", "", StringComparison.Ordinal);
}
