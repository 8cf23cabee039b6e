using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>WeChat's message push, as published by WeChat and as computed without .NET.</summary>
public class PushVectorTests
{
    static readonly JsonElement Push = VectorFile.Root.GetProperty("message_push");

    public static TheoryData<string> Secure => VectorFile.Ids("message_push", "secure");
    public static TheoryData<string> Rejected => VectorFile.Ids("message_push", "secure_reject");

    internal static PushCipher Cipher { get; } = new(Push.Text("token"), Push.Text("encoding_aes_key"), Push.Text("appid"));

    internal static FakeTimeProvider Clock => new(DateTimeOffset.FromUnixTimeSeconds(1795399320));

    static PushQuery Query(JsonElement item) => PushQuery.From(name => item.GetProperty("query").OptionalText(name));

    [Theory, MemberData(nameof(Secure))]
    public void A_push_in_secure_mode_opens_to_what_wechat_wrote(string id)
    {
        var item = VectorFile.Case(id, "message_push", "secure");
        var body = item.Base64("body_utf8_base64");
        var encrypt = Encoding.UTF8.GetString(body) is var text && text[0] == '<'
            ? System.Xml.Linq.XDocument.Parse(text).Root!.Element("Encrypt")!.Value
            : JsonDocument.Parse(text).RootElement.Text("Encrypt");

        Assert.Equal(item.Text("plaintext"), Encoding.UTF8.GetString(Cipher.Decrypt(encrypt, out var fault)!));
        Assert.Equal(PushCipherFault.None, fault);
        Assert.Equal(encrypt, Cipher.Encrypt(Encoding.UTF8.GetBytes(item.Text("plaintext")), Encoding.ASCII.GetBytes(item.Text("random16"))));
        Assert.True(new PushReader(Cipher, Clock).Read(Query(item), body).IsGenuine);
    }

    [Theory, MemberData(nameof(Rejected))]
    public void A_push_with_the_wrong_signature_or_for_another_account_is_refused(string id)
    {
        var item = VectorFile.Case(id, "message_push", "secure_reject");

        var reading = new PushReader(Cipher, Clock).Read(Query(item), Encoding.UTF8.GetBytes(item.Text("body")));

        Assert.Equal(id == "foreign-appid" ? PushRefusal.ForeignAppid : PushRefusal.BadSignature, reading.Refusal);
    }

    [Theory]
    [InlineData("popup-two-templates-json", "accept,reject")]
    [InlineData("popup-one-template-json-object", "accept")]
    [InlineData("popup-two-templates-xml", "accept,reject")]
    public void An_owners_choices_are_read_whether_one_or_several_came_in_json_or_xml(string id, string expected)
    {
        var popup = Assert.IsType<SubscribePopupPush>(Read(id));

        Assert.Equal(expected, string.Join(",", popup.Choices.Select(choice => choice.Status)));
        Assert.Equal("tplBillIssued_0000000000000000000000000000001", popup.Choices[0].TemplateId);
        Assert.True(popup.Choices[0].IsAccepted);
        Assert.Equal("oOwNr5PaY0tEsT1uSeR2aBcDeFgH", popup.FromUserName);
    }

    [Fact]
    public void A_withdrawn_consent_and_a_delivery_are_read()
    {
        Assert.Equal("reject", Assert.Single(Assert.IsType<SubscribeChangePush>(Read("change-reject-json")).Choices).Status);
        var delivery = Assert.Single(Assert.IsType<SubscribeSentPush>(Read("sent-json")).Deliveries);
        Assert.Equal(("4012345678901234567", true, "success"), (delivery.MsgId, delivery.IsDelivered, delivery.ErrorStatus));
    }

    static Push? Read(string id)
    {
        var item = VectorFile.Case(id, "message_push", "secure");
        return new PushReader(Cipher, Clock).Read(Query(item), item.Base64("body_utf8_base64")).Push;
    }

    [Fact]
    public void Third_parties_wrapper_around_the_list_is_read_in_json_too()
    {
        var message = """
            {"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1795399320,"MsgType":"event","Event":"subscribe_msg_sent_event",
             "SubscribeMsgSentEvent":{"List":[{"TemplateId":"t1","MsgID":4012345678901234567,"ErrorCode":3,"ErrorStatus":"failed:user block"}]}}
            """u8.ToArray();
        var (query, body) = Sealed(message);

        var delivery = Assert.Single(Assert.IsType<SubscribeSentPush>(new PushReader(Cipher, Clock).Read(query, body).Push).Deliveries);

        Assert.Equal(("4012345678901234567", false), (delivery.MsgId, delivery.IsDelivered));
    }

    internal static (PushQuery Query, byte[] Body) Sealed(byte[] message)
    {
        var encrypt = Cipher.Encrypt(message);
        var signature = PushCipher.Signature(Cipher.Token, "1795399320", "1514711492", encrypt);
        return (new PushQuery(null, "1795399320", "1514711492", "aes", signature),
            Encoding.UTF8.GetBytes($$"""{"ToUserName":"gh_1","Encrypt":"{{encrypt}}"}"""));
    }

    [Fact]
    public void A_push_in_the_clear_is_taken_only_where_that_was_chosen()
    {
        var item = Push.GetProperty("plain_json");
        var body = Encoding.UTF8.GetBytes(item.Text("body"));

        Assert.Equal(PushRefusal.NotEncrypted, new PushReader(Cipher, Clock).Read(Query(item), body).Refusal);
        Assert.IsType<SubscribePopupPush>(new PushReader(Cipher, Clock, acceptPlain: true).Read(Query(item), body).Push);
        Assert.Equal(PushRefusal.BadSignature,
            new PushReader(Cipher, Clock, acceptPlain: true).Read(Query(item) with { Signature = "0" }, body).Refusal);
    }

    [Fact]
    public void The_console_may_save_our_address_and_nobody_elses_check_passes()
    {
        var reader = new PushReader(Cipher, Clock);

        Assert.Equal(Push.GetProperty("url_check").Text("answer"), reader.AnswerUrlCheck(Query(Push.GetProperty("url_check"))));
        Assert.Null(reader.AnswerUrlCheck(Query(Push.GetProperty("url_check_bad"))));
    }

    [Fact]
    public void A_key_from_the_console_whose_last_letter_has_bits_to_spare_opens_the_same_pushes()
    {
        var item = VectorFile.Case("sent-json", "message_push", "secure");
        var key = Push.Text("encoding_aes_key");
        var spare = new PushCipher(Cipher.Token, key[..^1] + (char)(key[^1] + 1), Cipher.Appid);

        Assert.True(new PushReader(spare, Clock).Read(Query(item), item.Base64("body_utf8_base64")).IsGenuine);
    }

    [Fact]
    public void An_old_push_is_not_taken_again()
    {
        var item = VectorFile.Case("sent-json", "message_push", "secure");
        var clock = Clock;
        clock.Advance(TimeSpan.FromSeconds(301));

        Assert.Equal(PushRefusal.TimestampOutOfRange, new PushReader(Cipher, clock).Read(Query(item), item.Base64("body_utf8_base64")).Refusal);
    }

    [Fact]
    public void Wechats_own_published_answers_come_out()
    {
        var plain = Push.GetProperty("known_answer_published");
        Assert.Equal(plain.Text("signature"), PushCipher.Signature(plain.Text("token"), plain.Text("timestamp"), plain.Text("nonce")));
        var secure = Push.GetProperty("known_answer_secure_published");
        var cipher = new PushCipher(secure.Text("token"), secure.Text("encoding_aes_key"), secure.Text("appid"));
        var query = Query(secure);
        Assert.True(cipher.MsgSignatureFits(query.MsgSignature, query.Timestamp, query.Nonce, secure.Text("Encrypt")));
        Assert.Equal(secure.Text("plaintext"), Encoding.UTF8.GetString(cipher.Decrypt(secure.Text("Encrypt"), out _)!));
    }

    [Fact]
    public void An_encrypted_reply_is_what_wechat_can_open()
    {
        var item = Push.GetProperty("encrypted_reply");
        var encrypt = Cipher.Encrypt(Encoding.UTF8.GetBytes(item.Text("plaintext")), Encoding.ASCII.GetBytes(item.Text("random16")));
        var seconds = item.GetProperty("TimeStamp").GetInt64();
        var json = JsonDocument.Parse(PushReader.Reply(Cipher, encrypt, seconds, item.Text("Nonce"), xml: false)).RootElement;
        var xml = System.Xml.Linq.XDocument.Parse(PushReader.Reply(Cipher, encrypt, seconds, item.Text("Nonce"), xml: true)).Root!;

        Assert.Equal(item.Text("Encrypt"), encrypt);
        Assert.Equal(item.Text("MsgSignature"), json.Text("MsgSignature"));
        Assert.Equal((item.Text("Encrypt"), item.Text("MsgSignature")), (xml.Element("Encrypt")!.Value, xml.Element("MsgSignature")!.Value));
    }
}
