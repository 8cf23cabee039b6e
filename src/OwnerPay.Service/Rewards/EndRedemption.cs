using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Ends a reserved redemption without handing it out: piece and points go back, once. Shared by cancelling and expiry; runs in the caller's transaction.</summary>
public sealed class EndRedemption(OwnerPayDb db, ReturnPoints points, ParkingRights parking, Clock clock)
{
    /// <param name="end"><c>Cancelled</c> or <c>Expired</c>.</param>
    /// <returns>False when it was no longer reserved: then nothing was changed.</returns>
    public async Task<bool> Run(Redemption redemption, RedemptionState end, string note, CancellationToken cancel)
    {
        // The state moves by compare-and-set, so of two that end it one wins. Stock comes last, as in redeeming.
        var now = clock.Now();
        var ended = await db.Redemptions.Where(r => r.Id == redemption.Id && r.State == RedemptionState.Reserved)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, end).SetProperty(r => r.EndedAt, now), cancel);
        if (ended == 0) return false;
        await parking.TakeBack(redemption.Id, cancel);
        await points.Run(RedeemReward.Source, redemption.Id, "redemption-" + end.ToString().ToLowerInvariant(), clock.Today(), note, cancel);
        await db.SaveChangesAsync(cancel);
        await db.Rewards.Where(r => r.Id == redemption.RewardId).ExecuteUpdateAsync(set => set.SetProperty(r => r.StockLeft, r => r.StockLeft + 1), cancel);
        return true;
    }
}
