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

/// <summary>Reads the books in the order of their business dates, streamed: memory does not grow with their length.</summary>
public sealed class ReadJournals(OwnerPayDb db)
{
    /// <param name="community">Null: all.</param>
    public IAsyncEnumerable<ExportLine> Lines(Guid? community)
    {
        var (journals, postings, communities) = (db.Journals, db.Postings, db.Communities);
        return (
            from journal in journals.AsNoTracking()
            where community == null || journal.CommunityId == community
            join posting in postings.AsNoTracking() on new { journal.CommunityId, JournalId = journal.Id } equals new { posting.CommunityId, posting.JournalId }
            join estate in communities.AsNoTracking() on journal.CommunityId equals estate.Id
            orderby journal.BusinessDate, journal.At, journal.Id, posting.Line
            select new ExportLine(
                journal.Id, estate.Code, journal.BusinessDate, journal.Month, journal.Number, journal.Summary, journal.SourceKind, journal.SourceId, posting.Line,
                posting.Account, posting.Commodity, posting.Amount)).AsAsyncEnumerable();
    }

    /// <summary>Every account that anything was posted to, sorted.</summary>
    public Task<List<string>> Accounts(Guid? community, CancellationToken cancel)
    {
        var postings = db.Postings;
        return postings.Where(p => community == null || p.CommunityId == community).Select(p => p.Account).Distinct().OrderBy(a => a).ToListAsync(cancel);
    }

    /// <summary>True where several communities would stand in one export.</summary>
    public async Task<bool> Several(Guid? community, CancellationToken cancel) => community is null && await db.Communities.CountAsync(cancel) > 1;
}
