using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Gives back what was not fetched in time, as if it had been cancelled.</summary>
public sealed class ExpireRedemptions(OwnerPayDb db, EndRedemption end, Clock clock) : IJob
{
    public async Task<string> Run(CancellationToken cancel)
    {
        var today = clock.Today();
        var late = await db.Redemptions.AsNoTracking().Where(r => r.State == RedemptionState.Reserved && r.ExpiresOn < today)
            .OrderBy(r => r.ExpiresOn).ThenBy(r => r.Id).Take(500).ToListAsync(cancel);
        var ended = 0;
        foreach (var redemption in late)
        {
            var key = new IdempotencyKey("job", "expire-redemptions", "expire", redemption.Id.ToString("N"));
            var result = await db.Once<bool>(key, new { redemption.Id }, async () => await end.Run(redemption, RedemptionState.Expired, "逾期未领取，积分退回", cancel), cancel);
            if (result is { Done: true, Value: true }) ended++;
        }
        return $"{ended} expired";
    }
}
