using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Staff;

/// <summary>Whether a community exists. Communities live on a higher floor; the roster registers this for the door.</summary>
public delegate Task<bool> CommunityExists(Guid communityId, CancellationToken cancel);

/// <summary>The staff door: a cookie for the console or a personal access token for scripts, one policy scheme that chooses, one keeper that asks for roles.</summary>
public static class StaffDoor
{
    /// <summary>Names of the schemes: the cookie, the token, and the one that chooses between them.</summary>
    public const string Cookie = "staff", Token = "staff-token", Either = "staff-door";

    /// <summary>Header that the console sends with every unsafe request. Another site cannot set it without a preflight, which is never granted.</summary>
    public const string AntiForgeryHeader = "X-OwnerPay-Csrf";

    public const string StampClaim = "stamp";
    const string CookieName = "ownerpay-staff";

    public static readonly Error CommunityNotFound = new(404, "community_not_found", "没有找到该小区");
    public static readonly Error AntiForgeryMissing = new(403, "csrf_header_missing", "请求缺少防伪造标头") { Detail = $"请在请求头中带上 {AntiForgeryHeader}: 1" };
    public static readonly Error PasswordChangeNeeded = new(403, "password_change_needed", "请先修改一次性密码") { Detail = "请先用 PUT /api/staff/v1/password 修改密码，再进行其他操作" };

    public static readonly Error TotpEnrolmentNeeded = new(403, "totp_enrolment_needed", "请先绑定动态验证码")
    {
        Detail = "财务、经理和管理员需绑定动态验证码：请用 POST /api/staff/v1/totp 获取二维码，再用 POST /api/staff/v1/totp/confirm 确认",
    };

    public static void AddStaffDoor(this IServiceCollection services)
    {
        services.AddAuthentication()
            .AddCookie(Cookie, options =>
            {
                options.Cookie.Name = CookieName;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromHours(8);
                options.SlidingExpiration = true;
                options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
                options.Events.OnValidatePrincipal = Recognise;
            })
            .AddScheme<AuthenticationSchemeOptions, StaffTokenScheme>(Token, configureOptions: null)
            .AddPolicyScheme(Either, displayName: null, options => options.ForwardDefaultSelector = http => http.Request.Headers.Authorization.Count > 0 ? Token : Cookie);
        services.AddAuthorizationBuilder().AddPolicy(DoorSetup.StaffPolicy, policy =>
            policy.AddAuthenticationSchemes(Either).RequireAuthenticatedUser().AddRequirements(new StaffMayPass()));
        services.AddScoped<IAuthorizationHandler, StaffKeeper>();
        services.AddScoped<FindStaff>();
    }

    // An API answers with a status, not with a redirect to a page; the body is written as problem details further out.
    static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    static async Task Recognise(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var find = http.RequestServices.GetRequiredService<FindStaff>();
        var access = Guid.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            ? await find.ById(id, context.Principal.FindFirstValue(StampClaim) ?? "", http.RequestAborted)
            : null;
        if (access is null) context.RejectPrincipal();
        else http.Features.Set(access);
    }

    /// <summary>The principal that the cookie carries: who it is and with which password; never what he may do.</summary>
    /// <param name="totp">When the second factor that was just shown had been confirmed; null for an account without one.</param>
    public static ClaimsPrincipal Principal(StaffAccount account, DateTimeOffset? totp) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, account.Id.ToString("N")), new Claim(StampClaim, FindStaff.Stamp(account, totp))], Cookie));
}

/// <summary>Personal access tokens: <c>Authorization: Bearer opt_…</c>.</summary>
public sealed class StaffTokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, FindStaff find)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(bearer + StaffToken.Prefix, StringComparison.OrdinalIgnoreCase) || header.Length > 200) return AuthenticateResult.Fail("No token of ours.");
        if (await find.ByToken(header[bearer.Length..], Context.RequestAborted) is not { } access) return AuthenticateResult.Fail("Unknown, expired or revoked.");
        Context.Features.Set(access);
        var who = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, access.StaffId.ToString("N"))], StaffDoor.Token));
        return AuthenticateResult.Success(new AuthenticationTicket(who, StaffDoor.Token));
    }
}

/// <summary>Asks the <see cref="StaffKeeper"/>.</summary>
public sealed class StaffMayPass : IAuthorizationRequirement;

/// <summary>Lets a member of staff through when the route's rule is met, and tells the rest of the request who came.</summary>
/// <remarks>It stands before the body is read, so that a stranger learns nothing from how a body is judged.</remarks>
public sealed class StaffKeeper(CommunityExists exists) : AuthorizationHandler<StaffMayPass>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, StaffMayPass requirement)
    {
        if (context.Resource is not HttpContext http || http.Features.Get<StaffAccess>() is not { } access) return;
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaffRule>() is not { } rule) return;    // a route that declares nothing is closed
        var community = await Community(http, access);
        Refuse(!access.ByToken && !SafeOrProved(http.Request), StaffDoor.AntiForgeryMissing);
        Refuse(access.MustChangePassword && !rule.WithOneTimePassword, StaffDoor.PasswordChangeNeeded);
        Refuse(access.MustEnrolTotp && !rule.WithOneTimePassword && !rule.BeforeTotp, StaffDoor.TotpEnrolmentNeeded);
        var member = access.In(community);
        var holds = rule.Roles.Count == 0 || (rule.Scope == StaffScope.Anywhere ? access.Held.Any(held => rule.Roles.Contains(held.Role)) : rule.Roles.Any(member.Roles.Contains));
        if (!holds) return;
        http.Features.Set(member);
        http.Features.Set(new Caller("staff", member.Actor));
        context.Succeed(requirement);
    }

    /// <summary>The community of the route. One in which the person holds no role, and one that does not exist, look the same.</summary>
    async Task<Guid?> Community(HttpContext http, StaffAccess access)
    {
        if (!http.Request.RouteValues.TryGetValue("communityId", out var value)) return null;
        var known = Guid.TryParse(value as string, out var id) && access.Knows(id)
            && await exists(id, http.RequestAborted);
        Refuse(!known, StaffDoor.CommunityNotFound);
        return id;
    }

    static bool SafeOrProved(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
        || !string.IsNullOrEmpty(request.Headers[StaffDoor.AntiForgeryHeader]) && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";

    static void Refuse(bool refused, Error error)
    {
        if (refused) throw new RefusedRequestException(error);
    }
}
