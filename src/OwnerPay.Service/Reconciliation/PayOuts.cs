using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <param name="AmountFen">Fen to the bank; below 0: from it.</param>
/// <param name="BankReference">What the bank's statement calls it; null until it is seen there.</param>
public sealed record PayOutView(Guid Id, string MchId, DateOnly Day, string FlowNo, long AmountFen, DateTimeOffset At, string? BankReference, DateOnly? ArrivedOn);

/// <param name="BankReference">Number of the row in the bank's statement.</param>
/// <param name="On">Shanghai date of that row.</param>
/// <param name="AmountFen">Its amount, fen; it must be that of the pay-out.</param>
public sealed record PayOutArrived([property: Required, StringLength(64, MinimumLength = 4)] string BankReference, DateOnly On, long AmountFen);

/// <summary>What WeChat paid out to the bank, and the rows of the bank's statement in which it arrived.</summary>
/// <remarks>Errors: <c>pay_out_not_found</c> 404; <c>pay_out_amount</c> 400; <c>pay_out_arrived</c>, <c>bank_row_taken</c> 409.</remarks>
public sealed class PayOuts(OwnerPayDb db, Audit audit, Clock clock)
{
    const int PageSize = 50;
    static readonly Error NotFound = new(404, "pay_out_not_found", "没有找到该笔提现");
    static readonly Error AmountDiffers = new(400, "pay_out_amount", "银行流水金额与提现金额不一致") { Field = "amountFen" };
    static readonly Error ArrivedAlready = new(409, "pay_out_arrived", "该笔提现已核对到账");
    static readonly Error RowTaken = new(409, "bank_row_taken", "该笔银行流水已核对给另一笔提现") { Field = "bankReference" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/pay-outs", List).WithName("listPayOuts")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/pay-outs/{id:guid}/arrived", Post).WithName("payOutArrived")
            .ForStaff(StaffRole.Finance).CanFail(Problems.Validation, NotFound, AmountDiffers, ArrivedAlready, RowTaken);
    }

    static async Task<Results<Ok<Page<PayOutView>>, ProblemHttpResult>> List(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, bool waiting = false, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var accounts = db.MerchantAccounts;
        var found = db.WeChatPayOuts.AsNoTracking().Where(p => p.CommunityId == by.CommunityId && (!waiting || p.ArrivedOn == null));
        var rows = await found.NewestFirst(after, p => new Cursor(p.At, p.Id)).Take(PageSize + 1)
            .Select(p => new PayOutView(p.Id, accounts.Where(m => m.Id == p.MerchantAccountId).Select(m => m.MchId).Single(), p.Day, p.FlowNo, p.AmountFen, p.At,
                p.BankReference, p.ArrivedOn)).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, p => new Cursor(p.At, p.Id)));
    }

    static async Task<Results<Ok<PayOutView>, ProblemHttpResult>> Post(Guid id, StaffMember by, PayOutArrived request, PayOuts payOuts, CancellationToken cancel) =>
        (await payOuts.Arrived(id, request, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<PayOutView>> Arrived(Guid id, PayOutArrived request, StaffMember by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        var payOut = await db.WeChatPayOuts.Where(p => p.Id == id && p.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (payOut is null) return NotFound;
        if (payOut.AmountFen != request.AmountFen) return AmountDiffers;
        if (payOut.ArrivedOn is not null) return ArrivedAlready;
        await Arrive(payOut, request.BankReference, request.On, by.StaffId, cancel);
        audit.Add(by, "pay-out.arrived", id, new { payOut.FlowNo, payOut.AmountFen, request.BankReference, request.On });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "WeChatPayOuts", "CommunityId", "BankReference"))
        {
            return RowTaken;
        }
        await transaction.CommitAsync(cancel);
        var mchId = await db.MerchantAccounts.Where(m => m.Id == payOut.MerchantAccountId).Select(m => m.MchId).SingleAsync(cancel);
        return new PayOutView(payOut.Id, mchId, payOut.Day, payOut.FlowNo, payOut.AmountFen, payOut.At, payOut.BankReference, payOut.ArrivedOn);
    }

    /// <summary>Writes down that the bank has it, and solves the difference that missed it.</summary>
    async Task Arrive(WeChatPayOut payOut, string reference, DateOnly on, Guid? by, CancellationToken cancel)
    {
        (payOut.BankReference, payOut.ArrivedOn, payOut.ArrivedBy) = (reference, on, by);
        var missed = await db.Differences.Where(d => d.MerchantAccountId == payOut.MerchantAccountId && d.Cause == DifferenceCause.PayOutNotArrived
            && d.Reference == payOut.FlowNo && d.State == DifferenceState.Open).ForUpdate().SingleOrDefaultAsync(cancel);
        missed?.Solve(DifferenceState.Resolved, by, DifferenceTexts.Arrived(on, reference), clock.Now());
    }
}
