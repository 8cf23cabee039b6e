using System.Reflection;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <summary>The WeChat user behind a valid session token. The token names nobody else; houses are looked up on each request.</summary>
/// <param name="OpenId">The payer of an order, the receiver of a message.</param>
/// <param name="AppId">The mini-program through which the user came.</param>
public sealed record SignedIn(Guid WeChatUserId, string OpenId, string AppId)
{
    /// <summary>Binds an endpoint's parameter; refuses with <c>sign_in_needed</c> when the user is no longer known.</summary>
    public static async ValueTask<SignedIn?> BindAsync(HttpContext http, ParameterInfo _)
    {
        if (http.Items.TryGetValue(typeof(SignedIn), out var known)) return (SignedIn)known!;
        var id = IdOf(http);
        var users = http.RequestServices.GetRequiredService<OwnerPayDb>().WeChatUsers;
        var found = await users.AsNoTracking().Where(u => u.Id == id).Select(u => new SignedIn(u.Id, u.OpenId, u.AppId))
            .SingleOrDefaultAsync(http.RequestAborted)
            ?? throw new RefusedRequestException(Problems.SignInNeeded);
        http.Items[typeof(SignedIn)] = found;
        return found;
    }

    /// <summary>The user whom the session token names; whether he is still known, the database says.</summary>
    public static Guid IdOf(HttpContext http) =>
        http.Features.Get<Caller>() is { Door: OwnerTokens.Door, Subject: var subject } && Guid.TryParseExact(subject, "N", out var id)
            ? id : throw new RefusedRequestException(Problems.SignInNeeded);
}
