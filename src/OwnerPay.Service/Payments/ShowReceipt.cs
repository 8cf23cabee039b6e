using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <param name="Title">What was paid: the bill line's title, or 违约金.</param>
/// <param name="Fen">Settled of it.</param>
/// <param name="DiscountFen">The part that offers gave.</param>
public sealed record ReceiptLine(string Title, DateOnly? From, DateOnly? To, long Fen, long DiscountFen);

/// <param name="Number">Such as <c>2026-000123</c>, without gaps per community and year; a note while it is in the making.</param>
/// <param name="AmountFen">Received.</param>
/// <param name="AmountInWords">The same in capital numerals.</param>
/// <param name="VoidedAt">When all of it had been refunded: the receipt is void (作废); null while it is good.</param>
/// <param name="PrepaidUsedFen">What prepaid money paid beside it.</param>
/// <param name="PrepaidFen">Part that went to the prepaid balance.</param>
public sealed record ReceiptView(
    Guid ReceiptId, string Number, bool Numbered, string Community, string House, long AmountFen, string AmountInWords, long DiscountFen, long PrepaidFen, long PrepaidUsedFen,
    DateTimeOffset PaidAt, string Channel, string TransactionId, IReadOnlyList<ReceiptLine> Lines, DateTimeOffset? VoidedAt);

/// <summary>The receipt of a paid order.</summary>
/// <remarks>Errors: <c>order_not_found</c> 404; <c>receipt_not_ready</c> 409 while it is not paid.</remarks>
public sealed class ShowReceipt(OwnerPayDb db, PaymentChannels channels)
{
    public const string NumberInTheMaking = "编号生成中";
    public static readonly Error NotReady = new(409, "receipt_not_ready", "订单尚未支付，暂无收据");

    public static void Map(Doors doors) => doors.Owner.MapGet("/houses/{houseId}/payments/{orderId:guid}/receipt", Get)
        .WithName("showReceipt").ForOwners().CanFail(ShowOrder.NotFound, NotReady, Member.HouseNotFound);

    static async Task<Results<Ok<ReceiptView>, ProblemHttpResult>> Get(Guid orderId, Member member, ShowReceipt show, CancellationToken cancel) =>
        (await show.Run(orderId, member, cancel)).ToHttp(receipt => TypedResults.Ok(receipt));

    /// <summary>How a number is written.</summary>
    public static string Text(int year, long number) => string.Create(CultureInfo.InvariantCulture, $"{year}-{number:000000}");

    public async Task<Result<ReceiptView>> Run(Guid orderId, Member member, CancellationToken cancel)
    {
        var order = await ShowOrder.Visible(db, member).SingleOrDefaultAsync(o => o.Id == orderId, cancel);
        if (order is null) return ShowOrder.NotFound;
        var (payments, receipts) = (db.Payments, db.Receipts);
        var found = await payments.AsNoTracking().Where(p => p.OrderId == orderId).Join(receipts.AsNoTracking(), p => p.Id, r => r.PaymentId, (p, r) => new { Payment = p, Receipt = r })
            .OrderBy(f => f.Payment.BookedAt).FirstOrDefaultAsync(cancel);
        return found is null ? NotReady : await View(found.Payment, found.Receipt, cancel);
    }

    /// <summary>The receipt of a payment for staff; null where there is none, or none in this community.</summary>
    public async Task<ReceiptView?> OfPayment(Guid community, Guid paymentId, CancellationToken cancel)
    {
        var (payments, receipts) = (db.Payments, db.Receipts);
        var found = await payments.AsNoTracking().Where(p => p.Id == paymentId && p.CommunityId == community)
            .Join(receipts.AsNoTracking(), p => p.Id, r => r.PaymentId, (p, r) => new { Payment = p, Receipt = r }).SingleOrDefaultAsync(cancel);
        return found is null ? null : await View(found.Payment, found.Receipt, cancel);
    }

    /// <summary>A receipt as it is shown and printed.</summary>
    public async Task<ReceiptView> View(Payment payment, Receipt receipt, CancellationToken cancel)
    {
        var lines = db.BillLines;
        var reductions = await db.BillReductions.AsNoTracking().Where(r => r.SourceKind == Payment.Source && r.SourceId == payment.Id
            || r.SourceKind == OrderPrepaid.Held && r.SourceId == payment.OrderId).ToListAsync(cancel);
        var ids = reductions.Select(r => r.BillLineId).OfType<Guid>().ToList();
        var titles = await lines.AsNoTracking().Where(l => ids.Contains(l.Id)).ToDictionaryAsync(l => l.Id, cancel);
        var prepaid = await db.PrepaidEntries.Where(e => e.SourceKind == Payment.Source && e.SourceId == payment.Id).SumAsync(e => e.DeltaFen, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == receipt.CommunityId, cancel);
        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == receipt.HouseId, cancel);
        return new ReceiptView(
            receipt.Id, receipt.Number is { } number ? Text(receipt.Year, number) : NumberInTheMaking, receipt.Number is not null, community.Name, house.Code,
            receipt.AmountFen, AmountInWords.Of(new Fen(receipt.AmountFen)), reductions.Sum(r => r.DiscountFen), prepaid,
            reductions.Where(r => r.SourceKind == OrderPrepaid.Held).Sum(r => r.Fen), payment.PaidAt,
            payment.Channel != Payment.Nothing ? channels.Of(payment.Channel).Title
                : reductions.Exists(r => r.SourceKind == OrderPrepaid.Held) ? "预存款抵扣" : "优惠全额抵扣", payment.TransactionId,
            [.. reductions.GroupBy(r => (r.BillId, r.BillLineId)).Select(g => (g.Key.BillLineId, Id: g.Min(r => r.Id), Fen: g.Sum(r => r.Fen), DiscountFen: g.Sum(r => r.DiscountFen)))
                .OrderBy(r => r.BillLineId is { } id ? titles[id].From : DateOnly.MaxValue).ThenBy(r => r.Id).Select(r => r.BillLineId is { } id
                ? new ReceiptLine(titles[id].Title, titles[id].From, titles[id].To, r.Fen, r.DiscountFen)
                : new ReceiptLine("违约金", null, null, r.Fen, r.DiscountFen))], receipt.VoidedAt);
    }
}
