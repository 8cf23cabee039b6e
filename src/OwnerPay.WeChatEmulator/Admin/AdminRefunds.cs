using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Status">success, closed or abnormal.</param>
sealed record SettleInput(
    RefundStatus Status = RefundStatus.Success, CallbackWish Callback = CallbackWish.Send, double CallbackDelaySeconds = 0);

/// <param name="At">Business instant; now when absent.</param>
sealed record MoveInput(long Fen, string? Remark = null, DateTimeOffset? At = null);

/// <param name="Url">Where refunds are announced that name no address themselves; null for nowhere.</param>
sealed record RefundNotifyInput(string? Url);

/// <summary>Refunds that wait for a hand, and the merchant's account at WeChat.</summary>
sealed class AdminRefunds(Store store, RefundSettling settling, MerchantAccount account)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/refunds", List);
        admin.MapGet("/refunds/{outRefundNo}", One);
        admin.MapPost("/refunds/{outRefundNo}/settle", Settle);
        admin.MapPut("/refund-notify-url", Notify);
        admin.MapGet("/account", async () => TypedResults.Ok(new { balanceFen = await store.Read(MerchantAccount.Balance) }));
        admin.MapPost("/account/withdrawals", Withdraw);
        admin.MapPost("/account/deposits", Deposit);
    }

    async Task<IResult> List(string? outTradeNo)
    {
        var found = await store.Read(db => db.Refunds.Where(refund => outTradeNo == null || refund.OutTradeNo == outTradeNo)
            .OrderBy(refund => refund.RefundId).ToListAsync());
        return TypedResults.Ok(found.Select(Shown));
    }

    async Task<IResult> One(string outRefundNo)
    {
        var (refund, sent, resource) = await store.Read<(PayRefund?, List<Callback>, byte[]?)>(async db =>
        {
            var refund = await db.Refunds.SingleOrDefaultAsync(refund => refund.OutRefundNo == outRefundNo);
            if (refund is null) return (null, [], default);
            var order = await db.Orders.SingleAsync(order => order.OutTradeNo == refund.OutTradeNo);
            var callbacks = await db.Callbacks.Where(callback => callback.OutRefundNo == outRefundNo).OrderBy(callback => callback.Id).ToListAsync();
            return (refund, callbacks, WireJson.Bytes(RefundRules.Answer(refund, order), PayJson.Types.Refund));
        });
        return refund is null
            ? AdminDoor.NotFound("no such refund")
            : TypedResults.Ok(new
            {
                refund = Shown(refund), resource = JsonDocument.Parse(resource!).RootElement, callbacks = sent.Select(AdminOrders.Shown),
            });
    }

    async Task<IResult> Settle(string outRefundNo, SettleInput? input)
    {
        input ??= new();
        if (input.Status == RefundStatus.Processing) return AdminDoor.BadRequest("status is success, closed or abnormal");
        return await settling.Settle(outRefundNo, input.Status, new(input.Callback, input.CallbackDelaySeconds)) is { } refund
            ? TypedResults.Ok(Shown(refund))
            : AdminDoor.Conflict("not_processing", "there is no such refund on its way");
    }

    async Task<IResult> Notify(RefundNotifyInput input)
    {
        if (input.Url is { } url && OrderRequest.NotifyUrlFault(url) is { } fault) return AdminDoor.BadRequest(fault);
        await store.Write(db => SettingNames.Save(db, SettingNames.RefundNotifyUrl, input.Url));
        return TypedResults.NoContent();
    }

    async Task<IResult> Withdraw(MoveInput input)
    {
        if (input.Fen < 1) return AdminDoor.BadRequest("fen is 1 or more");
        return await account.Withdraw(input.Fen, input.Remark ?? "自动提现", input.At) is { } balanceFen
            ? TypedResults.Ok(new { balanceFen })
            : AdminDoor.Conflict("not_enough", "the account does not hold so much");
    }

    async Task<IResult> Deposit(MoveInput input) =>
        input.Fen < 1
            ? AdminDoor.BadRequest("fen is 1 or more")
            : TypedResults.Ok(new { balanceFen = await account.Deposit(input.Fen, input.Remark ?? "", input.At) });

    static object Shown(PayRefund refund) => new
    {
        refund.OutRefundNo, refund.RefundId, refund.OutTradeNo, refund.TransactionId, refund.Status, refund.RefundFen, refund.TotalFen,
        refund.PayerRefundFen, refund.SettlementRefundFen, refund.FeeBackFen, refund.Reason, refund.NotifyUrl, refund.CreatedAt, refund.FinalAt,
    };
}
