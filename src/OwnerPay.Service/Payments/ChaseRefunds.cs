using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <summary>Asks WeChat about refunds that stay silent after it accepted them: early, for asking is free, then ever less often. Abnormal ones too, for people
/// mend them at the merchant platform.</summary>
public sealed partial class ChaseRefunds(
    OwnerPayDb db, PayClient pay, MerchantKeys merchants, IServiceScopeFactory scopes, ServiceSettings settings, ILogger<ChaseRefunds> log) : IJob
{
    const int Batch = 100;
    static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    /// <summary>How long to wait for the ask with this number, counted from 0.</summary>
    public static TimeSpan Wait(int asks, ServiceSettings settings) => Waits[Math.Min(asks, Waits.Length - 1)] * settings.JobPace;

    public async Task<string> Run(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var due = await db.Refunds.AsNoTracking().Where(r => (r.State == RefundState.Accepted || r.State == RefundState.Abnormal) && r.NextTryAt <= now)
            .OrderBy(r => r.NextTryAt).ThenBy(r => r.Id).Take(Batch).ToListAsync(cancel);
        var failed = 0;
        foreach (var refund in due)
            try
            {
                await Ask(refund, cancel);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                failed++;
                CouldNotAsk(log, failure, refund.Id);
            }
        return failed == 0 ? $"{due.Count} asked" : throw new InvalidOperationException($"{failed} of {due.Count} refunds could not be asked about");
    }

    async Task Ask(Refund refund, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var next = now + Wait(refund.Tries + 1, settings);
        if (await db.Refunds.Where(r => r.Id == refund.Id && r.State == refund.State && r.NextTryAt <= now).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.NextTryAt, next).SetProperty(r => r.Tries, r => r.Tries + 1), cancel) != 1) return;
        var merchant = await merchants.Get(refund.MerchantAccountId, cancel);
        var told = await pay.QueryRefundAsync(merchant.Credentials, refund.OutRefundNo, cancel);
        if (!told.IsSuccess) return;    // silent: asked again
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SettleRefund>().Run(ToldRefund.From(told.Value), cancel);
    }

    [LoggerMessage(8042, LogLevel.Error, "Refund {RefundId} could not be asked about")]
    static partial void CouldNotAsk(ILogger log, Exception failure, Guid refundId);
}
