using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

public static class LedgerTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Journal> Journals => db.Set<Journal>();
        public DbSet<Posting> Postings => db.Set<Posting>();
        public DbSet<BookMonth> BookMonths => db.Set<BookMonth>();
        public DbSet<BookMonthChange> BookMonthChanges => db.Set<BookMonthChange>();
        public DbSet<NumberSeries> NumberSeries => db.Set<NumberSeries>();
    }
}
