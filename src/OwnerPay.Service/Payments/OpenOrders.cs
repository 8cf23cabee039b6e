using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Orders on phones and screens that stand in the way of staff who take money for the same bills.</summary>
public sealed class OpenOrders(OwnerPayDb db, AskWeChat ask, Clock clock)
{
    /// <summary>So long nobody displaces an order: its payer may be typing his password.</summary>
    public static readonly TimeSpan Untouched = TimeSpan.FromSeconds(90);

    /// <summary>Outside any transaction, because WeChat is asked: gives up orders whose time is over and, when wanted, those that are not fresh any
    /// more.</summary>
    /// <remarks>An order that turns out to be paid is booked; then its bills are no longer open.</remarks>
    public async Task MakeRoom(Guid community, Guid house, IReadOnlyList<Guid> bills, bool displace, CancellationToken cancel)
    {
        if (bills.Count == 0) return;
        var (orders, holds, now) = (db.PaymentOrders, db.BillHolds, clock.Now());
        var holding = await orders.AsNoTracking().Where(o => o.CommunityId == community && o.HouseId == house
            && holds.Any(h => h.OrderId == o.Id && bills.Contains(h.BillId)))
            .ToListAsync(cancel);
        foreach (var order in holding.Where(o => o.ExpiresAt <= now || displace && o.CreatedAt + Untouched <= now)) await ask.GiveUp(order, cancel);
    }

    /// <summary>Behind the bills' locks: how long the longest order that holds one of them lives; null when none does.</summary>
    public async Task<int?> SecondsToWait(IReadOnlyList<Guid> bills, DateTimeOffset now, CancellationToken cancel)
    {
        var (orders, holds) = (db.PaymentOrders, db.BillHolds);
        var until = await orders.Where(o => holds.Any(h => h.OrderId == o.Id && bills.Contains(h.BillId))).OrderByDescending(o => o.ExpiresAt)
            .Select(o => (DateTimeOffset?)o.ExpiresAt).FirstOrDefaultAsync(cancel);
        return until is { } end ? Math.Max(1, (int)Math.Ceiling((end - now).TotalSeconds)) : null;
    }

    /// <summary>The open order of the very same choice that holds these bills and still lives.</summary>
    public Task<Guid?> Same(string choice, IReadOnlyList<Guid> bills, DateTimeOffset now, CancellationToken cancel)
    {
        var (orders, holds) = (db.PaymentOrders, db.BillHolds);
        return orders.Where(o => o.ChoiceHash == choice && o.ExpiresAt > now && holds.Any(h => h.OrderId == o.Id && bills.Contains(h.BillId)))
            .Select(o => (Guid?)o.Id).FirstOrDefaultAsync(cancel);
    }
}
