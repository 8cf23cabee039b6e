using System.Net;
using System.Threading.RateLimiting;

namespace OwnerPay.Service.Platform;

/// <summary>The three doors of the service. Each has its own sign-in, its own limits, and every route declares who may pass.</summary>
/// <param name="Owner"><c>/api/owner/v1</c>: owners with a session token.</param>
/// <param name="Staff"><c>/api/staff/v1</c>: staff with a cookie or a personal access token.</param>
/// <param name="WeChat"><c>/wechat</c>: WeChat's own calls, proved by their signature.</param>
/// <param name="Providers"><c>/providers</c>: reports of other providers, proved by a secret in their address.</param>
/// <param name="Print"><c>/print</c>: pages to print for staff, behind the staff door's sign-in.</param>
/// <param name="Public">What is published for everybody: pictures of the catalogue, draws to be recomputed.</param>
public sealed record Doors(RouteGroupBuilder Owner, RouteGroupBuilder Staff, RouteGroupBuilder WeChat, RouteGroupBuilder Providers,
    RouteGroupBuilder Print, RouteGroupBuilder Public);

public enum Door { Owner, Staff, WeChat, Public }

/// <summary>Route metadata that every route must carry; the authorization matrix test fails on a route without it.</summary>
/// <param name="Door">Which door the route belongs to.</param>
/// <param name="Anonymous">True for the few routes before sign-in (login) or that prove themselves otherwise (callbacks).</param>
/// <param name="Roles">Staff roles that may call it, in any community that the route names; empty for other doors.</param>
/// <param name="RateLimit">Name of the rate-limit policy.</param>
public sealed record RouteAccess(Door Door, bool Anonymous, IReadOnlyList<string> Roles, string RateLimit);

/// <summary>Names of the rate-limit policies.</summary>
public static class RateLimits
{
    /// <summary>Per signed-in caller: generous for people, tight for loops.</summary>
    public const string Normal = "normal";

    /// <summary>Per address: sign-in and other guesses.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Per signed-in caller, for whoever holds a pay link: enough to pay, nothing to search with.</summary>
    public const string PayLinks = "pay-links";

    /// <summary>WeChat's callbacks: as many as come; bounded by body size and by the signature check.</summary>
    public const string Callbacks = "callbacks";
}

public static class DoorSetup
{
    /// <summary>Names of the authorization policies; each door's slice registers the scheme behind its own.</summary>
    public const string OwnerPolicy = "owner", StaffPolicy = "staff";

    public static Doors OpenDoors(this WebApplication app) => new(
        app.MapGroup("/api/owner/v1").RequireAuthorization(OwnerPolicy).WithGroupName("owner"),
        app.MapGroup("/api/staff/v1").RequireAuthorization(StaffPolicy).WithGroupName("staff"),
        app.MapGroup("/wechat").ExcludeFromDescription(),
        app.MapGroup("/providers").ExcludeFromDescription(),
        app.MapGroup("/print").RequireAuthorization(StaffPolicy).ExcludeFromDescription(),
        app.MapGroup("").ExcludeFromDescription());

    /// <summary>A route for every signed-in owner; what he may see is decided by his bindings, and what is not his answers 404.</summary>
    public static TBuilder ForOwners<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.Declare(new RouteAccess(Door.Owner, Anonymous: false, [], RateLimits.Normal));

    /// <summary>A route before sign-in, or one that proves its caller otherwise.</summary>
    public static TBuilder BeforeSignIn<TBuilder>(this TBuilder route, Door door, string rateLimit = RateLimits.SignIn) where TBuilder : IEndpointConventionBuilder =>
        route.AllowAnonymous().Declare(new RouteAccess(door, Anonymous: true, [], rateLimit));

    /// <summary>Writes the declaration on the route; the limit of the declaration is the one that is applied.</summary>
    public static TBuilder Declare<TBuilder>(this TBuilder route, RouteAccess access) where TBuilder : IEndpointConventionBuilder =>
        route.RequireRateLimiting(access.RateLimit).WithMetadata(access);

    public static void AddRateLimits(this IServiceCollection services, ServiceSettings settings) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = Problems.TooMany.Status;    // the body comes from the status code pages, as problem details
        options.AddPolicy(RateLimits.Normal, http => Window(settings, http, http.Features.Get<Caller>()?.Subject ?? Address(http), RateLimits.Normal, perMinute: 300));
        options.AddPolicy(RateLimits.SignIn, http => Window(settings, http, Address(http), RateLimits.SignIn, perMinute: 30));
        options.AddPolicy(RateLimits.PayLinks, http => Window(settings, http, http.Features.Get<Caller>()?.Subject ?? Address(http), RateLimits.PayLinks, perMinute: 60));
        options.AddPolicy(RateLimits.Callbacks, http => Window(settings, http, Address(http), shared: null, perMinute: 60_000));
    });

    /// <param name="shared">Name under which all instances count together while Redis is there; null counts each by itself.</param>
    static RateLimitPartition<string> Window(ServiceSettings settings, HttpContext http, string who, string? shared, int perMinute)
    {
        if (!settings.RateLimitsOn) return RateLimitPartition.GetNoLimiter("off");
        var window = new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) };
        var redis = http.RequestServices.GetRequiredService<RedisLink>();
        return shared is null || !redis.IsWanted
            ? RateLimitPartition.GetFixedWindowLimiter(who, _ => window)
            : RateLimitPartition.Get(who, _ => new SharedWindow(redis, $"limit:{shared}:{who}", window));
    }

    static string Address(HttpContext http) => (http.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
}
