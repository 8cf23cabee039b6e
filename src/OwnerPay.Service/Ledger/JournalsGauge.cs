using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <summary>Journals that have no number yet.</summary>
public sealed class JournalsGauge(OwnerPayDb db) : IWorkGauge
{
    public string Name => "journal-numbers";

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var journals = db.Journals;
        return new WorkCount(await journals.CountAsync(j => j.Number == null, cancel), 0);
    }
}
