using System.Text;

namespace OwnerPay.Service.Storage;

/// <summary>Rows of which there is one at most, whoever comes first: a work item, a head of a chain, a balance, a claim.</summary>
public static class InsertUnlessThereExtension
{
    /// <summary>Inserts a row at once, past the change tracker, unless a row with one of its unique keys stands already.</summary>
    /// <param name="row">All of its columns are written as they are. Rows that carry a seal are none for this: the seal is made on saving only.</param>
    /// <returns>False when there was such a row; it is left as it is. Whoever waits here for another transaction's row learns how that one ended.</returns>
    /// <remarks>The database decides in one statement. A failed <c>INSERT</c> that is caught would undo nothing on SQLite and dead-lock twins on MariaDB.</remarks>
    public static async Task<bool> InsertUnlessThere<T>(this OwnerPayDb db, T row, CancellationToken cancel) where T : class =>
        await db.InsertUnlessThere<T>([row], cancel) == 1;

    /// <summary>The same for several rows in one statement, in the order given.</summary>
    /// <returns>How many were not there.</returns>
    public static Task<int> InsertUnlessThere<T>(this OwnerPayDb db, IReadOnlyList<T> rows, CancellationToken cancel) where T : class
    {
        var text = new StringBuilder(rows.Count * 200);
        RowText.Of(db.TableOf(typeof(T))).Append(text, db.IsMariaDb ? "INSERT IGNORE" : "INSERT OR IGNORE", rows);
        return db.RunText(text.ToString(), cancel);
    }
}
