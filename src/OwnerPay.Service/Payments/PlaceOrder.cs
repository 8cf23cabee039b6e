using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <param name="PayableFen">What WeChat will ask for.</param>
/// <param name="ExpiresAt">Until then the price holds and can be paid.</param>
/// <param name="PayParameters">For <c>wx.requestPayment</c>, signed anew in each answer; null once paid.</param>
public sealed record CheckoutAnswer(Guid OrderId, OrderState State, long PayableFen, DateTimeOffset ExpiresAt, PayParameters? PayParameters);

/// <summary>Asks WeChat for the order that a checkout froze, outside any transaction, with the stored bytes; and again with the same bytes when the outcome is unknown.</summary>
/// <remarks>Errors: <c>wechat_busy</c> 503 with the order's id: repeat with the same Idempotency-Key; <c>wechat_refused</c> 502; <c>order_closed</c> 409.</remarks>
public sealed class PlaceOrder(OwnerPayDb db, PayClient pay, MerchantKeys merchants, AskWeChat ask, WorkItems workItems, Clock clock)
{
    public static readonly Error Busy = new(503, "wechat_busy", "微信支付繁忙，请稍后重试") { Detail = "没有扣款，账单仍为待缴；重试不会重复下单" };
    public static readonly Error Refused = new(502, "wechat_refused", "微信支付暂时无法受理，请联系物业服务中心");
    public static readonly Error Closed = new(409, "order_closed", "订单已关闭，请重新下单");

    static readonly Error Unreachable = Busy with { Title = "暂时连不上微信支付，请稍后重试" };

    public static readonly Error[] Errors = [Busy, Refused, Closed];

    public async Task<Result<CheckoutAnswer>> Run(Guid orderId, CancellationToken cancel)
    {
        var order = await Read(orderId, cancel);
        if (order.State == OrderState.Created && order.ExpiresAt > clock.Now())
        {
            var merchant = await merchants.Get(order.MerchantAccountId, cancel);
            var placed = await pay.CreateAsync(merchant.Credentials, order.Request, cancel);
            if (!placed.IsSuccess && await Unplaced(order, placed.Failure, cancel) is { } refusal) return refusal;
            if (placed.IsSuccess) await Keep(order, placed.Value.PrepayId, cancel);
            order = await Read(orderId, cancel);    // a callback may have been faster than the answer: the state of now is what counts
        }
        return order.State switch
        {
            OrderState.Paid => Answer(order, null),
            OrderState.Placed when order.ExpiresAt > clock.Now() => Answer(order, Sign(order, await merchants.Get(order.MerchantAccountId, cancel))),
            OrderState.Created when order.ExpiresAt > clock.Now() => Busy.With("orderId", order.Id),
            _ => Closed.With("orderId", order.Id),
        };
    }

    Task<PaymentOrder> Read(Guid orderId, CancellationToken cancel) => db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == orderId, cancel);

    /// <summary>State only moves forward: a payment that is already booked is not set back to placed.</summary>
    Task<int> Keep(PaymentOrder order, string prepayId, CancellationToken cancel) => db.PaymentOrders.Where(o => o.Id == order.Id && o.State == OrderState.Created)
        .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrderState.Placed).SetProperty(o => o.PrepayId, prepayId), cancel);

    /// <returns>The refusal, or null when the order's state has the answer.</returns>
    async Task<Error?> Unplaced(PaymentOrder order, PayFailure failure, CancellationToken cancel)
    {
        switch (failure.Remedy)
        {
            case Remedy.Query or Remedy.NewNumber:
                // WeChat says paid, closed or used: only asking tells. The order is new, so that nobody can have asked too lately.
                await ask.About(order.Id, TimeSpan.Zero, chase: false, cancel);
                return null;
            case Remedy.Retry or Remedy.RetryLater or Remedy.SameNumberAgain or Remedy.AskAgain:
                return (failure.Code is PayCodes.Unreachable or PayCodes.Timeout or PayCodes.CircuitOpen ? Unreachable : Busy).With("orderId", order.Id);
            case Remedy.AskStaff or Remedy.GiveUp:
                // Keys, permissions or our own request are wrong: the owner cannot help it, somebody must look.
                await workItems.Open(order.CommunityId, "wechat.refused", order.MerchantAccountId, StaffRole.Admin, "微信支付拒绝下单",
                    $"订单 {order.OutTradeNo}：{failure.Code} {failure.Message}（Request-ID {failure.RequestId ?? "无"}）。请检查商户号、证书与权限设置", cancel);
                return Refused.With("orderId", order.Id);
            default:
                throw new InvalidOperationException($"No rule for {failure.Remedy}");
        }
    }

    static PayParameters Sign(PaymentOrder order, MerchantInForce merchant) => PaySigning.Sign(
        merchant.Credentials.PrivateKey, merchant.AppId, order.PrepayId!, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), RequestSigning.NewNonce());

    static CheckoutAnswer Answer(PaymentOrder order, PayParameters? parameters) => new(order.Id, order.State, order.PayableFen, order.ExpiresAt, parameters);
}
