using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Counts reminders per person over all channels. The row of a day is its limit: of two instances that remind one person at once, one gets
/// it.</summary>
public sealed class ReminderDays(OwnerPayDb db, Clock clock)
{
    const int Week = 7;

    /// <summary>Takes today for a message. Its other channels go on the same day for nothing.</summary>
    /// <returns>The first day on which it may go if not today; null when it has today.</returns>
    public async Task<DateOnly?> Take(Message message, ReminderLimits limits, CancellationToken cancel)
    {
        var (today, days) = (clock.Today(), db.ReminderDays);
        var since = today.AddDays(-Week);
        var taken = await days.AsNoTracking().Where(d => d.PersonId == message.PersonId && d.Day > since).ToListAsync(cancel);
        if (taken.Exists(d => d.Day == today && d.MessageId == message.Id)) return null;
        var next = limits.NextDay(today, taken.ConvertAll(d => d.Day));
        if (next != today) return next;
        var mine = new ReminderDay { PersonId = message.PersonId, Day = today, CommunityId = message.CommunityId, MessageId = message.Id };
        if (await db.InsertUnlessThere(mine, cancel)) return null;
        // Somebody took it at this moment: perhaps another phone of this very message.
        return await days.AnyAsync(d => d.PersonId == message.PersonId && d.Day == today && d.MessageId == message.Id, cancel)
            ? null : today.AddDays(1);
    }

    /// <summary>The message turned out to be pointless before anything of it left: the day is free again.</summary>
    public async Task GiveBack(Guid message, CancellationToken cancel)
    {
        var (days, deliveries) = (db.ReminderDays, db.Deliveries);
        if (await deliveries.AnyAsync(d => d.MessageId == message && (d.State == DeliveryState.Sent || d.State == DeliveryState.Failed),
            cancel)) return;
        await days.Where(d => d.MessageId == message).ExecuteDeleteAsync(cancel);
    }
}
