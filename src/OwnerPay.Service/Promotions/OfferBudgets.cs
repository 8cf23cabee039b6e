using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>What offers give to orders, with its budgets, coupons and gifts: reserved at checkout, used at settlement, freed on close, given back on refund;
/// by conditional updates, so that no number of instances can overspend.</summary>
/// <remarks>Always inside the caller's transaction, together with the order's own state: offers in id order, then coupons.</remarks>
public sealed class OfferBudgets(OwnerPayDb db, WorkItems workItems, EarnedGifts gifts, Clock clock)
{
    /// <summary>A coupon that comes back shortly before its end, or after it, holds so long again.</summary>
    static readonly TimeSpan LeastLeft = TimeSpan.FromDays(30);

    /// <summary>Reserves what the quote's offers give to this order.</summary>
    /// <returns>False when a budget does not hold it any more, an offer was superseded or a coupon is gone: the price no longer holds; the caller refuses
    /// and with it undoes the rest.</returns>
    public async Task<bool> Reserve(BillQuote quote, Guid orderId, Guid personId, CancellationToken cancel)
    {
        var wanted = quote.Offers.Select(o => (o.OfferId, o.Fen, o.CouponId)).Concat(quote.Gifts.Select(g => (g.OfferId, Fen: 0L, CouponId: (Guid?)null)));
        foreach (var (offer, fen, coupon) in wanted.OrderBy(offer => offer.OfferId))
        {
            if (!await Take(offer, fen, onlyActive: coupon is null, cancel)) return false;
            if (coupon is { } held && !await Hold(held, orderId, CouponState.Reserved, cancel)) return false;
            db.Add(new OfferUse
            {
                Id = Guid.CreateVersion7(), CommunityId = quote.CommunityId, OfferId = offer, OrderId = orderId, Fen = fen, CouponId = coupon,
                HouseId = quote.HouseId, PersonId = personId, State = OfferUseState.Reserved,
            });
        }
        return true;
    }

    /// <summary>The orders are paid: what they reserved is used, and what they earned is given. Harmless when repeated.</summary>
    /// <remarks>An order that was closed and is paid all the same keeps its frozen price. Its budget was freed; if nothing is left of it now, or its coupon
    /// was used elsewhere, the use is booked beside the budget and finance gets a work item.</remarks>
    public async Task Use(IReadOnlyCollection<Guid> orders, CancellationToken cancel)
    {
        if (orders.Count == 0) return;
        var uses = await Uses(orders, cancel);
        var reserved = uses.Where(use => use.State == OfferUseState.Reserved).ToList();
        if (reserved.Count > 0)
        {
            var ids = reserved.ConvertAll(use => use.Id);
            var moved = await db.OfferUses.Where(u => ids.Contains(u.Id) && u.State == OfferUseState.Reserved)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.State, OfferUseState.Used), cancel);
            if (moved != reserved.Count) throw new InvalidOperationException($"{reserved.Count} offer uses were reserved, {moved} moved: they changed under their lock");
            var coupons = reserved.Select(use => use.CouponId).OfType<Guid>().ToList();
            var used = coupons.Count == 0 ? 0 : await db.Coupons.Where(c => coupons.Contains(c.Id) && c.State == CouponState.Reserved)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CouponState.Used), cancel);
            if (used != coupons.Count) throw new InvalidOperationException($"{coupons.Count} coupons were reserved, {used} used: they changed under their order's lock");
        }
        foreach (var use in uses.Where(use => use.State == OfferUseState.Freed))
        {
            var taken = await Take(use.OfferId, use.Fen, onlyActive: false, cancel);
            var beyond = !taken || use.CouponId is { } coupon && !await Hold(coupon, use.OrderId, CouponState.Used, cancel);
            if (taken && beyond) await Give(use, cancel);
            await Move(use, OfferUseState.Used, beyond, cancel);
            if (beyond && use.Fen > 0)
                await workItems.Open(use.CommunityId, "offer.over-budget", use.Id, StaffRole.Finance, "优惠超出预算",
                    $"订单 {use.OrderId:N} 关闭后到账，按冻结价格给予优惠，超出活动预算或优惠券已另作使用，共 {use.Fen / 100m:0.00} 元", cancel);
        }
        await gifts.Give([.. uses.Where(use => use.State != OfferUseState.Used && use is { Fen: 0, CouponId: null })], cancel);
    }

    /// <summary>The order is closed: what it reserved is free again. Harmless when repeated.</summary>
    public async Task Free(Guid orderId, CancellationToken cancel)
    {
        foreach (var use in (await Uses([orderId], cancel)).Where(use => use.State == OfferUseState.Reserved))
        {
            await Give(use, cancel);
            if (use.CouponId is { } coupon) await Release(coupon, orderId, CouponState.Reserved, cancel);
            await Move(use, OfferUseState.Freed, beyond: false, cancel);
        }
    }

    /// <summary>The order's money went back in full: what it used is free again, what it earned is taken back where it still can be. Harmless when
    /// repeated; <see cref="Use"/> takes it anew.</summary>
    public async Task GiveBack(Guid orderId, CancellationToken cancel)
    {
        var uses = (await Uses([orderId], cancel)).Where(use => use.State == OfferUseState.Used).ToList();
        foreach (var use in uses)
        {
            if (!use.BeyondBudget)
            {
                await Give(use, cancel);
                if (use.CouponId is { } coupon) await Release(coupon, orderId, CouponState.Used, cancel);
            }
            await Move(use, OfferUseState.Freed, beyond: false, cancel);
        }
        await gifts.TakeBack([.. uses.Where(use => use is { Fen: 0, CouponId: null })], cancel);
    }

    /// <summary>Takes a coupon that can be used now for this order.</summary>
    async Task<bool> Hold(Guid coupon, Guid order, CouponState to, CancellationToken cancel)
    {
        var now = clock.Now();
        return await db.Coupons.Where(c => c.Id == coupon && c.State == CouponState.Issued && (to == CouponState.Used || c.ExpiresAt > now))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, to).SetProperty(c => c.OrderId, order), cancel) == 1;
    }

    /// <summary>The coupon is its holder's again.</summary>
    async Task Release(Guid id, Guid order, CouponState from, CancellationToken cancel)
    {
        var released = await db.Coupons.Where(c => c.Id == id && c.OrderId == order && c.State == from)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CouponState.Issued).SetProperty(c => c.OrderId, (Guid?)null), cancel);
        if (released != 1) throw new InvalidOperationException($"Coupon {id:N} is not {from} for order {order:N}");
        if (from != CouponState.Used) return;
        // Nobody loses a coupon because a refund took longer than it was good for.
        var coupon = await db.Coupons.SingleAsync(c => c.Id == id, cancel);
        if (coupon.ExpiresAt < clock.Now() + LeastLeft) coupon.ExpiresAt = clock.Now() + LeastLeft;
        await db.SaveChangesAsync(cancel);
    }

    async Task Give(OfferUse use, CancellationToken cancel)
    {
        var given = await db.Offers.Where(o => o.Id == use.OfferId && o.TakenFen >= use.Fen && o.TakenCount > 0).ExecuteUpdateAsync(
            set => set.SetProperty(o => o.TakenFen, o => o.TakenFen - use.Fen).SetProperty(o => o.TakenCount, o => o.TakenCount - 1), cancel);
        if (given != 1) throw new InvalidOperationException($"Offer {use.OfferId:N} never took what use {use.Id:N} reserved");
    }

    async Task<bool> Take(Guid offer, long fen, bool onlyActive, CancellationToken cancel) => await db.Offers
        .Where(o => o.Id == offer && (!onlyActive || o.State == OfferState.Active)
            && (o.BudgetFen == null || o.TakenFen + fen <= o.BudgetFen) && (o.BudgetCount == null || o.TakenCount + 1 <= o.BudgetCount))
        .ExecuteUpdateAsync(set => set.SetProperty(o => o.TakenFen, o => o.TakenFen + fen).SetProperty(o => o.TakenCount, o => o.TakenCount + 1), cancel) == 1;

    Task<List<OfferUse>> Uses(IReadOnlyCollection<Guid> orders, CancellationToken cancel) =>
        db.OfferUses.AsNoTracking().Where(u => orders.Contains(u.OrderId)).OrderBy(u => u.OfferId).ThenBy(u => u.Id).ForUpdate().ToListAsync(cancel);

    async Task Move(OfferUse use, OfferUseState to, bool beyond, CancellationToken cancel)
    {
        var moved = await db.OfferUses.Where(u => u.Id == use.Id && u.State == use.State)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.State, to).SetProperty(u => u.BeyondBudget, beyond), cancel);
        if (moved != 1) throw new InvalidOperationException($"Offer use {use.Id:N} changed under its lock");
    }
}
