namespace OwnerPay.WeChat.Pay;

/// <summary>Body of <c>POST /v3/pay/transactions/jsapi</c>: an order that a known WeChat user pays inside a mini-program.</summary>
/// <remarks>Repeating it under the same number needs the same content, best the same bytes: see <see cref="ToBytes"/>.</remarks>
public sealed record JsapiOrderRequest
{
    /// <summary>Appid of the mini-program, bound to the merchant.</summary>
    public required string Appid { get; init; }
    public required string Mchid { get; init; }
    /// <summary>1–127 characters; stands on the payer's WeChat bill.</summary>
    public required string Description { get; init; }
    /// <summary>6–32 of <c>0-9 A-Z a-z _ - *</c>, unique per merchant for ever.</summary>
    public required string OutTradeNo { get; init; }
    /// <summary>Last moment to pay, written in whole seconds of Beijing time. Does not close the order. At least 1 minute away;
    /// absent means 7 days; fixed by the first call.</summary>
    public DateTimeOffset? TimeExpire { get; init; }
    /// <summary>At most 128 characters, handed back once paid.</summary>
    public string? Attach { get; init; }
    /// <summary>Public HTTPS address with a path and without a query, at most 255 characters.</summary>
    public required string NotifyUrl { get; init; }
    public string? GoodsTag { get; init; }
    public bool? SupportFapiao { get; init; }
    public required OrderAmount Amount { get; init; }
    public required Payer Payer { get; init; }
    public OrderDetail? Detail { get; init; }
    public SceneInfo? SceneInfo { get; init; }
    public SettleInfo? SettleInfo { get; init; }

    /// <summary>The body to store before the first call and to repeat on every further one. Chinese stays unescaped.</summary>
    public byte[] ToBytes() => WireJson.Bytes(this, PayJson.Types.JsapiOrderRequest);

    /// <summary>Without payer and amount.</summary>
    public override string ToString() => $"JSAPI order {OutTradeNo}";
}

/// <param name="Total">Fen, at least 1.</param>
/// <param name="Currency">Always <c>CNY</c> for us.</param>
public sealed record OrderAmount(long Total, string? Currency = "CNY");

/// <param name="Openid">The payer under the order's appid. Absent for payers whom WeChat does not name.</param>
public sealed record Payer(string? Openid)
{
    public override string ToString() => "payer";
}

/// <param name="CostPrice">Fen: the full price of a slip that is paid in parts.</param>
public sealed record OrderDetail(long? CostPrice = null, string? InvoiceId = null, IReadOnlyList<OrderGoods>? GoodsDetail = null);

/// <param name="UnitPrice">Fen.</param>
public sealed record OrderGoods(string MerchantGoodsId, int Quantity, long UnitPrice, string? WechatpayGoodsId = null, string? GoodsName = null);

public sealed record SceneInfo(string? PayerClientIp = null, string? DeviceId = null, StoreInfo? StoreInfo = null);

public sealed record StoreInfo(string Id, string? Name = null, string? AreaCode = null, string? Address = null);

public sealed record SettleInfo(bool? ProfitSharing = null);

/// <summary>Answer to an order: what the client needs to open the payment sheet.</summary>
public sealed record JsapiOrderAnswer
{
    /// <summary>Good for 2 hours; a repeated order gives another one.</summary>
    public required string PrepayId { get; init; }
}

/// <summary>Body of <c>POST …/out-trade-no/{out_trade_no}/close</c>, answered 204 without a body.</summary>
public sealed record CloseOrderRequest
{
    public required string Mchid { get; init; }
}
