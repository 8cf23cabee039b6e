using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="Cashier">Who took the money at the counter; null for money that came otherwise.</param>
/// <param name="Reference">Number of the card slip or of the transfer.</param>
public sealed record CounterReceipt(
    Guid PaymentId, ReceiptView Receipt, string? Cashier, CounterWay? Way, string? Terminal, string? Reference, long? TenderedFen, long? ChangeFen);

/// <summary>What is printed on the receipt of a payment, now or again: at the counter, on the doorstep, for any payment of the community.</summary>
/// <remarks>Errors: <c>receipt_not_found</c> 404.</remarks>
public sealed class ShowCounterReceipt(OwnerPayDb db, ShowReceipt receipts)
{
    static readonly Error NotFound = new(404, "receipt_not_found", "没有找到该笔收款的收据");

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/counter/payments/{id:guid}/receipt", Get)
        .WithName("showCounterReceipt")
        .ForStaff(StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);

    static async Task<Results<Ok<CounterReceipt>, ProblemHttpResult>> Get(Guid id, StaffMember by, ShowCounterReceipt show,
        CancellationToken cancel) =>
        await show.Run(id, by.CommunityId, cancel) is { } receipt ? TypedResults.Ok(receipt) : NotFound.ToProblem();

    /// <returns>Null when the community has no such payment, or the payment no receipt.</returns>
    public async Task<CounterReceipt?> Run(Guid id, Guid community, CancellationToken cancel)
    {
        var payment = await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.CommunityId == community, cancel);
        var receipt = await db.Receipts.AsNoTracking().SingleOrDefaultAsync(r => r.PaymentId == id && r.CommunityId == community, cancel);
        if (payment is null || receipt is null) return null;
        var (shifts, accounts) = (db.CashShifts, db.StaffAccounts);
        var taken = await db.CounterPayments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel);
        var cashier = taken is null ? null
            : await shifts.Where(s => s.Id == taken.ShiftId).Join(accounts, s => s.CashierId, a => a.Id, (s, a) => a.Name)
                .SingleOrDefaultAsync(cancel);
        return new CounterReceipt(id, await receipts.View(payment, receipt, cancel), cashier, taken?.Way, taken?.Terminal, taken?.Reference,
            taken?.TenderedFen,
            taken is null ? null : taken.TenderedFen - taken.AmountFen);
    }
}
