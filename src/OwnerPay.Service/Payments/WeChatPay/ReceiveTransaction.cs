using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>The form of WeChat's callback answers: anything but 200 and 204 makes it call again.</summary>
public sealed record CallbackAnswer(string Code, string Message);

/// <summary>WeChat tells that an order was paid: signature first, then stored as it came together with what it caused, then answered.</summary>
/// <remarks>Source: WeChat Pay v3, payment notification: answer within 5 s; it repeats for a day, also what was answered well.</remarks>
public sealed partial class ReceiveTransaction(
    NotificationReader reader, MerchantKeys merchants, SettlementQueue settlements, StoredCallbacks callbacks, RejectedCalls rejected, WorkItems workItems,
    ILogger<ReceiveTransaction> log)
{
    public static void Map(Doors doors) => doors.WeChat.MapPost("/pay/{merchantAccountId:guid}/transactions", Post)
        .WithName("receiveTransaction").BeforeSignIn(Door.WeChat, RateLimits.Callbacks);

    static async Task<IResult> Post(
        Guid merchantAccountId, HttpContext http, [FromServices] ReceiveTransaction receive, [FromServices] RejectedCalls rejected, CancellationToken cancel)
    {
        var headers = SignatureHeaders.From(name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null);
        if (await Body(http.Request, cancel) is not { } body) return TooLarge(rejected, RejectedCalls.Payment);
        return await receive.Run(merchantAccountId, headers, body, cancel);
    }

    /// <returns>Null when it is larger than WeChat ever sends.</returns>
    internal static async Task<byte[]?> Body(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > NotificationReader.MaxBytes) return null;
        using var held = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            if (held.Length + count > NotificationReader.MaxBytes) return null;
            held.Write(buffer, 0, count);
        }
        return held.ToArray();
    }

    public async Task<IResult> Run(Guid account, SignatureHeaders headers, byte[] body, CancellationToken cancel)
    {
        if (await merchants.Find(account, cancel) is not { } merchant) return UnknownAddress(rejected, RejectedCalls.Payment, body);
        var read = await reader.ReadAsync(merchant.Credentials, headers, body, cancel);
        if (!read.IsGenuine)
        {
            if (read.Refusal == NotificationRefusal.DecryptFailed) CannotDecrypt(log, merchant.MchId);
            rejected.Count(RejectedCalls.Payment, read.Refusal.Value.ToString(), body);
            return Fail(read.RefusalStatus, "验签失败");
        }
        var callback = callbacks.Of(merchant, read.Notification.Envelope, headers, body);
        if (read.Notification is not TransactionNotification { Transaction: var told })
        {
            await callbacks.Keep(callback, "ignored", cancel);
            return TypedResults.NoContent();
        }
        callback.OutTradeNo = told.OutTradeNo;
        callback.TransactionId = told.TransactionId;
        if (told.Mchid != merchant.MchId) return await OtherMerchant(callback, merchant, told, cancel);
        if (ArrivedMoney.From(merchant, told) is not { } money)
        {
            await callbacks.Keep(callback, "incomplete", cancel);
            return Fail(400, "通知内容不完整");
        }
        return await Settle(callback, money, cancel);
    }

    async Task<IResult> Settle(WeChatCallback callback, ArrivedMoney money, CancellationToken cancel)
    {
        SettleAnswer answer;
        try
        {
            answer = await settlements.Run(new Arrival(money, callback));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // What was genuine is kept even when it could not be booked; WeChat gets an error and tells again.
            CouldNotSettle(log, failure, money.OutTradeNo, money.TransactionId);
            await callbacks.Keep(callback, null, CancellationToken.None);
            return Fail(500, "系统繁忙");
        }
        if (callback.Outcome is null) await callbacks.Keep(callback, answer.Text, cancel);    // told before: the first telling was stored with its booking
        return answer.Outcome == SettleOutcome.UnknownOrder ? TypedResults.Ok(new CallbackAnswer("SUCCESS", "成功")) : TypedResults.NoContent();
    }

    async Task<IResult> OtherMerchant(WeChatCallback callback, MerchantInForce merchant, Transaction told, CancellationToken cancel)
    {
        ForeignMerchant(log, told.Mchid, merchant.MchId, told.OutTradeNo);
        await callbacks.Keep(callback, "other-merchant", cancel);
        await workItems.Open(merchant.CommunityId, "callback.other-merchant", callback.Id, StaffRole.Finance, "收到其他商户的支付通知",
            $"通知中的商户号 {told.Mchid} 不是本账户 {merchant.MchId}，未记账。商户订单号 {told.OutTradeNo}", cancel);
        return TypedResults.NoContent();
    }

    internal static IResult TooLarge(RejectedCalls rejected, string call)
    {
        rejected.Count(call, RejectedCalls.TooLarge, []);
        return Fail(413, "通知内容过大");
    }

    internal static IResult UnknownAddress(RejectedCalls rejected, string call, byte[] body)
    {
        rejected.Count(call, RejectedCalls.UnknownAddress, body);
        return Fail(404, "没有该商户账户");
    }

    internal static JsonHttpResult<CallbackAnswer> Fail(int status, string message) => TypedResults.Json(new CallbackAnswer("FAIL", message), Json.Options, statusCode: status);

    [LoggerMessage(8020, LogLevel.Critical, "A genuine callback of merchant {MchId} cannot be decrypted: is the APIv3 key right?")]
    static partial void CannotDecrypt(ILogger log, string mchId);

    [LoggerMessage(8021, LogLevel.Critical, "A callback of merchant {ToldMchId} came to the account of {MchId}: order {OutTradeNo}, nothing booked")]
    static partial void ForeignMerchant(ILogger log, string toldMchId, string mchId, string outTradeNo);

    [LoggerMessage(8022, LogLevel.Error, "Payment {TransactionId} of order {OutTradeNo} could not be booked; WeChat will tell again")]
    static partial void CouldNotSettle(ILogger log, Exception failure, string outTradeNo, string transactionId);
}
