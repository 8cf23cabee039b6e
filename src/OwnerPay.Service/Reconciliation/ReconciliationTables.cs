using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

public static class ReconciliationTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<ReconciledDay> ReconciledDays => db.Set<ReconciledDay>();
        public DbSet<WeChatBillFile> WeChatBillFiles => db.Set<WeChatBillFile>();
        public DbSet<BillFetch> BillFetches => db.Set<BillFetch>();
        public DbSet<WeChatBillPart> WeChatBillParts => db.Set<WeChatBillPart>();
        public DbSet<FundFlowDay> FundFlowDays => db.Set<FundFlowDay>();
        public DbSet<WeChatPayOut> WeChatPayOuts => db.Set<WeChatPayOut>();
        public DbSet<DifferenceNote> DifferenceNotes => db.Set<DifferenceNote>();
        public DbSet<MatchedRow> MatchedRows => db.Set<MatchedRow>();
        public DbSet<MatchedRefund> MatchedRefunds => db.Set<MatchedRefund>();
        public DbSet<Difference> Differences => db.Set<Difference>();
    }
}
