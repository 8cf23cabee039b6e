using System.Globalization;
using System.Text;
using System.Text.Json;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Whole callbacks as WeChat sends them.</summary>
public class NotificationVectorTests
{
    public static TheoryData<string> Callbacks => VectorFile.Ids("notifications");

    [Theory, MemberData(nameof(Callbacks))]
    public async Task A_callback_tells_what_was_paid_or_refunded_and_telling_it_twice_changes_nothing(string id)
    {
        var item = VectorFile.Case(id, "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        var body = item.Base64("body_utf8_base64");

        var first = await kit.Reader().ReadAsync(VectorFile.Merchant, item.Signature(), body);
        var second = await kit.Reader().ReadAsync(VectorFile.Merchant, item.Signature(), body);

        Assert.Equal(item.GetProperty("accept").GetBoolean(), first.IsGenuine);
        Assert.Equal(first.IsGenuine, second.IsGenuine);
        if (!first.IsGenuine)
        {
            Assert.Equal(("DECRYPT_FAILED", NotificationRefusal.DecryptFailed, 500), (item.Text("reason"), first.Refusal, first.RefusalStatus));
            return;
        }
        Assert.Equal(first.Notification.Envelope.Id, second.Notification!.Envelope.Id);
        Assert.Equal(item.Text("event_type"), first.Notification.Envelope.EventType);
        // Written again by us, the decrypted resource is the same text: no member is lost, none is changed.
        Assert.Equal(item.Text("decrypted_text"), first.Notification switch
        {
            TransactionNotification paid => JsonSerializer.Serialize(paid.Transaction, PayJson.Types.Transaction),
            RefundNotification refunded => JsonSerializer.Serialize(refunded.Refund, PayJson.Types.RefundNotice),
            _ => "neither payment nor refund",
        });
    }

    [Theory, MemberData(nameof(Callbacks))]
    public void Playing_wechats_part_gives_the_same_callback_byte_for_byte(string id)
    {
        var item = VectorFile.Case(id, "notifications");
        if (!item.GetProperty("accept").GetBoolean()) return;    // its key is nowhere told
        var (body, given) = (item.Base64("body_utf8_base64"), item.Signature());
        var envelope = WireJson.TryRead(body, PayJson.Types.NotificationEnvelope)!;
        var (box, key) = (envelope.Resource, given.Serial == VectorFile.PublicKeyId ? "wechatpay_pub_key_private.pem" : "platform_private_key.pem");

        var plain = Encoding.UTF8.GetBytes(item.Text("decrypted_text"));
        var ciphertext = ResourceCipher.Encrypt(VectorFile.ApiV3Key, plain, box.Nonce, box.AssociatedData!);
        var ours = WireJson.Bytes(envelope with { Resource = box with { Ciphertext = ciphertext } }, PayJson.Types.NotificationEnvelope);

        Assert.Equal(box.Ciphertext, ciphertext);
        Assert.Equal(Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(ours));
        Assert.Equal(given.Signature, AnswerSigning.Sign(VectorFile.PrivateKey(key), given.Serial!,
            long.Parse(given.Timestamp!, CultureInfo.InvariantCulture), given.Nonce!, ours).Signature);
    }

    [Fact]
    public async Task A_coupon_lowers_what_the_owner_spends_but_not_what_we_book()
    {
        var paid = await Read<TransactionNotification>("transaction-success-coupon");

        Assert.True(paid.Transaction.IsPaid);
        Assert.Equal(TransactionState.Success, paid.Transaction.State);
        Assert.Equal((28650, 27650), (paid.Transaction.Amount!.Total, paid.Transaction.Amount.PayerTotal));
        var coupon = Assert.Single(paid.Transaction.PromotionDetail!);
        Assert.Equal((PromotionDetail.Cash, 1000, 1000), (coupon.Type, coupon.Amount, coupon.WechatpayContribute));
    }

    [Theory]
    [InlineData("refund-success", RefundState.Success)]
    [InlineData("refund-abnormal", RefundState.Abnormal)]
    [InlineData("refund-closed", RefundState.Closed)]
    public async Task A_refund_says_how_it_ended(string id, RefundState expected) =>
        Assert.Equal(expected, (await Read<RefundNotification>(id)).Refund.State);

    [Fact]
    public async Task An_event_of_another_product_passes_through_so_that_it_can_be_answered_and_logged()
    {
        var item = VectorFile.Case("transaction-success", "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        var body = Forged.Callback("PAYSCORE.USER_PAID", """{"out_order_no":"1"}""");

        var reading = await kit.Reader().ReadAsync(VectorFile.Merchant, Forged.Sign(body, item), body);

        var unknown = Assert.IsType<UnknownNotification>(reading.Notification);
        Assert.Equal("PAYSCORE.USER_PAID", unknown.Envelope.EventType);
        Assert.Equal("""{"out_order_no":"1"}"""u8.ToArray(), unknown.Plaintext);
    }

    [Theory]
    [InlineData("""{"mchid":"1900000109","trade_state":"SUCCESS","amount":{"total":28650}}""")]
    [InlineData("""{"mchid":"1900000109","out_trade_no":null,"trade_state":"SUCCESS"}""")]
    [InlineData("""{"mchid":"1900000109","out_trade_no":"A","trade_state":"SUCCESS","amount":{"total":"28650"}}""")]
    [InlineData("""{"mchid":"1900000109","out_trade_no":"A","trade_state":"SUCCESS","amount":{"total":286.5}}""")]
    [InlineData("""{"mchid":"1900000109","out_trade_no":"A","trade_state":"SUCCESS","success_time":"yesterday"}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_genuine_callback_whose_content_is_not_a_payment_is_refused_not_guessed_at(string plaintext)
    {
        var item = VectorFile.Case("transaction-success", "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        var body = Forged.Callback(NotificationEvents.TransactionSuccess, plaintext);

        var reading = await kit.Reader().ReadAsync(VectorFile.Merchant, Forged.Sign(body, item), body);

        Assert.Equal((NotificationRefusal.Unreadable, 400), (reading.Refusal, reading.RefusalStatus));
    }

    [Fact]
    public async Task A_callback_for_a_merchant_that_is_not_ours_or_of_a_giants_size_is_refused()
    {
        var item = VectorFile.Case("transaction-success", "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));

        var stranger = await kit.Reader().ReadAsync("1900000999", item.Signature(), item.Base64("body_utf8_base64"));
        var giant = await kit.Reader().ReadAsync(VectorFile.Merchant, item.Signature(), new byte[NotificationReader.MaxBytes + 1]);

        Assert.Equal(NotificationRefusal.UnknownMerchant, stranger.Refusal);
        Assert.Equal(NotificationRefusal.TooLarge, giant.Refusal);
    }

    static async Task<T> Read<T>(string id) where T : Notification
    {
        var item = VectorFile.Case(id, "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        return Assert.IsType<T>((await kit.Reader().ReadAsync(VectorFile.Merchant, item.Signature(), item.Base64("body_utf8_base64"))).Notification);
    }
}
