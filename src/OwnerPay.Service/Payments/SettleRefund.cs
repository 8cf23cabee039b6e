using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;
using Told = OwnerPay.WeChat.Pay.RefundState;

namespace OwnerPay.Service.Payments;

/// <summary>A refund as WeChat tells it, the same whether it answers our application, is asked, or calls.</summary>
/// <param name="RefundFen">What was applied for.</param>
/// <param name="TotalFen">Of the whole payment.</param>
/// <param name="SuccessAt">Only when it was paid out.</param>
public sealed record ToldRefund(
    string OutRefundNo, string WeChatRefundId, string? TransactionId, Told State, string Word, long RefundFen, long TotalFen, DateTimeOffset? SuccessAt)
{
    public static ToldRefund From(WeChat.Pay.Refund told) => new(
        told.OutRefundNo, told.RefundId, told.TransactionId, told.State, told.Status, told.Amount.Refund, told.Amount.Total, told.SuccessTime);

    public static ToldRefund From(RefundNotice told) => new(
        told.OutRefundNo, told.RefundId, told.TransactionId, told.State, told.RefundStatus, told.Amount.Refund, told.Amount.Total, told.SuccessTime);
}

public enum RefundOutcome { Moved, Already, Unknown, Mismatch }

/// <param name="State">Ours, afterwards.</param>
public sealed record SettledRefund(RefundOutcome Outcome, RefundState? State)
{
    /// <summary>As callbacks keep it.</summary>
    [JsonIgnore]
    public string Text => Outcome switch
    {
        RefundOutcome.Moved => "refund-booked",
        RefundOutcome.Already => "refund-known",
        RefundOutcome.Unknown => "unknown-refund",
        RefundOutcome.Mismatch => "refund-mismatch",
        _ => throw new InvalidOperationException($"No word for {Outcome}"),
    };
}

/// <summary>Books what WeChat says of a refund: the one function for the answer, the callback and the query. It needs no login.</summary>
/// <remarks>Once per refund and state; state only moves forward, so that what is told late, twice or out of order does no harm.</remarks>
public sealed partial class SettleRefund(
    OwnerPayDb db, BookRefund book, MerchantKeys merchants, Messages messages, WorkItems workItems, ServiceSettings settings, Clock clock, ILogger<SettleRefund> log)
{
    public const string AbnormalKind = "refund.abnormal", UnexpectedKind = "refund.unexpected";

    /// <exception cref="Exception">Nothing was booked: WeChat must tell again, or we ask again.</exception>
    public async Task<SettledRefund> Run(ToldRefund told, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(told.OutRefundNo, "N", out var id)) return new(RefundOutcome.Unknown, null);
        var refund = await db.Refunds.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel);
        if (refund is null) return new(RefundOutcome.Unknown, null);
        var payment = await db.Payments.AsNoTracking().SingleAsync(p => p.Id == refund.PaymentId, cancel);
        if (FaultAgainst(refund, payment, told) is { } fault)
        {
            // Looked at before the key is taken: what is told rightly afterwards must still be booked.
            Unexpected(log, refund.OutRefundNo, told.Word, refund.State);
            await workItems.Open(refund.CommunityId, UnexpectedKind, refund.Id, StaffRole.Finance, "微信退款结果与申请不符",
                $"退款单 {refund.OutRefundNo}：{fault}。未入账，请在微信商户平台核实", cancel);
            return new(RefundOutcome.Mismatch, refund.State);
        }
        var merchant = await merchants.Get(refund.MerchantAccountId, cancel);
        var key = new IdempotencyKey("wechat", merchant.MchId, $"refund-{told.Word}", refund.OutRefundNo);
        return (await db.Once<SettledRefund>(key, refund.OutRefundNo, () => Move(id, merchant.MchId, told, cancel), cancel)).Value;
    }

    static string? FaultAgainst(Refund refund, Payment payment, ToldRefund told)
    {
        if (told.State == Told.Unknown) return $"未知状态 {told.Word}";
        if (refund.State is RefundState.Requested or RefundState.Rejected or RefundState.Failed) return $"本系统状态为 {refund.State}，微信却称 {told.Word}";
        if (told.RefundFen != refund.AmountFen || told.TotalFen != payment.TotalFen)
            return $"申请退款 {refund.AmountFen} 分（原付款 {payment.TotalFen} 分），微信称 {told.RefundFen} 分（{told.TotalFen} 分）";
        if (told.TransactionId is { } transaction && transaction != payment.TransactionId) return $"原付款交易 {payment.TransactionId}，微信称 {transaction}";
        return (refund.State, told.State) is (RefundState.Done, Told.Closed) or (RefundState.Closed, Told.Success) ? $"本系统状态为 {refund.State}，微信却称 {told.Word}" : null;
    }

    async Task<Result<SettledRefund>> Move(Guid id, string mchId, ToldRefund told, CancellationToken cancel)
    {
        var paymentId = await db.Refunds.Where(r => r.Id == id).Select(r => r.PaymentId).SingleAsync(cancel);
        var payment = await db.Payments.AsNoTracking().Where(p => p.Id == paymentId).ForUpdate().SingleAsync(cancel);
        var refund = await db.Refunds.Where(r => r.Id == id).ForUpdate().SingleAsync(cancel);
        var before = refund.State;
        if (before == RefundState.Approved)
        {
            await book.Accept(refund, payment, told.WeChatRefundId, cancel);
            Chase(refund, 0);
            // WeChat may close it in the same breath, and that reverses by reference what was booked here: it must be there to be read.
            await db.SaveChangesAsync(cancel);
        }
        if (refund.State is RefundState.Accepted or RefundState.Abnormal) await End(refund, payment, mchId, told, cancel);
        return new SettledRefund(before == refund.State ? RefundOutcome.Already : RefundOutcome.Moved, refund.State);
    }

    async Task End(Refund refund, Payment payment, string mchId, ToldRefund told, CancellationToken cancel)
    {
        switch (told.State)
        {
            case Told.Success:
                book.Clear(refund, mchId, (told.SuccessAt ?? clock.Now()).ToOffset(Clock.ShanghaiOffset));
                if (refund is { PersonId: { } person, HouseId: { } house })
                    await messages.Tell(RefundMessage.Name, refund.CommunityId, person, refund.Id, house, null, cancel);
                await workItems.Finish(AbnormalKind, refund.Id, null, "退款已到账", cancel);
                if (payment.Outcome == PaymentOutcome.Suspense && refund.AmountFen + await OthersDone(refund, cancel) == payment.TotalFen)
                    await workItems.Finish(SettlePayment.SuspenseNews, payment.Id, null, "款项已全额原路退回", cancel);
                break;
            case Told.Closed:
                await book.Undo(refund, payment, cancel);
                await workItems.Finish(AbnormalKind, refund.Id, null, "退款已关闭", cancel);
                await workItems.Open(refund.CommunityId, "refund.closed", refund.Id, StaffRole.Finance, "微信关闭了一笔退款",
                    $"退款单 {refund.OutRefundNo}，{new Fen(refund.AmountFen).InYuan()} 元未退出，账单已恢复为已缴。如仍需退款请重新申请，或改为银行转账并留存凭证", cancel);
                break;
            case Told.Abnormal when refund.State != RefundState.Abnormal:
                refund.State = RefundState.Abnormal;
                Chase(refund, 0);
                await workItems.Open(refund.CommunityId, AbnormalKind, refund.Id, StaffRole.Finance, "微信退款异常，需人工处理",
                    $"退款单 {refund.OutRefundNo}，{new Fen(refund.AmountFen).InYuan()} 元：业主收款账户异常。请在微信商户平台改退至其他银行卡，完成后系统会自动入账", cancel);
                break;
            case Told.Abnormal or Told.Processing:
                break;
            default:
                throw new InvalidOperationException($"No rule for {told.State}");
        }
    }

    Task<long> OthersDone(Refund but, CancellationToken cancel) =>
        db.Refunds.Where(r => r.PaymentId == but.PaymentId && r.Id != but.Id && r.State == RefundState.Done).SumAsync(r => r.AmountFen, cancel);

    /// <summary>It is asked about from now on.</summary>
    void Chase(Refund refund, int tries) => (refund.Tries, refund.NextTryAt) = (tries, TimeProvider.System.GetUtcNow() + ChaseRefunds.Wait(tries, settings));

    [LoggerMessage(8040, LogLevel.Critical, "Refund {OutRefundNo}: WeChat says {Word}, we say {State}, and that cannot be")]
    static partial void Unexpected(ILogger log, string outRefundNo, string word, RefundState state);
}
