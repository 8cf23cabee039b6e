using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="Slip">Number of the bank's slip; the bank statement's row is found by it.</param>
/// <param name="On">Shanghai date on the slip.</param>
public sealed record DepositRequest(Guid BankAccountId, [property: Required, StringLength(64, MinimumLength = 1)] string Slip, DateOnly On);

/// <param name="AmountFen">The takings: what was counted less the float.</param>
public sealed record DepositAnswer(Guid DepositId, long AmountFen);

/// <summary>Finance pays the takings of a confirmed shift into the bank; the float stays in the safe.</summary>
/// <remarks>Errors: <c>shift_not_found</c>, <c>bank_account_not_found</c> 404; <c>shift_not_confirmed</c>, <c>shift_deposited</c>,
/// <c>nothing_to_deposit</c>,
/// <c>slip_known</c> 409; <c>deposit_date_invalid</c> 400.</remarks>
public sealed class DepositCash(OwnerPayDb db, Shifts shifts, Books books, Audit audit, Clock clock)
{
    static readonly Error NotConfirmed = new(409, "shift_not_confirmed", "该班次的现金尚未由财务确认，不能缴存银行");
    static readonly Error Deposited = new(409, "shift_deposited", "该班次的现金已缴存银行");
    static readonly Error Nothing = new(409, "nothing_to_deposit", "该班次没有可缴存的现金");
    static readonly Error SlipKnown = new(409, "slip_known", "该缴款单号已登记过") { Field = "slip" };
    static readonly Error DateInvalid = new(400, "deposit_date_invalid", "缴存日期应在交班确认之日与今天之间") { Field = "on" };

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/counter/shifts/{id:guid}/deposit", Post)
        .WithName("depositCash")
        .ForStaff(StaffRole.Finance).CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Shifts.NotFound,
            KeepBankAccounts.NotFound, NotConfirmed,
            Deposited, Nothing, SlipKnown, DateInvalid);

    static async Task<Results<Created<DepositAnswer>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, DepositRequest request, DepositCash deposit, CancellationToken cancel) =>
        (await deposit.Run(id, request, key, by, cancel)).ToHttp(done => TypedResults.Created((string?)null, done));

    public async Task<Result<DepositAnswer>> Run(Guid id, DepositRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        try
        {
            return await db.Once<DepositAnswer>(key, new { by.CommunityId, id, request }, async () =>
            {
                var shift = await shifts.Locked(id, by, cancel);
                if (shift is null) return Shifts.NotFound;
                if (shift.State != ShiftState.Confirmed) return NotConfirmed;
                if (await db.CashDeposits.AnyAsync(d => d.ShiftId == id, cancel)) return Deposited;
                var account = await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == request.BankAccountId
                    && a.CommunityId == by.CommunityId && !a.Closed, cancel);
                if (account is null) return KeepBankAccounts.NotFound;
                if (request.On > clock.Today() || request.On < Clock.DateOf(shift.ConfirmedAt!.Value)) return DateInvalid;
                var fen = shift.CountedFen!.Value - shift.FloatFen;
                if (fen <= 0) return Nothing;
                var made = new CashDeposit
                {
                    Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, ShiftId = id, BankAccountId = account.Id, AmountFen = fen, Slip =
                        request.Slip, On = request.On,
                    By = by.StaffId, At = clock.Now(),
                };
                db.Add(made);
                books.Journal(by.CommunityId, CashDeposit.Source, made.Id, request.On, "现金缴存银行")
                    .Debit(Accounts.Bank(account.Code), fen).Credit(Accounts.CashSafe, fen).Post();
                audit.Add(by, "cash.deposited", id, new { made.AmountFen, account.Code, made.Slip });
                return new DepositAnswer(made.Id, fen);
            }, cancel);
        }
        catch (Exception failure) when (WriteFailure.Violates(failure, "CashDeposits", "CommunityId", "BankAccountId", "Slip")) { return SlipKnown; }
    }
}
