using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What of the company's bills is not served yet at the end of a month, and what the books say of it then.</summary>
/// <remarks>The books are brought to this figure when the month is closed: what leaves the liability is earned. So discounts, refunds, corrections and
/// voids that were booked to the liability after its month was earned come right at the next closing, whatever booked them.</remarks>
sealed class ServedMonths(OwnerPayDb db)
{
    const int PageSize = 5_000;

    sealed record Line(Guid Id, Guid FeeKindId, DateOnly From, DateOnly To, long NetFen, long TaxFen, int TaxRatePerMillion, long DiscountFen);

    /// <summary>Fen that must stand on each account at the end of the month, as positive credits: <c>2204/…</c> by fee kind and pending tax.</summary>
    public async Task<Dictionary<string, long>> ToCome(MonthEnd month, CancellationToken cancel)
    {
        var kinds = await db.FeeKinds.Where(k => k.CommunityId == month.CommunityId).ToDictionaryAsync(k => k.Id, k => k.Code, cancel);
        var toCome = new Dictionary<string, long>();
        var next = month.First.AddMonths(1);
        await foreach (var line in Lines(month, cancel))
        {
            var (days, discount) = (new DateRange(line.From, line.To), Tax.Split(new Fen(line.DiscountFen), line.TaxRatePerMillion));
            Add(Accounts.ContractLiability(kinds[line.FeeKindId]), ServiceMonths.ToCome(new Fen(line.NetFen) - discount.Net, days, next));
            Add(Accounts.PendingTax, ServiceMonths.ToCome(new Fen(line.TaxFen) - discount.Tax, days, next));
        }
        return toCome;

        void Add(string account, Fen fen) => toCome[account] = checked(toCome.GetValueOrDefault(account) + fen.Value);
    }

    /// <summary>Fen that do stand on each of these accounts, as positive credits, by the journals up to the end of the month.</summary>
    public async Task<Dictionary<string, long>> Booked(MonthEnd month, CancellationToken cancel)
    {
        var (journals, postings) = (db.Journals, db.Postings);
        return await (from posting in postings
                      where posting.CommunityId == month.CommunityId && posting.Commodity == Posting.Yuan
                          && (posting.Account == Accounts.PendingTax || posting.Account.StartsWith("2204/"))
                      join journal in journals on new { posting.CommunityId, Id = posting.JournalId } equals new { journal.CommunityId, journal.Id }
                      where journal.BusinessDate <= month.Last
                      group posting.Amount by posting.Account into g
                      select new { g.Key, Fen = -g.Sum() }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
    }

    /// <summary>Lines of which a part is served after the month, as they stood at its end, with their discounts; page by page.</summary>
    /// <remarks>What counts is the date of the journal, not of the row: a journal that came late counts in a later month, and so does its row.</remarks>
    async IAsyncEnumerable<Line> Lines(MonthEnd month, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (bills, journals, reductions, adjusted, last) = (db.Bills, db.Journals, db.BillReductions, db.BillAdjustmentLines, month.Last);
        var (to, id) = (month.Last, Guid.Empty);
        while (true)
        {
            var (lastTo, lastId) = (to, id);
            var page = await (from line in db.BillLines.AsNoTracking()
                              where line.CommunityId == month.CommunityId && (line.To > lastTo || line.To == lastTo && line.Id.CompareTo(lastId) > 0) && line.To > month.Last
                              join bill in bills on line.BillId equals bill.Id
                              where bill.Beneficiary == Beneficiary.Company
                              join journal in journals on new { Kind = IssueBills.BillJournal, bill.Id } equals new { Kind = journal.SourceKind, Id = journal.SourceId }
                              where journal.BusinessDate <= month.Last
                              orderby line.To, line.Id
                              // A voided bill is one that was adjusted to nothing.
                              let netChange = adjusted.Where(a => a.BillLineId == line.Id && journals.Any(j =>
                                  j.SourceKind == BillAdjustment.Source && j.SourceId == a.AdjustmentId && j.BusinessDate <= last)).Sum(a => a.NetFen) ?? 0
                              let change = adjusted.Where(a => a.BillLineId == line.Id && journals.Any(j =>
                                  j.SourceKind == BillAdjustment.Source && j.SourceId == a.AdjustmentId && j.BusinessDate <= last)).Sum(a => (long?)a.Fen) ?? 0
                              select new Line(line.Id, line.FeeKindId, line.From, line.To, line.NetFen + netChange, line.TaxFen + change - netChange, line.TaxRatePerMillion,
                                  reductions.Where(r => r.BillId == bill.Id && r.BillLineId == line.Id && r.OwnDiscountFen != 0
                                      && journals.Any(j => j.SourceKind == (r.SourceKind == ReductionKinds.Credit ? BillAdjustment.Source : r.SourceKind)
                                          && j.SourceId == r.SourceId && j.BusinessDate <= last))
                                      .Sum(r => (long?)r.OwnDiscountFen) ?? 0)).Take(PageSize).ToListAsync(cancel);
            foreach (var line in page) yield return line;
            if (page.Count < PageSize) yield break;
            (to, id) = (page[^1].To, page[^1].Id);
        }
    }
}

/// <summary>Earns what was served: at the end of a month the contract liabilities and the pending tax become what is still to come, the rest is income and
/// output tax.</summary>
public sealed class EarnMonth(OwnerPayDb db, Books books) : IMonthEnd
{
    public async Task Book(MonthEnd month, CancellationToken cancel)
    {
        var served = new ServedMonths(db);
        var (toCome, booked) = (await served.ToCome(month, cancel), await served.Booked(month, cancel));
        var journal = books.Journal(month.CommunityId, BookMonthChange.ServedSource, month.Change, month.Last, $"{month.Month} 结转本月服务收入");
        foreach (var account in booked.Keys.Union(toCome.Keys).Order(StringComparer.Ordinal))
        {
            var earned = booked.GetValueOrDefault(account) - toCome.GetValueOrDefault(account);
            journal.Debit(account, earned).Credit(account == Accounts.PendingTax ? Accounts.OutputTax : Accounts.Income(account["2204/".Length..]), earned);
        }
        journal.Post();
    }
}

/// <summary>Earned is what was served: at the end of the last closed month nothing stands on the liabilities but what is still to come.</summary>
public sealed class CheckServed : IVerifyCheck
{
    public string Name => "served-months";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var closed = await db.BookMonths.Where(m => (community == null || m.CommunityId == community) && m.State == BookMonthState.Closed)
            .GroupBy(m => m.CommunityId).Select(g => new { g.Key, Month = g.Max(m => m.Month)! }).ToListAsync(cancel);
        foreach (var last in closed.OrderBy(last => last.Key))
        {
            var (month, served) = (new MonthEnd(last.Key, MonthEnd.FirstOf(last.Month)!.Value, Guid.Empty), new ServedMonths(db));
            var (toCome, booked) = (await served.ToCome(month, cancel), await served.Booked(month, cancel));
            foreach (var account in booked.Keys.Union(toCome.Keys).Order(StringComparer.Ordinal))
                if (booked.GetValueOrDefault(account) != toCome.GetValueOrDefault(account))
                    yield return new(Name, $"Postings/{account}/{last.Key:N}",
                        $"{last.Month} 结账后余额 {booked.GetValueOrDefault(account)} 分，尚未提供服务的部分应为 {toCome.GetValueOrDefault(account)} 分");
        }
    }
}
