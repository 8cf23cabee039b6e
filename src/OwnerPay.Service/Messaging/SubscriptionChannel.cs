using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <summary>WeChat's one-time subscription messages: each uses one grant of one WeChat user.</summary>
public sealed partial class SubscriptionChannel(
    OwnerPayDb db, Grants grants, BoundUsers bound, MiniPrograms programs, MiniProgramClient wechat, SendPace pace,
    ILogger<SubscriptionChannel> log) : IMessageChannel
{
    public MessageChannel Channel => MessageChannel.Subscription;

    public async Task<IReadOnlyList<ChannelAddress>> Addresses(ChannelQuestion question, CancellationToken cancel)
    {
        var users = await bound.Of(question.Persons, cancel);
        var ids = users.Select(user => user.WeChatUserId).ToList();
        var (held, template) = (db.MessageGrants, question.Template.WeChatTemplateId);
        var granted = (await held.AsNoTracking().Where(g => ids.Contains(g.WeChatUserId) && g.WeChatTemplateId == template && g.Count > 0)
            .Select(g => g.WeChatUserId).ToListAsync(cancel)).ToHashSet();
        return [.. users.Where(user => granted.Contains(user.WeChatUserId)).Select(user => new ChannelAddress(user.PersonId, user.WeChatUserId, 0))];
    }

    public async Task<SendOutcome?> Reserve(Delivery delivery, MessageTemplate template, CancellationToken cancel)
    {
        if (delivery.ReservedTemplateId is { } held && held == template.WeChatTemplateId) return null;
        if (delivery.ReservedTemplateId is { } other) await GiveBack(delivery, other, cancel);
        if (!await grants.Reserve(delivery.AddressId, template.WeChatTemplateId, delivery.Id, cancel)) return new(DeliveryState.NoPermission,
            SendDelivery.NoGrant);
        var (reserved, deliveries) = (template.WeChatTemplateId, db.Deliveries);
        await deliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ReservedTemplateId, reserved), cancel);
        return null;
    }

    public async Task<SendOutcome> Send(Sending sending, CancellationToken cancel)
    {
        var (delivery, template, users) = (sending.Delivery, sending.Template, db.WeChatUsers);
        var user = await users.AsNoTracking().SingleAsync(u => u.Id == delivery.AddressId, cancel);
        if (await programs.Find(user.AppId, cancel) is not { } app) return new(DeliveryState.Failed, "mini_program_unknown", Back: true);
        var message = new SubscribeMessage(
            user.OpenId, template.WeChatTemplateId, RenderMessages.Page(template, sending.Message), RenderMessages.Fields(template.Fields,
                sending.Values));
        var result = await wechat.SendAsync(app, message, cancel);
        if (!result.IsSent && result.Outcome != SubscribeOutcome.NoGrant)
            NotSent(log, delivery.Id, result.Outcome, result.Errcode, result.Field, result.Rid);
        if (result.Outcome is SubscribeOutcome.Throttled) await pace.Rest(SendPace.Subscription, TimeSpan.FromSeconds(1), cancel);
        return Judge(result);
    }

    /// <summary>What each answer means. No permission is nobody's fault and not counted as one.</summary>
    static SendOutcome Judge(SubscribeResult result)
    {
        var code = result.Errcode?.ToString(CultureInfo.InvariantCulture) ?? result.Outcome.ToString();
        return result.Outcome switch
        {
            SubscribeOutcome.Sent => new(DeliveryState.Sent, null, ProviderId: result.MsgId),
            SubscribeOutcome.NoGrant => new(DeliveryState.NoPermission, code, Empty: true),
            SubscribeOutcome.MaybeSent or SubscribeOutcome.Busy => new(DeliveryState.Failed, SendDelivery.OutcomeUnknown),
            SubscribeOutcome.NotReached or SubscribeOutcome.Throttled or SubscribeOutcome.DailyLimit
                or SubscribeOutcome.TokenInvalid or SubscribeOutcome.Configuration => new(DeliveryState.Waiting, code),
            SubscribeOutcome.BadData => new(DeliveryState.Failed, $"{code} {result.Field}".TrimEnd(), Back: true),
            SubscribeOutcome.UserGone or SubscribeOutcome.TemplateBroken or SubscribeOutcome.PageMissing or SubscribeOutcome.SensitiveWords
                or SubscribeOutcome.Banned or SubscribeOutcome.BadRequest or SubscribeOutcome.Unknown => new(DeliveryState.Failed, code, Back: true),
            _ => throw new InvalidOperationException($"No meaning for {result.Outcome}"),
        };
    }

    public async Task Note(Delivery delivery, MessageTemplate template, SendOutcome outcome, CancellationToken cancel)
    {
        if (outcome.Back) await GiveBack(delivery, template.WeChatTemplateId, cancel);
        if (outcome.Empty) await grants.Empty(delivery.AddressId, template.WeChatTemplateId, delivery.Id, cancel);
    }

    /// <summary>Gives back the grant that a delivery holds, in the caller's transaction.</summary>
    public async Task GiveBack(Delivery delivery, string template, CancellationToken cancel)
    {
        await grants.Return(delivery.AddressId, template, delivery.Id, cancel);
        var deliveries = db.Deliveries;
        await deliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ReservedTemplateId, (string?)null), cancel);
    }

    [LoggerMessage(5001, LogLevel.Warning, "Delivery {DeliveryId} was not sent: {Outcome}, WeChat code {Errcode}, field {Field}, rid {Rid}")]
    static partial void NotSent(ILogger log, Guid deliveryId, SubscribeOutcome outcome, int? errcode, string? field, string? rid);
}
