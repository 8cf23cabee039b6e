using Microsoft.AspNetCore.Mvc;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>WeChat tells how a refund ended: signature first, then stored as it came, then booked, then answered.</summary>
/// <remarks>Source: WeChat Pay v3, refund notification. A callback whose booking fails is answered with an error, so that WeChat tells again; the chase
/// asks besides.</remarks>
public sealed partial class ReceiveRefund(
    NotificationReader reader, MerchantKeys merchants, SettleRefund settle, StoredCallbacks callbacks, RejectedCalls rejected, WorkItems workItems,
    ILogger<ReceiveRefund> log)
{
    public static void Map(Doors doors) => doors.WeChat.MapPost("/pay/{merchantAccountId:guid}/refunds", Post)
        .WithName("receiveRefund").BeforeSignIn(Door.WeChat, RateLimits.Callbacks);

    static async Task<IResult> Post(
        Guid merchantAccountId, HttpContext http, [FromServices] ReceiveRefund receive, [FromServices] RejectedCalls rejected, CancellationToken cancel)
    {
        var headers = SignatureHeaders.From(name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null);
        if (await ReceiveTransaction.Body(http.Request, cancel) is not { } body) return ReceiveTransaction.TooLarge(rejected, RejectedCalls.Refund);
        return await receive.Run(merchantAccountId, headers, body, cancel);
    }

    public async Task<IResult> Run(Guid account, SignatureHeaders headers, byte[] body, CancellationToken cancel)
    {
        if (await merchants.Find(account, cancel) is not { } merchant) return ReceiveTransaction.UnknownAddress(rejected, RejectedCalls.Refund, body);
        var read = await reader.ReadAsync(merchant.Credentials, headers, body, cancel);
        if (!read.IsGenuine)
        {
            rejected.Count(RejectedCalls.Refund, read.Refusal.Value.ToString(), body);
            return ReceiveTransaction.Fail(read.RefusalStatus, "验签失败");
        }
        var callback = callbacks.Of(merchant, read.Notification.Envelope, headers, body);
        if (read.Notification is not RefundNotification { Refund: var told })
        {
            await callbacks.Keep(callback, "ignored", cancel);
            return TypedResults.NoContent();
        }
        (callback.OutTradeNo, callback.TransactionId) = (told.OutTradeNo, told.TransactionId);
        await callbacks.Keep(callback, null, cancel);
        return await Settle(merchant, callback, told, cancel);
    }

    async Task<IResult> Settle(MerchantInForce merchant, WeChatCallback callback, RefundNotice told, CancellationToken cancel)
    {
        SettledRefund answer;
        try
        {
            answer = told.Mchid == merchant.MchId ? await settle.Run(ToldRefund.From(told), CancellationToken.None) : new(RefundOutcome.Unknown, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            CouldNotSettle(log, failure, told.OutRefundNo, told.RefundStatus);
            return ReceiveTransaction.Fail(500, "系统繁忙");
        }
        if (answer.Outcome == RefundOutcome.Unknown)
            await workItems.Open(merchant.CommunityId, "callback.unknown-refund", callback.Id, StaffRole.Finance, "收到未知退款的通知",
                $"商户号 {told.Mchid}，退款单 {told.OutRefundNo}，原订单 {told.OutTradeNo}：不是本系统发起的退款，未入账。请在微信商户平台核实", cancel);
        await callbacks.Decide(callback, answer.Text, cancel);
        return TypedResults.NoContent();
    }

    [LoggerMessage(8043, LogLevel.Error, "Refund {OutRefundNo} told as {Status} could not be booked; WeChat will tell again")]
    static partial void CouldNotSettle(ILogger log, Exception failure, string outRefundNo, string status);
}
