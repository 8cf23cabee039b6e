using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A month is not closed while one of its days is not reconciled, or a difference of it is neither solved nor explained.</summary>
public sealed class DaysToReconcile(OwnerPayDb db) : IMonthObstacle
{
    public async Task<IReadOnlyList<string>> Of(Guid community, DateRange month, CancellationToken cancel)
    {
        var found = new List<string>();
        var (orders, payments) = (db.PaymentOrders, db.Payments);
        var accounts = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == community).OrderBy(m => m.MchId).Select(m => new
        {
            m.Id, m.MchId,
            Ordered = orders.Where(o => o.CommunityId == community && o.MerchantAccountId == m.Id).Min(o => (DateTimeOffset?)o.CreatedAt),
            Paid = payments.Where(p => p.CommunityId == community && p.MerchantAccountId == m.Id).Min(p => (DateOnly?)p.PaidOn),
        }).ToListAsync(cancel);
        foreach (var account in accounts)
        {
            // Before its first order there is nothing to compare, as the schedule of reconciliation has it too.
            var first = account.Ordered is { } at ? Clock.DateOf(at) : DateOnly.MaxValue;
            if (account.Paid < first) first = account.Paid.Value;
            if (first < month.From) first = month.From;
            if (first > month.To) continue;
            var done = await db.ReconciledDays.CountAsync(d => d.MerchantAccountId == account.Id && d.Day >= first && d.Day <= month.To, cancel);
            var missing = month.To.DayNumber - first.DayNumber + 1 - done;
            if (missing > 0) found.Add($"商户号 {account.MchId} 还有 {missing} 天未对账，请先完成对账");
        }
        var open = await db.Differences.CountAsync(d => d.CommunityId == community && d.Day >= month.From && d.Day <= month.To && d.State == DifferenceState.Open, cancel);
        if (open > 0) found.Add($"还有 {open} 处对账差异未处理，请逐一处理或说明原因");
        return found;
    }
}
