using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="Reference">Number of the card slip or of the transfer; not for cash.</param>
/// <param name="Terminal">The card terminal; with a card.</param>
/// <param name="BankAccountId">Where a transfer leaves from; with a transfer.</param>
/// <param name="Evidence">Where the proof of a transfer lies; needed with one.</param>
public sealed record PayRefundRequest(
    [property: RegularExpression("^[A-Za-z0-9-]{4,64}$")] string? Reference = null,
        [property: RegularExpression("^[A-Za-z0-9-]{1,24}$")] string? Terminal = null,
    Guid? BankAccountId = null, [property: MaxLength(190)] string? Evidence = null);

/// <param name="CashFen">What was paid out.</param>
public sealed record PaidRefund(Guid RefundId, RefundState State, long CashFen);

/// <summary>An approved refund is paid out by a person and booked: cash from the cashier's open drawer, a card at the terminal, a transfer by
/// finance with its
/// bank reference and evidence. Bills, points, budgets and the receipt follow in the same transaction.</summary>
/// <remarks>Errors: <c>refund_not_found</c>, <c>bank_account_not_found</c> 404; <c>refund_not_approved</c>, <c>no_open_shift</c>,
/// <c>drawer_too_little</c> 409;
/// <c>not_allowed</c> 403; <c>refund_payout_invalid</c> 400.</remarks>
public sealed class PayRefund(
    OwnerPayDb db, Shifts shifts, BookRefund book, Messages messages, WorkItems workItems, MasterKey master, Audit audit)
{
    static readonly Error NotFound = new(404, "refund_not_found", "没有找到该笔退款");
    static readonly Error NotApproved = new(409, "refund_not_approved", "该笔退款未经批准、已付出或由微信退回，不能在此付款");
    static readonly Error TooLittle = new(409, "drawer_too_little", "钱箱现金不足，请先收款或改由其他班次支付");
    static readonly Error Invalid = new(400, "refund_payout_invalid", "付款信息不完整");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/refunds/{id:guid}/pay", Post).WithName("payRefund")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, KeepBankAccounts.NotFound, NotApproved,
                Shifts.NoneOpen, TooLittle,
                Problems.NotAllowed, Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/refunds/{id:guid}/payee", GetPayee).WithName("showRefundPayee")
            .ForStaff(StaffRole.Finance).CanFail(NotFound);
    }

    static async Task<Results<Ok<PaidRefund>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, PayRefundRequest request, PayRefund pay, CancellationToken cancel) =>
        (await pay.Run(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    /// <summary>Whom a transfer goes to, whole: a sensitive read, written down.</summary>
    static async Task<Results<Ok<RefundPayee>, ProblemHttpResult>> GetPayee(Guid id, StaffMember by, PayRefund pay, CancellationToken cancel)
    {
        var wrapped = await pay.db.Refunds.Where(r => r.Id == id && r.CommunityId == by.CommunityId).Select(r => r.PayeeWrapped)
            .SingleOrDefaultAsync(cancel);
        if (wrapped is null) return NotFound.ToProblem();
        pay.audit.Add(by, "refund.payee-read", id, new { });
        await pay.db.SaveChangesAsync(cancel);
        return TypedResults.Ok(JsonSerializer.Deserialize<RefundPayee>(pay.master.UnwrapText(Refund.PayeePurpose, wrapped), Json.Options)!);
    }

    readonly OwnerPayDb db = db;
    readonly MasterKey master = master;
    readonly Audit audit = audit;

    public Task<Result<PaidRefund>> Run(Guid id, PayRefundRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<PaidRefund>(key, new { by.CommunityId, id, request }, async () =>
        {
            var known = await db.Refunds.AsNoTracking().Where(r => r.Id == id && r.CommunityId == by.CommunityId)
                .Select(r => new { r.PaymentId, r.Channel, r.CashFen, r.State }).SingleOrDefaultAsync(cancel);
            if (known is null) return NotFound;
            if (known.State != RefundState.Approved) return NotApproved;    // asked again behind the lock
            var from = await From(known.Channel, known.CashFen, request, by, cancel);    // the shift's lock comes before all others
            if (from.Refusal is { } refusal) return refusal;
            var payment = await db.Payments.AsNoTracking().Where(p => p.Id == known.PaymentId).ForUpdate().SingleAsync(cancel);
            var refund = await db.Refunds.Where(r => r.Id == id).ForUpdate().SingleAsync(cancel);
            if (refund.State != RefundState.Approved) return NotApproved;
            (refund.ShiftId, refund.PaidBy, refund.PaidReference, refund.Evidence) = (from.Value.Shift, by.StaffId, request.Reference,
                request.Evidence);
            await book.PayOut(refund, payment, from.Value.Account, from.Value.Summary, cancel);
            if (refund is { PersonId: { } person, HouseId: { } house })
                await messages.Tell(RefundMessage.Name, refund.CommunityId, person, refund.Id, house, null, cancel);
            if (payment.Outcome == PaymentOutcome.Suspense && refund.AmountFen == payment.TotalFen)
                await workItems.Finish(SettlePayment.SuspenseNews, payment.Id, by.StaffId, "款项已全额退回", cancel);
            audit.Add(by, "refund.paid", id, new { refund.Channel, refund.CashFen, request.Reference });
            return new PaidRefund(id, refund.State, refund.CashFen);
        }, cancel);

    sealed record PaidFrom(string Account, Guid? Shift, string Summary);

    async Task<Result<PaidFrom>> From(RefundChannel channel, long fen, PayRefundRequest request, StaffMember by, CancellationToken cancel)
    {
        if (channel == RefundChannel.WeChat) return NotApproved;
        if (!by.Has(channel == RefundChannel.Transfer ? StaffRole.Finance : StaffRole.Cashier)) return Problems.NotAllowed;
        if (channel == RefundChannel.Transfer)
        {
            if (request.Reference is null) return Invalid.At("reference", "须填写转账流水号");
            if (string.IsNullOrWhiteSpace(request.Evidence)) return Invalid.At("evidence", "须说明转账凭证存放处");
            var account = await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == request.BankAccountId
                && a.CommunityId == by.CommunityId, cancel);
            return account is null ? KeepBankAccounts.NotFound : new PaidFrom(Accounts.Bank(account.Code), null, "银行转账退款，冲回账单");
        }
        var shift = await shifts.OpenOf(by, cancel);
        if (shift is null) return Shifts.NoneOpen;
        if (channel == RefundChannel.Cash)
            return shift.FloatFen + await shifts.CashOf(shift.Id, cancel) < fen ? TooLittle
                : new PaidFrom(Accounts.Cash(by.StaffId), shift.Id, "现金退款，冲回账单");
        if (request.Terminal is null || request.Reference is null) return Invalid.At(request.Terminal is null ? "terminal" : "reference",
            "须填写终端号和退款凭证号");
        return new PaidFrom(Accounts.Pos(request.Terminal), shift.Id, "刷卡退款，冲回账单");
    }
}
