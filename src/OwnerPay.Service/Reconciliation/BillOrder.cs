using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Which way a stored bill runs: WeChat writes some with the latest row first.</summary>
static class BillOrder
{
    const int RowsToSeeIt = 200;

    /// <summary>Reads the first rows only.</summary>
    public static async Task<bool> IsDescending<TLine, TRow>(
        OwnerPayDb db, WeChatBillFile file, Func<Stream, BillReader<TLine, TRow>> open, Func<TLine, DateTimeOffset> time, CancellationToken cancel)
        where TLine : BillLine<TRow> where TRow : class
    {
        await using var plain = FetchWeChatBills.Open(db, file);
        var reader = open(plain);
        if (!await reader.ReadAsync(cancel)) return false;
        var (first, last) = (time(reader.Line), time(reader.Line));
        while (reader.Rows < RowsToSeeIt && await reader.ReadAsync(cancel)) last = time(reader.Line);
        return last < first;
    }
}
