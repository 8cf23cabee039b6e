using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Numbers committed receipts without gaps per community and year, in the order (instant, id) in which they are seen.</summary>
public sealed class NumberReceipts(OwnerPayDb db) : IJob
{
    public const string Kind = "receipt";
    const int Batch = 2000;

    /// <summary>The period of a year's series.</summary>
    public static string Period(int year) => year.ToString("0000", CultureInfo.InvariantCulture);

    public async Task<string> Run(CancellationToken cancel)
    {
        var waiting = await db.Receipts.AsNoTracking().Where(r => r.Number == null).OrderBy(r => r.At).ThenBy(r => r.Id)
            .Select(r => new { r.CommunityId, r.Year }).Take(Batch).ToListAsync(cancel);
        var given = 0L;
        foreach (var (community, year) in waiting.Select(r => (r.CommunityId, r.Year)).Distinct())
            given += await db.NumberInOrder(Kind, community, Period(year), last => db.IsMariaDb
                ? db.Database.ExecuteSqlAsync($"""
                    UPDATE Receipts AS r JOIN (
                        SELECT Id, ROW_NUMBER() OVER (ORDER BY At, Id) AS N FROM Receipts
                        WHERE CommunityId = {community} AND Year = {year} AND Number IS NULL ORDER BY At, Id LIMIT {Batch}
                    ) AS w ON r.Id = w.Id SET r.Number = {last} + w.N
                    """, cancel)
                : db.Database.ExecuteSqlAsync($"""
                    UPDATE Receipts SET Number = {last} + w.N FROM (
                        SELECT Id AS WaitingId, ROW_NUMBER() OVER (ORDER BY At, Id) AS N FROM Receipts
                        WHERE CommunityId = {community} AND Year = {year} AND Number IS NULL ORDER BY At, Id LIMIT {Batch}
                    ) AS w WHERE Receipts.Id = w.WaitingId
                    """, cancel), cancel);
        return $"{given} receipts";
    }
}
