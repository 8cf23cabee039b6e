using System.Text;
using CsCheck;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>Mini-program codes on printed bills, and the shipment reports without which money stays frozen.</summary>
public class CodeAndShippingTests
{
    static readonly MiniProgramCredentials App = new("wx1f2e3d4c5b6a7988", "secret");
    static readonly DateTimeOffset Time = new(2026, 11, 23, 2, 0, 5, 120, TimeSpan.Zero);

    static Answer Said(string json) => ApiKit.Said(json);

    static Answer Picture(params byte[] bytes) => new(200, bytes, Signing.None) { ContentType = "image/jpeg" };

    [Fact]
    public async Task A_code_for_a_bill_is_a_picture_of_either_kind()
    {
        await using var kit = await ApiKit.Start(Picture(0xff, 0xd8, 0xff, 0xe0, 1, 2), Picture(0x89, 0x50, 0x4e, 0x47, 3));
        var client = kit.Get<MiniProgramClient>();

        var jpeg = await client.CreateCodeAsync(App, new MiniProgramCodeRequest("p=AbCdEfGhIjKlMnOpQrStUv", "pages/bill/index"));
        var png = await client.CreateCodeAsync(App, new MiniProgramCodeRequest("p=1", IsHyaline: true));

        Assert.Equal(("image/jpeg", 6), (jpeg.Value!.ContentType, jpeg.Value.Image.Length));
        Assert.Equal("image/png", png.Value!.ContentType);
        Assert.Equal(
            """
            {"scene":"p=AbCdEfGhIjKlMnOpQrStUv","page":"pages/bill/index","check_path":true,"env_version":"release","width":430,
            "auto_color":false,"is_hyaline":false}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(kit.Made[0].Body));
        Assert.Equal("/wxa/getwxacodeunlimit?access_token=t", kit.Server.Calls.Last().Target);
    }

    [Theory]
    [InlineData(40097, MiniProgramProblem.BadRequest)]
    [InlineData(40129, MiniProgramProblem.BadRequest)]
    [InlineData(40169, MiniProgramProblem.BadRequest)]
    [InlineData(85096, MiniProgramProblem.BadRequest)]
    [InlineData(41030, MiniProgramProblem.PageMissing)]
    [InlineData(45009, MiniProgramProblem.Throttled)]
    [InlineData(40001, MiniProgramProblem.TokenInvalid)]
    [InlineData(12345, MiniProgramProblem.Unknown)]
    public async Task An_error_in_place_of_a_picture_is_read_as_one(int errcode, MiniProgramProblem expected)
    {
        await using var kit = await ApiKit.Start(Said($$"""{"errcode":{{errcode}},"errmsg":"no rid: 1-2-3"}""") with { ContentType = "image/jpeg" });

        var failure = (await kit.Get<MiniProgramClient>().CreateCodeAsync(App, new("p=1"))).Failure!;

        Assert.Equal((expected, errcode, "1-2-3"), (failure.Problem, failure.Errcode, failure.Rid));
    }

    [Theory]
    [InlineData("", "pages/a", 430, "scene")]
    [InlineData("123456789012345678901234567890123", "pages/a", 430, "scene")]
    [InlineData("p=3%2D", "pages/a", 430, "scene")]
    [InlineData("房=1", "pages/a", 430, "scene")]
    [InlineData("p 1", "pages/a", 430, "scene")]
    [InlineData("p=1\n", "pages/a", 430, "scene")]
    [InlineData("p=1", "/pages/a", 430, "page")]
    [InlineData("p=1", "pages/a?x=1", 430, "page")]
    [InlineData("p=1", "pages/a", 100, "width")]
    public async Task A_code_that_wechat_would_refuse_is_not_asked_for(string scene, string page, int width, string field)
    {
        await using var kit = await ApiKit.Start(Picture(0xff, 0xd8, 0xff));

        var failure = (await kit.Get<MiniProgramClient>().CreateCodeAsync(App, new(scene, page, Width: width))).Failure!;

        Assert.Equal(MiniProgramProblem.BadRequest, failure.Problem);
        Assert.StartsWith(field + ":", failure.Errmsg, StringComparison.Ordinal);
        Assert.Empty(kit.Server.Calls);
    }

    [Fact]
    public void A_scene_passes_exactly_when_each_of_its_characters_is_allowed() => Gen.String[0, 40].Sample(scene =>
        (new MiniProgramCodeRequest(scene).Fault() is null) ==
        (scene.Length is >= 1 and <= 32
            && scene.All(c => char.IsAsciiLetterOrDigit(c) || "!#$&'()*+,/:;=?@-._~".Contains(c, StringComparison.Ordinal))),
        iter: 3_000);

    [Fact]
    public async Task A_paid_property_fee_is_reported_as_a_service_that_nothing_is_sent_for()
    {
        await using var kit = await ApiKit.Start(Said("""{"errcode":0,"errmsg":"ok"}"""));

        var result = await kit.Get<Shipping>().UploadAsync(App, "4200000001", "oOwner", "物业费-阳光花园3栋2单元1801-2026年11月", Time);

        Assert.Equal((ShippingOutcome.Uploaded, true), (result.Outcome, result.IsDone));
        Assert.Equal(
            """
            {"order_key":{"order_number_type":2,"transaction_id":"4200000001"},"logistics_type":3,"delivery_mode":1,
            "shipping_list":[{"item_desc":"物业费-阳光花园3栋2单元1801-2026年11月"}],"upload_time":"2026-11-23T10:00:05.120+08:00","payer":{"openid":"oOwner"}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(kit.Server.Calls.Last().Body));
    }

    [Theory]
    [InlineData(10060001, ShippingOutcome.PaymentUnknown, false)]
    [InlineData(10060002, ShippingOutcome.AlreadyThere, true)]
    [InlineData(10060003, ShippingOutcome.AlreadyThere, true)]
    [InlineData(10060023, ShippingOutcome.AlreadyThere, true)]
    [InlineData(268440065, ShippingOutcome.AlreadyThere, true)]
    [InlineData(10060004, ShippingOutcome.NotShippable, false)]
    [InlineData(10060012, ShippingOutcome.Busy, false)]
    [InlineData(10060019, ShippingOutcome.Busy, false)]
    [InlineData(-1, ShippingOutcome.Busy, false)]
    [InlineData(47001, ShippingOutcome.BadRequest, false)]
    [InlineData(48001, ShippingOutcome.Configuration, false)]
    [InlineData(45011, ShippingOutcome.Throttled, false)]
    [InlineData(77777, ShippingOutcome.Unknown, false)]
    public async Task Each_answer_to_a_shipment_says_whether_to_repeat_and_none_is_repeated_blindly(int errcode, ShippingOutcome expected, bool done)
    {
        await using var kit = await ApiKit.Start(Said($$"""{"errcode":{{errcode}},"errmsg":"x"}"""));

        var result = await kit.Get<Shipping>().UploadAsync(App, "4200000001", "oOwner", "物业费", Time);

        Assert.Equal((expected, errcode, done), (result.Outcome, result.Errcode, result.IsDone));
        Assert.Single(kit.Made);
    }

    [Fact]
    public async Task A_shipment_without_an_answer_is_asked_for_and_one_too_long_is_never_sent()
    {
        await using var kit = await ApiKit.Start(Said("{}") with { Abort = true },
            Said("""{"errcode":0,"errmsg":"ok","order":{"order_state":2,"transaction_id":"42"} }"""));
        var shipping = kit.Get<Shipping>();

        Assert.Equal(ShippingOutcome.MaybeUploaded, (await shipping.UploadAsync(App, "42", "oOwner", "物业费", Time)).Outcome);
        Assert.Equal(ShippingState.Shipped, (await shipping.OrderAsync(App, "42")).Value?.State);
        Assert.Equal(ShippingOutcome.BadRequest, (await shipping.UploadAsync(App, "42", "oOwner", new string('费', 121), Time)).Outcome);
        Assert.Equal(2, kit.Made.Count);
    }

    [Fact]
    public async Task Whether_shipments_must_be_reported_is_asked_and_an_account_without_the_feature_need_not()
    {
        await using var kit = await ApiKit.Start(Said("""{"errcode":0,"errmsg":"ok","is_trade_managed":true}"""),
            Said("""{"errcode":0,"errmsg":"ok","is_trade_managed":false}"""), Said("""{"errcode":48001,"errmsg":"api unauthorized"}"""),
            Said("""{"errcode":0,"errmsg":"ok"}"""));
        var shipping = kit.Get<Shipping>();

        Assert.True((await shipping.DutyAsync(App)).Value!.IsManaged);
        Assert.False((await shipping.DutyAsync(App)).Value!.IsManaged);
        Assert.False((await shipping.DutyAsync(App)).Value!.IsManaged);
        Assert.Equal(MiniProgramProblem.Unreachable, (await shipping.DutyAsync(App)).Failure?.Problem);
    }
}
