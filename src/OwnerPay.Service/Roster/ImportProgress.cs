using System.Collections.Concurrent;

namespace OwnerPay.Service.Roster;

/// <summary>How far the imports of this instance are. Only a convenience: what counts is in the import's row.</summary>
public sealed class ImportProgress
{
    readonly ConcurrentDictionary<Guid, int> rows = new();

    public void Tell(Guid import, int rowsRead) => rows[import] = rowsRead;

    public void Forget(Guid import) => rows.TryRemove(import, out _);

    /// <summary>Rows read so far, or null when the import does not run on this instance.</summary>
    public int? RowsRead(Guid import) => rows.TryGetValue(import, out var read) ? read : null;
}
