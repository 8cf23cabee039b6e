using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>Body of <c>POST /wxa/getwxacodeunlimit</c>: a code that opens a page of the mini-program.</summary>
/// <param name="Scene">Handed to the page, percent-encoded; 1–32 of <c>0-9 A-Z a-z ! # $ &amp; ' ( ) * + , / : ; = ? @ - . _ ~</c>.</param>
/// <param name="Page">Without a leading slash and without a query; absent means the first page.</param>
/// <param name="CheckPath">False for a page that is not yet published; at most 60,000 codes.</param>
/// <param name="EnvVersion"><c>release</c>, <c>trial</c> or <c>develop</c>.</param>
/// <param name="Width">Pixels, 280–1280.</param>
/// <param name="IsHyaline">A transparent ground, which makes it a PNG.</param>
public sealed partial record MiniProgramCodeRequest(
    string Scene, string? Page = null, bool CheckPath = true, string EnvVersion = "release", int Width = 430, bool AutoColor = false,
    CodeColor? LineColor = null, bool IsHyaline = false)
{
    /// <returns>The field and the rule that it breaks, as WeChat would refuse it; null if it may be sent.</returns>
    public string? Fault() =>
        !SceneCharacters().IsMatch(Scene) ? "scene: 1 to 32 letters, digits or !#$&'()*+,/:;=?@-._~"
        : Page is not null && !PagePath().IsMatch(Page) ? "page: a path without leading slash and without query"
        : Width is < 280 or > 1280 ? "width: 280 to 1280"
        : EnvVersion is not ("release" or "trial" or "develop") ? "env_version: release, trial or develop"
        : null;

    [GeneratedRegex(@"\A[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}\z")]
    private static partial Regex SceneCharacters();

    [GeneratedRegex(@"\A[^/?#\s][^?#\s]*\z")]
    private static partial Regex PagePath();
}

/// <summary>Each 0–255.</summary>
public sealed record CodeColor(int R, int G, int B);

/// <summary>A picture to show or print.</summary>
/// <param name="ContentType"><c>image/jpeg</c> or <c>image/png</c>, by its first bytes.</param>
public sealed record MiniProgramCode(byte[] Image, string ContentType);

/// <summary>Success is a bare picture, an error is JSON, and the status is 200 for both.</summary>
sealed record MiniProgramCodeAnswer : MiniProgramAnswer
{
    [JsonIgnore]
    public MiniProgramCode? Code { get; init; }

    public static MiniProgramCodeAnswer? Read(byte[] bytes) => bytes switch
    {
        [0xff, 0xd8, 0xff, ..] => new() { Code = new(bytes, "image/jpeg") },
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => new() { Code = new(bytes, "image/png") },
        _ => WireJson.TryRead(bytes, MiniProgramJson.Types.MiniProgramAnswer) is { Errcode: not null and not 0 } error
            ? new() { Errcode = error.Errcode, Errmsg = error.Errmsg } : null,
    };
}
