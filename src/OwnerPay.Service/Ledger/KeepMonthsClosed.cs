using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <summary>A closed month takes no journal: one that is written for it counts on the first day of the next open month, and says for which day it was meant.</summary>
/// <remarks>It looks at every journal on its way into the database, however it is written. Only journals for a month that is over are compared with what is
/// closed, under a shared lock of the month that the closing must wait for; those of the running month, nearly all, cost nothing.</remarks>
public sealed class KeepMonthsClosed(Clock clock) : SaveChangesInterceptor, ICompletesRows
{
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var db = (OwnerPayDb)eventData.Context!;
        foreach (var late in Late(db).GroupBy(journal => journal.Entity.CommunityId).ToList())
            Move(late, await Months(db, late).ToListAsync(cancellationToken));
        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Complete(eventData.Context!);
        return result;
    }

    /// <summary>The same for rows that are written past the change tracker; it waits for the database only where a journal is late.</summary>
    public void Complete(DbContext db)
    {
        foreach (var late in Late(db).GroupBy(journal => journal.Entity.CommunityId).ToList()) Move(late, Months((OwnerPayDb)db, late).ToList());
    }

    List<EntityEntry<Journal>> Late(DbContext db)
    {
        var (running, tracker) = (MonthEnd.TextOf(clock.Today()), db.ChangeTracker);
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;    // added rows are known without looking through all others
        try
        {
            return [.. tracker.Entries<Journal>().Where(journal => journal.State == EntityState.Added
                && string.CompareOrdinal(MonthEnd.TextOf(journal.Entity.BusinessDate), running) < 0)];
        }
        finally { tracker.AutoDetectChangesEnabled = detects; }
    }

    static IQueryable<BookMonth> Months(OwnerPayDb db, IGrouping<Guid, EntityEntry<Journal>> late)
    {
        var (community, earliest) = (late.Key, late.Min(journal => MonthEnd.TextOf(journal.Entity.BusinessDate))!);
        return db.BookMonths.AsNoTracking().Where(m => m.CommunityId == community && m.Month.CompareTo(earliest) >= 0).OrderBy(m => m.Month).ForShare();
    }

    static void Move(IEnumerable<EntityEntry<Journal>> late, List<BookMonth> months)
    {
        if (months.FindLast(month => month.State == BookMonthState.Closed) is not { } lastClosed) return;
        var next = MonthEnd.FirstOf(lastClosed.Month)!.Value.AddMonths(1);
        foreach (var journal in late.Where(journal => journal.Entity.BusinessDate < next))
        {
            var meant = journal.Entity.BusinessDate;
            var remark = string.Create(CultureInfo.InvariantCulture, $"（补记 {meant:yyyy-MM-dd} 业务）");
            var summary = journal.Entity.Summary;
            journal.Property(j => j.Summary).CurrentValue = (summary.Length + remark.Length > Journal.LongestSummary
                ? summary[..(Journal.LongestSummary - remark.Length)] : summary) + remark;
            journal.Property(j => j.MeantFor).CurrentValue = meant;
            journal.Property(j => j.BusinessDate).CurrentValue = next;
        }
    }
}
