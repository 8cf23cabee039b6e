using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>One day of one account from its bill to its result: fetch, book what we missed, compare. Every step may be repeated.</summary>
/// <remarks>Errors: those of <see cref="FetchWeChatBills"/>.</remarks>
public sealed class ReconcileAccount(OwnerPayDb db, FetchWeChatBills fetch, SettleFromBill settle, ReconcileDay reconcile)
{
    public async Task<Result<ReconciledAnswer>> Run(Guid accountId, DateOnly day, CancellationToken cancel)
    {
        var account = await db.MerchantAccounts.AsNoTracking().SingleAsync(m => m.Id == accountId, cancel);
        if (await reconcile.Earlier(account, day, cancel) is { } earlier) return earlier;
        var file = await fetch.Run(account, day, cancel);
        if (file.Refusal is { } refusal) return refusal;
        if (await settle.Run(account, file.Value, cancel) is { } waits) return waits;
        return await reconcile.Run(account, file.Value, day, cancel);
    }
}
