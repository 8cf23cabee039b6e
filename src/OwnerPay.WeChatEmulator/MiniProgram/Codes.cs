using System.Text.Json;
using System.Text.RegularExpressions;
using OwnerPay.WeChatEmulator.State;
using QRCoder;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary><c>POST /wxa/getwxacodeunlimit</c>: a picture, or JSON when something is wrong.</summary>
/// <remarks>WeChat draws its own round code; here it is a QR code, as PNG, that says which page with which scene would open. 5,000 a
/// minute.</remarks>
sealed partial class Codes(Keys keys, SubscribeMessages messages)
{
    readonly Allowance perMinute = new(5000, seconds: 60);

    public Task<ApiAnswer> Unlimited(ApiRequest request) => Task.FromResult(Draw(request));

    ApiAnswer Draw(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body) return ApiAnswer.DataFormat;
        if (!perMinute.Take()) return ApiAnswer.Refuse(45009, "reach max api minute quota limit");
        string? Text(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (Text("scene") is not { Length: > 0 } scene) return ApiAnswer.Refuse(40129, "invalid scene");
        if (!Scenes.IsMatch(scene)) return ApiAnswer.Refuse(40169, "invalid length for scene, or the data is not json string");
        var page = Text("page") ?? "";
        var checks = !body.TryGetProperty("check_path", out var check) || check.ValueKind != JsonValueKind.False;
        if (page.StartsWith('/') || page.Contains('?', StringComparison.Ordinal)
            || (checks && page.Length > 0 && messages.Pages.Count > 0 && !messages.Pages.Contains(page)))
            return ApiAnswer.Refuse(41030, "invalid page");
        if (page.Contains("scancode_time", StringComparison.Ordinal)) return ApiAnswer.Refuse(85096, "not allow include scancode_time field");
        if (Text("env_version") is { } version && version is not ("release" or "trial" or "develop")) return ApiAnswer.Refuse(40097, "invalid args");
        var width = body.TryGetProperty("width", out var wide) ? wide.TryGetInt32(out var pixels) ? pixels : 0 : 430;
        if (width is < 280 or > 1280) return ApiAnswer.Refuse(40097, "invalid args");
        return new(Picture($"weixin://dl/business/?appid={keys.Appid}&path={page}&query=scene%3D{Uri.EscapeDataString(scene)}", width), "image/png");
    }

    static byte[] Picture(string text, int width)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new PngByteQRCode(data);
        return code.GetGraphic(Math.Max(1, width / data.ModuleMatrix.Count));
    }

    [GeneratedRegex(@"\A[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}\z")]
    private static partial Regex Scenes { get; }
}
