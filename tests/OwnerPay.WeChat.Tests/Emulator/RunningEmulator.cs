using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>What came back: status and body, with the answer's own signature headers.</summary>
sealed record Answer(int Status, byte[] Raw, HttpResponseMessage Response)
{
    public string Text => Encoding.UTF8.GetString(Raw);
    public JsonNode Json => JsonNode.Parse(Raw)!;
    public string? Code => Raw.Length == 0 ? null : (string?)Json["code"];
    public SignatureHeaders Signature => SignatureHeaders.From(Response.Headers);
}

/// <summary>An emulator on a folder and port of its own, a merchant who signs calls to it by hand, and the admin API.</summary>
sealed class RunningEmulator : IAsyncDisposable
{
    public const string Openid = "oOwNr5PaY0tEsT1uSeR2aBcDeFgH";

    readonly bool ownsFolder;

    RunningEmulator(EmulatorHost host, string folder, FakeTimeProvider clock, bool ownsFolder)
    {
        (Host, Folder, Clock, this.ownsFolder) = (host, folder, clock, ownsFolder);
        Http = new() { BaseAddress = host.BaseAddress };
        Key = RsaPrivateKey.FromPem(host.Merchant.MerchantPrivateKeyPem);
    }

    public EmulatorHost Host { get; }
    public string Folder { get; }

    /// <summary>Business time; stands still unless a test moves it.</summary>
    public FakeTimeProvider Clock { get; }
    public HttpClient Http { get; }
    public RsaPrivateKey Key { get; }
    public Merchant Merchant => Host.Merchant;

    /// <summary>Making keys takes most of a start, so all but those who ask for their own share one set.</summary>
    static readonly Lazy<Task<byte[]>> SharedKeys = new(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        await using (await EmulatorHost.Start(new() { DataDirectory = folder })) { }
        var keys = await File.ReadAllBytesAsync(Path.Combine(folder, "keys.json"));
        Directory.Delete(folder, recursive: true);
        return keys;
    });

    /// <param name="folder">A folder left by an earlier one; fresh when absent.</param>
    /// <param name="now">Business time in Shanghai at the start.</param>
    /// <param name="ownKeys">A merchant and keys like no other's.</param>
    public static async Task<RunningEmulator> Start(
        string? folder = null, string now = "2026-11-23 10:00:00", Func<EmulatorOptions, EmulatorOptions>? change = null, bool ownKeys = false)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("emulator-").FullName;
        if (folder is null && !ownKeys) await File.WriteAllBytesAsync(Path.Combine(data, "keys.json"), await SharedKeys.Value);
        var clock = new FakeTimeProvider(Shanghai(now));
        var options = new EmulatorOptions { DataDirectory = data, BusinessTime = clock, RetrySpeed = 200 };
        try
        {
            return new(await EmulatorHost.Start(change?.Invoke(options) ?? options), data, clock, ownsFolder: folder is null);
        }
        catch (EmulatorStartException)
        {
            if (folder is null) Directory.Delete(data, recursive: true);
            throw;
        }
    }

    public static DateTimeOffset Shanghai(string time) => DateTimeOffset.Parse(time + "+08:00", System.Globalization.CultureInfo.InvariantCulture);

    public JsonObject OrderBody(string number, string notifyUrl = "http://127.0.0.1:9/wechat/pay", long fen = 28_650) => new()
    {
        ["appid"] = Merchant.Appid,
        ["mchid"] = Merchant.Mchid,
        ["description"] = "物业费-阳光花园3栋2单元1801-2026年11月",
        ["out_trade_no"] = number,
        ["attach"] = "house=3-2-1801",
        ["notify_url"] = notifyUrl,
        ["amount"] = new JsonObject { ["total"] = fen, ["currency"] = "CNY" },
        ["payer"] = new JsonObject { ["openid"] = Openid },
    };

    public Task<Answer> Order(JsonObject body, bool publicKeyMode = true) =>
        Call(HttpMethod.Post, "/v3/pay/transactions/jsapi", body.ToJsonString(), publicKeyMode);

    public async Task<string> Order(string number, string notifyUrl = "http://127.0.0.1:9/wechat/pay", long fen = 28_650)
    {
        var answer = await Order(OrderBody(number, notifyUrl, fen));
        Assert.True(answer.Status == 200, answer.Text);
        return (string)answer.Json["prepay_id"]!;
    }

    public Task<Answer> Query(string number) => Call(HttpMethod.Get, $"/v3/pay/transactions/out-trade-no/{number}?mchid={Merchant.Mchid}");

    public Task<Answer> Close(string number) =>
        Call(HttpMethod.Post, $"/v3/pay/transactions/out-trade-no/{number}/close", $$"""{"mchid":"{{Merchant.Mchid}}"}""");

    public JsonObject RefundBody(string number, string refundNumber, long fen, string? notifyUrl = null, long total = 28_650)
    {
        var body = new JsonObject
        {
            ["out_trade_no"] = number,
            ["out_refund_no"] = refundNumber,
            ["reason"] = "重复缴费退款",
            ["amount"] = new JsonObject { ["refund"] = fen, ["total"] = total, ["currency"] = "CNY" },
        };
        if (notifyUrl is not null) body["notify_url"] = notifyUrl;
        return body;
    }

    public Task<Answer> Refund(JsonObject body) => Call(HttpMethod.Post, "/v3/refund/domestic/refunds", body.ToJsonString());

    public Task<Answer> Refund(string number, string refundNumber, long fen = 28_650, string? notifyUrl = null) =>
        Refund(RefundBody(number, refundNumber, fen, notifyUrl));

    public Task<Answer> QueryRefund(string refundNumber) => Call(HttpMethod.Get, $"/v3/refund/domestic/refunds/{refundNumber}");

    /// <summary>Waits until a refund is no longer on its way.</summary>
    public async Task<JsonNode> Refunded(string refundNumber)
    {
        JsonNode refund = new JsonObject();
        await Until(async () => (string?)(refund = (await QueryRefund(refundNumber)).Json)["status"] != "PROCESSING");
        return refund;
    }

    /// <summary>A signed call as a proper merchant makes it, unless <paramref name="spoil"/> changes the request after signing.</summary>
    public async Task<Answer> Call(
        HttpMethod method, string pathAndQuery, string? body = null, bool publicKeyMode = true, long clockOffset = 0, RsaPrivateKey? key = null,
        Action<HttpRequestMessage>? spoil = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        using var request = new HttpRequestMessage(method, pathAndQuery);
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + clockOffset;
        var authorization = RequestSigning.Sign(
            key ?? Key, Merchant.Mchid, Merchant.MerchantCertificateSerial, method.Method, pathAndQuery, seconds, RequestSigning.NewNonce(), bytes);
        request.Headers.TryAddWithoutValidation("Authorization", authorization.ToString());
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "OwnerPay.Tests");
        if (publicKeyMode) request.Headers.TryAddWithoutValidation(SignatureHeaders.SerialName, Merchant.PublicKeyId);
        if (body is not null) request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
        spoil?.Invoke(request);
        var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response);
    }

    /// <summary>Verifies an answer or callback the way a merchant does who trusts both kinds of key.</summary>
    public Verification Verify(SignatureHeaders signature, byte[] body)
    {
        var keys = new Dictionary<string, RsaPublicKey>
        {
            [Merchant.PublicKeyId] = RsaPublicKey.FromPem(Merchant.PublicKeyPem),
            [Merchant.PlatformCertificateSerial] = RsaPublicKey.FromPem(Merchant.PlatformCertificatePem),
        };
        return new AnswerVerifier(TimeProvider.System).Verify(signature, body, keys);
    }

    public async Task<Answer> Admin(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/admin/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response);
    }

    public Task<Answer> Post(string path, object? body = null) => Admin(HttpMethod.Post, path, body);

    public async Task<JsonNode> Get(string path) => (await Admin(HttpMethod.Get, path)).Json;

    public async Task<JsonNode> Pay(string number, object? wish = null)
    {
        var answer = await Post($"orders/{number}/pay", wish);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    /// <summary>Waits for something that the emulator does by itself, at most 20 seconds.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; tries < 800; tries++)
        {
            if (await condition()) return;
            await Task.Delay(25);
        }
        Assert.Fail("It did not happen within 20 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        if (ownsFolder) Directory.Delete(Folder, recursive: true);
    }
}
