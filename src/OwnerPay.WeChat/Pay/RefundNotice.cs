using System.Text.Json.Serialization;

namespace OwnerPay.WeChat.Pay;

/// <summary>A refund as told, decrypted, by a refund notification. Its state is called otherwise in the refund query and in the bill.</summary>
public sealed record RefundNotice
{
    public required string Mchid { get; init; }
    public required string OutTradeNo { get; init; }
    public string? TransactionId { get; init; }
    public required string OutRefundNo { get; init; }
    public required string RefundId { get; init; }
    /// <summary>WeChat's word; see <see cref="State"/>.</summary>
    public required string RefundStatus { get; init; }
    /// <summary>Only when paid out.</summary>
    public DateTimeOffset? SuccessTime { get; init; }
    /// <summary>For display only, such as a bank's name with four digits. Personal data: not for logs.</summary>
    public string? UserReceivedAccount { get; init; }
    public required RefundAmount Amount { get; init; }

    /// <summary><see cref="RefundStatus"/> as a case to switch on.</summary>
    [JsonIgnore]
    public RefundState State => RefundStates.Of(RefundStatus);

    /// <summary>Without account and amounts.</summary>
    public override string ToString() => $"refund {OutRefundNo}: {RefundStatus}";
}

static class RefundStates
{
    public static RefundState Of(string word) => word switch
    {
        "SUCCESS" => RefundState.Success,
        "CLOSED" => RefundState.Closed,
        "ABNORMAL" => RefundState.Abnormal,
        "PROCESSING" => RefundState.Processing,
        _ => RefundState.Unknown,
    };
}

public enum RefundState
{
    /// <summary>A word not known here: keep the refund pending and raise an alarm.</summary>
    Unknown,
    Processing,
    Success,
    /// <summary>Will not happen.</summary>
    Closed,
    /// <summary>The payer's account is gone or frozen; people decide.</summary>
    Abnormal,
}

/// <summary>Amounts in fen. A notification tells the first four only.</summary>
public sealed record RefundAmount
{
    /// <summary>Of the original payment.</summary>
    public required long Total { get; init; }
    /// <summary>What was applied for: the amount to compare and to book.</summary>
    public required long Refund { get; init; }
    public long? PayerTotal { get; init; }
    public long? PayerRefund { get; init; }
    public IReadOnlyList<RefundFrom>? From { get; init; }
    /// <summary>Less what was the merchant's own coupon, as are <see cref="SettlementTotal"/> and the rest: for display.</summary>
    public long? SettlementRefund { get; init; }
    public long? SettlementTotal { get; init; }
    public long? DiscountRefund { get; init; }
    public string? Currency { get; init; }
    /// <summary>Fee given back with this refund.</summary>
    public long? RefundFee { get; init; }
}
