using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <summary>Numbers committed journals without gaps per community and month of their business date, in the order (instant, id) in which they are seen.</summary>
/// <remarks>After commit and not inside settlement: one counter row in every settlement would make all payments of a community wait for each other.</remarks>
public sealed class NumberJournals(OwnerPayDb db) : IJob
{
    public const string Kind = "journal";
    const int Batch = 2000;

    /// <summary>Batches of one wake: a bill run leaves hundreds of thousands of journals at once, and other jobs want their turn too.</summary>
    const int MostBatches = 25;

    public async Task<string> Run(CancellationToken cancel)
    {
        var given = 0L;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var now = await Next(cancel);
            given += now;
            if (now < Batch) break;
        }
        return $"{given} journals";
    }

    /// <returns>How many were numbered.</returns>
    async Task<long> Next(CancellationToken cancel)
    {
        var waiting = await db.Journals.AsNoTracking().Where(j => j.Number == null).OrderBy(j => j.At).ThenBy(j => j.Id)
            .Select(j => new { j.CommunityId, j.BusinessDate }).Take(Batch).ToListAsync(cancel);
        var given = 0L;
        foreach (var (community, first) in waiting.Select(j => (j.CommunityId, First: new DateOnly(j.BusinessDate.Year, j.BusinessDate.Month, 1))).Distinct())
        {
            var (next, month) = (first.AddMonths(1), first.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            given += await db.NumberInOrder(Kind, community, month, last => db.IsMariaDb
                ? db.Database.ExecuteSqlAsync($"""
                    UPDATE Journals AS j JOIN (
                        SELECT Id, ROW_NUMBER() OVER (ORDER BY At, Id) AS N FROM Journals
                        WHERE CommunityId = {community} AND Number IS NULL AND BusinessDate >= {first} AND BusinessDate < {next} ORDER BY At, Id LIMIT {Batch}
                    ) AS w ON j.Id = w.Id SET j.Number = {last} + w.N, j.Month = {month}
                    """, cancel)
                : db.Database.ExecuteSqlAsync($"""
                    UPDATE Journals SET Number = {last} + w.N, Month = {month} FROM (
                        SELECT Id AS WaitingId, ROW_NUMBER() OVER (ORDER BY At, Id) AS N FROM Journals
                        WHERE CommunityId = {community} AND Number IS NULL AND BusinessDate >= {first} AND BusinessDate < {next} ORDER BY At, Id LIMIT {Batch}
                    ) AS w WHERE Journals.Id = w.WaitingId
                    """, cancel), cancel);
        }
        return given;
    }
}

/// <summary>How gapless series move on: one transaction locks the series, numbers rows and raises the series by as many.</summary>
public static class Numbering
{
    /// <param name="kind"><c>journal</c> or <c>receipt</c>.</param>
    /// <param name="number">Gets the last number given; numbers the rows that still wait, upwards from the next; returns how many they were.</param>
    /// <returns>How many numbers were given.</returns>
    public static async Task<long> NumberInOrder(
        this OwnerPayDb db, string kind, Guid community, string period, Func<long, Task<int>> number, CancellationToken cancel)
    {
        var series = db.NumberSeries.Where(s => s.CommunityId == community && s.Kind == kind && s.Period == period);
        // Made on its own and only once: an INSERT IGNORE inside the transaction keeps a shared lock, on which two instances dead-lock.
        if (!await series.AnyAsync(cancel))
            await db.InsertUnlessThere(new NumberSeries { CommunityId = community, Kind = kind, Period = period }, cancel);
        return await db.AgainFromTheStart(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
            var last = (await series.AsNoTracking().ForUpdate().SingleAsync(cancel)).Last;
            long given = await number(last);
            await series.ExecuteUpdateAsync(set => set.SetProperty(s => s.Last, last + given), cancel);
            await transaction.CommitAsync(cancel);
            return given;
        }, cancel);
    }

    /// <summary>Makes sure that a series stands, so that <see cref="NextNumber"/> finds it. Outside any transaction: see <see
    /// cref="NumberInOrder"/>.</summary>
    public static async Task BeginSeries(this OwnerPayDb db, string kind, Guid community, string period, CancellationToken cancel)
    {
        if (!await db.NumberSeries.AnyAsync(s => s.CommunityId == community && s.Kind == kind && s.Period == period, cancel))
            await db.InsertUnlessThere(new NumberSeries { CommunityId = community, Kind = kind, Period = period }, cancel);
    }

    /// <summary>Takes the next number on the spot, inside the caller's transaction; undone with it, so that no number is lost.</summary>
    /// <remarks>The series stays locked until the commit: take it last. Meant for the counter, where one person acts at a time.</remarks>
    public static async Task<long> NextNumber(this OwnerPayDb db, string kind, Guid community, string period, CancellationToken cancel)
    {
        var series = db.NumberSeries.Where(s => s.CommunityId == community && s.Kind == kind && s.Period == period);
        var next = (await series.AsNoTracking().ForUpdate().SingleAsync(cancel)).Last + 1;
        await series.ExecuteUpdateAsync(set => set.SetProperty(s => s.Last, next), cancel);
        return next;
    }
}
