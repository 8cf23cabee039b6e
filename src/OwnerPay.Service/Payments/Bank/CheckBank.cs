using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Entrusted;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>Rows of bank statements against their journals, what they settled, and suspense: each fen in was booked once and is somebody's or
/// waits.</summary>
public sealed class CheckBank : IVerifyCheck
{
    const int PageSize = 1_000;

    public string Name => "bank";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var accounts = await db.BankAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Code, cancel);
        for (Guid? after = null; ;)
        {
            var last = after;
            var page = await db.BankRows.AsNoTracking().Where(r => (community == null || r.CommunityId == community)
                && (last == null || r.Id.CompareTo(last.Value) > 0))
                .OrderBy(r => r.Id).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) break;
            after = page[^1].Id;
            await foreach (var finding in Page(db, accounts, page, cancel)) yield return finding;
        }
        var (rows, payments, imports) = (db.BankRows, db.Payments, db.BankImports);
        foreach (var stray in await payments.Where(p => (community == null || p.CommunityId == community) && p.Channel == Payment.Bank
            && !rows.Any(r => r.SettledBy == p.Id && r.State == BankRowState.Settled)).Select(p => p.Id).ToListAsync(cancel)) yield return new(Name,
                $"Payments/{stray:N}", "付款没有对应的银行进账");
        foreach (var import in await imports.Where(i => (community == null || i.CommunityId == community))
            .Select(i => new
            {
                i.Id, i.RowsRead, i.RowsWritten, i.RowsUnchanged,
                Rows = rows.Count(r => r.ImportId == i.Id)
            }).Where(i => i.RowsWritten != i.Rows || i.RowsRead != i.RowsWritten + i.RowsUnchanged)
                .ToListAsync(cancel))
            yield return new(Name, $"BankImports/{import.Id:N}", $"导入记录写入 {import.RowsWritten} 行，实有 {import.Rows} 行");
    }

    async IAsyncEnumerable<Finding> Page(OwnerPayDb db, Dictionary<Guid, string> accounts, List<BankRow> page,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var ids = page.ConvertAll(r => r.Id);
        var settled = page.Select(r => r.SettledBy).OfType<Guid>().ToList();
        string[] sources = [BankRow.Source, BankRow.ReturnedSource];
        var postings = (await (from journal in db.Journals.AsNoTracking()
                               where sources.Contains(journal.SourceKind) && ids.Contains(journal.SourceId)
                               join posting in db.Postings.AsNoTracking() on new
                               {
                                   journal.CommunityId,
                                   journal.Id
                               } equals new { posting.CommunityId, Id = posting.JournalId }
                               select new { journal.SourceKind, journal.SourceId, posting }).ToListAsync(cancel))
                                   .ToLookup(p => (p.SourceKind, p.SourceId), p => p.posting);
        var payments = await db.Payments.AsNoTracking().Where(p => settled.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var counter = await db.CounterPayments.AsNoTracking().Where(p => settled.Contains(p.Id))
            .ToDictionaryAsync(p => p.Id, p => p.AmountFen, cancel);
        var deposits = await db.CashDeposits.AsNoTracking().Where(d => settled.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.AmountFen, cancel);
        var (batches, items) = (db.CollectionBatches, db.CollectionItems);
        var collections = await batches.Where(b => settled.Contains(b.Id))
            .Select(b => new { b.Id, Fen = items.Where(i => i.BatchId == b.Id && i.State == ItemState.Collected).Sum(i => (long?)i.AmountFen) ?? 0 })
            .ToDictionaryAsync(b => b.Id, b => b.Fen, cancel);
        foreach (var row in page)
        {
            var bank = Accounts.Bank(accounts.GetValueOrDefault(row.BankAccountId, ""));
            if (row.RowKey != BankRow.KeyOf(row.On, row.Reference, row.AmountFen, row.Sequence)) yield return new(Name, $"BankRows/{row.Id:N}",
                "银行流水内容与其唯一键不符");
            var came = row.State switch
            {
                BankRowState.Waiting or BankRowState.Settled or BankRowState.Returning or BankRowState.ReturnApproved or BankRowState.Returned =>
                    (bank, Accounts.Suspense),
                BankRowState.Known when counter.ContainsKey(row.SettledBy ?? Guid.Empty) =>
                    (bank, Accounts.TransferInTransit(accounts.GetValueOrDefault(row.BankAccountId, ""))),
                BankRowState.Known when collections.ContainsKey(row.SettledBy ?? Guid.Empty) =>
                    (bank, Accounts.CollectionInTransit(accounts.GetValueOrDefault(row.BankAccountId, ""))),
                _ => default,
            };
            if (!Same(came, row.AmountFen, postings[(BankRow.Source, row.Id)])) yield return new(Name, $"BankRows/{row.Id:N}",
                $"银行流水 {row.AmountFen} 分，入账凭证不符");
            if (!Same(row.State == BankRowState.Returned ? (Accounts.Suspense, bank) : default, row.AmountFen,
                postings[(BankRow.ReturnedSource, row.Id)]))
                yield return new(Name, $"BankRows/{row.Id:N}", $"银行流水状态 {row.State}，退回凭证不符");
            var known = row.State switch
            {
                BankRowState.Settled => payments.TryGetValue(row.SettledBy ?? Guid.Empty, out var payment) && payment.Channel == Payment.Bank
                    && payment.TransactionId == row.Id.ToString("N")
                    ? payment.TotalFen : null,
                BankRowState.Known => counter.TryGetValue(row.SettledBy ?? Guid.Empty, out var transfer) ? transfer
                    : deposits.TryGetValue(row.SettledBy ?? Guid.Empty, out var deposit) ? deposit
                    : collections.TryGetValue(row.SettledBy ?? Guid.Empty, out var collected) ? collected : null,
                _ => (long?)row.AmountFen,
            };
            if (known != row.AmountFen) yield return new(Name, $"BankRows/{row.Id:N}",
                $"银行流水 {row.AmountFen} 分，对应的款项 {known?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "不存在"} 分");
        }
    }

    static bool Same((string Debit, string Credit) expected, long fen, IEnumerable<Posting> booked)
    {
        var rows = booked.Select(p => (p.Account, p.Amount)).Order().ToList();
        return expected == default ? rows.Count == 0 : rows.SequenceEqual(((string, long)[])[.. new[] { (expected.Debit, fen),
            (expected.Credit, -fen) }.Order()]);
    }
}
