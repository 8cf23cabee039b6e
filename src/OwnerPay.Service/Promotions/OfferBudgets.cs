using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>Budgets of offers: reserved at checkout, used at settlement, freed on close; by conditional updates, so that no number of instances can overspend.</summary>
/// <remarks>Always inside the caller's transaction, offers in id order.</remarks>
public sealed class OfferBudgets(OwnerPayDb db, WorkItems workItems)
{
    /// <summary>Reserves what the quote's offers give to this order.</summary>
    /// <returns>False when a budget does not hold it any more, or an offer was superseded: the price no longer holds; the caller refuses and with it undoes the rest.</returns>
    public async Task<bool> Reserve(BillQuote quote, Guid orderId, CancellationToken cancel)
    {
        foreach (var used in quote.Offers.OrderBy(offer => offer.OfferId))
        {
            if (!await Take(used.OfferId, used.Fen, onlyActive: true, cancel)) return false;
            db.Add(new OfferUse
            {
                Id = Guid.CreateVersion7(), CommunityId = quote.CommunityId, OfferId = used.OfferId, OrderId = orderId, Fen = used.Fen, State = OfferUseState.Reserved,
            });
        }
        return true;
    }

    /// <summary>The orders are paid: what they reserved is used. Harmless when repeated.</summary>
    /// <remarks>An order that was closed and is paid all the same keeps its frozen price. Its budget was freed; if nothing is left of it now, the use
    /// is booked beside the budget and finance gets a work item.</remarks>
    public async Task Use(IReadOnlyCollection<Guid> orders, CancellationToken cancel)
    {
        if (orders.Count == 0) return;
        var uses = await Uses(orders, cancel);
        var reserved = uses.Where(use => use.State == OfferUseState.Reserved).Select(use => use.Id).ToList();
        if (reserved.Count > 0)
        {
            var moved = await db.OfferUses.Where(u => reserved.Contains(u.Id) && u.State == OfferUseState.Reserved)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.State, OfferUseState.Used), cancel);
            if (moved != reserved.Count) throw new InvalidOperationException($"{reserved.Count} offer uses were reserved, {moved} moved: they changed under their lock");
        }
        foreach (var use in uses.Where(use => use.State == OfferUseState.Freed))
        {
            var beyond = !await Take(use.OfferId, use.Fen, onlyActive: false, cancel);
            await Move(use, OfferUseState.Used, beyond, cancel);
            if (beyond)
                await workItems.Open(use.CommunityId, "offer.over-budget", use.Id, StaffRole.Finance, "优惠超出预算",
                    $"订单 {use.OrderId:N} 关闭后到账，按冻结价格给予优惠，超出活动预算 {use.Fen / 100m:0.00} 元", cancel);
        }
    }

    /// <summary>The order is closed: what it reserved is free again. Harmless when repeated.</summary>
    public async Task Free(Guid orderId, CancellationToken cancel)
    {
        foreach (var use in (await Uses([orderId], cancel)).Where(use => use.State == OfferUseState.Reserved))
        {
            await Give(use, cancel);
            await Move(use, OfferUseState.Freed, beyond: false, cancel);
        }
    }

    /// <summary>The order's money went back in full: what it used is free again. Harmless when repeated; <see cref="Use"/> takes it anew.</summary>
    public async Task GiveBack(Guid orderId, CancellationToken cancel)
    {
        foreach (var use in (await Uses([orderId], cancel)).Where(use => use.State == OfferUseState.Used))
        {
            if (!use.BeyondBudget) await Give(use, cancel);
            await Move(use, OfferUseState.Freed, beyond: false, cancel);
        }
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
