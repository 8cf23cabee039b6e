using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <param name="Code">Short code of letters, digits and hyphens, for the books: <c>icbc-01</c>.</param>
/// <param name="Number">The whole account number; kept encrypted.</param>
public sealed record BankAccountRequest(
    [property: Required, RegularExpression("^[a-z0-9][a-z0-9-]{1,22}$")] string Code, [property: Required,
        StringLength(60, MinimumLength = 2)] string Name,
    [property: Required, RegularExpression("^[0-9]{8,30}$")] string Number);

/// <param name="Tail">Last four digits of its number.</param>
public sealed record BankAccountView(Guid BankAccountId, string Code, string Name, string Tail, bool Closed);

/// <summary>The bank accounts of a community: finance adds and closes them, the counter reads them.</summary>
/// <remarks>Errors: <c>bank_account_known</c> 409; <c>bank_account_not_found</c> 404.</remarks>
public sealed class KeepBankAccounts(OwnerPayDb db, MasterKey master, Audit audit)
{
    static readonly Error Known = new(409, "bank_account_known", "该编号的银行账户已存在") { Field = "code" };
    public static readonly Error NotFound = new(404, "bank_account_not_found", "没有找到该银行账户，或已停用") { Field = "bankAccountId" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/accounts", Post).WithName("addBankAccount").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, Known);
        doors.Staff.MapGet("/communities/{communityId:guid}/bank/accounts", Get).WithName("listBankAccounts")
            .ForStaff(StaffRole.Finance, StaffRole.Cashier, StaffRole.Manager);
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/accounts/{id:guid}/close", PostClose).WithName("closeBankAccount")
            .ForStaff(StaffRole.Finance).CanFail(NotFound);
    }

    static async Task<Results<Created<BankAccountView>, ProblemHttpResult>> Post(
        StaffMember by, BankAccountRequest request, KeepBankAccounts keep, CancellationToken cancel) =>
        (await keep.Add(request, by, cancel)).ToHttp(made =>
            TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/bank/accounts/{made.BankAccountId}", made));

    static async Task<Ok<Page<BankAccountView>>> Get(StaffMember by, OwnerPayDb db, CancellationToken cancel) =>
        TypedResults.Ok(new Page<BankAccountView>(
        [.. (await db.BankAccounts.AsNoTracking().Where(a => a.CommunityId == by.CommunityId).OrderBy(a => a.Code).ToListAsync(cancel))
            .Select(View)], null));

    static async Task<Results<Ok<BankAccountView>, ProblemHttpResult>> PostClose(Guid id, StaffMember by, KeepBankAccounts keep,
        CancellationToken cancel) =>
        (await keep.Close(id, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<BankAccountView>> Add(BankAccountRequest request, StaffMember by, CancellationToken cancel)
    {
        var account = new BankAccount
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Code = request.Code, Name = request.Name,
            NumberWrapped = master.Wrap(BankAccount.NumberPurpose, request.Number), Tail = request.Number[^4..],
        };
        db.Add(account);
        audit.Add(by, "bank-account.added", account.Id, new { account.Code, account.Name, account.Tail });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "BankAccounts", "CommunityId", "Code")) { return Known; }
        return View(account);
    }

    async Task<Result<BankAccountView>> Close(Guid id, StaffMember by, CancellationToken cancel)
    {
        var account = await db.BankAccounts.SingleOrDefaultAsync(a => a.Id == id && a.CommunityId == by.CommunityId, cancel);
        if (account is null) return NotFound;
        account.Closed = true;
        audit.Add(by, "bank-account.closed", account.Id, new { account.Code });
        await db.SaveChangesAsync(cancel);
        return View(account);
    }

    static BankAccountView View(BankAccount account) => new(account.Id, account.Code, account.Name, account.Tail, account.Closed);
}
