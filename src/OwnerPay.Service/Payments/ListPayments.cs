using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <param name="OrderId">Null for money of no order of ours.</param>
/// <param name="ReceiptNumber">Null while it is in the making, and for money in suspense.</param>
public sealed record PaymentLine(
    Guid PaymentId, Guid? OrderId, string? House, string Channel, string TransactionId, long TotalFen, long ReceivedFen, long OwnCouponFen,
    DateTimeOffset PaidAt, PaymentOutcome Outcome, DateTimeOffset BookedAt, string? ReceiptNumber);

/// <summary>Payments of a community as finance sees them, the newest first.</summary>
public sealed class ListPayments(OwnerPayDb db)
{
    const int PageSize = 50;

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/payments", Get).WithName("listCommunityPayments")
        .ForStaff(StaffRole.Finance, StaffRole.Cashier, StaffRole.Manager).CanFail(Cursor.Invalid);

    static async Task<Results<Ok<Page<PaymentLine>>, ProblemHttpResult>> Get(Guid communityId, ListPayments list, CancellationToken cancel, string? cursor = null) =>
        (await list.Run(communityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    public async Task<Result<Page<PaymentLine>>> Run(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (orders, houses, receipts) = (db.PaymentOrders, db.Houses, db.Receipts);
        var query = db.Payments.AsNoTracking().Where(p => p.CommunityId == community);
        var rows = await query.NewestFirst(after, p => new Cursor(p.BookedAt, p.Id)).Take(PageSize + 1).Select(p => new
        {
            Payment = p,
            House = orders.Where(o => o.Id == p.OrderId).Join(houses, o => o.HouseId, h => h.Id, (o, h) => h.Code).FirstOrDefault(),
            Receipt = receipts.Where(r => r.PaymentId == p.Id).Select(r => new { r.Year, r.Number }).FirstOrDefault(),
        }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Payment.BookedAt, row.Payment.Id)).Select(row => new PaymentLine(
            row.Payment.Id, row.Payment.OrderId, row.House, row.Payment.Channel, row.Payment.TransactionId, row.Payment.TotalFen, row.Payment.ReceivedFen,
            row.Payment.OwnCouponFen, row.Payment.PaidAt, row.Payment.Outcome, row.Payment.BookedAt,
            row.Receipt is { Number: { } number } receipt ? ShowReceipt.Text(receipt.Year, number) : null));
    }
}
