namespace OwnerPay.Service.Reconciliation;

/// <summary>Pairs the rows of a bill with our payments of its day by WeChat's transaction number, both streamed in the order of time.</summary>
/// <remarks>Each side is kept only until its counterpart comes. Bills are written in the order of time, one way or the other; then next to nothing
/// waits and memory does not grow with the day. A bill in any other order is joined as well, with more of it in memory.</remarks>
/// <param name="descending">The bill begins with the latest row, and so do the payments.</param>
/// <param name="pair">Gets a row that had to wait with its payment.</param>
public sealed class PaymentJoin<TRow>(
    PaymentsOfDay ours, bool descending, Func<TRow, string> number, Func<TRow, DateTimeOffset> time, Action<TRow, JoinedPayment> pair) where TRow : class
{
    /// <summary>How far a bill's order and ours may differ before a row is taken for one without a payment.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    readonly Dictionary<string, TRow> rows = [];
    readonly Dictionary<string, JoinedPayment> payments = [];
    DateTimeOffset? last;
    bool exhausted;

    /// <summary>Rows of which no payment of the day is known so far; whoever has looked at them clears the list.</summary>
    public List<TRow> Left { get; } = [];

    /// <summary>False until all payments up to this instant were loaded.</summary>
    public bool HasUpTo(DateTimeOffset at) => exhausted || (descending ? last < at : last > at);

    /// <summary>Takes the payment of a row out, so that no second row is it too.</summary>
    public bool TryTake(ReadOnlySpan<char> transaction, out JoinedPayment payment) =>
        payments.GetAlternateLookup<ReadOnlySpan<char>>().Remove(transaction, out _, out payment);

    /// <summary>Keeps a row whose payment did not come yet.</summary>
    public void Wait(TRow row)
    {
        if (!rows.TryAdd(number(row), row)) Left.Add(row);    // the same number a second time
    }

    /// <summary>The next payments.</summary>
    public async Task Load(CancellationToken cancel)
    {
        if (await ours.Next(cancel) is not { } batch)
        {
            exhausted = true;
            return;
        }
        foreach (var payment in batch)
            if (rows.Count > 0 && rows.Remove(payment.TransactionId, out var row)) pair(row, payment);
            else payments[payment.TransactionId] = payment;
        last = batch[^1].PaidAt;
        if (rows.Count > 0) GiveUp(last.Value);
    }

    /// <summary>No payment will come for what is older than the order of the bill allows.</summary>
    void GiveUp(DateTimeOffset at)
    {
        var gone = rows.Where(row => descending ? time(row.Value) > at + Reach : time(row.Value) < at - Reach).Select(row => row.Key).ToList();
        foreach (var key in gone)
            if (rows.Remove(key, out var row)) Left.Add(row);
    }

    /// <summary>Call when the bill is at its end.</summary>
    /// <returns>Payments of the day that no row told of.</returns>
    public async Task<IReadOnlyCollection<JoinedPayment>> Finish(CancellationToken cancel)
    {
        while (!exhausted) await Load(cancel);
        Left.AddRange(rows.Values);
        return payments.Values;
    }
}
