namespace OwnerPay.WeChat.MiniProgram;

/// <summary>What became of an upload.</summary>
public enum ShippingOutcome
{
    Uploaded,
    /// <summary>WeChat has it from before (10060002, 10060003, 10060023, 268440065): make sure by <see cref="Shipping.OrderAsync"/>, then
    /// stop.</summary>
    AlreadyThere,
    /// <summary>10060001: not found yet, as happens for some seconds after the payment: again after 10 s, 60 s, ….</summary>
    PaymentUnknown,
    /// <summary>10060004: settled, refunded or not managed: ask for its state.</summary>
    NotShippable,
    /// <summary>-1, 10060012, 10060019: again later, with the same content.</summary>
    Busy,
    /// <summary>Too many calls: later.</summary>
    Throttled,
    /// <summary>The access token is refused even when fresh, or none could be had.</summary>
    TokenInvalid,
    /// <summary>48001 and the like: the account has no such permission.</summary>
    Configuration,
    /// <summary>47001, or found before sending: our bug; do not repeat, each accepted call may use up the one re-delivery.</summary>
    BadRequest,
    /// <summary>The request did not leave this machine: later.</summary>
    NotReached,
    /// <summary>No usable answer: ask for its state before another upload.</summary>
    MaybeUploaded,
    /// <summary>A code not known here: do not repeat.</summary>
    Unknown,
}

/// <param name="Errmsg">WeChat's text, or the rule broken.</param>
public sealed record ShippingResult(ShippingOutcome Outcome, int? Errcode = null, string? Errmsg = null, string? Rid = null)
{
    /// <summary>True when WeChat has the shipment, whoever reported it.</summary>
    public bool IsDone => Outcome is ShippingOutcome.Uploaded or ShippingOutcome.AlreadyThere;
}

/// <summary>Shipping management (发货信息管理): some mini-programs must report that a paid thing was delivered, or its money stays frozen.</summary>
public sealed class Shipping
{
    /// <summary>Characters that fit into the description of what was bought.</summary>
    public const int DescriptionLength = 120;

    readonly Api api;

    internal Shipping(Api api) => this.api = api;

    /// <summary>Whether this mini-program must report shipments. It may change by WeChat's decision: ask once a day.</summary>
    /// <returns>48001 means that the account has no shipping management at all: <see cref="ShippingDuty.None"/>.</returns>
    public async Task<MiniProgramResult<ShippingDuty>> DutyAsync(MiniProgramCredentials app, CancellationToken cancel = default)
    {
        var reply = await api.WithTokenAsync("is_trade_managed", app, "/wxa/sec/order/is_trade_managed",
            WireJson.Bytes(new ManagedRequest(app.Appid), MiniProgramJson.Types.ManagedRequest), MiniProgramJson.Types.ManagedAnswer,
            WhenBusy.Repeat, cancel);
        return reply.Answer switch
        {
            { Errcode: null or 0, IsTradeManaged: { } managed } => managed ? ShippingDuty.MustReport : ShippingDuty.None,
            { Errcode: 48001 } => ShippingDuty.None,
            _ => Api.Failed(reply, errcode => MiniProgramErrors.Problem(errcode)),
        };
    }

    /// <summary>Reports that a paid service was rendered, nothing being sent, at once and as a whole.</summary>
    /// <param name="transactionId">WeChat's number of the payment.</param>
    /// <param name="openid">The payer under this appid.</param>
    /// <param name="description">What was paid for, at most <see cref="DescriptionLength"/> characters.</param>
    /// <param name="time">Newer with each upload of a payment.</param>
    public async Task<ShippingResult> UploadAsync(
        MiniProgramCredentials app, string transactionId, string openid, string description, DateTimeOffset time, CancellationToken cancel = default)
    {
        if (description.Length is 0 or > DescriptionLength)
            return new(ShippingOutcome.BadRequest, null, $"item_desc: 1 to {DescriptionLength} characters");
        var body = WireJson.Bytes(new UploadShippingRequest
        {
            OrderKey = new(2, transactionId),
            LogisticsType = UploadShippingRequest.Virtual,
            DeliveryMode = UploadShippingRequest.Unified,
            ShippingList = [new(description)],
            UploadTime = UploadShippingRequest.TimeText(time),
            Payer = new(openid),
        }, MiniProgramJson.Types.UploadShippingRequest);
        var reply = await api.WithTokenAsync(
            "upload_shipping_info", app, "/wxa/sec/order/upload_shipping_info", body, MiniProgramJson.Types.MiniProgramAnswer, WhenBusy.Tell, cancel);
        if (reply.TokenFailure is { } failure) return new(NoToken(failure.Problem), failure.Errcode, failure.Errmsg, failure.Rid);
        return reply switch
        {
            { Reach: Reach.NeverLeft } => new(ShippingOutcome.NotReached),
            { Answer: { Errcode: { } errcode } answer } => new(Outcome(errcode), errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg)),
            _ => new(ShippingOutcome.MaybeUploaded),
        };
    }

    /// <summary>What WeChat knows of a payment's shipment.</summary>
    public async Task<MiniProgramResult<ShippingOrder>> OrderAsync(
        MiniProgramCredentials app, string transactionId, CancellationToken cancel = default)
    {
        var reply = await api.WithTokenAsync("get_order", app, "/wxa/sec/order/get_order",
            WireJson.Bytes(new ShippingOrderRequest(transactionId), MiniProgramJson.Types.ShippingOrderRequest),
            MiniProgramJson.Types.ShippingOrderAnswer, WhenBusy.Repeat, cancel);
        return reply.Answer is { Errcode: null or 0, Order: { } order } ? order : Api.Failed(reply, errcode => MiniProgramErrors.Problem(errcode));
    }

    static ShippingOutcome Outcome(int errcode) => errcode switch
    {
        0 => ShippingOutcome.Uploaded,
        10060002 or 10060003 or 10060023 or 268440065 => ShippingOutcome.AlreadyThere,
        10060001 => ShippingOutcome.PaymentUnknown,
        10060004 => ShippingOutcome.NotShippable,
        -1 or 10060012 or 10060019 => ShippingOutcome.Busy,
        45009 or 45011 => ShippingOutcome.Throttled,
        40001 or 40014 or 42001 => ShippingOutcome.TokenInvalid,
        40013 or 48001 => ShippingOutcome.Configuration,
        47001 => ShippingOutcome.BadRequest,
        _ => ShippingOutcome.Unknown,
    };

    /// <summary>Nothing was uploaded in any case.</summary>
    static ShippingOutcome NoToken(MiniProgramProblem problem) => problem switch
    {
        MiniProgramProblem.Busy or MiniProgramProblem.Unreachable => ShippingOutcome.NotReached,
        MiniProgramProblem.Throttled or MiniProgramProblem.DailyLimit => ShippingOutcome.Throttled,
        MiniProgramProblem.Configuration => ShippingOutcome.Configuration,
        _ => ShippingOutcome.TokenInvalid,
    };
}

/// <summary>Whether shipments must be reported.</summary>
public sealed record ShippingDuty(bool IsManaged)
{
    public static ShippingDuty None { get; } = new(false);

    public static ShippingDuty MustReport { get; } = new(true);
}
