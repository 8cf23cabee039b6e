using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>What asking brought.</summary>
public enum Asked
{
    /// <summary>Somebody asked a moment ago, or the order is no longer open.</summary>
    NotAsked,

    /// <summary>WeChat gave no answer that can be trusted.</summary>
    Silent,

    /// <summary>Not paid, and it can still be paid.</summary>
    NotPaid,
    Settled,
    Closed,
}

/// <summary>Asks WeChat about an open order and acts on the answer: books it, leaves it, or closes it at its expiry. Asking is free; closing destroys, so it comes after asking.</summary>
public sealed partial class AskWeChat(
    OwnerPayDb db, PayClient pay, MerchantKeys merchants, SettlePayment settle, CloseOrder close, ServiceSettings settings, Clock clock, ILogger<AskWeChat> log)
{
    /// <summary>Waits of the chase between its asks, system clock: 5 s, 30 s, 2, 5, 15 min after the order; later each minute until it is over.</summary>
    static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10)];

    /// <summary>An unproved "no such order" is believed only when the chase has asked this often.</summary>
    const int AsksUntilUnknownCounts = 3;

    /// <summary>How long to wait for the ask with this number, counted from 0.</summary>
    public static TimeSpan Wait(int asks, ServiceSettings settings) => (asks < Waits.Length ? Waits[asks] : TimeSpan.FromMinutes(1)) * settings.JobPace;

    /// <summary>Asks unless somebody, on any instance, asked less than <paramref name="gap"/> ago.</summary>
    /// <param name="chase">The scheduled ask: it moves the schedule on. A look at the order's page does not.</param>
    public async Task<Asked> About(Guid orderId, TimeSpan gap, bool chase, CancellationToken cancel)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == orderId, cancel);
        if (order is not { IsOpen: true } || !await Claim(order, gap, chase, cancel)) return Asked.NotAsked;
        var merchant = await merchants.Get(order.MerchantAccountId, cancel);
        var told = await pay.QueryByOutTradeNoAsync(merchant.Credentials, order.OutTradeNo, cancel);
        if (told.IsSuccess) return await Act(order, merchant, told.Value, mayClose: true, cancel);

        var expired = clock.Now() >= order.ExpiresAt;
        if (told.Failure.Code == PayCodes.OrderNotExist && expired && (!told.Failure.OutcomeUnknown || order.Asks + 1 >= AsksUntilUnknownCounts))
            return await Ended(order, cancel);    // it never reached WeChat, and past its time nobody sends it again
        return Asked.Silent;
    }

    async Task<bool> Claim(PaymentOrder order, TimeSpan gap, bool chase, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var before = now - gap;
        var next = now + Wait(order.Asks + 1, settings);
        var mine = db.PaymentOrders.Where(o => o.Id == order.Id && (o.State == OrderState.Created || o.State == OrderState.Placed)
            && (o.LastAskedAt == null || o.LastAskedAt <= before));
        return await (chase
            ? mine.ExecuteUpdateAsync(set => set.SetProperty(o => o.LastAskedAt, now).SetProperty(o => o.NextAskAt, next).SetProperty(o => o.Asks, o => o.Asks + 1), cancel)
            : mine.ExecuteUpdateAsync(set => set.SetProperty(o => o.LastAskedAt, now), cancel)) == 1;
    }

    async Task<Asked> Act(PaymentOrder order, MerchantInForce merchant, Transaction told, bool mayClose, CancellationToken cancel)
    {
        if (told.OutTradeNo != order.OutTradeNo || told.Mchid != merchant.MchId)
        {
            WrongAnswer(log, order.OutTradeNo, told.OutTradeNo, told.Mchid);
            return Asked.Silent;
        }
        switch (told.State)
        {
            case TransactionState.Success or TransactionState.Refund:
                if (ArrivedMoney.From(merchant, told) is not { } money) { Incomplete(log, order.OutTradeNo); return Asked.Silent; }
                await settle.Run(money, Proof.Query, null, cancel);
                return Asked.Settled;
            case TransactionState.Closed:
                return await Ended(order, cancel);
            case TransactionState.NotPay:
                return mayClose && clock.Now() >= order.ExpiresAt ? await CloseThere(order, merchant, cancel) : Asked.NotPaid;
            case TransactionState.Unknown or TransactionState.Revoked or TransactionState.UserPaying or TransactionState.PayError:
                UnexpectedState(log, order.OutTradeNo, told.TradeState);
                return Asked.Silent;
            default:
                throw new InvalidOperationException($"No rule for {told.State}");
        }
    }

    /// <summary>Closes at WeChat, then here. Where that is refused because the payment won the race, the next answer books it.</summary>
    async Task<Asked> CloseThere(PaymentOrder order, MerchantInForce merchant, CancellationToken cancel)
    {
        var closed = await pay.CloseAsync(merchant.Credentials, order.OutTradeNo, cancel);
        if (closed.IsSuccess) return await Ended(order, cancel);
        var told = await pay.QueryByOutTradeNoAsync(merchant.Credentials, order.OutTradeNo, cancel);
        return told.IsSuccess ? await Act(order, merchant, told.Value, mayClose: false, cancel) : Asked.Silent;
    }

    /// <summary>For a new choice of the same payer: asks, closes whatever the hour, frees the bills.</summary>
    /// <returns>True when the order no longer holds its bills: closed, or paid.</returns>
    public async Task<bool> GiveUp(PaymentOrder order, CancellationToken cancel)
    {
        var merchant = await merchants.Get(order.MerchantAccountId, cancel);
        var told = await pay.QueryByOutTradeNoAsync(merchant.Credentials, order.OutTradeNo, cancel);
        if (!told.IsSuccess)
        {
            // WeChat may hold an order that we know nothing of: a closing that it confirms is proof as well.
            return told.Failure.Code == PayCodes.OrderNotExist && (await pay.CloseAsync(merchant.Credentials, order.OutTradeNo, cancel)).IsSuccess
                && await Ended(order, cancel) == Asked.Closed;
        }
        var asked = await Act(order, merchant, told.Value, mayClose: false, cancel);
        if (asked == Asked.NotPaid) asked = await CloseThere(order, merchant, cancel);
        return asked is Asked.Closed or Asked.Settled;
    }

    async Task<Asked> Ended(PaymentOrder order, CancellationToken cancel) => await close.Run(order.Id, cancel) ? Asked.Closed : Asked.NotAsked;

    [LoggerMessage(8001, LogLevel.Critical, "WeChat's answer about order {OutTradeNo} speaks of {ToldOutTradeNo} of merchant {MchId}")]
    static partial void WrongAnswer(ILogger log, string outTradeNo, string toldOutTradeNo, string mchId);

    [LoggerMessage(8002, LogLevel.Critical, "Order {OutTradeNo} is paid, but the answer lacks number, amount or time")]
    static partial void Incomplete(ILogger log, string outTradeNo);

    [LoggerMessage(8003, LogLevel.Critical, "Order {OutTradeNo} is in a state that cannot be: {State}")]
    static partial void UnexpectedState(ILogger log, string outTradeNo, string state);
}
