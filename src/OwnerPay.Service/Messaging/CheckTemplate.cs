using System.Text.Json;
using System.Text.RegularExpressions;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <summary>Tries a template out when it is saved, with the longest values of its kind, so that nothing is refused on the day when hundreds wait
/// for it.</summary>
public static partial class CheckTemplate
{
    /// <summary>Most characters of a value in an official account's template message.</summary>
    const int OfficialLength = 20;

    public static readonly Error Invalid = new(400, "template_invalid", "消息模板有误");

    /// <summary>The chain that a template gets: its own, or the usual one of what it has texts for.</summary>
    public static IReadOnlyList<MessageChannel> Chain(TemplateInput input) =>
        input.Chain is { Count: > 0 } own ? own : input.Letter is { Length: > 0 } ? ChannelChain.Proving : ChannelChain.Usual;

    /// <returns>What is wrong first; null when all channels would take it.</returns>
    public static Error? Fault(TemplateInput input, IMessageKind kind, string path) =>
        !PagePath().IsMatch(input.Page) ? Invalid.At($"{path}.page", "应为小程序页面路径，不以 / 开头，例如 pages/bill/detail?id={subject}")
            : Text(input.InboxTitle, kind, $"{path}.inboxTitle", withContact: false) ?? Text(input.InboxBody, kind, $"{path}.inboxBody",
                withContact: true)
            ?? Subscription(input, kind, path) ?? Official(input.Official, kind, $"{path}.official") ?? Sms(input.Sms, kind, $"{path}.sms")
            ?? Email(input.Email, kind, $"{path}.email") ?? Letter(input, kind, path) ?? Order(input, path);

    static Error? Subscription(TemplateInput input, IMessageKind kind, string path)
    {
        if (input.TemplateId is null)
            return input.Fields is { Count: > 0 } ? Invalid.At($"{path}.templateId", "填写了订阅消息字段，还需要模板 ID") : null;
        if (!TemplateId().IsMatch(input.TemplateId)) return Invalid.At($"{path}.templateId", "应为微信公众平台上的模板 ID");
        if (NotForPromotion(kind, $"{path}.templateId") is { } refused) return refused;
        return Fields(input.Fields, kind, $"{path}.fields");
    }

    static Error? Official(OfficialBody? body, IMessageKind kind, string path)
    {
        if (body is null) return null;
        if (!TemplateId().IsMatch(body.TemplateId)) return Invalid.At($"{path}.templateId", "应为微信公众平台上的模板 ID");
        if (NotForPromotion(kind, $"{path}.templateId") is { } refused) return refused;
        if (Fields(body.Fields, kind, $"{path}.fields") is { } fault) return fault;
        var longest = RenderMessages.Fields(JsonSerializer.Serialize(body.Fields, Json.Options), kind.Sample)
            .FirstOrDefault(field => field.Value.Length > OfficialLength);
        return longest.Key is null ? null : Invalid.At($"{path}.fields.{longest.Key}", $"公众号模板消息的每个字段不超过 {OfficialLength} 个字符");
    }

    static Error? NotForPromotion(IMessageKind kind, string path) => kind.Purpose != MessagePurpose.Promotion ? null
        : Invalid.At(path, "推广内容不能用微信的服务通知发送，请改用短信（须征得同意）、邮件或小程序内消息");

    static Error? Sms(SmsBody? body, IMessageKind kind, string path)
    {
        if (body is null) return null;
        if (!SmsCode().IsMatch(body.Code)) return Invalid.At($"{path}.code", "应为短信服务商的模板编号，例如 SMS_153055065");
        if (body.Text.AsSpan().IndexOfAny('【', '】') >= 0) return Invalid.At($"{path}.text", "签名由系统添加，正文不能含【】");
        if (kind.Purpose == MessagePurpose.Promotion && !SmsText.NamesWayOut(body.Text)) return Invalid.At($"{path}.text", "推广短信须写明退订方式，例如“拒收请回复R”");
        return Text(body.Text, kind, $"{path}.text", withContact: kind.Purpose != MessagePurpose.Promotion);
    }

    static Error? Email(EmailBody? body, IMessageKind kind, string path)
    {
        if (body is null) return null;
        if (body.Subject.AsSpan().ContainsAny('\r', '\n')) return Invalid.At($"{path}.subject", "标题只能有一行");
        return Text(body.Subject, kind, $"{path}.subject", withContact: false) ?? Text(body.Text, kind, $"{path}.text", withContact: true);
    }

    static Error? Letter(TemplateInput input, IMessageKind kind, string path)
    {
        if (input.Letter is not { Length: > 0 } letter) return null;
        return kind.NeedsProof ? Text(letter, kind, $"{path}.letter", withContact: true) : Invalid.At($"{path}.letter", "这种消息不寄信函，只有需要留存送达凭证的通知才寄");
    }

    static Error? Order(TemplateInput input, string path)
    {
        var chain = Chain(input);
        if (!ChannelChain.IsValid(chain)) return Invalid.At($"{path}.chain", "每个通道只能出现一次，信函须在最后，邮件不列入");
        if (input.Chain is not { Count: > 0 }) return null;
        foreach (var channel in chain)
            if (channel switch
            {
                MessageChannel.Subscription => input.TemplateId is null,
                MessageChannel.OfficialAccount => input.Official is null,
                MessageChannel.Sms => input.Sms is null,
                _ => input.Letter is not { Length: > 0 },
            }) return Invalid.At($"{path}.chain", $"没有{ChannelNames.Of(channel)}的内容");
        return null;
    }

    /// <summary>All keys hold what WeChat takes, also at their longest.</summary>
    static Error? Fields(IReadOnlyDictionary<string, string>? fields, IMessageKind kind, string path)
    {
        if (fields is not { Count: > 0 }) return Invalid.At(path, "至少要有一个字段");
        foreach (var (name, text) in fields)
            if (Text(text, kind, $"{path}.{name}", withContact: false) is { } fault) return fault;
        var filled = RenderMessages.Fields(JsonSerializer.Serialize(fields, Json.Options), kind.Sample);
        return TemplateData.Validate(filled) is [var broken, ..] ? Invalid.At($"{path}.{broken.Field}", broken.Rule) : null;
    }

    /// <summary>Every name in braces has a value, and a text that stands alone says whom to call.</summary>
    static Error? Text(string text, IMessageKind kind, string path, bool withContact)
    {
        TemplateText.Fill(text, kind.Sample, out var unknown);
        if (unknown is not null)
            return Invalid.At(path, $"没有 {{{unknown}}} 这个值，可用：{string.Join("、", kind.Sample.Keys.Order(StringComparer.Ordinal))}");
        return withContact && kind.Sample.ContainsKey("contact") && !text.Contains("{contact}", StringComparison.Ordinal)
            ? Invalid.At(path, "请写明物业服务中心的联系电话 {contact}") : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{20,64}\z")]
    private static partial Regex TemplateId();

    [GeneratedRegex(@"\ASMS_[0-9]{6,20}\z")]
    private static partial Regex SmsCode();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_\-=&{}.]*)?\z")]
    private static partial Regex PagePath();
}
