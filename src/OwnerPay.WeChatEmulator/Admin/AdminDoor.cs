using System.Text.Json.Serialization;

namespace OwnerPay.WeChatEmulator.Admin;

/// <summary>A refusal of the admin API.</summary>
sealed record AdminError(string Code, string Message);

/// <summary>Lets only this machine's own programs in: loopback by address and by <c>Host</c>, no page of another origin, no CORS.</summary>
/// <remarks>
/// The admin API speaks plain JSON; unknown members are refused. It plays what happens outside the merchant's reach:
/// <list type="bullet">
/// <item>People and phones: <c>POST users</c>, <c>GET users</c>, <c>POST users/{openid}/login-code</c>, <c>…/phone-code</c>,
/// <c>…/subscriptions</c>, <c>GET …/messages</c>.</item>
/// <item>A phone's dialogs: <c>GET checkout</c>, <c>POST checkout/pay</c>, <c>POST checkout/cancel</c>,
/// <c>POST users/{openid}/subscription-requests</c>, <c>…/template-refusals</c>, <c>POST|DELETE …/follow</c>,
/// <c>GET users/{openid}/events</c> (server-sent events).</item>
/// <item>The consoles: <c>PUT templates</c>, <c>PUT pages</c>, <c>PUT|DELETE push</c>, <c>GET pushes</c>, <c>PUT shipping</c>,
/// <c>POST orders/{no}/confirm-receipt</c>, <c>GET official-account</c>, <c>PUT|DELETE official-account/push</c>,
/// <c>PUT official-account/templates</c>, <c>GET official-account/messages/{openid}</c>.</item>
/// <item>Payments, repeats, forgeries: <c>GET orders</c>, <c>GET orders/{no}</c>, <c>POST orders/{no}/pay</c>, <c>POST orders/{no}/callbacks</c>,
/// <c>POST refunds/{no}/callbacks</c>, <c>POST callbacks</c>.</item>
/// <item>Refunds and the merchant's account: <c>GET refunds</c>, <c>GET refunds/{no}</c>, <c>POST refunds/{no}/settle</c>,
/// <c>PUT refund-notify-url</c>, <c>GET account</c>, <c>POST account/withdrawals</c>, <c>POST account/deposits</c>.</item>
/// <item>What goes wrong or changes: <c>POST|PUT|GET|DELETE faults</c>, <c>POST scenario</c>, <c>POST|GET|DELETE chaos</c>,
/// <c>POST|DELETE bills/{day}/changes</c>, <c>PUT bills/{day}/trade</c> and <c>…/fundFlow</c> (any bytes instead of the bill),
/// <c>POST platform-certificate/rotate</c>.</item>
/// <item>What WeChat counted and what day it is there: <c>GET statistics</c>, <c>GET|POST clock</c>.</item>
/// </list>
/// </remarks>
static class AdminDoor
{
    /// <summary>For the whole emulator: a name that resolves to this machine but is not this machine's gets nothing.</summary>
    public static void UseLoopbackOnly(this WebApplication app) => app.Use(async (http, next) =>
    {
        var host = http.Request.Host.Host;
        // A client whose address book points WeChat's names here keeps them in Host; no page of another site can do that.
        var known = Hosts.IsLoopback(host) || (Hosts.IsWeChats(host) && Hosts.IsWeChatsPath(http.Request.Path));
        if (!known || http.Connection.RemoteIpAddress is not { } remote || !System.Net.IPAddress.IsLoopback(remote))
        {
            http.Response.StatusCode = 403;
            return;
        }
        await next(http);
    });

    public static RouteGroupBuilder MapAdmin(this WebApplication app)
    {
        var admin = app.MapGroup("/admin");
        admin.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var origin = http.Request.Headers.Origin.ToString();
            return origin.Length == 0 || origin == $"{http.Request.Scheme}://{http.Request.Host}"
                ? await next(context)
                : TypedResults.StatusCode(403);
        });
        return admin;
    }

    /// <summary>A body that cannot be read is answered with the reason.</summary>
    public static void UseReadableRefusals(this WebApplication app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException unreadable)
        {
            http.Response.StatusCode = unreadable.StatusCode;
            await http.Response.WriteAsJsonAsync(new AdminError("bad_request", unreadable.InnerException?.Message ?? unreadable.Message));
        }
    });

    public static void AddAdminJson(this IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase));
        });
    }

    public static IResult NotFound(string message) => TypedResults.NotFound(new AdminError("not_found", message));

    public static IResult Conflict(string code, string message) => TypedResults.Conflict(new AdminError(code, message));

    public static IResult BadRequest(string message) => TypedResults.BadRequest(new AdminError("bad_request", message));
}
