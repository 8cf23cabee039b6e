using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

public sealed record SignInRequest([property: MaxLength(64)] string Login, [property: MaxLength(128)] string Password);

/// <param name="MustChangePassword">Signed in with the one-time password: nothing else is open until it is changed.</param>
public sealed record SignInAnswer(Guid StaffId, string Name, bool MustChangePassword);

/// <summary>Sign-in of staff with a password; the answer carries the cookie. Sign-out takes it back.</summary>
/// <remarks>Errors: <c>sign_in_failed</c> 401, the same for an unknown login, a wrong password, a locked and a disabled account.</remarks>
public sealed class SignIn(CheckPassword check, Audit audit, OwnerPayDb db)
{
    static readonly Error Failed = new(401, "sign_in_failed", "登录名或密码不正确") { Detail = "连续输错 5 次，账号将锁定 15 分钟" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/sign-in", Post).WithName("signIn").BeforeSignIn(Door.Staff).CanFail(Failed);
        doors.Staff.MapPost("/sign-out", Leave).WithName("signOut").ForStaff().WithOneTimePassword();
    }

    static async Task<Results<Ok<SignInAnswer>, ProblemHttpResult>> Post(SignInRequest request, SignIn signIn, HttpContext http, CancellationToken cancel)
    {
        if (await signIn.Run(request, cancel) is not { } account) return Failed.ToProblem();
        await http.SignInAsync(StaffDoor.Cookie, StaffDoor.Principal(account));
        return TypedResults.Ok(new SignInAnswer(account.Id, account.Name, account.MustChangePassword));
    }

    static async Task<NoContent> Leave(StaffAccess _, HttpContext http)
    {
        await http.SignOutAsync(StaffDoor.Cookie);
        return TypedResults.NoContent();
    }

    /// <returns>The account, or null when the sign-in is refused.</returns>
    public async Task<StaffAccount?> Run(SignInRequest request, CancellationToken cancel)
    {
        if (await check.Run(request.Login, request.Password, cancel) is not { } account) return null;
        audit.Add(null, account.Id.ToString("N"), "staff.signed-in", account.Id, new { });
        await db.SaveChangesAsync(cancel);
        return account;
    }
}
