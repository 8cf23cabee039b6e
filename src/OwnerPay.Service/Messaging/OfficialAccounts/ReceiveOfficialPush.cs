using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging.OfficialAccounts;

/// <summary>WeChat's push of a service account: who follows and who stops, and what became of template messages.</summary>
/// <remarks>Encrypted mode only; the signature is checked before anything else. Events repeat and come in any order: following twice is one follower,
/// and what is answered is never told again.</remarks>
public sealed class ReceiveOfficialPush(OwnerPayDb db, MasterKey master, RejectedCalls rejected)
{
    const string Accepted = "success";

    public static void Map(Doors doors)
    {
        doors.WeChat.MapGet("/official/{app:maxlength(32)}", Check).WithName("checkOfficialPushAddress").BeforeSignIn(Door.WeChat,
            RateLimits.Callbacks);
        doors.WeChat.MapPost("/official/{app:maxlength(32)}", Post).WithName("receiveOfficialPush").BeforeSignIn(Door.WeChat, RateLimits.Callbacks);
    }

    static async Task<IResult> Check(string app, HttpContext http, [FromServices] ReceiveOfficialPush receive, CancellationToken cancel) =>
        await receive.Echo(app, Query(http), cancel) is { } echo ? TypedResults.Text(echo) : TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    static async Task<IResult> Post(string app, HttpContext http, [FromServices] ReceiveOfficialPush receive, CancellationToken cancel)
    {
        if (await RequestBody.Read(http.Request, PushReader.MaxBytes, cancel) is not { } body)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        return await receive.Run(app, Query(http), body, cancel)
            ? TypedResults.Text(Accepted) : TypedResults.StatusCode(StatusCodes.Status403Forbidden);
    }

    static PushQuery Query(HttpContext http) =>
        PushQuery.From(name => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null);

    async Task<string?> Echo(string app, PushQuery query, CancellationToken cancel) =>
        await Find(app, cancel) is { } account ? SetOfficialAccount.Reader(master, account).AnswerUrlCheck(query) : null;

    Task<OfficialAccount?> Find(string app, CancellationToken cancel) => db.OfficialAccounts.AsNoTracking()
        .SingleOrDefaultAsync(a => a.AppId == app, cancel);

    /// <returns>False when it is not proved to be WeChat's.</returns>
    public async Task<bool> Run(string app, PushQuery query, byte[] body, CancellationToken cancel)
    {
        if (await Find(app, cancel) is not { } account)
        {
            rejected.Count(RejectedCalls.Push, RejectedCalls.UnknownAddress, body);
            return false;
        }
        var read = SetOfficialAccount.Reader(master, account).Read(query, body);
        if (!read.IsGenuine)
        {
            rejected.Count(RejectedCalls.Push, read.Refusal.Value.ToString(), body);
            return false;
        }
        var from = read.Push.FromUserName;
        switch (read.Push)
        {
            case OtherPush { Event: "subscribe" }:
                await db.InsertUnlessThere(new Follower { Id = Guid.CreateVersion7(), OfficialAccountId = account.Id, OpenId = from }, cancel);
                break;
            case OtherPush { Event: "unsubscribe" }:
                await db.Followers.Where(f => f.OfficialAccountId == account.Id && f.OpenId == from).ExecuteDeleteAsync(cancel);
                break;
            case TemplateSentPush { MsgId.Length: > 0 and <= 64 } sent:
                await Note(account, sent, cancel);
                break;
        }
        return true;
    }

    async Task Note(OfficialAccount account, TemplateSentPush sent, CancellationToken cancel)
    {
        var follower = await db.Followers.Where(f => f.OfficialAccountId == account.Id && f.OpenId == sent.FromUserName).Select(f => (Guid?)f.Id)
            .SingleOrDefaultAsync(cancel);
        if (follower is not { } id) return;
        // The same waiting room as for subscription messages: WeChat may tell before it has answered the sending.
        await db.InsertUnlessThere(new SubscriptionEvent
        {
            Id = Guid.CreateVersion7(), WeChatUserId = id, Kind = SubscriptionEventKind.Sent, WeChatMessageId = sent.MsgId, At = sent.CreateTime,
            Failure = sent.IsDelivered ? null : sent.Status is { Length: > 0 and <= 100 } status ? status : "failed",
            State = SubscriptionEventState.Waiting,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        }, cancel);
    }
}
