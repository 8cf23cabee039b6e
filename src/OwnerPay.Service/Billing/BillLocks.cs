using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

public static class BillLocksExtension
{
    /// <summary>Locks bills in the order of their ids until the transaction ends; an unknown id is passed over.</summary>
    /// <returns>Those that there are.</returns>
    /// <remarks>They are looked for by id and nothing else. With their house beside it MariaDB may come through the house's index and lock its entry before the
    /// row; who settles holds the row and moves the entry, and one of the two dies.</remarks>
    public static Task<List<Guid>> LockBills(this OwnerPayDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var wanted = ids.ToList();
        return db.Set<Bill>().AsNoTracking().Where(b => wanted.Contains(b.Id)).OrderBy(b => b.Id).ForUpdate().Select(b => b.Id).ToListAsync(cancel);
    }
}
