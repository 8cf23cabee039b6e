using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Payments.Explained;

namespace OwnerPay.Service.Payments;

/// <summary>One part of an order's life.</summary>
/// <param name="Lines">In Chinese, for people; personal data masked.</param>
public sealed record ExplainedPart(string Title, IReadOnlyList<string> Lines);

/// <param name="OutTradeNo">WeChat's order number.</param>
public sealed record Explanation(Guid OrderId, string OutTradeNo, OrderState State, IReadOnlyList<ExplainedPart> Parts);

/// <summary>The whole life of an order from the database: quote, order, callbacks as received, bookings, refunds, after-commit work, messages. For finance and
/// for the verb.</summary>
public sealed class ExplainOrder(OwnerPayDb db, ExplainRefunds refunds, ExplainJournals journals)
{
    static readonly Error NotFound = new(404, "order_not_found", "没有找到该订单");

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/payments/{orderId:guid}/explain", Get).WithName("explainPayment")
        .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);

    static async Task<Results<Ok<Explanation>, ProblemHttpResult>> Get(Guid communityId, Guid orderId, ExplainOrder explain, CancellationToken cancel) =>
        await explain.Run(orderId, communityId, cancel) is { } explanation ? TypedResults.Ok(explanation) : NotFound.ToProblem();

    /// <param name="community">Only of this community; null for all.</param>
    /// <returns>Null when there is no such order.</returns>
    public async Task<Explanation?> Run(Guid orderId, Guid? community, CancellationToken cancel)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == orderId && (community == null || o.CommunityId == community), cancel);
        if (order is null) return null;
        var payments = await db.Payments.AsNoTracking().Where(p => p.OrderId == orderId).OrderBy(p => p.BookedAt).ThenBy(p => p.Id).ToListAsync(cancel);
        var paid = payments.Select(p => p.Id).ToList();
        var back = await db.Refunds.AsNoTracking().Where(r => paid.Contains(r.PaymentId)).OrderBy(r => r.RequestedAt).ThenBy(r => r.Id).ToListAsync(cancel);
        List<Guid> subjects = [.. paid, order.Id, .. back.Select(r => r.Id)];
        return new Explanation(order.Id, order.OutTradeNo, order.State,
        [
            await Quote(order, cancel), await Order(order, cancel), await Callbacks(order, cancel), await Bookings(payments, cancel),
            .. await refunds.Run(back, cancel), await Work(subjects, cancel), await Messages(subjects, cancel),
        ]);
    }

    async Task<ExplainedPart> Quote(PaymentOrder order, CancellationToken cancel)
    {
        var lines = await db.OrderLines.AsNoTracking().Where(l => l.OrderId == order.Id).OrderBy(l => l.Number).ToListAsync(cancel);
        var text = new List<string>
        {
            $"{At(order.CreatedAt)} 本金 {Yuan(order.PrincipalFen)}，优惠 {Yuan(order.DiscountFen)}，违约金 {Yuan(order.LateFeeFen)}，应付 {Yuan(order.PayableFen)}",
            $"试算指纹 {order.QuoteHash}，现重算 {RecomputedQuote.HashOf(order.Quote, order.CreatedAt) ?? "无法读取"}",
        };
        text.AddRange(lines.Select(l => $"{l.Number}. 账单 {l.BillId:N} {(l.BillLineId is { } line ? $"明细 {line:N}" : "违约金")}：{Yuan(l.Fen)}，其中优惠 {Yuan(l.DiscountFen)} {l.Offers}"));
        text.Add(order.Quote);
        return new("试算", text);
    }

    async Task<ExplainedPart> Order(PaymentOrder order, CancellationToken cancel)
    {
        var house = await db.Houses.Where(h => h.Id == order.HouseId).Select(h => h.Code).SingleAsync(cancel);
        var held = await db.BillHolds.CountAsync(h => h.OrderId == order.Id, cancel);
        return new("订单",
        [
            $"房屋 {house}，付款人 {Mask.OpenId(order.OpenId)}，状态 {order.State}，占用账单 {held} 张",
            $"创建 {At(order.CreatedAt)}，有效至 {At(order.ExpiresAt)}，结束 {At(order.EndedAt)}",
            $"预支付编号 {order.PrepayId ?? "—"}；向微信查询 {order.Asks} 次，最近 {At(order.LastAskedAt)}",
            order.OpenId.Length == 0 ? Encoding.UTF8.GetString(order.Request)
                : Encoding.UTF8.GetString(order.Request).Replace(order.OpenId, Mask.OpenId(order.OpenId), StringComparison.Ordinal),
        ]);
    }

    async Task<ExplainedPart> Callbacks(PaymentOrder order, CancellationToken cancel) => new("微信通知（原样）",
        [.. (await db.WeChatCallbacks.AsNoTracking().Where(c => c.OutTradeNo == order.OutTradeNo).OrderBy(c => c.ReceivedAt).ThenBy(c => c.Id).ToListAsync(cancel)).SelectMany(Lines)]);

    static IEnumerable<string> Lines(WeChatCallback callback) =>
    [
        $"{At(callback.ReceivedAt)} {callback.EventType} {callback.NotificationId}，共 {callback.Times} 次，结果 {callback.Outcome ?? "未处理"}，微信交易 {callback.TransactionId}",
        callback.Headers, Encoding.UTF8.GetString(callback.Body),
    ];

    async Task<ExplainedPart> Bookings(List<Payment> payments, CancellationToken cancel)
    {
        var text = new List<string>();
        foreach (var payment in payments)
        {
            text.Add($"{At(payment.BookedAt)} 入账 {payment.Id:N}：{payment.Channel} {payment.TransactionId}，总额 {Yuan(payment.TotalFen)}，"
                + $"实收 {Yuan(payment.ReceivedFen)}，支付于 {At(payment.PaidAt)}，去向 {payment.Outcome}");
            var receipt = await db.Receipts.AsNoTracking().SingleOrDefaultAsync(r => r.PaymentId == payment.Id, cancel);
            if (receipt is not null) text.Add($"收据 {(receipt.Number is { } number ? ShowReceipt.Text(receipt.Year, number) : ShowReceipt.NumberInTheMaking)}，{Yuan(receipt.AmountFen)}");
            text.AddRange(await journals.Of(payment.Id, cancel));
        }
        return new("入账与凭证", text);
    }

    async Task<ExplainedPart> Work(List<Guid> subjects, CancellationToken cancel)
    {
        var rows = await db.OutboxRows.AsNoTracking().Where(r => subjects.Contains(r.SubjectId)).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancel);
        var items = await db.WorkItems.AsNoTracking().Where(i => subjects.Contains(i.SubjectId)).OrderBy(i => i.CreatedAt).ThenBy(i => i.Id).ToListAsync(cancel);
        return new("后续处理",
        [
            .. rows.Select(r => $"{At(r.CreatedAt)} {r.Kind} → {r.Handler}：{r.State}，尝试 {r.Attempts} 次 {r.LastError}"),
            .. items.Select(i => $"{At(i.CreatedAt)} 待办 {i.Kind} {i.Title}：{i.State} {i.Resolution}"),
        ]);
    }

    async Task<ExplainedPart> Messages(List<Guid> subjects, CancellationToken cancel)
    {
        var (messages, deliveries) = (db.Messages, db.Deliveries);
        var told = await messages.AsNoTracking().Where(m => subjects.Contains(m.SubjectId)).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).ToListAsync(cancel);
        var sent = await deliveries.AsNoTracking().Where(d => subjects.Contains(d.SubjectId)).OrderBy(d => d.CreatedAt).ThenBy(d => d.Id).ToListAsync(cancel);
        return new("消息", [.. told.SelectMany(m => (IEnumerable<string>)
        [
            $"{At(m.CreatedAt)} {m.Kind} {m.Title}",
            .. sent.Where(d => d.MessageId == m.Id).Select(d =>
                $"  {ChannelNames.Of(d.Channel)} {d.State}，尝试 {d.Attempts} 次 {d.Reason} {d.ProviderId}"),
        ])]);
    }
}
