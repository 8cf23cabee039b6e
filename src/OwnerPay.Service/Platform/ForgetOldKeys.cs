using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>Removes what has served its time: idempotency keys after 7 days, finished outbox rows after 30.</summary>
public sealed class ForgetOldKeys(OwnerPayDb db) : IJob
{
    public async Task<string> Run(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var keysBefore = now.AddDays(-7);
        var rowsBefore = now.AddDays(-30);
        var keys = await db.Set<OnceKey>().Where(k => k.CreatedAt < keysBefore).ExecuteDeleteAsync(cancel);
        var rows = await db.OutboxRows.Where(r => r.State == OutboxState.Done && r.DoneAt < rowsBefore).ExecuteDeleteAsync(cancel);
        return $"{keys} keys, {rows} outbox rows";
    }
}
