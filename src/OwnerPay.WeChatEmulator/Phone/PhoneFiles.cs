using System.Collections.Frozen;
using System.Reflection;

namespace OwnerPay.WeChatEmulator.Phone;

/// <summary>The page's files, from the assembly: the emulator needs no folder beside it.</summary>
static class PhoneFiles
{
    const string Prefix = "phone/";

    static readonly Assembly Home = typeof(PhoneFiles).Assembly;

    static readonly FrozenDictionary<string, string> Resources = Home.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'), StringComparer.Ordinal);

    static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="path">Below <c>/phone/</c>; empty for the page itself.</param>
    public static IResult Serve(string? path, HttpContext http)
    {
        var file = string.IsNullOrEmpty(path) ? "index.html" : path;
        if (!Resources.TryGetValue(file, out var resource) || !Types.TryGetValue(Path.GetExtension(file), out var type)) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'self'; base-uri 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(Home.GetManifestResourceStream(resource)!, type);
    }
}
