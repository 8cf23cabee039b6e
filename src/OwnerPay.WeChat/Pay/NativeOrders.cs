namespace OwnerPay.WeChat.Pay;

/// <summary>Body of <c>POST /v3/pay/transactions/native</c>: an order that anybody pays who scans its code. Like a JSAPI order, without a payer:
/// who paid is known only from the notification or the query.</summary>
/// <remarks>Shares its numbers with JSAPI orders: the same number under the other kind is refused.</remarks>
public sealed record NativeOrderRequest
{
    /// <summary>Appid bound to the merchant.</summary>
    public required string Appid { get; init; }
    public required string Mchid { get; init; }
    /// <summary>1–127 characters; stands on the payer's WeChat bill.</summary>
    public required string Description { get; init; }
    /// <summary>6–32 of <c>0-9 A-Z a-z _ - *</c>, unique per merchant for ever.</summary>
    public required string OutTradeNo { get; init; }
    /// <summary>Last moment to pay, in whole seconds of Beijing time. Does not close the order. At least 1 minute away; absent means 7
    /// days.</summary>
    public DateTimeOffset? TimeExpire { get; init; }
    /// <summary>At most 128 characters, handed back once paid.</summary>
    public string? Attach { get; init; }
    /// <summary>Public HTTPS address with a path and without a query, at most 255 characters.</summary>
    public required string NotifyUrl { get; init; }
    public string? GoodsTag { get; init; }
    public bool? SupportFapiao { get; init; }
    public required OrderAmount Amount { get; init; }
    public OrderDetail? Detail { get; init; }
    public SceneInfo? SceneInfo { get; init; }
    public SettleInfo? SettleInfo { get; init; }

    /// <summary>The body to store before the first call and to repeat on every further one. Chinese stays unescaped.</summary>
    public byte[] ToBytes() => WireJson.Bytes(this, PayJson.Types.NativeOrderRequest);

    /// <summary>Without the amount.</summary>
    public override string ToString() => $"native order {OutTradeNo}";
}

/// <summary>Answer to a native order.</summary>
public sealed record NativeOrderAnswer
{
    /// <summary>Shown as a QR code, its content not to be interpreted; good for 2 hours.</summary>
    public required string CodeUrl { get; init; }
}
