using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>After a genuine callback for an order that we do not know: asks WeChat, and books what it proves to suspense. Finance has a work item either way.</summary>
public sealed class ProveUnknownOrder(OwnerPayDb db, PayClient pay, MerchantKeys merchants, SettlePayment settle) : IOutboxHandler
{
    public const string News = "payment.unknown-order";

    /// <param name="row">Its subject is the callback.</param>
    public async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        var callback = await db.WeChatCallbacks.AsNoTracking().SingleAsync(c => c.Id == row.SubjectId, cancel);
        var account = await db.MerchantAccounts.Where(m => m.CommunityId == row.CommunityId && m.MchId == callback.MchId).OrderBy(m => m.Id).Select(m => m.Id).FirstAsync(cancel);
        var merchant = await merchants.Get(account, cancel);
        var told = await pay.QueryByTransactionIdAsync(merchant.Credentials, callback.TransactionId!, cancel);
        if (told.IsSuccess)
        {
            if (ArrivedMoney.From(merchant, told.Value) is { } money && told.Value.Mchid == merchant.MchId) await settle.Run(money, Proof.Query, null, cancel);
            return;
        }
        // What WeChat does not know stays unproved: the trade bill of the day has the last word.
        if (told.Failure.Code != PayCodes.OrderNotExist) throw new InvalidOperationException($"WeChat does not say: {told.Failure.Code}");
    }
}
