using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reports;

/// <summary>One posting with its journal, as exports write it.</summary>
/// <param name="Number">Null while the numbering worker has not come by.</param>
/// <param name="Amount">Debit positive; fen, or points where <paramref name="Commodity"/> says so.</param>
public sealed record ExportLine(
    Guid JournalId, string Community, DateOnly Date, string? Month, long? Number, string Summary, string SourceKind, Guid SourceId, int Line, string Account,
    string Commodity, long Amount)
{
    /// <summary>Voucher number within its month: <c>2026-12-000123</c>, with the community before it where there are several; empty while there is none.</summary>
    public string Code(bool severalCommunities) =>
        Number is not { } number ? "" : FormattableString.Invariant($"{(severalCommunities ? Community + "-" : "")}{Month}-{number:000000}");
}

/// <summary>Which part of the books is exported.</summary>
/// <param name="Community">Null: all.</param>
/// <param name="From">First day; null: from the beginning.</param>
/// <param name="To">Last day; null: to the end.</param>
public sealed record ExportScope(Guid? Community, DateOnly? From = null, DateOnly? To = null);

/// <param name="Amount">What stood there before the first day, debit positive; fen or points.</param>
public sealed record OpeningBalance(string Account, string Commodity, long Amount);

/// <summary>Reads the books in the order of their business dates, streamed: memory does not grow with their length.</summary>
public sealed class ReadJournals(OwnerPayDb db)
{
    public IAsyncEnumerable<ExportLine> Lines(ExportScope scope)
    {
        var (community, first, last) = (scope.Community, scope.From, scope.To);
        var (journals, postings, communities) = (db.Journals, db.Postings, db.Communities);
        return (
            from journal in journals.AsNoTracking()
            where (community == null || journal.CommunityId == community) && (first == null || journal.BusinessDate >= first) && (last == null || journal.BusinessDate <= last)
            join posting in postings.AsNoTracking() on new { journal.CommunityId, JournalId = journal.Id } equals new { posting.CommunityId, posting.JournalId }
            join estate in communities.AsNoTracking() on journal.CommunityId equals estate.Id
            orderby journal.BusinessDate, journal.At, journal.Id, posting.Line
            select new ExportLine(
                journal.Id, estate.Code, journal.BusinessDate, journal.Month, journal.Number, journal.Summary, journal.SourceKind, journal.SourceId, posting.Line,
                posting.Account, posting.Commodity, posting.Amount)).AsAsyncEnumerable();
    }

    /// <summary>Every account that anything was posted to up to the last day, sorted.</summary>
    public Task<List<string>> Accounts(ExportScope scope, CancellationToken cancel) =>
        Until(scope.Community, scope.To).Select(p => p.Account).Distinct().OrderBy(a => a).ToListAsync(cancel);

    /// <summary>What stood on each account before the first day; nothing where the export begins with the books.</summary>
    public async Task<IReadOnlyList<OpeningBalance>> Openings(ExportScope scope, CancellationToken cancel)
    {
        if (scope.From is not { } first) return [];
        var sums = await Until(scope.Community, first.AddDays(-1)).GroupBy(p => new { p.Account, p.Commodity })
            .Select(g => new { g.Key.Account, g.Key.Commodity, Amount = g.Sum(p => p.Amount) }).Where(g => g.Amount != 0).ToListAsync(cancel);
        return [.. sums.Select(s => new OpeningBalance(s.Account, s.Commodity, s.Amount)).OrderBy(s => s.Account, StringComparer.Ordinal).ThenBy(s => s.Commodity, StringComparer.Ordinal)];
    }

    IQueryable<Posting> Until(Guid? community, DateOnly? last)
    {
        var (postings, journals) = (db.Postings.AsNoTracking().Where(p => community == null || p.CommunityId == community), db.Journals);
        return last is not { } day ? postings
            : from posting in postings
              join journal in journals on new { posting.CommunityId, Id = posting.JournalId } equals new { journal.CommunityId, journal.Id }
              where journal.BusinessDate <= day
              select posting;
    }

    /// <summary>True where several communities would stand in one export.</summary>
    public async Task<bool> Several(Guid? community, CancellationToken cancel) => community is null && await db.Communities.CountAsync(cancel) > 1;
}
