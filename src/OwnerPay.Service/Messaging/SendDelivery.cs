using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Makes one attempt: takes its row and what it uses up, asks whether it is still wanted and whether the person was not reminded enough,
/// makes the text, hands it to the channel, notes what became of it.</summary>
public sealed partial class SendDelivery(
    OwnerPayDb db, MessageKinds kinds, MessageChannels channels, RenderMessages render, ReminderDays days, ContinueChains chains, WorkItems work,
    Clock clock,
    ServiceSettings settings, ILogger<SendDelivery> log)
{
    /// <summary>No clear answer came: the message may have been sent, and its grant with it. No channel knows a repeat of a message, so it is not
    /// sent again and no other channel follows; staff see it as unknown, and the text stands in the inbox anyway.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary>The user allowed none, or no longer any; the community has no approved template of the kind; none with a text for this
    /// channel.</summary>
    public const string NoGrant = "no_grant", NoTemplate = "no_template", NoText = "no_text";

    /// <summary>The person was reminded enough for today or this week; the community's hours are over.</summary>
    public const string RemindedEnough = "reminded_enough", QuietHours = "quiet_hours";

    /// <summary>The person read it in the inbox before anything was paid for telling him.</summary>
    public const string KnownAlready = "known_already";

    /// <summary>Longer than one call with its repeats; when it is over, the instance that had it is gone.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    sealed record Piece(Delivery Delivery, Message Message, MessageSettings Settings);

    /// <returns>The state it is in now; null when somebody else has it or it was cancelled before.</returns>
    public async Task<DeliveryState?> Run(Guid id, Guid claim, CancellationToken cancel)
    {
        var piece = await Load(id, cancel);
        var template = await render.Active(piece.Delivery.CommunityId, piece.Delivery.Kind, cancel);
        if (await Take(piece.Delivery, claim, template, cancel) is not { } taken) return null;
        if (taken.State != DeliveryState.Claimed) return taken.State;
        SendOutcome outcome;
        try { outcome = await Attempt(piece, template!, cancel); }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Until the channel is called nothing has left: the next try starts anew. The channels themselves throw nothing.
            SendFailed(log, failure, id);
            outcome = new(DeliveryState.Waiting, failure.GetType().Name);
        }
        return await Finish(piece.Delivery, claim, template!, outcome, cancel);
    }

    async Task<SendOutcome> Attempt(Piece piece, MessageTemplate template, CancellationToken cancel)
    {
        var (delivery, message, now) = (piece.Delivery, piece.Message, clock.Now());
        var kind = kinds.Of(delivery.Kind);
        if (await kind.Unwanted(message, cancel) is { } reason) return new(DeliveryState.Cancelled, reason, Back: true);
        if (delivery.Channel is MessageChannel.Sms or MessageChannel.Letter && message.IsKnown(kind.NeedsProof))
            return new(DeliveryState.Cancelled, KnownAlready);
        if (kind.Purpose != MessagePurpose.Answer && piece.Settings.NextAllowed(now) is var allowed && allowed != now)
            return new(DeliveryState.Waiting, QuietHours, NotBefore: allowed);
        if (kind.Purpose is MessagePurpose.Reminder or MessagePurpose.Promotion
            && await days.Take(message, piece.Settings.Limits, cancel) is { } day)
            return new(DeliveryState.Waiting, RemindedEnough, NotBefore: Shanghai.At(day, piece.Settings.Opens));
        var values = await kind.Values(message, cancel);
        await render.Keep(message, RenderMessages.Inbox(template, values), cancel);
        return await channels.Of(delivery.Channel).Send(new Sending(delivery, message, kind, template, piece.Settings, values), cancel);
    }

    async Task<Piece> Load(Guid id, CancellationToken cancel)
    {
        var (deliveries, messages, all) = (db.Deliveries, db.Messages, db.MessageSettings);
        var found = await (
            from delivery in deliveries.AsNoTracking()
            where delivery.Id == id
            join message in messages.AsNoTracking() on delivery.MessageId equals message.Id
            join own in all.AsNoTracking() on delivery.CommunityId equals own.Id into set
            from own in set.DefaultIfEmpty()
            select new { delivery, message, own }).SingleAsync(cancel);
        return new(found.delivery, found.message, found.own ?? new MessageSettings { Id = found.delivery.CommunityId });
    }

    /// <summary>From <c>Waiting</c> to <c>Claimed</c> together with what the channel reserves: here sending competes with cancelling, and one of them
    /// finds the row gone.</summary>
    Task<SendOutcome?> Take(Delivery delivery, Guid claim, MessageTemplate? template, CancellationToken cancel) =>
        InTransaction<SendOutcome?>(async () =>
    {
        var lease = TimeProvider.System.GetUtcNow() + Lease;
        var (deliveries, holds) = (db.Deliveries, db.MessageHolds);
        var taken = await deliveries.Where(d => d.Id == delivery.Id && d.Claim == claim && d.State == DeliveryState.Waiting)
            .Where(d => d.CampaignId == null || !holds.Any(h => h.CampaignId == d.CampaignId))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Claimed).SetProperty(d => d.LeaseUntil, lease)
                .SetProperty(d => d.Attempts, d => d.Attempts + 1), cancel);
        if (taken == 0) return null;
        var refused = template is null || !template.Speaks(delivery.Channel)
            ? await Silent(delivery, template, cancel)
            : await channels.Of(delivery.Channel).Reserve(delivery, template, cancel);
        if (refused is null) return new(DeliveryState.Claimed, null);
        var mine = deliveries.Where(d => d.Id == delivery.Id);
        await Write(mine, refused, cancel);
        await chains.GoOn(delivery.Kind, [delivery.SubjectId], cancel);
        return refused;
    }, cancel);

    /// <summary>No text for it any more: what it held of an earlier template goes back.</summary>
    async Task<SendOutcome> Silent(Delivery delivery, MessageTemplate? template, CancellationToken cancel)
    {
        if (delivery.ReservedTemplateId is { } held && channels.Of(delivery.Channel) is SubscriptionChannel subscription)
            await subscription.GiveBack(delivery, held, cancel);
        return template is null ? new(DeliveryState.Failed, NoTemplate) : new(DeliveryState.NoPermission, NoText);
    }

    async Task<DeliveryState> Finish(Delivery delivery, Guid claim, MessageTemplate template, SendOutcome outcome, CancellationToken cancel)
    {
        if (outcome is { State: DeliveryState.Waiting, NotBefore: null } && delivery.Attempts + 1 >= settings.MessageAttempts)
            outcome = outcome with { State = DeliveryState.Failed, Back = true };
        await InTransaction<SendOutcome?>(async () =>
        {
            var deliveries = db.Deliveries;
            var mine = deliveries.Where(d => d.Id == delivery.Id && d.Claim == claim && d.State == DeliveryState.Claimed);
            var written = outcome.State == DeliveryState.Waiting ? await Later(mine, delivery, outcome, cancel) : await Write(mine, outcome, cancel);
            if (written == 0) return null;    // given up as lost meanwhile: that verdict stands, and with it the grant
            await channels.Of(delivery.Channel).Note(delivery, template, outcome, cancel);
            if (outcome.State == DeliveryState.Cancelled) await days.GiveBack(delivery.MessageId, cancel);
            if (outcome.Text is { } text) await Keep(text, cancel);
            var missed = outcome.State is DeliveryState.NoPermission or DeliveryState.Failed && outcome.Reason != OutcomeUnknown;
            if (missed || kinds.Of(delivery.Kind).NeedsProof) await chains.GoOn(delivery.Kind, [delivery.SubjectId], cancel);
            if (outcome.State == DeliveryState.Failed && missed) await Alarm(delivery, template, outcome, cancel);
            return outcome;
        }, cancel);
        return outcome.State;
    }

    Task<bool> Alarm(Delivery delivery, MessageTemplate template, SendOutcome outcome, CancellationToken cancel) =>
        work.Open(delivery.CommunityId, "messages.failing", template.Id, StaffRole.Manager, "消息发送失败",
            $"消息 {template.Kind} 第 {template.Version} 版经{ChannelNames.Of(delivery.Channel)}发送失败，原因 {outcome.Reason}。请检查模板、通道设置或联系管理员。", cancel);

    Task<int> Later(IQueryable<Delivery> mine, Delivery delivery, SendOutcome outcome, CancellationToken cancel)
    {
        var waits = outcome.NotBefore is not null;
        var pause = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, delivery.Attempts + 1)) * settings.JobPace);
        var next = TimeProvider.System.GetUtcNow() + (waits ? TimeSpan.Zero : pause);
        // The day's quota is used up: nothing leaves before tomorrow morning.
        var notBefore = outcome.NotBefore
            ?? (outcome.Reason == "45009" ? Shanghai.At(clock.Today().AddDays(1), MessageWindow.Opens) : delivery.NotBefore);
        return mine.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Waiting).SetProperty(d => d.NextTryAt, next)
            .SetProperty(d => d.NotBefore, notBefore).SetProperty(d => d.Reason, outcome.Reason)
            .SetProperty(d => d.Attempts, d => waits ? d.Attempts - 1 : d.Attempts)
            .SetProperty(d => d.Claim, (Guid?)null).SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    Task<int> Write(IQueryable<Delivery> mine, SendOutcome outcome, CancellationToken cancel)
    {
        var (now, cost) = (clock.Now(), outcome.Text?.CostFen ?? 0);
        return mine.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, outcome.State).SetProperty(d => d.Reason, outcome.Reason)
            .SetProperty(d => d.ProviderId, outcome.ProviderId).SetProperty(d => d.DoneAt, now).SetProperty(d => d.CostFen, cost)
            .SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null), cancel);
    }

    async Task Keep(SentText text, CancellationToken cancel)
    {
        var texts = db.SentTexts;
        if (await texts.AnyAsync(t => t.Id == text.Id, cancel)) return;    // the transaction runs again
        db.Add(text);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Gives back the grant of a delivery that was cancelled while it waited for another try.</summary>
    public Task ReturnGrant(Guid id, CancellationToken cancel) => InTransaction(async () =>
    {
        var deliveries = db.Deliveries;
        var delivery = await deliveries.Where(d => d.Id == id).ForUpdate().AsNoTracking().SingleAsync(cancel);
        if (delivery is { State: DeliveryState.Cancelled, ReservedTemplateId: { } held }
            && channels.Of(delivery.Channel) is SubscriptionChannel subscription)
            await subscription.GiveBack(delivery, held, cancel);
        return true;
    }, cancel);

    Task<T> InTransaction<T>(Func<Task<T>> act, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var done = await act();
        await transaction.CommitAsync(cancel);
        return done;
    }, cancel);

    [LoggerMessage(5002, LogLevel.Error, "Delivery {DeliveryId} could not be prepared")]
    static partial void SendFailed(ILogger log, Exception failure, Guid deliveryId);
}
