using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>The merchant's basic account: payments and their fees come in, refunds and withdrawals go out. Amounts in fen.</summary>
sealed class MerchantAccount(Store store, BusinessClock clock)
{
    public static Task<long> Balance(EmulatorDb db) => db.FundMoves.SumAsync(move => move.Fen);

    public static void Paid(EmulatorDb db, PayOrder order)
    {
        var at = order.SuccessTime!.Value;
        db.Add(Move(at, "交易", "交易", order.SettlementFen, order.TransactionId!, order.OutTradeNo));
        if (order.FeeFen > 0) db.Add(Move(at, "交易", "扣除交易手续费", -order.FeeFen, order.TransactionId!, order.OutTradeNo));
    }

    public static void Refunded(EmulatorDb db, PayRefund refund, string mchid)
    {
        db.Add(Move(
            refund.CreatedAt, "退款", "退款", -refund.SettlementRefundFen, refund.RefundId, refund.OutRefundNo, $"{mchid}API", refund.Reason ?? ""));
        if (refund.FeeBackFen > 0)
            db.Add(Move(refund.CreatedAt, "退款", "退还交易手续费", refund.FeeBackFen, refund.RefundId, refund.OutRefundNo));
    }

    /// <summary>A closed refund gives the money back and takes the fee again.</summary>
    public static void RefundClosed(EmulatorDb db, PayRefund refund)
    {
        var at = refund.FinalAt!.Value;
        db.Add(Move(at, "退款", "退款关闭", refund.SettlementRefundFen, refund.RefundId, refund.OutRefundNo));
        if (refund.FeeBackFen > 0) db.Add(Move(at, "退款", "扣除交易手续费", -refund.FeeBackFen, refund.RefundId, refund.OutRefundNo));
    }

    /// <summary>Pays out to the merchant's bank account (提现).</summary>
    /// <returns>The balance after it, or null when there is not so much.</returns>
    public Task<long?> Withdraw(long fen, string remark, DateTimeOffset? at) => store.Write<long?>(async db =>
    {
        var balance = await Balance(db);
        if (balance < fen) return null;
        await Add(db, "提现", -fen, remark, at);
        return balance - fen;
    });

    /// <summary>Pays in from the merchant's bank account (充值).</summary>
    public Task<long> Deposit(long fen, string remark, DateTimeOffset? at) => store.Write(async db =>
    {
        var balance = await Balance(db);
        await Add(db, "充值", fen, remark, at);
        return balance + fen;
    });

    async Task Add(EmulatorDb db, string kind, long fen, string remark, DateTimeOffset? at)
    {
        var when = (at ?? clock.Now()).ToOffset(BusinessClock.China);
        var number = await db.FundMoves.LongCountAsync(move => move.Business == "充值/提现") + 1;
        db.Add(Move(when, "充值/提现", kind, fen, string.Create(CultureInfo.InvariantCulture, $"10000000{when:yyyyMMdd}{number:D12}"),
            string.Create(CultureInfo.InvariantCulture, $"W{when:yyyyMMdd}{number:D6}"), remark: remark));
    }

    static FundMove Move(
        DateTimeOffset at, string business, string kind, long fen, string number, string voucher, string submitter = "system", string remark = "") =>
        new()
        {
            At = at, On = DateOnly.FromDateTime(at.ToOffset(BusinessClock.China).DateTime), Business = business, Kind = kind, Fen = fen,
            BusinessNo = number, VoucherNo = voucher, Submitter = submitter, Remark = remark,
        };
}
