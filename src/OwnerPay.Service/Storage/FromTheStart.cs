namespace OwnerPay.Service.Storage;

/// <summary>A transaction that lost a dead-lock, or waited too long for a lock, did nothing: it is begun again.</summary>
public static class FromTheStart
{
    /// <param name="transaction">Begins a transaction, reads what it needs itself and commits. Before each try the context forgets what it tracks.</param>
    /// <exception cref="Exception">What the last try ended with, or the first that failed for another reason.</exception>
    public static Task<T> AgainFromTheStart<T>(this OwnerPayDb db, Func<Task<T>> transaction, CancellationToken cancel) => WriteFailure.Repeated(() =>
    {
        db.ChangeTracker.Clear();
        return transaction();
    }, cancel);
}
