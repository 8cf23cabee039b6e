using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChat.OfficialAccount;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.OfficialAccount;

/// <summary><c>POST /cgi-bin/message/template/send</c> of the service account, to those who follow it.</summary>
/// <remarks>A <c>client_msg_id</c> that was seen for this follower within 10 minutes is answered again and nothing is sent. Templates: as long as
/// none was registered every id is taken; from the first one on, exactly the registered keys must be filled. 100,000 messages a business
/// day.</remarks>
sealed class TemplateMessages(Store store, Keys keys, BusinessClock clock, FaultList faults, PhoneFeed feed, Pushes pushes, SubscribeMessages mini)
{
    const int PerDay = 100_000, LongestValue = 20;
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    public async Task<ApiAnswer> Send(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body || SubscribeMessages.DataOf(body) is not { } data) return ApiAnswer.DataFormat;
        string? Text(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (faults.Strike(FaultKind.MessageRateLimit, () => $"POST {request.Http.Request.Path}\n{body.GetRawText()}") is not null)
            return ApiAnswer.TooFrequent;
        if (Text("touser") is not { } openid || !OrderRequest.Openids.IsMatch(openid)) return ApiAnswer.Refuse(40003, "invalid openid");
        if (Text("template_id") is not { Length: > 0 } template) return ApiAnswer.Refuse(40037, "invalid template_id");
        if (Text("client_msg_id") is { Length: > 32 }) return ApiAnswer.Refuse(40097, "invalid args");
        if (JumpFault(body) is { } jump) return jump;
        var sent = await store.Write(db => Deliver(db, openid, template, data, body.GetProperty("data").GetRawText(), Text("client_msg_id")));
        if (sent is not { Message: { } message, Follower: { } follower }) return sent.Answer;
        var arrives = !follower.Blocks && faults.Strike(FaultKind.MessageUndelivered, () => $"TEMPLATE {openid} {template}") is null;
        if (arrives)
            feed.Tell(follower.UserOpenid, "template-message", ServiceNotification.Of(message, sent.Title), SubscribeMessages.MessageId(message));
        await pushes.Tell(keys.OfficialAccount, openid, PushEvent.TemplateSent(SubscribeMessages.MessageId(message), arrives));
        return sent.Answer;
    }

    sealed record Sending(ApiAnswer Answer, Message? Message = null, Follower? Follower = null, string? Title = null);

    async Task<Sending> Deliver(
        EmulatorDb db, string openid, string templateId, IReadOnlyList<(string Key, string Value)> data, string raw, string? clientMsgId)
    {
        if (await db.Followers.FindAsync(openid) is not { } follower) return new(ApiAnswer.Refuse(40003, "invalid openid"));
        if (!follower.Follows) return new(ApiAnswer.Refuse(43004, "require subscribe"));
        var template = await db.Templates.SingleOrDefaultAsync(template => template.TemplateId == templateId && template.IsOfficial);
        if (template is null && await db.Templates.AnyAsync(template => template.IsOfficial))
            return new(ApiAnswer.Refuse(40037, "invalid template_id"));
        var broken = SubscribeMessages.FieldFault(template, data)
            ?? data.Where(field => field.Value.EnumerateRunes().Count() > LongestValue || field.Value.Contains('\n', StringComparison.Ordinal))
                .Select(field => $"data.{field.Key}.value invalid").FirstOrDefault();
        if (broken is not null) return new(ApiAnswer.Refuse(47003, $"argument invalid! {broken}"));
        var (now, system) = (clock.Now(), TimeProvider.System.GetUtcNow());
        var known = clientMsgId is null ? null : await db.Messages.Where(message => message.Openid == openid && message.ClientMsgId == clientMsgId)
            .OrderByDescending(message => message.Id).FirstOrDefaultAsync();
        if (known is not null && system - known.AcceptedAt < Remembered) return new(Ok(known));
        var day = new DateTimeOffset(now.Date, BusinessClock.China);
        if (await db.Messages.CountAsync(message => message.IsOfficial && message.SentAt >= day) >= PerDay)
            return new(ApiAnswer.Refuse(45009, "reach max api daily quota limit"));
        var fresh = new Message
        {
            Openid = openid, TemplateId = templateId, Data = raw, SentAt = now, AcceptedAt = system, IsOfficial = true, ClientMsgId = clientMsgId,
        };
        db.Add(fresh);
        await db.SaveChangesAsync();
        return new(Ok(fresh), fresh, follower, template?.Title);
    }

    static ApiAnswer Ok(Message message)
    {
        var id = SubscribeMessages.MessageId(message).ToString(CultureInfo.InvariantCulture);
        return new(WireJson.Bytes(
            new TemplateSendAnswer { Errcode = 0, Errmsg = "ok", Msgid = id }, MiniProgramJson.Types.TemplateSendAnswer));
    }

    /// <summary>A tap may lead into the associated mini-program only, and only to a published page.</summary>
    ApiAnswer? JumpFault(JsonElement body)
    {
        if (!body.TryGetProperty("miniprogram", out var jump) || jump.ValueKind != JsonValueKind.Object) return null;
        if (!jump.TryGetProperty("appid", out var appid) || appid.ValueKind != JsonValueKind.String || appid.GetString() != keys.Appid)
            return ApiAnswer.InvalidAppid;
        return jump.TryGetProperty("pagepath", out var path) && path.ValueKind == JsonValueKind.String && !mini.IsPublished(path.GetString()!)
            ? ApiAnswer.Refuse(40165, "invalid weapp pagepath")
            : null;
    }

    /// <summary><c>GET /cgi-bin/template/get_all_private_template</c>: the keys stand in <c>content</c>.</summary>
    public async Task<ApiAnswer> All(ApiRequest request)
    {
        var templates = await store.Read(db =>
            db.Templates.Where(template => template.IsOfficial).OrderBy(template => template.TemplateId).ToListAsync());
        return new(Json.Bytes(new JsonObject
        {
            ["template_list"] = new JsonArray([.. templates.Select(template => new JsonObject
            {
                ["template_id"] = template.TemplateId,
                ["title"] = template.Title,
                ["primary_industry"] = "",
                ["deputy_industry"] = "",
                ["content"] = string.Join('\n', template.Fields.Split(',').Select(key => $"{{{{{key}.DATA}}}}")),
                ["example"] = "",
            })]),
        }));
    }
}
