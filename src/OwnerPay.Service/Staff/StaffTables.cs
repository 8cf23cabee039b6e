using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

public static class StaffTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<StaffAccount> StaffAccounts => db.Set<StaffAccount>();
        public DbSet<StaffToken> StaffTokens => db.Set<StaffToken>();
        public DbSet<StaffTotp> StaffTotps => db.Set<StaffTotp>();
        public DbSet<RecoveryCode> RecoveryCodes => db.Set<RecoveryCode>();
        public DbSet<RoleGrant> RoleGrants => db.Set<RoleGrant>();
        public DbSet<Approval> Approvals => db.Set<Approval>();
        public DbSet<AuditEntry> AuditEntries => db.Set<AuditEntry>();
        public DbSet<AuditChainHead> AuditChainHeads => db.Set<AuditChainHead>();
        public DbSet<WorkItem> WorkItems => db.Set<WorkItem>();
    }
}
