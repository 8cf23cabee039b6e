using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Audit entries that are not in their chain yet.</summary>
public sealed class AuditGauge(OwnerPayDb db) : IWorkGauge
{
    public string Name => "audit-chain";

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var entries = db.AuditEntries;
        return new WorkCount(await entries.CountAsync(e => e.ChainNumber == null, cancel), 0);
    }
}
