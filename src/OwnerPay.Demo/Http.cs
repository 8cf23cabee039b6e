using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OwnerPay.Demo;

/// <summary>A client of one door, as a person with a token; an answer that is no success ends the story.</summary>
public sealed class Http : IDisposable
{
    readonly HttpClient client;
    readonly string prefix;
    readonly string? token;

    public Http(Uri address, string prefix, string? token = null) : this(address, prefix, token, cookies: false) { }

    Http(Uri address, string prefix, string? token, bool cookies)
    {
        (this.prefix, this.token) = (prefix, token);
        client = new HttpClient(new SocketsHttpHandler { UseCookies = cookies }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>A browser of the console: it keeps cookies and sends the header that other sites' pages cannot.</summary>
    public static Http Browser(Uri address, string prefix)
    {
        var browser = new Http(address, prefix, null, cookies: true);
        browser.client.DefaultRequestHeaders.Add("X-OwnerPay-Csrf", "1");
        return browser;
    }

    public Task<JsonNode> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<JsonNode> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body ?? new { });

    public Task<JsonNode> Put(string path, object body) => Send(HttpMethod.Put, path, body);

    /// <summary>A page to print; its path begins at the service's address.</summary>
    public async Task<string> Page(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new StoryBrokenException($"GET {path}: {(int)response.StatusCode} {text}");
    }

    /// <returns>The answer and its problem code, null when it was done.</returns>
    public async Task<(JsonNode Body, string? Code)> Try(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, prefix + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method != HttpMethod.Get) request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text)! : new JsonObject();
        if (response.IsSuccessStatusCode) return (json, null);
        return (json, (json as JsonObject)?["code"]?.GetValue<string>() ?? ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    async Task<JsonNode> Send(HttpMethod method, string path, object? body)
    {
        var (answer, code) = await Try(method, path, body);
        return code is null ? answer : throw new StoryBrokenException($"{method} {path}: {code} {answer.ToJsonString()}");
    }

    public void Dispose() => client.Dispose();
}

/// <summary>The story cannot go on; the message says where it broke.</summary>
public sealed class StoryBrokenException(string message) : Exception(message);

public static class JsonReading
{
    public static Guid Id(this JsonNode node, string name) => node[name]!.GetValue<Guid>();

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static long Number(this JsonNode node, string name) => node[name]!.GetValue<long>();

    public static JsonArray Items(this JsonNode node, string name = "items") => node[name]!.AsArray();
}
