using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

public static class BillingTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<FeeKind> FeeKinds => db.Set<FeeKind>();
        public DbSet<Tariff> Tariffs => db.Set<Tariff>();
        public DbSet<TariffProposal> TariffProposals => db.Set<TariffProposal>();
        public DbSet<BillRun> BillRuns => db.Set<BillRun>();
        public DbSet<Bill> Bills => db.Set<Bill>();
        public DbSet<BillLine> BillLines => db.Set<BillLine>();
        public DbSet<BillClaim> BillClaims => db.Set<BillClaim>();
        public DbSet<BillReduction> BillReductions => db.Set<BillReduction>();
        public DbSet<Meter> Meters => db.Set<Meter>();
        public DbSet<MeterReading> MeterReadings => db.Set<MeterReading>();
        public DbSet<ReadingPhoto> ReadingPhotos => db.Set<ReadingPhoto>();
        public DbSet<Apportionment> Apportionments => db.Set<Apportionment>();
        public DbSet<ApportionmentShare> ApportionmentShares => db.Set<ApportionmentShare>();
        public DbSet<VacantRate> VacantRates => db.Set<VacantRate>();
        public DbSet<FeeAgreement> FeeAgreements => db.Set<FeeAgreement>();
        public DbSet<BillAdjustment> BillAdjustments => db.Set<BillAdjustment>();
        public DbSet<BillAdjustmentLine> BillAdjustmentLines => db.Set<BillAdjustmentLine>();
        public DbSet<LateFeePause> LateFeePauses => db.Set<LateFeePause>();
        public DbSet<PlanPart> PlanParts => db.Set<PlanPart>();
        public DbSet<WrittenDemand> WrittenDemands => db.Set<WrittenDemand>();
        public DbSet<LoanRateRow> LoanRates => db.Set<LoanRateRow>();
        public DbSet<PrepaidBalance> PrepaidBalances => db.Set<PrepaidBalance>();
        public DbSet<PrepaidEntry> PrepaidEntries => db.Set<PrepaidEntry>();
    }
}
