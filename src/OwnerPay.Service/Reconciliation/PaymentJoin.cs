using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What the join knows of a payment of ours.</summary>
public sealed record JoinedPayment(
    Guid Id, Guid? OrderId, string TransactionId, long TotalFen, long ReceivedFen, DateTimeOffset PaidAt, DateTimeOffset BookedAt, PaymentOutcome Outcome);

/// <summary>Pairs the rows of a bill with our payments of its day by WeChat's transaction number, both streamed in the order of time.</summary>
/// <remarks>Each side is kept only until its counterpart comes. Bills are written in the order of time, one way or the other; then next to nothing
/// waits and memory does not grow with the day. A bill in any other order is joined as well, with more of it in memory.</remarks>
/// <param name="accounts">Accounts whose payments may stand in the bill.</param>
/// <param name="pair">Gets each row with its payment.</param>
public sealed class PaymentJoin<TRow>(
    OwnerPayDb db, IReadOnlyList<MerchantAccount> accounts, DateOnly day, Func<TRow, string> number, Func<TRow, DateTimeOffset> time,
    Action<TRow, JoinedPayment> pair) where TRow : class
{
    const int PageSize = 10_000, ToSeeTheOrder = 200;

    /// <summary>How far a bill's order and ours may differ before a row is taken for one without a payment.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    readonly Dictionary<string, TRow> rows = [];
    readonly Dictionary<string, JoinedPayment> payments = [];
    readonly List<TRow> first = [];
    (DateTimeOffset At, Guid Id)? last;
    bool begun, descending, exhausted;

    /// <summary>Rows of which no payment of the day is known so far; whoever has looked at them clears the list.</summary>
    public List<TRow> Left { get; } = [];

    public async Task Add(TRow row, CancellationToken cancel)
    {
        if (begun) { await Join(row, cancel); return; }
        first.Add(row);
        if (first.Count == ToSeeTheOrder) await Begin(cancel);
    }

    /// <summary>Call when the bill is at its end.</summary>
    /// <returns>Payments of the day that no row told of.</returns>
    public async Task<IReadOnlyCollection<JoinedPayment>> Finish(CancellationToken cancel)
    {
        if (!begun) await Begin(cancel);
        while (!exhausted) await Load(cancel);
        Left.AddRange(rows.Values);
        return payments.Values;
    }

    async Task Begin(CancellationToken cancel)
    {
        begun = true;
        descending = first.Count > 1 && time(first[^1]) < time(first[0]);
        foreach (var row in first) await Join(row, cancel);
        first.Clear();
    }

    async Task Join(TRow row, CancellationToken cancel)
    {
        var at = time(row);
        while (!exhausted && (last is null || (descending ? last.Value.At >= at : last.Value.At <= at))) await Load(cancel);
        if (payments.Remove(number(row), out var payment)) pair(row, payment);
        else if (!rows.TryAdd(number(row), row)) Left.Add(row);    // the same number a second time
    }

    async Task Load(CancellationToken cancel)
    {
        var page = await Page().ToListAsync(cancel);
        exhausted = page.Count < PageSize;
        foreach (var payment in page)
            if (rows.Remove(payment.TransactionId, out var row)) pair(row, payment);
            else payments[payment.TransactionId] = payment;
        if (page.Count == 0) return;
        last = (page[^1].PaidAt, page[^1].Id);
        if (rows.Count == 0) return;
        var gone = rows.Where(row => descending ? time(row.Value) > last.Value.At + Reach : time(row.Value) < last.Value.At - Reach).Select(row => row.Key).ToList();
        foreach (var key in gone)
            if (rows.Remove(key, out var row)) Left.Add(row);
    }

    IQueryable<JoinedPayment> Page()
    {
        var (ids, communities) = (accounts.Select(a => a.Id).ToList(), accounts.Select(a => a.CommunityId).Distinct().ToList());
        // Where one community is asked about, the database reads along its index of days and instants and need not sort.
        var ours = communities.Count == 1 && communities[0] is var community
            ? db.Payments.Where(p => p.CommunityId == community)
            : db.Payments.Where(p => communities.Contains(p.CommunityId));
        ours = ours.Where(p => p.PaidOn == day && p.Channel == Payment.WeChat && ids.Contains(p.MerchantAccountId));
        if (last is (var at, var id))
            ours = descending ? ours.Where(p => p.PaidAt <= at && (p.PaidAt < at || p.Id.CompareTo(id) < 0))
                : ours.Where(p => p.PaidAt >= at && (p.PaidAt > at || p.Id.CompareTo(id) > 0));
        ours = descending ? ours.OrderByDescending(p => p.PaidAt).ThenByDescending(p => p.Id) : ours.OrderBy(p => p.PaidAt).ThenBy(p => p.Id);
        return ours.Take(PageSize)
            .Select(p => new JoinedPayment(p.Id, p.OrderId, p.TransactionId, p.TotalFen, p.ReceivedFen, p.PaidAt, p.BookedAt, p.Outcome));
    }
}
