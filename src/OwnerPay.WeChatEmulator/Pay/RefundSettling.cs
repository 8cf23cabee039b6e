using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Brings accepted refunds to their end after a while, also over a restart, and tells the merchant.</summary>
sealed partial class RefundSettling(
    Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, Callbacks callbacks, PhoneFeed feed, ILogger log)
    : IAsyncDisposable
{
    readonly CancellationTokenSource stopping = new();
    readonly TaskSet running = new(failure => SettlingBroke(log, failure));

    /// <summary>Decides when and how a fresh refund ends: after the usual while with success, unless a fault wants it otherwise.</summary>
    public void Plan(PayRefund refund, Func<string> where)
    {
        var stuck = faults.Strike(FaultKind.RefundStuck, where);
        refund.SettleAs = faults.Strike(FaultKind.RefundAbnormal, where) is not null ? RefundStatus.Abnormal
            : faults.Strike(FaultKind.RefundClosed, where) is not null ? RefundStatus.Closed : RefundStatus.Success;
        refund.SettleAt = stuck is { Seconds: 0 }
            ? null
            : TimeProvider.System.GetUtcNow() + options.RefundDelay / options.RetrySpeed + TimeSpan.FromSeconds(stuck?.Seconds ?? 0);
    }

    /// <summary>Takes up what was on its way when the emulator stopped.</summary>
    public async Task Resume()
    {
        var waiting = await store.Read(db =>
            db.Refunds.Where(refund => refund.Status == RefundStatus.Processing && refund.SettleAt != null).ToListAsync());
        foreach (var refund in waiting) Wait(refund);
    }

    public void Wait(PayRefund refund)
    {
        if (refund.SettleAt is { } at) running.Add(SettleLater(refund.OutRefundNo, at, refund.SettleAs));
    }

    async Task SettleLater(string outRefundNo, DateTimeOffset at, RefundStatus status)
    {
        var wait = at - TimeProvider.System.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, stopping.Token);
        await Settle(outRefundNo, status, new(), due: at);
    }

    /// <param name="due">Only if it is still to end at that instant; a hand may have changed its course.</param>
    /// <returns>The refund, or null when there is none that is still on its way.</returns>
    public async Task<PayRefund?> Settle(string outRefundNo, RefundStatus status, CallbackManner wish, DateTimeOffset? due = null)
    {
        PlannedCallback? news = null;
        var refund = await store.Write(async db =>
        {
            var refund = await db.Refunds.FindAsync(outRefundNo);
            // A hand may also mend an abnormal one, as a merchant does at the merchant platform by naming another card.
            if (refund is null || status == RefundStatus.Processing || !(refund.Status == RefundStatus.Processing || due is null && refund.Status == RefundStatus.Abnormal)) return null;
            if (due is { } at && refund.SettleAt?.ToUnixTimeMilliseconds() != at.ToUnixTimeMilliseconds()) return null;
            refund.Status = status;
            var now = clock.Now();
            refund.FinalAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
            refund.SettleAt = null;
            if (status == RefundStatus.Closed) MerchantAccount.RefundClosed(db, refund);
            if (refund.NotifyUrl is { } url)
                news = callbacks.Plan(db, News(refund, (await db.Orders.FindAsync(refund.OutTradeNo))!, url), wish);
            return refund;
        });
        if (refund is null) return null;
        feed.Tell(refund.Openid, "refund", new
        {
            refund.OutTradeNo, refund.OutRefundNo, refund.RefundFen, refund.Status, refund.Reason, refund.ReceivedAccount,
        });
        if (news is not null) await callbacks.Send(news);
        return refund;
    }

    Announcement News(PayRefund refund, PayOrder order, string url)
    {
        var (eventType, summary) = refund.Status switch
        {
            RefundStatus.Success => (NotificationEvents.RefundSuccess, "退款成功"),
            RefundStatus.Closed => (NotificationEvents.RefundClosed, "退款关闭"),
            _ => (NotificationEvents.RefundAbnormal, "退款异常"),
        };
        var notice = WireJson.Bytes(RefundRules.Notice(refund, order, keys.Mchid), PayJson.Types.RefundNotice);
        return new(
            refund.OutTradeNo, refund.OutRefundNo, url, refund.PublicKeyMode, eventType, summary, "refund", notice, refund.FinalAt!.Value);
    }

    [LoggerMessage(2, LogLevel.Error, "A refund was left on its way because of a fault of the emulator itself")]
    static partial void SettlingBroke(ILogger log, Exception failure);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.Settle();
        stopping.Dispose();
    }
}
