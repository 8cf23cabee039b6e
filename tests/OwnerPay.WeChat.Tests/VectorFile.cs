using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests;

/// <summary>The vectors folder: values computed by other programs than ours.</summary>
static class VectorFile
{
    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vectors");

    public static JsonElement Root { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "vectors.json"))).RootElement;

    public static JsonElement Identity => Root.GetProperty("identity");

    public static string Mchid => Identity.Text("mchid");

    public static string PublicKeyId => Identity.Text("wechatpay_public_key_id");

    public static ApiV3Key ApiV3Key { get; } = new(Identity.Text("apiv3_key"));

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static RsaPrivateKey PrivateKey(string name) => RsaPrivateKey.FromPem(Text($"keys/{name}"));

    /// <summary>The ids of one list of cases, each to be a test of its own.</summary>
    public static TheoryData<string> Ids(params string[] path) => [.. List(path).Select(item => item.Text("id"))];

    public static JsonElement Case(string id, params string[] path) => List(path).Single(item => item.Text("id") == id);

    static JsonElement.ArrayEnumerator List(string[] path) =>
        path.Aggregate(Root, (element, name) => element.GetProperty(name)).EnumerateArray();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static byte[] Base64(this JsonElement element, string name) => Convert.FromBase64String(element.Text(name));

    public static string? OptionalText(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static Dictionary<string, string> Headers(this JsonElement item) =>
        item.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!);

    public static SignatureHeaders Signature(this JsonElement item) => SignatureHeaders.From(item.Headers());

    /// <summary>A clock that stands at the case's moment.</summary>
    public static FakeTimeProvider ClockOf(JsonElement item) => new(DateTimeOffset.FromUnixTimeSeconds(item.GetProperty("now").GetInt64()));

    /// <summary>All keys under which WeChat signs in the vectors.</summary>
    public static Dictionary<string, RsaPublicKey> Keys { get; } = Root.GetProperty("verify_keys").EnumerateObject()
        .ToDictionary(key => key.Name, key => RsaPublicKey.FromPem(Text(key.Value.GetString()!)));

    /// <summary>The vectors' merchant, trusting every key of <see cref="Keys"/>.</summary>
    public static MerchantCredentials Merchant { get; } = new()
    {
        Mchid = Mchid,
        SerialNo = Identity.Text("merchant_certificate_serial"),
        PrivateKey = PrivateKey("merchant_private_key.pem"),
        ApiV3Key = ApiV3Key,
        PublicKeys = Keys,
        PublicKeyId = PublicKeyId,
    };
}
