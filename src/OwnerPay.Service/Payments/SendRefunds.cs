using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <summary>Sends approved refunds to WeChat.</summary>
public sealed partial class SendRefunds(OwnerPayDb db, IServiceScopeFactory scopes, ILogger<SendRefunds> log) : IJob
{
    const int Batch = 100;

    public async Task<string> Run(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var due = await db.Refunds.Where(r => r.Channel == RefundChannel.WeChat && r.State == RefundState.Approved && r.NextTryAt <= now)
            .OrderBy(r => r.NextTryAt).ThenBy(r => r.Id)
            .Select(r => r.Id).Take(Batch).ToListAsync(cancel);
        var failed = 0;
        foreach (var id in due)
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<SendRefund>().Run(id, cancel);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                failed++;    // one that cannot be booked must not hide the others
                CouldNotSend(log, failure, id);
            }
        return failed == 0 ? $"{due.Count} due" : throw new InvalidOperationException($"{failed} of {due.Count} refunds could not be sent");
    }

    [LoggerMessage(8041, LogLevel.Error, "Refund {RefundId} could not be sent or booked")]
    static partial void CouldNotSend(ILogger log, Exception failure, Guid refundId);
}

/// <summary>Applies for one refund outside any transaction, with the stored bytes: after silence or a crash the same number goes again and pays back once.</summary>
/// <remarks>Source: WeChat Pay v3: parts of a payment at least a minute apart, never two at once.</remarks>
public sealed class SendRefund(
    OwnerPayDb db, PayClient pay, MerchantKeys merchants, SettleRefund settle, HeldPrepaid held, WorkItems workItems, ServiceSettings settings, Clock clock)
{
    static readonly TimeSpan BetweenParts = TimeSpan.FromMinutes(1);
    static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];
    static readonly TimeSpan Later = TimeSpan.FromMinutes(30);

    /// <summary>"No such refund" is believed when it was said so often after as many applications: answers with errors are seldom signed.</summary>
    const int TriesUntilUnknownCounts = 3;

    public async Task Run(Guid id, CancellationToken cancel)
    {
        var refund = await db.Refunds.AsNoTracking().SingleAsync(r => r.Id == id, cancel);
        if (await MustWait(refund, cancel) || !await Claim(refund, cancel)) return;
        var merchant = await merchants.Get(refund.MerchantAccountId, cancel);
        var sent = await pay.RefundAsync(merchant.Credentials, refund.Request, cancel);
        if (sent.IsSuccess) await settle.Run(ToldRefund.From(sent.Value), cancel);
        else await Failed(refund, merchant, sent.Failure, cancel);
    }

    /// <summary>Another part of the payment is on its way, or was accepted within the last minute of business time, which is WeChat's.</summary>
    Task<bool> MustWait(Refund refund, CancellationToken cancel)
    {
        var lately = clock.Now() - BetweenParts;
        return db.Refunds.AnyAsync(r => r.PaymentId == refund.PaymentId && r.Channel == RefundChannel.WeChat && r.Id != refund.Id
            && (r.AcceptedAt > lately || r.State == RefundState.Approved && r.Id.CompareTo(refund.Id) < 0), cancel);
    }

    async Task<bool> Claim(Refund refund, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var next = now + Waits[Math.Min(refund.Tries, Waits.Length - 1)] * settings.JobPace;
        return await db.Refunds.Where(r => r.Id == refund.Id && r.State == RefundState.Approved && r.NextTryAt <= now).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.NextTryAt, next).SetProperty(r => r.Tries, r => r.Tries + 1), cancel) == 1;
    }

    async Task Failed(Refund refund, MerchantInForce merchant, PayFailure failure, CancellationToken cancel)
    {
        var error = $"{failure.Code} {failure.Message}（Request-ID {failure.RequestId ?? "无"}）";
        if (error.Length > 500) error = error[..500];
        await db.Refunds.Where(r => r.Id == refund.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.LastError, error), cancel);
        switch (failure.Remedy)
        {
            case Remedy.Retry or Remedy.SameNumberAgain or Remedy.AskAgain:
                return;    // the same bytes go again when the claim is over
            case Remedy.RetryLater:
                await Pause(refund, cancel);
                await Tell(refund, "refund.not-enough", StaffRole.Finance, "商户账户余额不足，退款等待中", "请为商户账户充值，系统会自动重试", error, cancel);
                return;
            case Remedy.AskStaff:
                await Pause(refund, cancel);
                await Tell(refund, "refund.refused", StaffRole.Admin, "微信支付拒绝受理退款", "请检查商户号、证书与权限设置，系统会自动重试", error, cancel);
                return;
            case Remedy.Query or Remedy.NewNumber or Remedy.GiveUp:
                await Decide(refund, merchant, failure, error, cancel);
                return;
            default:
                throw new InvalidOperationException($"No rule for {failure.Remedy}");
        }
    }

    /// <summary>A refusal for good ends a refund only when WeChat does not know its number: it may have taken an earlier application.</summary>
    async Task Decide(Refund refund, MerchantInForce merchant, PayFailure failure, string error, CancellationToken cancel)
    {
        var told = await pay.QueryRefundAsync(merchant.Credentials, refund.OutRefundNo, cancel);
        if (told.IsSuccess)
        {
            await settle.Run(ToldRefund.From(told.Value), cancel);
            return;
        }
        if (told.Failure.Code != PayCodes.ResourceNotExists || failure.OutcomeUnknown && refund.Tries + 1 < TriesUntilUnknownCounts) return;
        await db.Once<bool>(new IdempotencyKey("job", "payments", "refund-failed", refund.OutRefundNo), refund.Id, async () =>
        {
            var row = await db.Refunds.Where(r => r.Id == refund.Id).ForUpdate().SingleAsync(cancel);
            if (row.State != RefundState.Approved) return false;
            (row.State, row.EndedAt) = (RefundState.Failed, clock.Now());
            await held.Free(row, cancel);
            await Tell(row, "refund.failed", StaffRole.Finance, "微信不受理该笔退款", "未退出任何款项。可改为银行转账退款，并留存转账凭证", error, cancel);
            return true;
        }, cancel);
    }

    Task<int> Pause(Refund refund, CancellationToken cancel)
    {
        var next = TimeProvider.System.GetUtcNow() + Later * settings.JobPace;
        return db.Refunds.Where(r => r.Id == refund.Id && r.State == RefundState.Approved).ExecuteUpdateAsync(set => set.SetProperty(r => r.NextTryAt, next), cancel);
    }

    Task<bool> Tell(Refund refund, string kind, StaffRole role, string title, string next, string error, CancellationToken cancel) => workItems.Open(
        refund.CommunityId, kind, refund.Id, role, title, $"退款单 {refund.OutRefundNo}，{new Fen(refund.AmountFen).InYuan()} 元：{error}。{next}", cancel);
}
