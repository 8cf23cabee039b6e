using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Promotions;

namespace OwnerPay.Service.Payments;

/// <summary>Orders against their lines, their quotes, their holds and their payments.</summary>
public sealed class CheckOrders : IVerifyCheck
{
    public string Name => "orders";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (orders, lines, holds, payments) = (db.PaymentOrders, db.OrderLines, db.BillHolds, db.Payments);
        var facts = orders.AsNoTracking().Where(o => community == null || o.CommunityId == community).Select(o => new
        {
            Order = o,
            Principal = lines.Where(l => l.OrderId == o.Id && l.BillLineId != null).Sum(l => (long?)l.Fen) ?? 0,
            Discount = lines.Where(l => l.OrderId == o.Id).Sum(l => (long?)l.DiscountFen) ?? 0,
            LateFee = lines.Where(l => l.OrderId == o.Id && l.BillLineId == null).Sum(l => (long?)l.Fen) ?? 0,
            // Bills, not lines: the first line of each bill counts.
            Bills = lines.Count(l => l.OrderId == o.Id && !lines.Any(before => before.OrderId == o.Id && before.BillId == l.BillId && before.Number < l.Number)),
            Held = holds.Count(h => h.OrderId == o.Id),
            Booked = payments.Count(p => p.OrderId == o.Id && p.Outcome != PaymentOutcome.Suspense),
        }).AsAsyncEnumerable();
        await foreach (var fact in facts.WithCancellation(cancel))
        {
            var order = fact.Order;
            var subject = $"PaymentOrders/{order.OutTradeNo}";
            if (fact.Principal != order.PrincipalFen || fact.Discount != order.DiscountFen || fact.LateFee != order.LateFeeFen)
                yield return new(Name, subject, $"订单本金、优惠、违约金为 {order.PrincipalFen}、{order.DiscountFen}、{order.LateFeeFen} 分，明细合计为 {fact.Principal}、{fact.Discount}、{fact.LateFee} 分");
            if (RecomputedQuote.HashOf(order.Quote, order.CreatedAt) != order.QuoteHash) yield return new(Name, subject, "冻结的试算重算后指纹不符");
            if (order.IsOpen ? fact.Held != fact.Bills : fact.Held != 0)
                yield return new(Name, subject, $"订单状态 {order.State}，占用账单 {fact.Held} 张，应为 {(order.IsOpen ? fact.Bills : 0)} 张");
            if (order.State == OrderState.Paid != fact.Booked > 0) yield return new(Name, subject, $"订单状态 {order.State}，已入账付款 {fact.Booked} 笔");
        }

        // A hold or a line without its order belongs to no community: it is told whenever anybody asks.
        await foreach (var hold in holds.AsNoTracking().Where(h => !orders.Any(o => o.Id == h.OrderId)).AsAsyncEnumerable().WithCancellation(cancel))
            yield return new(Name, $"BillHolds/{hold.BillId:N}", "占用账单的订单不存在");
    }
}
