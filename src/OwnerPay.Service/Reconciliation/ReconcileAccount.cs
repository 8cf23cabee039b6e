using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Reconciliation;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>One day of one account from its bills to its result: fetch, read, book what we missed, write down. Every step may be repeated.</summary>
/// <remarks>Errors: those of <see cref="FetchWeChatBills"/>.</remarks>
public sealed class ReconcileAccount(
    OwnerPayDb db, FetchWeChatBills fetch, OwnBillRows rows, JoinTradeBill joinTrade, JoinFundFlow joinFlow, SettleFromBill settle, ReconcileDay reconcile, Clock clock)
{
    public async Task<Result<ReconciledAnswer>> Run(Guid accountId, DateOnly day, CancellationToken cancel)
    {
        var account = await db.MerchantAccounts.AsNoTracking().SingleAsync(m => m.Id == accountId, cancel);
        if (await reconcile.Earlier(account, day, cancel) is { } earlier) return earlier;
        var sharing = await rows.Sharing(account, cancel);
        var standsForAll = OwnBillRows.IsEldest(account, sharing);
        var trade = await fetch.Run(account, day, FetchWeChatBills.Trade, cancel);
        if (trade.Refusal is { } refusal) return refusal;
        var funds = standsForAll ? await fetch.Run(account, day, FetchWeChatBills.FundFlow, cancel) : (Result<WeChatBillFile>?)null;
        if (funds?.Refusal is { } noFunds) return noFunds;

        // Read outside any transaction: payments never change, and what comes meanwhile is found by its instant.
        var at = clock.Now();
        var joined = await joinTrade.Run(account, trade.Value, day, at, cancel);
        if (await settle.Run(account, sharing, joined.Left, cancel) is { } waits) return waits;
        var flow = funds is { } file ? await joinFlow.Run(sharing, file.Value, day, joined, FeesOf(joined, sharing), cancel) : null;
        return await reconcile.Run(account, day, new ReadDay(trade.Value, joined, sharing, flow, at), cancel);
    }

    /// <summary>Fees of all payments in the trade bill; of a number that several share, one account's reading does not tell.</summary>
    static long? FeesOf(JoinedBill joined, List<MerchantAccount> sharing) => sharing.Count > 1 ? null
        : joined.FeeFen + joined.Left.Where(row => !row.IsRefund).Sum(row => ChannelFee.InWholeFen(row.FeeMilliFen).Value);
}
