using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <summary>Sends one message to one phone: takes its row and a grant, asks whether it is still wanted, makes the text, calls WeChat, notes what
/// became of it.</summary>
public sealed partial class SendDelivery(
    OwnerPayDb db, Grants grants, MessageKinds kinds, RenderMessages render, MiniPrograms programs, MiniProgramClient wechat, WorkItems work, SendPace pace, Clock clock,
    ServiceSettings settings, ILogger<SendDelivery> log)
{
    /// <summary>No answer came, or only that WeChat was busy: the message may have been sent, and its grant with it. WeChat knows no repeat of a message,
    /// so it is not sent again; staff see it as unknown, and the text stands in the inbox anyway.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary>The user allowed none, or no longer any; the community has no approved template of the kind.</summary>
    public const string NoGrant = "no_grant", NoTemplate = "no_template";

    /// <summary>Longer than one call with its repeats; when it is over, the instance that had it is gone.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    sealed record Piece(Delivery Delivery, Message Message, string OpenId, string AppId);

    /// <summary>What became of it, and what to write.</summary>
    /// <param name="Back">The grant goes back: the message did not leave.</param>
    sealed record Outcome(DeliveryState State, string? Reason, bool Back = false, string? MessageId = null, bool Empty = false);

    /// <returns>The state it is in now; null when somebody else has it or it was cancelled before.</returns>
    public async Task<DeliveryState?> Run(Guid id, Guid claim, CancellationToken cancel)
    {
        var piece = await Load(id, cancel);
        var template = await render.Active(piece.Delivery.CommunityId, piece.Delivery.Kind, cancel);
        if (await Take(piece.Delivery, claim, template, cancel) is not { } taken) return null;
        if (taken.State != DeliveryState.Claimed) return taken.State;
        Outcome outcome;
        try
        {
            var kind = kinds.Of(piece.Delivery.Kind);
            if (await kind.Unwanted(piece.Message, cancel) is { } reason) outcome = new(DeliveryState.Cancelled, reason, Back: true);
            else outcome = await Send(piece, template!, await kind.Values(piece.Message, cancel), cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Until WeChat is called nothing has left: the next try starts anew. The client itself throws nothing.
            SendFailed(log, failure, id);
            outcome = new(DeliveryState.Waiting, failure.GetType().Name);
        }
        return await Finish(piece.Delivery, claim, template!, outcome, cancel);
    }

    async Task<Piece> Load(Guid id, CancellationToken cancel)
    {
        var (deliveries, messages, users) = (db.Deliveries, db.Messages, db.WeChatUsers);
        return await (
            from delivery in deliveries.AsNoTracking()
            where delivery.Id == id
            join message in messages.AsNoTracking() on delivery.MessageId equals message.Id
            join user in users.AsNoTracking() on delivery.WeChatUserId equals user.Id
            select new Piece(delivery, message, user.OpenId, user.AppId)).SingleAsync(cancel);
    }

    /// <summary>From <c>Waiting</c> to <c>Claimed</c> together with the grant: here sending competes with cancelling, and one of them finds the row
    /// gone.</summary>
    Task<Outcome?> Take(Delivery delivery, Guid claim, MessageTemplate? template, CancellationToken cancel) => InTransaction<Outcome?>(async () =>
    {
        var lease = TimeProvider.System.GetUtcNow() + Lease;
        var (deliveries, holds) = (db.Deliveries, db.MessageHolds);
        var taken = await deliveries.Where(d => d.Id == delivery.Id && d.Claim == claim && d.State == DeliveryState.Waiting)
            .Where(d => d.CampaignId == null || !holds.Any(h => h.CampaignId == d.CampaignId))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Claimed).SetProperty(d => d.LeaseUntil, lease)
                .SetProperty(d => d.Attempts, d => d.Attempts + 1), cancel);
        if (taken == 0) return null;
        if (delivery.ReservedTemplateId is { } held && held == template?.WeChatTemplateId) return new(DeliveryState.Claimed, null);
        if (delivery.ReservedTemplateId is { } other) await GiveBack(delivery.Id, delivery.WeChatUserId, other, cancel);
        if (template is null) return await Close(delivery.Id, new(DeliveryState.Failed, NoTemplate), cancel);
        if (!await grants.Reserve(delivery.WeChatUserId, template.WeChatTemplateId, delivery.Id, cancel))
            return await Close(delivery.Id, new(DeliveryState.NoPermission, NoGrant), cancel);
        var reserved = template.WeChatTemplateId;
        await deliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ReservedTemplateId, reserved), cancel);
        return new(DeliveryState.Claimed, null);
    }, cancel);

    async Task<Outcome> Send(Piece piece, MessageTemplate template, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        await render.Keep(piece.Message, RenderMessages.Inbox(template, values), cancel);
        if (await programs.Find(piece.AppId, cancel) is not { } app) return new(DeliveryState.Failed, "mini_program_unknown", Back: true);
        var page = template.Page.Replace("{subject}", piece.Message.SubjectId.ToString(), StringComparison.Ordinal)
            .Replace("{houseId}", piece.Message.HouseId?.ToString() ?? "", StringComparison.Ordinal);
        var message = new SubscribeMessage(piece.OpenId, template.WeChatTemplateId, page, RenderMessages.Fields(template.Fields, values));
        var result = await wechat.SendAsync(app, message, cancel);
        if (!result.IsSent && result.Outcome != SubscribeOutcome.NoGrant)
            NotSent(log, piece.Delivery.Id, result.Outcome, result.Errcode, result.Field, result.Rid);
        if (result.Outcome is SubscribeOutcome.Throttled) await pace.Rest(SendPace.Subscription, TimeSpan.FromSeconds(1), cancel);
        return Judge(result);
    }

    /// <summary>What each answer means. No permission is nobody's fault and not counted as one.</summary>
    static Outcome Judge(SubscribeResult result)
    {
        var code = result.Errcode?.ToString(CultureInfo.InvariantCulture) ?? result.Outcome.ToString();
        return result.Outcome switch
        {
            SubscribeOutcome.Sent => new(DeliveryState.Sent, null, MessageId: result.MsgId),
            SubscribeOutcome.NoGrant => new(DeliveryState.NoPermission, code, Empty: true),
            SubscribeOutcome.MaybeSent or SubscribeOutcome.Busy => new(DeliveryState.Failed, OutcomeUnknown),
            SubscribeOutcome.NotReached or SubscribeOutcome.Throttled or SubscribeOutcome.DailyLimit
                or SubscribeOutcome.TokenInvalid or SubscribeOutcome.Configuration => new(DeliveryState.Waiting, code),
            SubscribeOutcome.BadData => new(DeliveryState.Failed, $"{code} {result.Field}".TrimEnd(), Back: true),
            SubscribeOutcome.UserGone or SubscribeOutcome.TemplateBroken or SubscribeOutcome.PageMissing or SubscribeOutcome.SensitiveWords
                or SubscribeOutcome.Banned or SubscribeOutcome.BadRequest or SubscribeOutcome.Unknown => new(DeliveryState.Failed, code, Back: true),
            _ => throw new InvalidOperationException($"No meaning for {result.Outcome}"),
        };
    }

    async Task<DeliveryState> Finish(Delivery delivery, Guid claim, MessageTemplate template, Outcome outcome, CancellationToken cancel)
    {
        if (outcome.State == DeliveryState.Waiting && delivery.Attempts + 1 >= settings.MessageAttempts)
            outcome = outcome with { State = DeliveryState.Failed, Back = true };
        await InTransaction<Outcome?>(async () =>
        {
            var deliveries = db.Deliveries;
            var mine = deliveries.Where(d => d.Id == delivery.Id && d.Claim == claim && d.State == DeliveryState.Claimed);
            var written = outcome.State == DeliveryState.Waiting ? await Later(mine, delivery, outcome, cancel) : await Write(mine, outcome, cancel);
            if (written == 0) return null;    // given up as lost meanwhile: that verdict stands, and with it the grant
            if (outcome.Back) await GiveBack(delivery.Id, delivery.WeChatUserId, template.WeChatTemplateId, cancel);
            if (outcome.Empty) await grants.Empty(delivery.WeChatUserId, template.WeChatTemplateId, delivery.Id, cancel);
            if (outcome.State == DeliveryState.Failed && outcome.Reason != OutcomeUnknown)
                await work.Open(delivery.CommunityId, "messages.failing", template.Id, StaffRole.Manager, "订阅消息发送失败",
                    $"消息 {template.Kind} 第 {template.Version} 版发送失败，原因 {outcome.Reason}。请检查模板、小程序设置或联系管理员。", cancel);
            return outcome;
        }, cancel);
        return outcome.State;
    }

    Task<int> Later(IQueryable<Delivery> mine, Delivery delivery, Outcome outcome, CancellationToken cancel)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, delivery.Attempts + 1)) * settings.JobPace);
        var next = TimeProvider.System.GetUtcNow() + pause;
        // The day's quota is used up: nothing leaves before tomorrow morning.
        var notBefore = outcome.Reason == "45009" ? Shanghai.At(clock.Today().AddDays(1), MessageWindow.Opens) : delivery.NotBefore;
        return mine.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Waiting).SetProperty(d => d.NextTryAt, next)
            .SetProperty(d => d.NotBefore, notBefore).SetProperty(d => d.Reason, outcome.Reason)
            .SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    Task<int> Write(IQueryable<Delivery> mine, Outcome outcome, CancellationToken cancel)
    {
        var now = clock.Now();
        return mine.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, outcome.State).SetProperty(d => d.Reason, outcome.Reason)
            .SetProperty(d => d.WeChatMessageId, outcome.MessageId).SetProperty(d => d.DoneAt, now)
            .SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    async Task<Outcome> Close(Guid delivery, Outcome outcome, CancellationToken cancel)
    {
        var deliveries = db.Deliveries;
        await Write(deliveries.Where(d => d.Id == delivery), outcome, cancel);
        return outcome;
    }

    /// <summary>Gives back the grant of a delivery that was cancelled while it waited for another try.</summary>
    public Task ReturnGrant(Guid id, CancellationToken cancel) => InTransaction(async () =>
    {
        var deliveries = db.Deliveries;
        var delivery = await deliveries.Where(d => d.Id == id).ForUpdate().AsNoTracking().SingleAsync(cancel);
        if (delivery is { State: DeliveryState.Cancelled, ReservedTemplateId: { } held }) await GiveBack(id, delivery.WeChatUserId, held, cancel);
        return true;
    }, cancel);

    async Task GiveBack(Guid delivery, Guid user, string template, CancellationToken cancel)
    {
        await grants.Return(user, template, delivery, cancel);
        var deliveries = db.Deliveries;
        await deliveries.Where(d => d.Id == delivery).ExecuteUpdateAsync(set => set.SetProperty(d => d.ReservedTemplateId, (string?)null), cancel);
    }

    Task<T> InTransaction<T>(Func<Task<T>> act, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var done = await act();
        await transaction.CommitAsync(cancel);
        return done;
    }, cancel);

    [LoggerMessage(5001, LogLevel.Warning, "Delivery {DeliveryId} was not sent: {Outcome}, WeChat code {Errcode}, field {Field}, rid {Rid}")]
    static partial void NotSent(ILogger log, Guid deliveryId, SubscribeOutcome outcome, int? errcode, string? field, string? rid);

    [LoggerMessage(5002, LogLevel.Error, "Delivery {DeliveryId} could not be prepared")]
    static partial void SendFailed(ILogger log, Exception failure, Guid deliveryId);
}
