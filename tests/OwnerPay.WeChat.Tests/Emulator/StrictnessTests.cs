using System.Text.Json.Nodes;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>What WeChat would refuse must be refused here, in the same order and words, or the mistake is found only with real money.</summary>
public sealed class StrictnessTests
{
    [Fact]
    public async Task Checks_come_in_WeChats_order()
    {
        await using var emulator = await RunningEmulator.Start();
        var path = $"/v3/pay/transactions/out-trade-no/NONE000001?mchid={emulator.Merchant.Mchid}";
        using var foreign = System.Security.Cryptography.RSA.Create(2048);
        var foreignKey = RsaPrivateKey.FromPem(foreign.ExportPkcs8PrivateKeyPem());
        Task<Answer> Spoilt(Action<HttpRequestMessage> spoil) =>
            emulator.Call(HttpMethod.Get, path, spoil: spoil, clockOffset: -400, key: foreignKey);

        var withoutAgent = await Spoilt(request => request.Headers.Remove("User-Agent"));
        var withoutAccept = await Spoilt(request => request.Headers.Remove("Accept"));
        var withoutAuthorization = await Spoilt(request => request.Headers.Remove("Authorization"));
        var bearer = await Spoilt(request => Replace(request, "Bearer abc"));
        var otherScheme = await Spoilt(request => Replace(request, "WECHATPAY2-SM2-WITH-SM3 mchid=\"1\""));
        var malformed = await Spoilt(request => Replace(request, RequestSigning.Scheme + " mchid=\"1\""));
        var late = await Spoilt(_ => { });
        var forged = await emulator.Call(HttpMethod.Get, path, key: foreignKey);
        var genuine = await emulator.Call(HttpMethod.Get, path);

        Assert.Equal((400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent"), Told(withoutAgent));
        Assert.Equal(Told(withoutAgent), Told(withoutAccept));
        Assert.Equal((401, "SIGN_ERROR", "签名信息错误，验签失败"), Told(withoutAuthorization));
        Assert.Equal(Told(withoutAuthorization), Told(bearer));
        Assert.Equal((401, "SIGN_ERROR", "HTTP头Authorization认证类型不正确"), Told(otherScheme));
        Assert.Equal((401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"), Told(malformed));
        Assert.Equal((401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"), Told(late));
        Assert.Equal((401, "SIGN_ERROR", "签名错误"), Told(forged));
        Assert.Equal((404, "ORDER_NOT_EXIST", "订单不存在"), Told(genuine));
        Assert.All([withoutAgent, late, forged, genuine], answer => Assert.True(answer.Signature.IsEmpty));
    }

    [Fact]
    public async Task A_forged_request_is_told_what_should_have_been_signed()
    {
        await using var emulator = await RunningEmulator.Start();
        var body = emulator.OrderBody("SIGN00000001");

        var answer = await emulator.Call(HttpMethod.Post, "/v3/pay/transactions/jsapi", body.ToJsonString(),
            spoil: request => request.Content = new StringContent(body.ToJsonString().Replace("28650", "1", StringComparison.Ordinal),
                System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(401, answer.Status);
        var told = answer.Json["detail"]!["sign_information"]!;
        Assert.Equal("/v3/pay/transactions/jsapi", (string?)told["url"]);
        Assert.EndsWith("\n{\"appid\"\n", (string?)told["truncated_sign_message"]);
        Assert.Equal(404, (await emulator.Query("SIGN00000001")).Status);
    }

    [Fact]
    public async Task Unknown_paths_and_methods_have_empty_bodies()
    {
        await using var emulator = await RunningEmulator.Start();

        var unknown = await emulator.Call(HttpMethod.Get, "/v3/pay/transactions/h5");
        var method = await emulator.Call(HttpMethod.Put, "/v3/pay/transactions/jsapi", "{}");

        Assert.Equal((404, 0), (unknown.Status, unknown.Raw.Length));
        Assert.Equal((405, 0), (method.Status, method.Raw.Length));
    }

    [Theory]
    [InlineData("/description", "description", null)]
    [InlineData("/description", "description", "")]
    [InlineData("/description", "description", "长128")]
    [InlineData("/out_trade_no", "out_trade_no", "short")]
    [InlineData("/out_trade_no", "out_trade_no", "SPACE IN NUMBER")]
    [InlineData("/out_trade_no", "out_trade_no", "123456789012345678901234567890123")]
    [InlineData("/notify_url", "notify_url", "http://pay.example.com/notify")]
    [InlineData("/notify_url", "notify_url", "https://pay.example.com")]
    [InlineData("/notify_url", "notify_url", "https://pay.example.com/notify?merchant=1")]
    [InlineData("/time_expire", "time_expire", "2026-11-23 10:30:00")]
    [InlineData("/amount/total", "amount", """{"total":0}""")]
    [InlineData("/amount/total", "amount", """{"total":"100"}""")]
    [InlineData("/amount/total", "amount", """{"total":1.5}""")]
    [InlineData("/amount/currency", "amount", """{"total":1,"currency":"USD"}""")]
    [InlineData("/payer/openid", "payer", """{"openid":"has blank"}""")]
    [InlineData("/payer", "payer", null)]
    [InlineData("/scene_info/payer_client_ip", "scene_info", """{"payer_client_ip":"somewhere"}""")]
    [InlineData("/detail/goods_detail/0/quantity", "detail", """{"goods_detail":[{"merchant_goods_id":"g1","unit_price":1}]}""")]
    public async Task A_field_that_breaks_its_rule_is_named(string field, string member, string? value)
    {
        await using var emulator = await RunningEmulator.Start();
        var body = emulator.OrderBody("FIELD0000001");
        body[member] = value is null ? null : value.StartsWith('{') ? JsonNode.Parse(value) : value == "长128" ? new string('费', 128) : value;

        var answer = await emulator.Order(body);

        Assert.Equal((400, "PARAM_ERROR"), (answer.Status, answer.Code));
        Assert.Equal(field, (string?)answer.Json["detail"]!["field"]);
        Assert.Equal("body", (string?)answer.Json["detail"]!["location"]);
    }

    [Fact]
    public async Task A_body_for_another_merchant_or_mini_program_is_refused()
    {
        await using var emulator = await RunningEmulator.Start();
        var otherMerchant = emulator.OrderBody("OTHER0000001");
        otherMerchant["mchid"] = "1900000001";
        var otherApp = emulator.OrderBody("OTHER0000001");
        otherApp["appid"] = "wx0000000000000000";

        Assert.Equal((400, "PARAM_ERROR", "http header中的mchid与post payload中的mchid不匹配"), Told(await emulator.Order(otherMerchant)));
        Assert.Equal((400, "APPID_MCHID_NOT_MATCH"), (await emulator.Order(otherApp)) is var answer ? (answer.Status, answer.Code) : default);
    }

    [Fact]
    public async Task A_merchant_without_certificates_gets_everything_signed_with_the_public_key_and_no_certificate()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { PublicKeyOnly = true });

        var order = await emulator.Order(emulator.OrderBody("PUBKEY000001"), publicKeyMode: false);
        var certificates = await emulator.Call(HttpMethod.Get, "/v3/certificates", publicKeyMode: false);

        Assert.Equal(emulator.Merchant.PublicKeyId, order.Signature.Serial);
        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), (certificates.Status, certificates.Code));
    }

    [Fact]
    public async Task A_client_that_maps_WeChats_names_to_this_machine_is_served_but_sees_no_admin_api()
    {
        await using var emulator = await RunningEmulator.Start(now: "2026-11-24 10:00:00");
        async Task<HttpResponseMessage> Get(string host, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            return await emulator.Http.SendAsync(request);
        }
        await emulator.Order("MAPPED000001");
        await emulator.Pay("MAPPED000001", new { at = "2026-11-23T12:00:00+08:00" });

        var bill = await emulator.Call(
            HttpMethod.Get, "/v3/bill/tradebill?bill_date=2026-11-23", spoil: request => request.Headers.Host = "api.mch.weixin.qq.com");

        Assert.Equal(400, (int)(await Get("api.mch.weixin.qq.com", "/v3/certificates")).StatusCode);    // no User-Agent, but let in
        Assert.Equal(403, (int)(await Get("api.mch.weixin.qq.com", "/admin/statistics")).StatusCode);
        Assert.Equal(403, (int)(await Get("api.weixin.qq.com", "/phone/")).StatusCode);
        Assert.StartsWith("https://api.mch.weixin.qq.com/v3/billdownload/file?token=", (string?)bill.Json["download_url"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_description_in_Chinese_and_the_oddest_legal_number_pass()
    {
        await using var emulator = await RunningEmulator.Start();
        var body = emulator.OrderBody("a-Z_09*");
        body["description"] = new string('费', 127);

        var answer = await emulator.Order(body);

        Assert.Equal(200, answer.Status);
        Assert.Equal(Verification.Accepted, emulator.Verify(answer.Signature, answer.Raw));
    }

    [Fact]
    public async Task With_strict_openids_only_people_who_exist_can_be_asked_to_pay()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { StrictOpenids = true });

        var stranger = await emulator.Order(emulator.OrderBody("STRICT000001"));
        await emulator.Post("users", new { openid = RunningEmulator.Openid, phone = "13800138000", nickname = "王芳" });
        var known = await emulator.Order(emulator.OrderBody("STRICT000001"));

        Assert.Equal((400, "PARAM_ERROR", "appid和openid不匹配"), Told(stranger));
        Assert.Equal(200, known.Status);
    }

    static (int, string?, string?) Told(Answer answer) => (answer.Status, answer.Code, (string?)answer.Json["message"]);

    static void Replace(HttpRequestMessage request, string authorization)
    {
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
    }
}
