using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Books what the bill says was paid or refunded and we did not know: WeChat is asked about each such row, and what it confirms is settled as
/// any payment or refund.</summary>
/// <remarks>
/// It runs before the day is reconciled, outside any transaction. The bill alone books nothing: an answer carries amount, payer and coupons under a
/// signature.
/// Money of an order that we do not know goes to suspense. A row that WeChat does not confirm stays as it is and becomes a difference.
/// </remarks>
public sealed class SettleFromBill(OwnBillRows rows, PayClient pay, MerchantKeys merchants, SettlePayment settle, SettleRefund settleRefund)
{
    /// <param name="left">Rows of the bill that agree with no payment of its day.</param>
    /// <returns>Null when WeChat answered about every row; else why the day must wait.</returns>
    public async Task<Error?> Run(
        MerchantAccount account, IReadOnlyList<MerchantAccount> sharing, IReadOnlyList<TradeBillRow> left, CancellationToken cancel)
    {
        if (left.Count == 0) return null;
        var merchant = await merchants.Get(account.Id, cancel);
        foreach (var batch in left.Chunk(OwnBillRows.BatchSize))
            foreach (var row in await rows.Own(account, sharing, batch, cancel))
            {
                var failure = row switch
                {
                    { IsPayment: true, Foreign: false, Payment: null } => await Payment(row, merchant, cancel),
                    { Row.IsRefund: true, Refund: { } refund } when MatchRefunds.IsNews(row.Row.RefundState, refund.State) => await Refund(row.Row, merchant, cancel),
                    _ => null,
                };
                if (failure is not null && !Denied(failure))
                    return FetchWeChatBills.Silent with { Detail = $"核实账单中的交易时微信未答复，系统会自动重试（{failure.Code}）" };
            }
        return null;
    }

    async Task<PayFailure?> Payment(OwnRow row, MerchantInForce merchant, CancellationToken cancel)
    {
        var told = row.OrderId is null
            ? await pay.QueryByTransactionIdAsync(merchant.Credentials, row.Row.TransactionId, cancel)
            : await pay.QueryByOutTradeNoAsync(merchant.Credentials, row.Row.OutTradeNo, cancel);
        if (!told.IsSuccess) return told.Failure;
        if (Confirmed(row.Row, told.Value, merchant) is { } money) await settle.Run(money, Proof.Query, null, cancel);
        return null;
    }

    async Task<PayFailure?> Refund(TradeBillRow row, MerchantInForce merchant, CancellationToken cancel)
    {
        var told = await pay.QueryRefundAsync(merchant.Credentials, row.OutRefundNo!, cancel);
        if (!told.IsSuccess) return told.Failure;
        await settleRefund.Run(ToldRefund.From(told.Value), cancel);
        return null;
    }

    static ArrivedMoney? Confirmed(TradeBillRow row, Transaction told, MerchantInForce merchant) =>
        told.Mchid == merchant.MchId && told.OutTradeNo == row.OutTradeNo && told.TransactionId == row.TransactionId
            ? ArrivedMoney.From(merchant, told) : null;

    /// <summary>"No such payment" about a payment of yesterday, and about a number that is none: it will be said again tomorrow.</summary>
    static bool Denied(PayFailure failure) =>
        failure.Code is PayCodes.OrderNotExist or PayCodes.ResourceNotExists or PayCodes.InvalidTransactionId or PayCodes.ParamError;
}
