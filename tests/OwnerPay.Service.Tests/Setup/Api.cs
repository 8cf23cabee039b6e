using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>What an API answered.</summary>
public sealed record Answer(int Status, JsonNode? Body, HttpResponseHeaders Headers)
{
    /// <summary>Stable code of the problem details, or null when it was done.</summary>
    public string? Code => Status >= 400 ? Body?["code"]?.GetValue<string>() : null;

    public JsonNode this[string name] => Body![name] ?? throw new InvalidOperationException($"No {name} in {Body}");

    /// <summary>Fails the test when the call was refused.</summary>
    public Answer Done()
    {
        if (Status is not (>= 200 and < 300)) Assert.Fail($"{Status} {Body}\n{Fault}");
        return this;
    }

    /// <summary>What the service logged as an error in the course of the request, or null.</summary>
    public string? Fault => Faults.Of((Body as JsonObject)?["traceId"]?.GetValue<string>());
}

/// <summary>A signed-in client of one door.</summary>
public sealed class Api(Uri address, string prefix, string? token) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };

    public string? Token => token;

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null, null);

    public Task<Answer> Post(string path, object? body = null, string? key = null) => Send(HttpMethod.Post, path, body, key);

    public Task<Answer> Put(string path, object? body = null, string? key = null) => Send(HttpMethod.Put, path, body, key);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null, null);

    /// <param name="body">Anything that becomes JSON, or an <see cref="HttpContent"/>.</param>
    /// <param name="key">Idempotency key; a fresh one for each call unless given.</param>
    public async Task<Answer> Send(HttpMethod method, string path, object? body, string? key)
    {
        using var request = new HttpRequestMessage(method, prefix + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method != HttpMethod.Get) request.Headers.Add("Idempotency-Key", key ?? Guid.CreateVersion7().ToString("N"));
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var response = await Sent(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0 ? JsonNode.Parse(text) : null;
        return new Answer((int)response.StatusCode, json, response.Headers);
    }

    async Task<HttpResponseMessage> Sent(HttpRequestMessage request)
    {
        try { return await http.SendAsync(request); }
        catch (SocketException broken)
        {
            throw new HttpRequestException("The line broke while it was being opened", broken);    // the framework lets this one out as it is
        }
    }

    public void Dispose() => http.Dispose();
}
