using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary><c>POST /cgi-bin/message/subscribe/send</c>: every accepted message spends one grant of the person for that template.</summary>
/// <remarks>Templates: as long as none was registered every id is taken; from the first one on, an unknown id is 40037 and exactly the registered
/// keys must be filled. Pages: the same, with 41030.</remarks>
sealed class SubscribeMessages(
    Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, PhoneFeed feed, Pushes pushes)
{
    static readonly string[] States = ["developer", "trial", "formal"], Languages = ["zh_CN", "en_US", "zh_HK", "zh_TW"];

    readonly Allowance rate = new(options.MessagesPerSecond);

    /// <summary>Published pages of the mini-program without query; empty takes any.</summary>
    public IReadOnlySet<string> Pages { get; private set; } = new HashSet<string>();

    public async Task Publish(string[] pages)
    {
        await store.Write(db => SettingNames.Save(db, SettingNames.Pages, pages.Length == 0 ? null : JsonSerializer.Serialize(pages)));
        Pages = pages.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Takes up the pages of an earlier start.</summary>
    public async Task Resume()
    {
        if (await store.Read(db => db.Settings.SingleOrDefaultAsync(setting => setting.Name == SettingNames.Pages)) is { } saved)
            Pages = JsonSerializer.Deserialize<string[]>(saved.Value)!.ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="page">With or without a leading slash and a query.</param>
    public bool IsPublished(string page) => Pages.Count == 0 || Pages.Contains(page.TrimStart('/').Split('?')[0]);

    public async Task<ApiAnswer> Send(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body || DataOf(body) is not { } data) return ApiAnswer.DataFormat;
        string? Text(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (faults.Strike(FaultKind.MessageRateLimit, () => $"POST {request.Http.Request.Path}\n{body.GetRawText()}") is not null || !rate.Take())
            return ApiAnswer.TooFrequent;
        if (Text("touser") is not { } openid || !OrderRequest.Openids.IsMatch(openid)) return ApiAnswer.Refuse(40003, "invalid openid");
        if (Text("template_id") is not { Length: > 0 } template) return ApiAnswer.Refuse(40037, "invalid template_id");
        if ((Text("miniprogram_state") is { } state && !States.Contains(state)) || (Text("lang") is { } language && !Languages.Contains(language)))
            return ApiAnswer.Refuse(40097, "invalid args");
        var page = Text("page");
        if (page is not null && !IsPublished(page)) return ApiAnswer.Refuse(41030, "invalid page");
        string Where() => $"POST {request.Http.Request.Path} {openid} {template}";
        if (faults.Strike(FaultKind.SubscriptionRefused, Where) is not null) await Refuse(openid, [template]);
        var sent = await store.Write(db => Deliver(db, openid, template, page, data, body.GetProperty("data").GetRawText(), Where));
        if (sent.Message is not { } message) return sent.Answer;
        var id = MessageId(message);
        if (!message.Undelivered) feed.Tell(openid, ServiceNotification.Event, ServiceNotification.Of(message, sent.Title), id);
        await pushes.Tell(keys.MiniProgram, openid, PushEvent.Sent(template, id, arrived: !message.Undelivered));
        return sent.Answer;
    }

    /// <summary>The person turns templates off in the menu of a notice.</summary>
    public async Task Refuse(string openid, string[] templateIds)
    {
        await store.Write(db => db.Grants.Where(grant => grant.Openid == openid && templateIds.Contains(grant.TemplateId))
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Left, 0)));
        await pushes.Tell(keys.MiniProgram, openid, PushEvent.Change(templateIds));
    }

    /// <param name="Message">Null when it was refused.</param>
    sealed record Sending(ApiAnswer Answer, Message? Message = null, string? Title = null);

    async Task<Sending> Deliver(
        EmulatorDb db, string openid, string templateId, string? page, IReadOnlyList<(string Key, string Value)> data, string raw, Func<string> where)
    {
        var user = await db.Users.FindAsync(openid);
        if (user is null && options.StrictOpenids) return new(ApiAnswer.Refuse(40003, "invalid openid"));
        var template = await db.Templates.SingleOrDefaultAsync(template => template.TemplateId == templateId && !template.IsOfficial);
        if (template is null && await db.Templates.AnyAsync(template => !template.IsOfficial))
            return new(ApiAnswer.Refuse(40037, "invalid template_id"));
        if (FieldFault(template, data) is { } fault) return new(ApiAnswer.Refuse(47003, $"argument invalid! {fault}"));
        var now = clock.Now();
        if (options.MessagesPerDay > 0)
        {
            var day = new DateTimeOffset(now.Date, BusinessClock.China);
            if (await db.Messages.CountAsync(message => !message.IsOfficial && message.SentAt >= day) >= options.MessagesPerDay)
                return new(ApiAnswer.Refuse(45009, "reach max api daily quota limit"));
        }
        var grant = await db.Grants.FindAsync(openid, templateId);
        if (faults.Strike(FaultKind.SubscriptionQuotaEmpty, where) is not null && grant is not null) grant.Left = 0;
        if (grant is null || grant.Left == 0 || user?.RefusesMessages == true) return new(ApiAnswer.Refuse(43101, "user refuse to accept the msg"));
        grant.Left--;
        var message = new Message
        {
            Openid = openid, TemplateId = templateId, Page = page, Data = raw, SentAt = now, AcceptedAt = TimeProvider.System.GetUtcNow(),
            Undelivered = faults.Strike(FaultKind.MessageUndelivered, where) is not null,
        };
        db.Add(message);
        await db.SaveChangesAsync();
        var answer = new SubscribeSendAnswer { Errcode = 0, Errmsg = "ok", Msgid = MessageId(message).ToString(CultureInfo.InvariantCulture) };
        return new(new(WireJson.Bytes(answer, MiniProgramJson.Types.SubscribeSendAnswer)), message, template?.Title);
    }

    /// <summary>Beyond 2^53, as WeChat's are.</summary>
    public static long MessageId(Message message) => FirstId + message.Id;

    /// <summary>The row of a message number; the reverse of <see cref="MessageId"/>.</summary>
    public static long RowOf(long msgid) => msgid - FirstId;

    const long FirstId = 1_864_323_726_000_000_000;

    public static string? FieldFault(Template? template, IReadOnlyList<(string Key, string Value)> data)
    {
        if (template is not null)
        {
            var wanted = template.Fields.Split(',', StringSplitOptions.RemoveEmptyEntries);
            foreach (var key in wanted)
                if (!data.Any(field => field.Key == key && field.Value.Length > 0)) return $"data.{key}.value is emtpy";
            foreach (var (key, _) in data)
                if (!wanted.Contains(key)) return $"data.{key}.value invalid";
        }
        foreach (var (key, value) in data)
        {
            if (value.Length == 0) return $"data.{key}.value is emtpy";    // spelt as WeChat spells it
            if (!TemplateFields.Holds(key, value)) return $"data.{key}.value invalid";
        }
        return null;
    }

    public static List<(string Key, string Value)>? DataOf(JsonElement body)
    {
        if (!body.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) return null;
        var fields = new List<(string, string)>();
        foreach (var field in data.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Object || !field.Value.TryGetProperty("value", out var value)) return null;
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) return null;
            fields.Add((field.Name, value.ToString()));
        }
        return fields;
    }
}
