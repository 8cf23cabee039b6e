using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Payments;

/// <summary>Prepaid money in orders: an open order holds it, a paid one has used it or given it back, a closed one has given it back, and the books say so.</summary>
public sealed class CheckOrderPrepaid : IVerifyCheck
{
    public string Name => "order-prepaid";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (orders, entries, reductions, journals, postings) = (db.PaymentOrders, db.PrepaidEntries, db.BillReductions, db.Journals, db.Postings);
        string[] kinds = OrderPrepaid.Entries, booked = [.. OrderPrepaid.Entries, OrderPrepaid.Used];
        var facts = orders.AsNoTracking().Where(o => (community == null || o.CommunityId == community) && o.PrepaidFen > 0).Select(o => new
        {
            o.Id, o.State, o.PrepaidFen,
            Taken = -(entries.Where(e => e.SourceId == o.Id && kinds.Contains(e.SourceKind)).Sum(e => (long?)e.DeltaFen) ?? 0),
            Used = reductions.Where(r => r.SourceKind == OrderPrepaid.Held && r.SourceId == o.Id).Sum(r => (long?)r.Fen) ?? 0,
            Account = -(postings.Where(p => p.Account == Accounts.OrderHeld && journals.Any(j => j.Id == p.JournalId && j.SourceId == o.Id && booked.Contains(j.SourceKind)))
                .Sum(p => (long?)p.Amount) ?? 0),
        }).OrderBy(o => o.Id).AsAsyncEnumerable();
        await foreach (var order in facts.WithCancellation(cancel))
        {
            var held = order.State is OrderState.Created or OrderState.Placed ? order.PrepaidFen : 0;
            if (order.Taken - order.Used != held || order.Account != held || order.Used > order.PrepaidFen)
                yield return new(Name, $"PaymentOrders/{order.Id:N}",
                    $"订单用预存 {order.PrepaidFen} 分，状态 {order.State}：已扣 {order.Taken} 分，已抵账单 {order.Used} 分，账上待用 {order.Account} 分，应待用 {held} 分");
        }
        var strayEntries = entries.AsNoTracking().Where(e => (community == null || e.CommunityId == community) && kinds.Contains(e.SourceKind)
            && !orders.Any(o => o.Id == e.SourceId && o.PrepaidFen > 0)).Select(e => e.Id).AsAsyncEnumerable();
        await foreach (var stray in strayEntries.WithCancellation(cancel)) yield return new(Name, $"PrepaidEntries/{stray:N}", "预存流水没有对应的订单");
        var strays = reductions.AsNoTracking().Where(r => (community == null || r.CommunityId == community) && r.SourceKind == OrderPrepaid.Held
            && !orders.Any(o => o.Id == r.SourceId && o.PrepaidFen > 0)).Select(r => r.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"BillReductions/{stray:N}", "预存抵扣没有对应的订单");
        var total = await postings.Where(p => (community == null || p.CommunityId == community) && p.Account == Accounts.OrderHeld).SumAsync(p => p.Amount, cancel);
        var open = await orders.Where(o => (community == null || o.CommunityId == community) && (o.State == OrderState.Created || o.State == OrderState.Placed))
            .SumAsync(o => o.PrepaidFen, cancel);
        if (-total != open) yield return new(Name, $"Postings/{Accounts.OrderHeld}", $"科目余额 {-total} 分，未完成订单待用预存 {open} 分");
    }
}
