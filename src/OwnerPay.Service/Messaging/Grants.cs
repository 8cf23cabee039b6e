using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Counts how many messages of a template a user still allows. WeChat tells nobody: the count is ours, moved only here, each time with an
/// entry.</summary>
/// <remarks>All of it runs in the caller's transaction; the grant's row is locked after the delivery's.</remarks>
public sealed class Grants(OwnerPayDb db, Clock clock)
{
    /// <summary>One accept of the dialog allows one message more.</summary>
    /// <returns>How many are left now.</returns>
    public async Task<int> Accept(Guid user, string template, CancellationToken cancel)
    {
        // One statement that locks the row for writing at once: an insert that is ignored and then an update lock twice, and accepts dead-lock.
        if (db.IsMariaDb)
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO MessageGrants (WeChatUserId, WeChatTemplateId, Count) VALUES ({user}, {template}, 1)
                ON DUPLICATE KEY UPDATE Count = Count + 1
                """, cancel);
        else
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO MessageGrants (WeChatUserId, WeChatTemplateId, Count) VALUES ({user}, {template}, 1)
                ON CONFLICT (WeChatUserId, WeChatTemplateId) DO UPDATE SET Count = Count + 1
                """, cancel);
        await Note(user, template, 1, GrantReason.Accepted, Guid.CreateVersion7(), cancel);
        return await Left(user, template, cancel);
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

    /// <summary>WeChat answered 43101: whatever we counted, none is left.</summary>
    public async Task Empty(Guid user, string template, Guid delivery, CancellationToken cancel)
    {
        var grants = db.MessageGrants;
        var held = await grants.Where(g => g.WeChatUserId == user && g.WeChatTemplateId == template).ForUpdate().AsNoTracking()
            .SingleOrDefaultAsync(cancel);
        if (held is { Count: > 0 }) await Move(user, template, -held.Count, GrantReason.Emptied, delivery, cancel);
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
