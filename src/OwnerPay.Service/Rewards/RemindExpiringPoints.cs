using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Tells owners of points that expire soon, once for each last day. Derived from lots and messages: a night without power loses
/// nothing.</summary>
public sealed class RemindExpiringPoints(OwnerPayDb db, PointsTermsBook terms, Messages messages, Clock clock) : IJob
{
    const int Batch = 500;

    public async Task<string> Run(CancellationToken cancel)
    {
        var (today, told) = (clock.Today(), 0);
        var furthest = today.AddDays(PointsTermsInput.MostRemindDays);
        var communities = await db.PointsLots.Where(l => l.Remaining > 0 && l.ExpiresOn >= today && l.ExpiresOn <= furthest)
            .Select(l => l.CommunityId).Distinct().ToListAsync(cancel);
        foreach (var community in communities)
        {
            var last = today.AddDays((await terms.Of(community, cancel)).RemindDays);
            while (await Due(community, today, last, cancel) is { Count: > 0 } due)
            {
                foreach (var each in due)
                    await db.Once<bool>(new IdempotencyKey("job", "remind-points", "remind",
                        $"{each.PersonId:N}/{each.ExpiresOn:yyyyMMdd}/{each.Id:N}"), each, async () =>
                    {
                        await messages.Tell(PointsExpiringMessage.Name, community, each.PersonId, each.Id, null, null, cancel);
                        return true;
                    }, cancel);
                told += due.Count;
                db.ChangeTracker.Clear();
                if (due.Count < Batch) break;
            }
        }
        return $"{told} told";
    }

    sealed record Expiring(Guid Id, Guid PersonId, DateOnly ExpiresOn);

    /// <summary>One lot for each person and last day of which the person was not told yet.</summary>
    async Task<IReadOnlyList<Expiring>> Due(Guid community, DateOnly today, DateOnly last, CancellationToken cancel)
    {
        var (lots, sent) = (db.PointsLots, db.Messages);
        var rows = await lots.Where(l => l.CommunityId == community && l.Remaining > 0 && l.ExpiresOn >= today && l.ExpiresOn <= last
                && !sent.Any(m => m.Kind == PointsExpiringMessage.Name && m.PersonId == l.PersonId && lots.Any(told => told.Id == m.SubjectId
                    && told.ExpiresOn == l.ExpiresOn)))
            .OrderBy(l => l.PersonId).ThenBy(l => l.ExpiresOn).ThenBy(l => l.Id).Take(Batch).Select(l => new Expiring(l.Id, l.PersonId,
                l.ExpiresOn)).ToListAsync(cancel);
        return [.. rows.DistinctBy(row => (row.PersonId, row.ExpiresOn))];
    }
}
