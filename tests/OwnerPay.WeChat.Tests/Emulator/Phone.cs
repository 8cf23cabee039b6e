using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>Calls of api.weixin.qq.com by hand.</summary>
static class Phone
{
    public static async Task<JsonNode> Token(RunningEmulator emulator, bool force = false, string? secret = null)
    {
        var (appid, given) = (emulator.Merchant.Appid, secret ?? emulator.Merchant.Appsecret);
        var response = await emulator.Http.PostAsJsonAsync(
            "/cgi-bin/stable_token", new { grant_type = "client_credential", appid, secret = given, force_refresh = force });
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public static async Task<JsonNode> Login(RunningEmulator emulator, string code, string? appid = null)
    {
        var merchant = emulator.Merchant;
        var text = await emulator.Http.GetStringAsync(
            $"/sns/jscode2session?appid={appid ?? merchant.Appid}&secret={merchant.Appsecret}&js_code={code}&grant_type=authorization_code");
        return JsonNode.Parse(text)!;
    }

    public static async Task<JsonNode> Number(RunningEmulator emulator, string code, string token)
    {
        var response = await emulator.Http.PostAsJsonAsync($"/wxa/business/getuserphonenumber?access_token={token}", new { code });
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public static Task<JsonNode> Send(RunningEmulator emulator, string template, string token, string openid = RunningEmulator.Openid) =>
        Send(emulator, template, token, new JsonObject { ["thing1"] = "阳光花园3栋2单元1801", ["amount2"] = "286.50元", ["date3"] = "2026年11月30日" }, openid);

    public static async Task<JsonNode> Send(
        RunningEmulator emulator, string template, string token, JsonObject values, string openid = RunningEmulator.Openid,
        string page = "pages/bill/detail?id=1")
    {
        var data = new JsonObject();
        foreach (var (key, value) in values) data[key] = new JsonObject { ["value"] = value!.DeepClone() };
        var response = await emulator.Http.PostAsJsonAsync($"/cgi-bin/message/subscribe/send?access_token={token}",
            new { touser = openid, template_id = template, page, miniprogram_state = "formal", lang = "zh_CN", data });
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>A code that the admin API makes: <c>login-code</c> or <c>phone-code</c>.</summary>
    public static async Task<string> Code(RunningEmulator emulator, string kind, string openid = RunningEmulator.Openid) =>
        (string)(await emulator.Post($"users/{openid}/{kind}")).Json["code"]!;
}
