using System.Text.RegularExpressions;
using OwnerPay.WeChatEmulator.Admin;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Phone;

/// <param name="Appid">Of the mini-program.</param>
/// <param name="Backend">Its request domain; absent when none was configured.</param>
sealed record PhoneSettings(string Appid, string Name, string? Backend, string? Scene);

/// <summary>An owner's phone as a web page at <c>/phone/</c>: a WeChat that opens one mini-program.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>/phone/</c>: choose a person or add one; <c>?id=OPENID</c> that person's phone; <c>?ids=A,B</c> several side by side;
/// <c>?story=NAME</c> replays a story file. The part behind <c>#</c> is the mini-program's page.</item>
/// <item><c>/phone/settings</c>, <c>/phone/stories/NAME</c>, <c>/phone/request/…</c>: for the page itself; like the admin API closed to pages of other origins.</item>
/// </list>
/// </remarks>
sealed partial class PhoneDoor(PhoneOptions options, Keys keys) : IDisposable
{
    readonly Relay? relay = options.Backend is { } backend ? new(backend) : null;

    public void Map(WebApplication app)
    {
        app.MapGet("/phone/{**file}", Page);
        var own = app.MapGroup("/phone").AddEndpointFilter(OwnPageOnly);
        own.MapGet("/settings", () => TypedResults.Ok(new PhoneSettings(keys.Appid, options.Name, options.Backend?.GetLeftPart(UriPartial.Authority), options.Scene)));
        own.MapGet("/stories/{name}", Story);
        own.MapMethods("/request/{**path}", ["GET", "POST", "PUT", "DELETE"], Send);
    }

    /// <summary>The page's files are named beside it, so its address ends with a slash; routing sees no difference.</summary>
    static IResult Page(string? file, HttpContext http) =>
        http.Request.Path == "/phone" ? TypedResults.Redirect("/phone/" + http.Request.QueryString) : PhoneFiles.Serve(file, http);

    static async ValueTask<object?> OwnPageOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        var own = (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}") && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
        return own ? await next(context) : TypedResults.StatusCode(403);
    }

    IResult Story(string name)
    {
        if (options.Stories is not { } folder || !StoryNames().IsMatch(name)) return AdminDoor.NotFound("no such story");
        var file = Path.Combine(folder, name + ".json");
        return File.Exists(file) ? TypedResults.PhysicalFile(Path.GetFullPath(file), "application/json; charset=utf-8") : AdminDoor.NotFound("no such story");
    }

    async Task<IResult> Send(string? path, HttpContext http)
    {
        if (relay is null) return AdminDoor.Conflict("no_backend", "start the emulator with --backend http://127.0.0.1:PORT");
        await relay.Send(path ?? "", http);
        return TypedResults.Empty;
    }

    public void Dispose() => relay?.Dispose();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex StoryNames();
}
