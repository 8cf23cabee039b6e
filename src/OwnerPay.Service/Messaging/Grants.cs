using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Counts how many messages of a template a user still allows. WeChat tells nobody: the count is ours, moved only here, each time with an
/// entry.</summary>
/// <remarks>All of it runs in the caller's transaction; the grant's row is locked after the delivery's.</remarks>
public sealed class Grants(OwnerPayDb db, Clock clock)
{
    /// <summary>The mini-program reports an accept of the dialog, which allows one message more.</summary>
    /// <returns>How many are left now.</returns>
    public async Task<int> Accept(Guid user, string template, CancellationToken cancel)
    {
        await Count(user, template, reported: 1, pushed: 0, Guid.CreateVersion7(), cancel);
        return await Left(user, template, cancel);
    }

    /// <summary>WeChat pushed the same: once by event.</summary>
    public Task AcceptSeen(Guid user, string template, Guid pushed, CancellationToken cancel) => Count(user, template, reported: 0, pushed: 1, pushed, cancel);

    /// <summary>Two witnesses tell of the same taps, the mini-program and WeChat's push. Neither tells of more taps than there were, either may lose
    /// some, and the push is not set up everywhere: what counts is what the one has told that told more.</summary>
    /// <remarks>So a tap that both tell of counts once, in whichever order and however late they come, and a tap that only one tells of counts as
    /// well; no window of time has to be guessed. Where each lost another tap, one is not counted: too few is safe, too many never happens.</remarks>
    async Task Count(Guid user, string template, int reported, int pushed, Guid source, CancellationToken cancel)
    {
        // One statement that locks the row for writing at once: an insert that is ignored and then an update lock twice, and accepts dead-lock.
        // The count comes first: it must see what was told before.
        if (db.IsMariaDb)
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO MessageGrants (WeChatUserId, WeChatTemplateId, Count, Reported, Pushed) VALUES ({user}, {template}, 1, {reported}, {pushed})
                ON DUPLICATE KEY UPDATE Count = Count + CASE WHEN {reported} = 1 AND Reported >= Pushed OR {pushed} = 1 AND Pushed >= Reported THEN 1 ELSE 0 END,
                    Reported = Reported + {reported}, Pushed = Pushed + {pushed}
                """, cancel);
        else
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO MessageGrants (WeChatUserId, WeChatTemplateId, Count, Reported, Pushed) VALUES ({user}, {template}, 1, {reported}, {pushed})
                ON CONFLICT (WeChatUserId, WeChatTemplateId) DO UPDATE
                SET Count = Count + CASE WHEN {reported} = 1 AND Reported >= Pushed OR {pushed} = 1 AND Pushed >= Reported THEN 1 ELSE 0 END,
                    Reported = Reported + {reported}, Pushed = Pushed + {pushed}
                """, cancel);
        var grants = db.MessageGrants;
        var told = await grants.AsNoTracking().SingleAsync(g => g.WeChatUserId == user && g.WeChatTemplateId == template, cancel);
        var counted = reported == 1 ? told.Reported > told.Pushed : told.Pushed > told.Reported;
        if (counted) await Note(user, template, 1, GrantReason.Accepted, source, cancel);
    }

    /// <summary>Takes one for a delivery that is about to leave.</summary>
    /// <returns>False when none is left.</returns>
    /// <remarks>A delivery that waits while its kind's template changes and changes back held a grant of it before and gave it back: that return is
    /// undone, so that a delivery has one reservation of a template at most, however often it is tried.</remarks>
    public async Task<bool> Reserve(Guid user, string template, Guid delivery, CancellationToken cancel)
    {
        if (!await Count(user, template, -1, cancel)) return false;
        var entries = db.GrantEntries;
        var undone = await entries.Where(e => e.SourceId == delivery && e.WeChatTemplateId == template && e.Reason == GrantReason.Returned)
            .ExecuteDeleteAsync(cancel);
        if (undone == 0) await Note(user, template, -1, GrantReason.Reserved, delivery, cancel);
        return true;
    }

    /// <summary>Gives back what a delivery held that did not leave.</summary>
    public Task<bool> Return(Guid user, string template, Guid delivery, CancellationToken cancel) =>
        Move(user, template, 1, GrantReason.Returned, delivery, cancel);

    /// <summary>WeChat answered 43101, or told that the user switched the template off: whatever we counted, none is left.</summary>
    /// <param name="source">The delivery, or the event.</param>
    public async Task Empty(Guid user, string template, Guid source, CancellationToken cancel)
    {
        var grants = db.MessageGrants;
        var held = await grants.Where(g => g.WeChatUserId == user && g.WeChatTemplateId == template).ForUpdate().AsNoTracking()
            .SingleOrDefaultAsync(cancel);
        if (held is { Count: > 0 }) await Move(user, template, -held.Count, GrantReason.Emptied, source, cancel);
    }

    public Task<int> Left(Guid user, string template, CancellationToken cancel)
    {
        var grants = db.MessageGrants;
        return grants.Where(g => g.WeChatUserId == user && g.WeChatTemplateId == template).Select(g => g.Count).SingleOrDefaultAsync(cancel);
    }

    async Task<bool> Move(Guid user, string template, int delta, GrantReason reason, Guid source, CancellationToken cancel)
    {
        if (!await Count(user, template, delta, cancel)) return false;
        await Note(user, template, delta, reason, source, cancel);
        return true;
    }

    async Task<bool> Count(Guid user, string template, int delta, CancellationToken cancel)
    {
        var grants = db.MessageGrants;
        return await grants.Where(g => g.WeChatUserId == user && g.WeChatTemplateId == template && g.Count + delta >= 0)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Count, g => g.Count + delta), cancel) > 0;
    }

    async Task Note(Guid user, string template, int delta, GrantReason reason, Guid source, CancellationToken cancel)
    {
        db.Add(new GrantEntry
        {
            Id = Guid.CreateVersion7(), WeChatUserId = user, WeChatTemplateId = template, Delta = delta, Reason = reason, SourceId = source,
            At = clock.Now(),
        });
        await db.SaveChangesAsync(cancel);
    }
}
