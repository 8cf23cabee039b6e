using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <summary>WeChat's message push of a mini-program: the check of the address, and the events of subscription messages.</summary>
/// <remarks>Only the encrypted mode is taken: in the plain one the signature does not cover the body. The signature is checked before anything
/// else. WeChat waits 5 seconds and tells three times in all; users and templates that we do not know are answered well and forgotten.</remarks>
public sealed partial class ReceivePush(OwnerPayDb db, MiniPrograms programs, Grants grants, RejectedCalls rejected, ILogger<ReceivePush> log)
{
    const string Accepted = "success";

    /// <summary>What became of one entry; kept under its idempotency key.</summary>
    sealed record Noted(bool Counted);

    public static void Map(Doors doors)
    {
        // By appid, as it stands in WeChat's console, or by our own id.
        doors.WeChat.MapGet("/push/{program:maxlength(36)}", Check).WithName("checkPushAddress").BeforeSignIn(Door.WeChat, RateLimits.Callbacks);
        doors.WeChat.MapPost("/push/{program:maxlength(36)}", Post).WithName("receivePush").BeforeSignIn(Door.WeChat, RateLimits.Callbacks);
    }

    static async Task<IResult> Check(string program, HttpContext http, [FromServices] MiniPrograms programs, CancellationToken cancel) =>
        await programs.Push(program, cancel) is { } push && push.Reader.AnswerUrlCheck(Query(http)) is { } echo
            ? TypedResults.Text(echo)
            : TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    static async Task<IResult> Post(
        string program, HttpContext http, [FromServices] ReceivePush receive, [FromServices] RejectedCalls rejected, CancellationToken cancel)
    {
        if (await RequestBody.Read(http.Request, PushReader.MaxBytes, cancel) is not { } body)
        {
            rejected.Count(RejectedCalls.Push, RejectedCalls.TooLarge, []);
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }
        return await receive.Run(program, Query(http), body, cancel)
            ? TypedResults.Text(Accepted)
            : TypedResults.StatusCode(StatusCodes.Status403Forbidden);
    }

    static PushQuery Query(HttpContext http) =>
        PushQuery.From(name => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null);

    /// <returns>False when it is not proved to be WeChat's.</returns>
    public async Task<bool> Run(string program, PushQuery query, byte[] body, CancellationToken cancel)
    {
        if (await programs.Push(program, cancel) is not { } push)
        {
            rejected.Count(RejectedCalls.Push, RejectedCalls.UnknownAddress, body);
            return false;
        }
        var read = push.Reader.Read(query, body);
        if (!read.IsGenuine)
        {
            if (read.Refusal is PushRefusal.Undecipherable or PushRefusal.ForeignAppid) CannotOpen(log, push.AppId, read.Refusal.Value);
            rejected.Count(RejectedCalls.Push, read.Refusal.Value.ToString(), body);
            return false;
        }
        var users = db.WeChatUsers;
        var told = read.Push;
        var user = await users.Where(u => u.AppId == push.AppId && u.OpenId == told.FromUserName).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancel);
        if (user is null) return true;
        foreach (var entry in Entries(told, user.Value).DistinctBy(e => (e.WeChatTemplateId, e.Kind, e.WeChatMessageId))) await Note(entry, cancel);
        return true;
    }

    /// <summary>What counts of a push. A refusal in the dialog takes nothing away that was allowed before; only the settings do.</summary>
    static IEnumerable<SubscriptionEvent> Entries(Push push, Guid user)
    {
        var received = TimeProvider.System.GetUtcNow();
        SubscriptionEvent Entry(SubscriptionEventKind kind, string template, string message = "", string? failure = null) => new()
        {
            Id = Guid.CreateVersion7(), WeChatUserId = user, WeChatTemplateId = template, Kind = kind, WeChatMessageId = message, Failure = failure,
            At = push.CreateTime, ReceivedAt = received,
            State = kind == SubscriptionEventKind.Sent ? SubscriptionEventState.Waiting : SubscriptionEventState.Done,
        };
        return push switch
        {
            SubscribePopupPush popup => popup.Choices.Where(c => c.IsAccepted).Select(c => Entry(SubscriptionEventKind.Accepted, c.TemplateId)),
            SubscribeChangePush change => change.Choices.Where(c => !c.IsAccepted).Select(c => Entry(SubscriptionEventKind.SwitchedOff, c.TemplateId)),
            SubscribeSentPush sent => sent.Deliveries.Where(d => d.MsgId.Length <= 64).Select(d =>
                Entry(SubscriptionEventKind.Sent, d.TemplateId, d.MsgId, d.IsDelivered ? null : Failure(d))),
            _ => [],
        };
    }

    static string Failure(SubscribeDelivery delivery)
    {
        var text = delivery.ErrorStatus.Length > 0 ? delivery.ErrorStatus : delivery.ErrorCode;
        return text.Length <= 100 ? text : text[..100];
    }

    /// <summary>An entry and its effect in one commit; told again, or to two instances at once, it has none.</summary>
    async Task Note(SubscriptionEvent entry, CancellationToken cancel)
    {
        var templates = db.MessageTemplates;
        var (user, template) = (entry.WeChatUserId, entry.WeChatTemplateId);
        if (template.Length > 64 || !await templates.AnyAsync(t => t.WeChatTemplateId == template, cancel)) return;
        var natural = $"{entry.Kind} {template} {entry.At.ToUnixTimeSeconds()} {entry.WeChatMessageId}";
        await db.Once<Noted>(new IdempotencyKey("wechat", user.ToString("N"), "receivePush", natural), natural, async () =>
        {
            // The key of the act is forgotten after a week, the row's own key is not.
            if (!await db.InsertUnlessThere(entry, cancel)) return new Noted(false);
            if (entry.Kind == SubscriptionEventKind.Accepted) await grants.AcceptSeen(user, template, entry.Id, cancel);
            if (entry.Kind == SubscriptionEventKind.SwitchedOff) await grants.Empty(user, template, entry.Id, cancel);
            return new Noted(true);
        }, cancel);
    }

    [LoggerMessage(5010, LogLevel.Critical, "A rightly signed push to mini-program {AppId} cannot be opened ({Refusal}): is the EncodingAESKey right?")]
    static partial void CannotOpen(ILogger log, string appId, PushRefusal refusal);
}
