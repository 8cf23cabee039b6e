using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Code">Six digits from the authenticator app, or a recovery code; for accounts with a second factor.</param>
public sealed record SignInRequest(
    [property: MaxLength(64)] string Login, [property: MaxLength(128)] string Password, [property: MaxLength(32)] string? Code = null);

/// <param name="MustChangePassword">Signed in with the one-time password: nothing else is open until it is changed.</param>
/// <param name="MustEnrolTotp">The roles ask for a second factor: nothing else is open until it is set up.</param>
public sealed record SignInAnswer(Guid StaffId, string Name, bool MustChangePassword, bool MustEnrolTotp);

/// <summary>Sign-in of staff with a password; the answer carries the cookie. Sign-out takes it back.</summary>
/// <remarks>Errors: <c>sign_in_failed</c> 401, the same for an unknown login, a wrong password, a locked and a disabled account; <c>totp_needed</c>,
/// <c>totp_wrong</c> 401 once the password was right.</remarks>
public sealed class SignIn(CheckPassword check, CheckTotp checkTotp, TotpPolicy policy, Audit audit, OwnerPayDb db)
{
    static readonly Error Failed = new(401, "sign_in_failed", "登录名或密码不正确") { Detail = "连续输错 5 次，账号将锁定 15 分钟" };

    static readonly Error TotpNeeded = new(401, "totp_needed", "请输入验证器上的 6 位动态验证码") { Field = "code" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/sign-in", Post).WithName("signIn").BeforeSignIn(Door.Staff).CanFail(Failed, TotpNeeded, EnrolTotp.Wrong);
        doors.Staff.MapPost("/sign-out", Leave).WithName("signOut").ForStaff().WithOneTimePassword();
    }

    static async Task<Results<Ok<SignInAnswer>, ProblemHttpResult>> Post(SignInRequest request, SignIn signIn, HttpContext http, CancellationToken cancel)
    {
        var done = await signIn.Run(request, cancel);
        if (!done.Done) return done.Refusal!.ToProblem();
        var (account, totp, mustEnrol) = done.Value;
        await http.SignInAsync(StaffDoor.Cookie, StaffDoor.Principal(account, totp));
        return TypedResults.Ok(new SignInAnswer(account.Id, account.Name, account.MustChangePassword, mustEnrol));
    }

    static async Task<NoContent> Leave(StaffAccess _, HttpContext http)
    {
        await http.SignOutAsync(StaffDoor.Cookie);
        return TypedResults.NoContent();
    }

    async Task<Result<(StaffAccount Account, DateTimeOffset? Totp, bool MustEnrol)>> Run(SignInRequest request, CancellationToken cancel)
    {
        if (await check.Run(request.Login, request.Password, cancel) is not { } account) return Failed;
        var (totps, grants) = (db.StaffTotps, db.RoleGrants);
        var totp = await totps.Where(t => t.StaffId == account.Id).Select(t => t.ConfirmedAt).SingleOrDefaultAsync(cancel);
        if (totp is not null)
        {
            if (string.IsNullOrWhiteSpace(request.Code)) return TotpNeeded;
            if (!await checkTotp.Run(account.Id, request.Code, recovery: true, cancel)) return EnrolTotp.Wrong;
        }
        var held = await grants.Where(g => g.StaffId == account.Id && g.State == RoleGrantState.Granted).Select(g => new HeldRole(g.Role, g.CommunityId)).ToListAsync(cancel);
        audit.Add(null, account.Id.ToString("N"), "staff.signed-in", account.Id, new { totp = totp is not null });
        await db.SaveChangesAsync(cancel);
        return (account, totp, totp is null && policy.Asks(held));
    }
}
