using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.OfficialAccount;

namespace OwnerPay.Service.Messaging.OfficialAccounts;

/// <summary>Template messages of the service account, to those who follow it and are joined by unionid with a bound user of its
/// mini-program.</summary>
public sealed partial class OfficialAccountChannel(OwnerPayDb db, MasterKey master, OfficialAccountClient wechat,
    ILogger<OfficialAccountChannel> log) : IMessageChannel
{
    /// <summary>The person does not follow any more.</summary>
    public const string NotFollowing = "not_following";

    public MessageChannel Channel => MessageChannel.OfficialAccount;

    public async Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel)
    {
        var (bindings, users, followers, accounts) = (db.Bindings, db.WeChatUsers, db.Followers, db.OfficialAccounts);
        var found = await (
            from binding in bindings.AsNoTracking()
            where question.Persons.Contains(binding.PersonId) && binding.State == BindingState.Active
            join user in users.AsNoTracking() on binding.WeChatUserId equals user.Id
            where user.UnionId != null
            join follower in followers.AsNoTracking() on user.UnionId equals follower.UnionId
            join account in accounts.AsNoTracking() on follower.OfficialAccountId equals account.Id
            where account.MiniProgramAppId == user.AppId
            orderby binding.CreatedAt, binding.Id
            select new { binding.PersonId, follower.Id }).ToListAsync(cancel);
        return [.. found.Distinct().Select(row => new ChannelAddress(row.PersonId, row.Id, 0))];
    }

    public async Task<SendOutcome> Send(Sending sending, CancellationToken cancel)
    {
        var (delivery, template, followers) = (sending.Delivery, sending.Template, db.Followers);
        if (await followers.AsNoTracking().SingleOrDefaultAsync(f => f.Id == delivery.AddressId, cancel) is not { } follower)
            return new(DeliveryState.NoPermission, NotFollowing);
        var account = await db.OfficialAccounts.AsNoTracking().SingleAsync(a => a.Id == follower.OfficialAccountId, cancel);
        // The delivery's own id: within ten minutes WeChat sends it once, however often it is asked.
        var message = new TemplateMessage(follower.OpenId, template.OfficialTemplateId, RenderMessages.Fields(template.OfficialFields,
            sending.Values),
            delivery.Id.ToString("N"), MiniProgram: new TemplateJump(account.MiniProgramAppId, RenderMessages.Page(template, sending.Message)));
        var credentials = SetOfficialAccount.Credentials(master, account);
        var result = await wechat.SendAsync(credentials, message, cancel);
        if (result.Outcome == TemplateOutcome.MaybeSent) result = await wechat.SendAsync(credentials, message, cancel);
        if (!result.IsSent) NotSent(log, delivery.Id, result.Outcome, result.Errcode, result.Field, result.Rid);
        if (result.Outcome is TemplateOutcome.NotFollowing or TemplateOutcome.UserGone)
            await followers.Where(f => f.Id == follower.Id).ExecuteDeleteAsync(cancel);
        return Judge(result);
    }

    static SendOutcome Judge(TemplateResult result)
    {
        var code = result.Errcode?.ToString(CultureInfo.InvariantCulture) ?? result.Outcome.ToString();
        return result.Outcome switch
        {
            TemplateOutcome.Sent => new(DeliveryState.Sent, null, ProviderId: result.MsgId),
            TemplateOutcome.NotFollowing or TemplateOutcome.UserGone => new(DeliveryState.NoPermission, NotFollowing),
            TemplateOutcome.Refused => new(DeliveryState.NoPermission, code),
            TemplateOutcome.MaybeSent or TemplateOutcome.Busy => new(DeliveryState.Failed, SendDelivery.OutcomeUnknown),
            TemplateOutcome.NotReached or TemplateOutcome.Throttled or TemplateOutcome.DailyLimit or TemplateOutcome.TokenInvalid
                or TemplateOutcome.Configuration => new(DeliveryState.Waiting, code),
            TemplateOutcome.BadData => new(DeliveryState.Failed, $"{code} {result.Field}".TrimEnd()),
            TemplateOutcome.TemplateBroken or TemplateOutcome.JumpBroken or TemplateOutcome.BadRequest or TemplateOutcome.Unknown =>
                new(DeliveryState.Failed, code),
            _ => throw new InvalidOperationException($"No meaning for {result.Outcome}"),
        };
    }

    [LoggerMessage(5023, LogLevel.Warning,
        "Delivery {DeliveryId} was not sent by the official account: {Outcome}, WeChat code {Errcode}, field {Field}, rid {Rid}")]
    static partial void NotSent(ILogger log, Guid deliveryId, TemplateOutcome outcome, int? errcode, string? field, string? rid);
}
