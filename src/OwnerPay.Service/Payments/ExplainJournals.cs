using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Payments.Explained;

namespace OwnerPay.Service.Payments;

/// <summary>The journals that explain one row, with their postings, as lines of text.</summary>
public sealed class ExplainJournals(OwnerPayDb db)
{
    /// <param name="source">The payment, refund … they belong to.</param>
    public async Task<IReadOnlyList<string>> Of(Guid source, CancellationToken cancel)
    {
        var text = new List<string>();
        foreach (var journal in await db.Journals.AsNoTracking().Where(j => j.SourceId == source).OrderBy(j => j.At).ThenBy(j => j.Id).ToListAsync(cancel))
        {
            text.Add($"凭证 {journal.BusinessDate:yyyy-MM-dd} 第 {journal.Number?.ToString(CultureInfo.InvariantCulture) ?? "…"} 号 {journal.SourceKind} {journal.Summary}");
            var postings = await db.Postings.AsNoTracking().Where(p => p.JournalId == journal.Id && p.CommunityId == journal.CommunityId).OrderBy(p => p.Line).ToListAsync(cancel);
            text.AddRange(postings.Select(p =>
                $"  {(p.Amount > 0 ? "借" : "贷")} {p.Account} {(p.Commodity == Posting.Yuan ? Yuan(Math.Abs(p.Amount)) : $"{Math.Abs(p.Amount)} 积分")}"));
        }
        return text;
    }
}

/// <summary>How explanations write instants and amounts.</summary>
static class Explained
{
    public static string At(DateTimeOffset? instant) => instant?.ToOffset(Clock.ShanghaiOffset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "—";

    public static string Yuan(long fen) => new Fen(fen).InYuan() + " 元";
}
