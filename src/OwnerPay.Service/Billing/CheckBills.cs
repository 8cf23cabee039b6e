using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Recomputes bills from their frozen terms, what is open from what settled it, and both against the books, house by house.</summary>
public sealed class CheckBills : IVerifyCheck
{
    const int HousesPerPage = 500;

    public string Name => "bills";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var communities = await scope.Db.Communities.Where(c => scope.CommunityId == null || c.Id == scope.CommunityId).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        foreach (var community in communities)
        {
            var names = new FeeNames(
                await scope.Db.FeeKinds.Where(k => k.CommunityId == community).ToDictionaryAsync(k => k.Id, k => k.Code, cancel),
                await scope.Db.Tariffs.AsNoTracking().Where(t => t.CommunityId == community).ToDictionaryAsync(t => t.Id, cancel));
            for (var after = ""; ;)
            {
                var last = after;
                var houses = await scope.Db.Houses.Where(h => h.CommunityId == community && h.Code.CompareTo(last) > 0).OrderBy(h => h.Code).Take(HousesPerPage)
                    .Select(h => new { h.Id, h.Code }).ToListAsync(cancel);
                if (houses.Count == 0) break;
                foreach (var finding in (await HouseBooks.Load(scope.Db, community, houses.ConvertAll(h => h.Id), cancel)).Findings(Name, names)) yield return finding;
                after = houses[^1].Code;
            }
            await foreach (var finding in Totals(scope.Db, community, cancel)) yield return finding;
            await foreach (var finding in Strays(scope.Db, community, cancel)) yield return finding;
        }
    }

    /// <summary>Runs against their bills, and the sums over all houses: what stands on an account of no house of ours is found here.</summary>
    async IAsyncEnumerable<Finding> Totals(OwnerPayDb db, Guid community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (bills, postings) = (db.Bills, db.Postings);
        var runs = await db.BillRuns.Where(r => r.CommunityId == community).Select(r => new
        {
            r.Id, r.State, r.Bills, r.TotalFen, Issued = bills.Count(b => b.RunId == r.Id), IssuedFen = bills.Where(b => b.RunId == r.Id).Sum(b => (long?)b.AmountFen) ?? 0,
        }).ToListAsync(cancel);
        foreach (var run in runs)
        {
            var (count, fen) = run.State == BillRunState.Issued ? (run.Bills, run.TotalFen) : (0, 0L);
            if ((count, fen) != (run.Issued, run.IssuedFen))
                yield return new(Name, $"BillRuns/{run.Id:N}", $"出账批次应有 {count} 张账单共 {fen} 分，实有 {run.Issued} 张共 {run.IssuedFen} 分");
        }
        var open = await bills.Where(b => b.CommunityId == community && b.State != BillState.Voided).SumAsync(b => b.OpenFen, cancel);
        var receivable = await postings.Where(p => p.CommunityId == community && p.Commodity == Posting.Yuan && p.Account.StartsWith("1122/")).SumAsync(p => p.Amount, cancel);
        if (open != receivable) yield return new(Name, "Postings/1122", $"应收账款合计 {receivable} 分，账单未缴合计 {open} 分");
        var prepaid = await db.PrepaidBalances.Where(b => b.CommunityId == community).SumAsync(b => b.BalanceFen, cancel);
        var booked = -await postings.Where(p => p.CommunityId == community && p.Commodity == Posting.Yuan && p.Account.StartsWith("2203/")).SumAsync(p => p.Amount, cancel);
        if (prepaid != booked) yield return new(Name, "Postings/2203", $"预收账款合计 {booked} 分，预存余额合计 {prepaid} 分");
    }

    async IAsyncEnumerable<Finding> Strays(OwnerPayDb db, Guid community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (bills, lines, houses, runs) = (db.Bills, db.BillLines, db.Houses, db.BillRuns);
        var found = new List<(string Table, IQueryable<Guid> Ids)>
        {
            ("Bills", bills.Where(b => b.CommunityId == community
                && (!houses.Any(h => h.Id == b.HouseId && h.CommunityId == community) || !runs.Any(r => r.Id == b.RunId))).Select(b => b.Id)),
            ("BillLines", lines.Where(l => l.CommunityId == community && !bills.Any(b => b.Id == l.BillId && b.CommunityId == community)).Select(l => l.Id)),
            ("BillReductions", db.BillReductions.Where(r => r.CommunityId == community && !bills.Any(b => b.Id == r.BillId && b.CommunityId == community)).Select(r => r.Id)),
            ("BillClaims", db.BillClaims.Where(c => c.CommunityId == community && !houses.Any(h => h.Id == c.HouseId && h.CommunityId == community)).Select(c => c.Id)),
            ("PrepaidEntries", db.PrepaidEntries.Where(e => e.CommunityId == community && !houses.Any(h => h.Id == e.HouseId && h.CommunityId == community)).Select(e => e.Id)),
            ("Journals", db.Journals.Where(j => j.CommunityId == community && j.SourceKind == IssueBills.BillJournal && !bills.Any(b => b.Id == j.SourceId)).Select(j => j.Id)),
        };
        foreach (var (table, ids) in found)
            foreach (var id in await ids.Take(1000).ToListAsync(cancel))
                yield return new(Name, $"{table}/{id:N}", "没有对应的主记录");
    }
}
