using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Events;

/// <summary>What the messages of events have in common: their subject is the event.</summary>
static class EventValues
{
    public static IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园", ["title"] = "二零二七年第一季度业主恳谈会暨物业服务质量评议", ["place"] = "十二号楼一层社区活动中心多功能厅", ["startsAt"] = "2026年12月31日 23:59",
        ["reason"] = "因场地临时检修，活动改期，时间另行通知", ["contact"] = "021-60000000-801",
    };

    public static async Task<IReadOnlyDictionary<string, string>> Of(OwnerPayDb db, Message message, CancellationToken cancel)
    {
        var at = await db.CommunityEvents.AsNoTracking().SingleAsync(e => e.Id == message.SubjectId, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == at.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name, ["title"] = at.Title, ["place"] = at.Place, ["startsAt"] = NoticeTexts.Instant(at.StartsAt),
            ["reason"] = at.CancelReason ?? "",
            ["contact"] = community.ContactPhone,
        };
    }

    /// <summary>Why the person does not have to be reminded or told of a place any more.</summary>
    public static async Task<string?> Unwanted(OwnerPayDb db, Message message, DateTimeOffset now, CancellationToken cancel)
    {
        var (signUps, events) = (db.EventSignUps, db.CommunityEvents);
        var comes = await signUps.AnyAsync(s => s.EventId == message.SubjectId && s.PersonId == message.PersonId && s.State == SignUpState.Confirmed,
            cancel);
        return comes && await events.AnyAsync(e => e.Id == message.SubjectId && e.State == EventState.Published && e.StartsAt > now, cancel) ? null
            : "obsolete";
    }
}

/// <summary>Reminds those who have a place before the event begins.</summary>
public sealed class EventReminder(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = "event.reminder";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public IReadOnlyDictionary<string, string> Sample => EventValues.Sample;

    public MessageText WithoutTemplate => new("活动提醒", "您报名的活动即将开始，请在活动页面查看时间和地点。");

    public Task<string?> Unwanted(Message message, CancellationToken cancel) => EventValues.Unwanted(db, message, clock.Now(), cancel);

    public Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel) => EventValues.Of(db, message, cancel);
}

/// <summary>Tells somebody on the waiting list that he has a place now.</summary>
public sealed class PlaceGiven(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = "event.place-given";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public IReadOnlyDictionary<string, string> Sample => EventValues.Sample;

    public MessageText WithoutTemplate => new("候补成功", "您候补的活动已有名额，请在活动页面查看时间和地点。");

    public Task<string?> Unwanted(Message message, CancellationToken cancel) => EventValues.Unwanted(db, message, clock.Now(), cancel);

    public Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel) => EventValues.Of(db, message, cancel);
}

/// <summary>Tells everybody who signed up that the event does not take place. Who stands before a closed door would rather have been woken.</summary>
public sealed class EventCancelled(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = "event.cancelled";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Answer;

    public IReadOnlyDictionary<string, string> Sample => EventValues.Sample;

    public MessageText WithoutTemplate => new("活动取消", "您报名的活动已取消，请在活动页面查看原因。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        var (events, now) = (db.CommunityEvents, clock.Now());
        return await events.AnyAsync(e => e.Id == message.SubjectId && e.EndsAt > now, cancel) ? null : "obsolete";
    }

    public Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel) => EventValues.Of(db, message, cancel);
}

/// <summary>An event was called off: everybody who has signed up hears of it.</summary>
public sealed class TellOfCancelledEvent(OwnerPayDb db, Messages messages) : IOutboxHandler
{
    public async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        var people = await db.EventSignUps.AsNoTracking().Where(s => s.EventId == row.SubjectId && s.Live == true).OrderBy(s => s.SignedUpAt)
            .ThenBy(s => s.Id)
            .Select(s => new { s.PersonId, s.HouseId }).ToListAsync(cancel);
        await messages.TellAll(EventCancelled.Name, row.CommunityId, [.. people.Select(s => new Recipient(s.PersonId, row.SubjectId, s.HouseId))],
            null, cancel);
        await db.SaveChangesAsync(cancel);
    }
}

/// <summary>Reminds of events as their time comes. Who gets a place after that hour is reminded too; nobody twice.</summary>
public sealed class RemindOfEvents(OwnerPayDb db, Messages messages, Clock clock) : IJob
{
    const int Most = 200;

    public async Task<string> Run(CancellationToken cancel)
    {
        var (now, events, signUps, sent, told) = (clock.Now(), db.CommunityEvents, db.EventSignUps, db.Messages, 0);
        var latest = now.AddHours(168);
        var near = await events.AsNoTracking().Where(e => e.State == EventState.Published && e.StartsAt > now && e.StartsAt <= latest
            && e.RemindHours > 0)
            .OrderBy(e => e.StartsAt).Select(e => new { e.Id, e.CommunityId, e.StartsAt, e.RemindHours }).ToListAsync(cancel);
        foreach (var at in near.Where(e => e.StartsAt.AddHours(-e.RemindHours) <= now))
        {
            var due = signUps.AsNoTracking().Where(s => s.EventId == at.Id && s.State == SignUpState.Confirmed
                && !sent.Any(m => m.SubjectId == at.Id && m.Kind == EventReminder.Name && m.PersonId == s.PersonId));
            if (!await due.AnyAsync(cancel)) continue;
            var key = new IdempotencyKey("job", "remind-of-events", "remind", Guid.CreateVersion7().ToString("N"));
            var result = await db.Once<int>(key, at, async () =>
            {
                // One instance at a time: the other finds them reminded.
                await events.Where(e => e.Id == at.Id).ForUpdate().Select(e => e.Id).SingleAsync(cancel);
                var people = await due.OrderBy(s => s.SignedUpAt).ThenBy(s => s.Id).Take(Most)
                    .Select(s => new Recipient(s.PersonId, at.Id, s.HouseId)).ToListAsync(cancel);
                await messages.TellAll(EventReminder.Name, at.CommunityId, people, null, cancel);
                return people.Count;
            }, cancel);
            if (result.Done) told += result.Value;
        }
        return $"{told} reminded";
    }
}
