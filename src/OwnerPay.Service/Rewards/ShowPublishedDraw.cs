using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary>What the whole world may see of a draw: the published file, and a page that recomputes all of it in the visitor's own browser.</summary>
public static class ShowPublishedDraw
{
    /// <summary>The page loads its own script and style and the file, and nothing from anywhere else.</summary>
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(Doors doors)
    {
        doors.Public.MapGet("/draws/{drawId:guid}.json", File).WithName("showPublishedDraw").BeforeSignIn(Door.Public, RateLimits.Normal)
            .CanFail(ProposeDraw.NotFound);
        doors.Public.MapGet("/draws/{drawId:guid}", (HttpContext http) => Page(http, "draw.html",
            "text/html; charset=utf-8")).WithName("showDrawPage")
            .BeforeSignIn(Door.Public, RateLimits.Normal);
        doors.Public.MapGet("/draws/draw.js", (HttpContext http) => Page(http, "draw.js",
            "text/javascript; charset=utf-8")).WithName("showDrawScript")
            .BeforeSignIn(Door.Public, RateLimits.Normal);
        doors.Public.MapGet("/draws/draw.css", (HttpContext http) => Page(http, "draw.css", "text/css; charset=utf-8")).WithName("showDrawStyle")
            .BeforeSignIn(Door.Public, RateLimits.Normal);
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> File(Guid drawId, HttpContext http, PublishedDraws draws,
        CancellationToken cancel)
    {
        if (await draws.Of(drawId, cancel) is not { } draw) return ProposeDraw.NotFound.ToProblem();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.File(draw.ToBytes(), "application/json; charset=utf-8");
    }

    static FileContentHttpResult Page(HttpContext http, string file, string mediaType)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("draw/" + file)
            ?? throw new InvalidOperationException($"{file} is not embedded");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return TypedResults.File(copy.ToArray(), mediaType);
    }
}
