using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

public sealed record PasswordRequest([property: MaxLength(128)] string Current, [property: MaxLength(128)] string Next);

/// <summary>A member of staff takes another password. All cookies given out before end; the one that asked gets a new one.</summary>
/// <remarks>Errors: <c>password_wrong</c> 401 (counted like a sign-in), <c>password_too_weak</c> 422.</remarks>
public sealed class ChangePassword(OwnerPayDb db, CheckPassword check, IPasswordHasher<StaffAccount> hasher, Audit audit)
{
    public const int Shortest = 10;
    static readonly Error Wrong = new(401, "password_wrong", "当前密码不正确") { Field = "current" };
    public static readonly Error TooWeak = new(422, "password_too_weak", "密码强度不足") { Field = "next", Detail = "至少 10 个字符，且不能与登录名或原密码相同" };

    public static void Map(Doors doors) =>
        doors.Staff.MapPut("/password", Put).WithName("changePassword").ForStaff().WithOneTimePassword().CanFail(Wrong, TooWeak);

    static async Task<Results<NoContent, ProblemHttpResult>> Put(
        StaffAccess access, PasswordRequest request, ChangePassword change, HttpContext http, CancellationToken cancel)
    {
        var changed = await change.Run(request, access, cancel);
        if (changed.Refusal is { } refusal) return refusal.ToProblem();
        if (!access.ByToken) await http.SignInAsync(StaffDoor.Cookie, StaffDoor.Principal(changed.Value, await change.Totp(access.StaffId, cancel)));
        return TypedResults.NoContent();
    }

    readonly OwnerPayDb db = db;

    Task<DateTimeOffset?> Totp(Guid staffId, CancellationToken cancel) => db.StaffTotps.Where(t => t.StaffId == staffId).Select(t => t.ConfirmedAt).SingleOrDefaultAsync(cancel);

    public async Task<Result<StaffAccount>> Run(PasswordRequest request, StaffAccess access, CancellationToken cancel)
    {
        if (await check.Run(access.Login, request.Current, cancel) is null) return Wrong;
        if (IsWeak(request.Next, access.Login) || request.Next == request.Current) return TooWeak;
        var accounts = db.StaffAccounts;
        var account = await accounts.SingleAsync(a => a.Id == access.StaffId, cancel);
        account.PasswordHash = hasher.HashPassword(account, request.Next);
        account.MustChangePassword = false;
        audit.Add(null, access.StaffId.ToString("N"), "password.changed", access.StaffId, new { });
        await db.SaveChangesAsync(cancel);
        return account;
    }

    /// <summary>Length is what makes a password strong; mixtures of character kinds are not asked for.</summary>
    public static bool IsWeak(string password, string login) =>
        password.Length < Shortest || password.Distinct().Count() < 4 || password.Contains(login, StringComparison.OrdinalIgnoreCase);
}
