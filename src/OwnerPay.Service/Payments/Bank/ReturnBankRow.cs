using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <param name="Reason">Why nobody's bill takes it.</param>
public sealed record ReturnRequest([property: Required, StringLength(190, MinimumLength = 2)] string Reason);

/// <param name="Reference">Number of the transfer that sent it back.</param>
/// <param name="On">Shanghai date of that transfer.</param>
public sealed record ReturnedRequest([property: Required, RegularExpression("^[A-Za-z0-9-]{4,64}$")] string Reference, DateOnly On);

public sealed record ReturnAnswer(Guid RowId, BankRowState State);

/// <summary>Money on a statement that is nobody's here goes back to where it came from: finance asks, a manager approves, finance books the
/// transfer.</summary>
/// <remarks>Errors: <c>bank_row_not_found</c> 404; <c>bank_row_decided</c>, <c>return_not_approved</c> 409; <c>return_date_invalid</c> 400.</remarks>
public sealed class ReturnBankRow(OwnerPayDb db, Approvals approvals, Books books, WorkItems workItems, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "bank-return";
    static readonly Error NotApproved = new(409, "return_not_approved", "退回该笔进账尚未批准");
    static readonly Error DateInvalid = new(400, "return_date_invalid", "退回日期应在进账日与今天之间") { Field = "on" };

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/rows/{id:guid}/return", Post).WithName("requestBankReturn")
            .ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ClaimBankRow.NotFound, ClaimBankRow.Decided);
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/rows/{id:guid}/returned", PostReturned).WithName("bookBankReturn")
            .ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ClaimBankRow.NotFound, NotApproved, DateInvalid);
    }

    static async Task<Results<Ok<ReturnAnswer>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, ReturnRequest request, ReturnBankRow back, CancellationToken cancel) =>
        (await back.Ask(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ReturnAnswer>, ProblemHttpResult>> PostReturned(
        Guid id, IdempotencyKey key, StaffMember by, ReturnedRequest request, ReturnBankRow back, CancellationToken cancel) =>
        (await back.Book(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    Task<BankRow?> Locked(Guid id, StaffMember by, CancellationToken cancel) =>
        db.BankRows.Where(r => r.Id == id && r.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);

    Task<Result<ReturnAnswer>> Ask(Guid id, ReturnRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ReturnAnswer>(key, new { by.CommunityId, id, request }, async () =>
        {
            var row = await Locked(id, by, cancel);
            if (row is null) return ClaimBankRow.NotFound;
            if (row.State != BankRowState.Waiting) return ClaimBankRow.Decided;
            (row.State, row.ReturnId) = (BankRowState.Returning, Guid.CreateVersion7());
            approvals.Propose(by.CommunityId, ApprovalKind, row.ReturnId.Value, by.StaffId,
                $"退回银行进账 {new Fen(row.AmountFen).InYuan()} 元：{request.Reason}");
            audit.Add(by, "bank.return-requested", row.Id, new { row.AmountFen, request.Reason });
            return new ReturnAnswer(id, row.State);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var row = await db.BankRows.Where(r => r.ReturnId == approval.SubjectId && r.CommunityId == approval.CommunityId).ForUpdate()
            .SingleAsync(cancel);
        row.State = approved ? BankRowState.ReturnApproved : BankRowState.Waiting;
        return null;
    }

    Task<Result<ReturnAnswer>> Book(Guid id, ReturnedRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ReturnAnswer>(key, new { by.CommunityId, id, request }, async () =>
        {
            var row = await Locked(id, by, cancel);
            if (row is null) return ClaimBankRow.NotFound;
            if (row.State != BankRowState.ReturnApproved) return NotApproved;
            if (request.On < row.On || request.On > clock.Today()) return DateInvalid;
            var account = await db.BankAccounts.Where(a => a.Id == row.BankAccountId).Select(a => a.Code).SingleAsync(cancel);
            (row.State, row.ReturnReference, row.DecidedBy, row.DecidedAt) = (BankRowState.Returned, request.Reference, by.StaffId, clock.Now());
            books.Journal(row.CommunityId, BankRow.ReturnedSource, row.Id, request.On, "退回无人认领的银行进账")
                .Debit(Accounts.Suspense, row.AmountFen).Credit(Accounts.Bank(account), row.AmountFen).Post();
            audit.Add(by, "bank.returned", row.Id, new { row.AmountFen, request.Reference });
            await ClaimBankRow.FinishTask(db, workItems, row, by, cancel);
            return new ReturnAnswer(id, row.State);
        }, cancel);
}
