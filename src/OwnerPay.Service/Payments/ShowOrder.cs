using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <param name="Text">What the owner should know now, in Chinese.</param>
/// <param name="PrepaidFen">Part of the price that prepaid money pays, beside <paramref name="PayableFen"/>.</param>
/// <param name="TopUpFen">Money for the prepaid balance.</param>
/// <param name="Refunds">Money that goes back, since it was approved.</param>
/// <param name="ReceiptReady">The receipt can be opened; its number may still be in the making.</param>
public sealed record OrderPage(
    Guid OrderId, OrderState State, string Text, long PrincipalFen, long DiscountFen, long LateFeeFen, long PayableFen,
    long PrepaidFen, long TopUpFen, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? PaidAt, bool ReceiptReady, IReadOnlyList<Guid> BillIds,
    IReadOnlyList<OrderRefund> Refunds);

public sealed record OrderListItem(Guid OrderId, OrderState State, long PayableFen, long DiscountFen, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt);

/// <summary>An owner looks at an order. While it is open, looking asks WeChat, so that nobody waits for a callback that was lost.</summary>
/// <remarks>Errors: <c>order_not_found</c> 404, also for orders of other people's time in the house.</remarks>
public sealed class ShowOrder(OwnerPayDb db, AskWeChat ask, ShowRefunds refunds, Clock clock)
{
    public static readonly Error NotFound = new(404, "order_not_found", "没有找到该订单");
    const int PageSize = 20;

    /// <summary>However many look, on however many instances, WeChat is asked at most so often about an order.</summary>
    static readonly TimeSpan AskGap = TimeSpan.FromSeconds(3);

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/payments", GetList).WithName("listPayments").ForOwners().CanFail(Cursor.Invalid, Member.HouseNotFound);
        doors.Owner.MapGet("/houses/{houseId}/payments/{orderId:guid}", GetOne).WithName("showPayment").ForOwners().CanFail(NotFound, Member.HouseNotFound);
    }

    static async Task<Results<Ok<Page<OrderListItem>>, ProblemHttpResult>> GetList(Member member, ShowOrder show, CancellationToken cancel, string? cursor = null) =>
        (await show.List(member, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<OrderPage>, ProblemHttpResult>> GetOne(Guid orderId, Member member, ShowOrder show, CancellationToken cancel) =>
        (await show.One(orderId, member, cancel)).ToHttp(page => TypedResults.Ok(page));

    /// <summary>What a member may see: what he paid himself and what was paid for liable parties that he belongs to.</summary>
    public static IQueryable<PaymentOrder> Visible(OwnerPayDb db, Member member)
    {
        var parties = member.PartyIds;
        return db.PaymentOrders.AsNoTracking().Where(o => o.HouseId == member.HouseId && (o.WeChatUserId == member.WeChatUserId || parties.Contains(o.PartyId)));
    }

    async Task<Result<Page<OrderListItem>>> List(Member member, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (query, payments) = (Visible(db, member), db.Payments);
        var rows = await query.NewestFirst(after, o => new Cursor(o.CreatedAt, o.Id)).Take(PageSize + 1).Select(o => new OrderListItem(
            o.Id, o.State, o.PayableFen, o.DiscountFen, o.CreatedAt, payments.Where(p => p.OrderId == o.Id).Min(p => (DateTimeOffset?)p.PaidAt)))
            .ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.OrderId));
    }

    Task<Result<OrderPage>> One(Guid orderId, Member member, CancellationToken cancel) => One(orderId, Visible(db, member), cancel);

    /// <param name="visible">The orders that exist for who looks.</param>
    public async Task<Result<OrderPage>> One(Guid orderId, IQueryable<PaymentOrder> visible, CancellationToken cancel)
    {
        var order = await visible.SingleOrDefaultAsync(o => o.Id == orderId, cancel);
        if (order is null) return NotFound;
        Asked? asked = null;
        if (order.IsOpen)
        {
            asked = await ask.About(orderId, AskGap, chase: false, cancel);
            order = await visible.SingleAsync(o => o.Id == orderId, cancel);
        }
        var payments = await db.Payments.AsNoTracking().Where(p => p.OrderId == orderId).OrderBy(p => p.PaidAt).ToListAsync(cancel);
        var bills = await db.OrderLines.Where(l => l.OrderId == orderId).Select(l => l.BillId).Distinct().ToListAsync(cancel);
        var applied = payments.FirstOrDefault(p => p.Outcome != PaymentOutcome.Suspense);
        return new OrderPage(order.Id, order.State, Text(order, payments, asked), order.PrincipalFen, order.DiscountFen, order.LateFeeFen, order.PayableFen,
            order.PrepaidFen, order.TopUpFen, order.CreatedAt, order.ExpiresAt,
            (applied ?? payments.FirstOrDefault())?.PaidAt, applied is not null, [.. bills.Order()], await refunds.OfOrder(orderId, cancel));
    }

    string Text(PaymentOrder order, List<Payment> payments, Asked? asked)
    {
        if (payments.Any(p => p.Outcome == PaymentOutcome.Suspense)) return "款项已收到，财务正在核实，请勿重复支付";
        return order.State switch
        {
            OrderState.Paid when order.TopUpFen > 0 => "预存成功，已记入预存余额",
            OrderState.Paid when payments.Any(p => p.Outcome == PaymentOutcome.Prepaid) => "缴费成功，多出的款项已转入预存余额",
            OrderState.Paid => "缴费成功",
            OrderState.Closed => "订单已关闭，未产生扣款；如仍需缴费请重新下单",
            _ when asked == Asked.Silent || order.ExpiresAt <= clock.Now() => "我们正在向微信确认，请勿重复支付",
            _ => $"等待支付，请在 {order.ExpiresAt.ToOffset(Clock.ShanghaiOffset).ToString("HH:mm", CultureInfo.InvariantCulture)} 前完成；如已付款，请勿重复支付，我们正在向微信确认",
        };
    }
}
