using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Login">3 to 40 of a–z, 0–9, dot, hyphen, underscore; kept in lower case.</param>
public sealed record AccountRequest(
    [property: RegularExpression("^[A-Za-z0-9._-]{3,40}$")] string Login,
    [property: Required, MaxLength(50)] string Name,
    [property: MaxLength(128)] string Password);

public sealed record AccountAnswer(Guid StaffId, string Login, string Name);

public sealed record AccountItem(Guid StaffId, string Login, string Name, bool Disabled, DateTimeOffset CreatedAt, IReadOnlyList<HeldRole> Roles);

/// <summary>Accounts of staff: made, listed, disabled and enabled by an admin of the whole installation. Without a role an account may do nothing.</summary>
/// <remarks>Errors: <c>login_taken</c>, <c>own_account</c>, <c>last_guardian</c> 409; <c>password_too_weak</c> 422; <c>staff_not_found</c> 404.</remarks>
public sealed class KeepAccounts(OwnerPayDb db, IPasswordHasher<StaffAccount> hasher, Guardians guardians, Audit audit)
{
    static readonly Error LoginTaken = new(409, "login_taken", "该登录名已被使用") { Field = "login" };
    public static readonly Error NotFound = new(404, "staff_not_found", "没有找到该员工账号");
    static readonly Error OwnAccount = new(409, "own_account", "不能停用自己的账号");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/accounts", Post).WithName("createAccount").ForStaff(StaffRole.Admin).CanFail(LoginTaken, ChangePassword.TooWeak);
        doors.Staff.MapGet("/accounts", List).WithName("listAccounts").ForStaff(StaffRole.Admin, StaffRole.Manager);
        doors.Staff.MapPost("/accounts/{id:guid}/disable", Disable).WithName("disableAccount").ForStaff(StaffRole.Admin)
            .CanFail(NotFound, OwnAccount, Guardians.LastOne);
        doors.Staff.MapPost("/accounts/{id:guid}/enable", Enable).WithName("enableAccount").ForStaff(StaffRole.Admin).CanFail(NotFound);
    }

    static async Task<Results<Created<AccountAnswer>, ProblemHttpResult>> Post(
        StaffMember by, AccountRequest request, KeepAccounts accounts, CancellationToken cancel) =>
        (await accounts.Create(request, by, cancel)).ToHttp(made => TypedResults.Created($"/api/staff/v1/accounts/{made.StaffId}", made));

    static async Task<Ok<Page<AccountItem>>> List(OwnerPayDb db, CancellationToken cancel)
    {
        var (accounts, grants) = (db.StaffAccounts, db.RoleGrants);
        var items = await accounts.AsNoTracking().OrderBy(a => a.Login).Take(1000).Select(a => new AccountItem(
            a.Id, a.Login, a.Name, a.Disabled, a.CreatedAt,
            grants.Where(g => g.StaffId == a.Id && g.State == RoleGrantState.Granted).Select(g => new HeldRole(g.Role, g.CommunityId)).ToList())).ToListAsync(cancel);
        return TypedResults.Ok(new Page<AccountItem>(items, null));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Disable(
        Guid id, StaffMember by, KeepAccounts accounts, CancellationToken cancel) =>
        await accounts.SetDisabled(id, disabled: true, by, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<NoContent, ProblemHttpResult>> Enable(
        Guid id, StaffMember by, KeepAccounts accounts, CancellationToken cancel) =>
        await accounts.SetDisabled(id, disabled: false, by, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    public async Task<Result<AccountAnswer>> Create(AccountRequest request, StaffMember by, CancellationToken cancel)
    {
        var login = request.Login.ToLowerInvariant();
        if (ChangePassword.IsWeak(request.Password, login)) return ChangePassword.TooWeak.At("password");
        var now = TimeProvider.System.GetUtcNow();
        var account = new StaffAccount { Id = Guid.CreateVersion7(), Login = login, Name = request.Name, CreatedAt = now };
        account.PasswordHash = hasher.HashPassword(account, request.Password);
        db.Add(account);
        audit.Add(by, "account.created", account.Id, new { login });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "StaffAccounts", "Login"))
        {
            return LoginTaken;
        }
        return new AccountAnswer(account.Id, account.Login, account.Name);
    }

    /// <returns>Null when the account is as asked, changed now or before.</returns>
    public async Task<Error?> SetDisabled(Guid id, bool disabled, StaffMember by, CancellationToken cancel)
    {
        var accounts = db.StaffAccounts;
        var account = await accounts.SingleOrDefaultAsync(a => a.Id == id, cancel);
        if (account is null) return NotFound;
        if (disabled && id == by.StaffId) return OwnAccount;
        if (account.Disabled == disabled) return null;
        if (disabled && await guardians.WouldBeMissed(guardian => guardian.StaffId == id, cancel)) return Guardians.LastOne;
        account.Disabled = disabled;
        audit.Add(by, disabled ? "account.disabled" : "account.enabled", id, new { account.Login });
        await db.SaveChangesAsync(cancel);
        return null;
    }
}
