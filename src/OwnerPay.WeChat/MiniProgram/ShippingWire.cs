using System.Globalization;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>Body of <c>POST /wxa/sec/order/is_trade_managed</c>.</summary>
public sealed record ManagedRequest(string Appid);

public sealed record ManagedAnswer : MiniProgramAnswer
{
    /// <summary>True if money stays frozen until shipments are reported.</summary>
    public bool? IsTradeManaged { get; init; }
}

/// <summary>Body of <c>POST /wxa/sec/order/upload_shipping_info</c>.</summary>
public sealed record UploadShippingRequest
{
    public const int Virtual = 3, Unified = 1;

    public required ShippingOrderKey OrderKey { get; init; }
    /// <summary>1 parcel, 2 city delivery, 3 nothing is sent (a property fee), 4 pick-up.</summary>
    public required int LogisticsType { get; init; }
    /// <summary>1 at once, 2 in parts.</summary>
    public required int DeliveryMode { get; init; }
    /// <summary>Exactly one when delivered at once.</summary>
    public required IReadOnlyList<ShippingItem> ShippingList { get; init; }
    /// <summary>RFC 3339 with milliseconds; newer with each upload of a payment.</summary>
    public required string UploadTime { get; init; }
    public required ShippingPayer Payer { get; init; }

    /// <summary>An instant in Beijing time with three decimals.</summary>
    public static string TimeText(DateTimeOffset time) =>
        time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}

/// <param name="OrderNumberType">1 by merchant and our number, 2 by WeChat's.</param>
public sealed record ShippingOrderKey(int OrderNumberType, string? TransactionId = null, string? Mchid = null, string? OutTradeNo = null);

/// <param name="ItemDesc">What was bought, at most 120 characters.</param>
public sealed record ShippingItem(string ItemDesc);

public sealed record ShippingPayer(string Openid);

/// <summary>Body of <c>POST /wxa/sec/order/get_order</c>.</summary>
public sealed record ShippingOrderRequest(string? TransactionId = null, string? MerchantId = null, string? MerchantTradeNo = null);

public sealed record ShippingOrderAnswer : MiniProgramAnswer
{
    public ShippingOrder? Order { get; init; }
}

public sealed record ShippingOrder
{
    public string? TransactionId { get; init; }
    public string? MerchantId { get; init; }
    public string? MerchantTradeNo { get; init; }
    /// <summary>WeChat's number; see <see cref="State"/>.</summary>
    public required int OrderState { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public ShippingState State => OrderState is >= 1 and <= 6 ? (ShippingState)OrderState : ShippingState.Unknown;
}

/// <summary>Numbers are WeChat's.</summary>
public enum ShippingState { Unknown = 0, ToShip = 1, Shipped = 2, ReceiptConfirmed = 3, Done = 4, Refunded = 5, FundsAwaitSettlement = 6 }
