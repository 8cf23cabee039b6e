namespace OwnerPay.WeChatEmulator.Phone;

/// <summary><c>wx.request</c> of the phone page: WeChat's client sends it from the phone, so the service sees no browser and needs no CORS.</summary>
/// <remarks>Only to the one configured address, whatever the path says; the answer comes back as it is. When none comes, 502 with
/// <see cref="FailHeader"/>, which the page turns into the <c>fail</c> callback.</remarks>
sealed class Relay(Uri backend) : IDisposable
{
    public const string FailHeader = "X-Phone-Fail";
    const int MostBytes = 1 << 20;

    static readonly string[] Up = ["Authorization", "Idempotency-Key", "Pay-Link", "Accept"], Down = ["Retry-After", "Date"];

    readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    { Timeout = TimeSpan.FromSeconds(60) };

    public async Task Send(string path, HttpContext http)
    {
        var cancel = http.RequestAborted;
        try
        {
            using var request = await Request(path, http, cancel);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            foreach (var name in Down)
                if (answer.Headers.TryGetValues(name, out var values)) http.Response.Headers[name] = values.ToArray();
            await answer.Content.CopyToAsync(http.Response.Body, cancel);
        }
        catch (HttpRequestException failure)
        {
            Fail(http, failure.HttpRequestError is HttpRequestError.ConnectionError ? "connect fail" : "interrupted");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            Fail(http, "timeout");
        }
        catch (OperationCanceledException)
        {
            http.Abort();    // the page gave up first
        }
    }

    async Task<HttpRequestMessage> Request(string path, HttpContext http, CancellationToken cancel)
    {
        // The path is put behind our host, never resolved against it: "//elsewhere/" stays a path.
        var target = new UriBuilder(backend) { Path = new PathString("/" + path).ToUriComponent(), Query = http.Request.QueryString.Value ?? "" };
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), target.Uri);
        foreach (var name in Up)
            if (http.Request.Headers.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, values.ToArray());
        if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, cancel);
            request.Content = new ByteArrayContent(body.Length <= MostBytes ? body.ToArray() : throw new BadHttpRequestException("too large", 413));
            if (http.Request.ContentType is { } type) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return request;
    }

    static void Fail(HttpContext http, string why)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = 502;
        http.Response.ContentType = null;
        http.Response.Headers[FailHeader] = why;
    }

    public void Dispose() => client.Dispose();
}
