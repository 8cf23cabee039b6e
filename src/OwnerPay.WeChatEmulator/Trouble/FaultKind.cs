using System.Text.Json.Serialization;

namespace OwnerPay.WeChatEmulator.Trouble;

/// <summary>What can go wrong on demand.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>The callback is never sent.</summary>
    [JsonStringEnumMemberName("callbackLost")] CallbackLost,

    /// <summary>The callback is sent twice at the same time.</summary>
    [JsonStringEnumMemberName("callbackDouble")] CallbackDouble,

    /// <summary>The first attempt comes <see cref="Fault.Seconds"/> later.</summary>
    [JsonStringEnumMemberName("callbackLate")] CallbackLate,

    /// <summary>The payer pays at once and the callback is delivered before the order call is answered.</summary>
    [JsonStringEnumMemberName("callbackBeforeAnswer")] CallbackBeforeAnswer,

    /// <summary>SYSTEM_ERROR (mini-program: -1) although the call took effect.</summary>
    [JsonStringEnumMemberName("systemErrorAfterDoing")] SystemErrorAfterDoing,

    /// <summary>FREQUENCY_LIMITED (mini-program: 45011) before anything is done.</summary>
    [JsonStringEnumMemberName("frequencyLimited")] FrequencyLimited,

    /// <summary>The answer is held back for <see cref="Fault.Seconds"/> after the work was done.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>STATEMENT_CREATING whatever the hour.</summary>
    [JsonStringEnumMemberName("billNotReady")] BillNotReady,

    /// <summary>The bill file lacks its last line, the summary; its hash is that of the cut file.</summary>
    [JsonStringEnumMemberName("billCut")] BillCut,

    /// <summary>The announced hash is not that of the file.</summary>
    [JsonStringEnumMemberName("billHashWrong")] BillHashWrong,

    /// <summary>A wrong signature as WeChat's own probes carry it, on an answer or a callback.</summary>
    [JsonStringEnumMemberName("badSignature")] BadSignature,

    /// <summary>The access token dies: the call gets 40001, and so does every later one with that token.</summary>
    [JsonStringEnumMemberName("tokenInvalid")] TokenInvalid,

    /// <summary>45011 for a subscription message.</summary>
    [JsonStringEnumMemberName("messageRateLimit")] MessageRateLimit,

    /// <summary>A new platform certificate signs from this Pay call's answer on.</summary>
    [JsonStringEnumMemberName("certificateRotated")] CertificateRotated,

    /// <summary>The payer pays just before the order is closed, so that the close finds it paid; scope in <c>CLOSE out_trade_no</c>.</summary>
    [JsonStringEnumMemberName("payWhileClosing")] PayWhileClosing,

    /// <summary>The callback waits until another one was attempted after it, at most <see cref="Fault.Seconds"/> (30 when 0).</summary>
    [JsonStringEnumMemberName("callbackOutOfOrder")] CallbackOutOfOrder,

    /// <summary>A refund stays PROCESSING for <see cref="Fault.Seconds"/> more, or, when 0, until it is settled by hand. Scopes of the refund
    /// kinds are looked up in <c>REFUND out_trade_no out_refund_no</c>.</summary>
    [JsonStringEnumMemberName("refundStuck")] RefundStuck,

    /// <summary>A refund finds the payer's account gone: ABNORMAL.</summary>
    [JsonStringEnumMemberName("refundAbnormal")] RefundAbnormal,

    /// <summary>A refund ends CLOSED, and its money returns to the merchant.</summary>
    [JsonStringEnumMemberName("refundClosed")] RefundClosed,

    /// <summary>NOT_ENOUGH for a refund, whatever the balance.</summary>
    [JsonStringEnumMemberName("notEnough")] NotEnough,

    /// <summary>USER_ACCOUNT_ABNORMAL for a refund: refused for good.</summary>
    [JsonStringEnumMemberName("userAccountAbnormal")] UserAccountAbnormal,

    /// <summary>The payer closes the payment sheet instead of paying; scopes are looked up in <c>PAYER out_trade_no openid</c>.</summary>
    [JsonStringEnumMemberName("userCancels")] UserCancels,

    /// <summary>The person turned this template off in the notice's menu: grants are gone, 43101, and the change is pushed.</summary>
    [JsonStringEnumMemberName("subscriptionRefused")] SubscriptionRefused,

    /// <summary>No grant of this template is left, whatever was counted: 43101.</summary>
    [JsonStringEnumMemberName("subscriptionQuotaEmpty")] SubscriptionQuotaEmpty,

    /// <summary>A subscription message is accepted, but the event about it says that it could not be delivered.</summary>
    [JsonStringEnumMemberName("messageUndelivered")] MessageUndelivered,

    /// <summary>An event is never pushed; scopes of both kinds are looked up in <c>PUSH event openid</c>.</summary>
    [JsonStringEnumMemberName("pushLost")] PushLost,

    /// <summary>An event is pushed twice at the same time.</summary>
    [JsonStringEnumMemberName("pushDouble")] PushDouble,

    /// <summary>The call is refused with <see cref="Fault.Code"/> and nothing is done: an errcode for the mini-program's API, else an error code
    /// of Pay with <see cref="Fault.Status"/>.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>The connection breaks after the work was done, before anything is answered.</summary>
    [JsonStringEnumMemberName("connectionReset")] ConnectionReset,
}
