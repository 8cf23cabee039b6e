using System.Text.Json.Serialization;

namespace OwnerPay.WeChatEmulator;

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
}

/// <param name="Count">How many times it strikes before it is used up.</param>
/// <param name="Scope">Strikes only where this text occurs: in the line and body of a call (<c>POST /v3/pay/…</c>), or, for a callback, in
/// <c>CALLBACK url out_trade_no</c>. Absent: anywhere.</param>
/// <param name="Seconds">For the kinds that wait; system clock, not divided by the retry speed.</param>
public sealed record Fault(FaultKind Kind, int Count = 1, string? Scope = null, double Seconds = 0);

/// <summary>The faults that are still to strike, in the order in which they were asked for. A restart forgets them.</summary>
sealed class FaultList
{
    readonly Lock gate = new();
    readonly List<Fault> pending = [];

    /// <summary>Keeps the usual case, no faults at all, free of locks and text search.</summary>
    volatile bool any;

    public void Add(Fault fault)
    {
        lock (gate)
        {
            pending.Add(fault);
            any = true;
        }
    }

    public IReadOnlyList<Fault> Pending()
    {
        lock (gate) return [.. pending];
    }

    public void Clear()
    {
        lock (gate)
        {
            pending.Clear();
            any = false;
        }
    }

    /// <summary>Takes one strike of the first fault that fits, or null.</summary>
    /// <param name="where">The text that scopes are looked up in.</param>
    public Fault? Strike(FaultKind kind, Func<string> where)
    {
        if (!any) return null;
        lock (gate)
        {
            string? text = null;
            var index = pending.FindIndex(fault => fault.Kind == kind
                && (fault.Scope is null || (text ??= where()).Contains(fault.Scope, StringComparison.Ordinal)));
            if (index < 0) return null;
            var struck = pending[index];
            if (struck.Count > 1) pending[index] = struck with { Count = struck.Count - 1 };
            else pending.RemoveAt(index);
            any = pending.Count > 0;
            return struck;
        }
    }
}
