using OwnerPay.Domain;
using OwnerPay.Domain.Reconciliation;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What a first reading of a trade bill found for one account.</summary>
/// <param name="Rows">Rows that agree with a payment of their day in everything; nothing more is kept of them.</param>
/// <param name="Fen">Their 订单金额 together, fen.</param>
/// <param name="FeeFen">Their fees together, each rounded to whole fen.</param>
/// <param name="Left">Rows that need a closer look.</param>
/// <param name="Unmatched">Payments of the day that no row agrees with.</param>
/// <param name="SeenUntil">Payments that were booked by then were seen, whatever their transaction had waited for.</param>
public sealed record JoinedBill(
    int Rows, long Fen, long FeeFen, IReadOnlyList<TradeBillRow> Left, IReadOnlyDictionary<Guid, JoinedPayment> Unmatched, DateTimeOffset SeenUntil);

/// <summary>Reads a trade bill against our payments of its day and puts aside what does not simply agree. It reads only: payments never change.</summary>
public sealed class JoinTradeBill(OwnerPayDb db, OwnBillRows own)
{
    const int MostKept = 2_000;

    /// <summary>Longer than any transaction that books a payment.</summary>
    static readonly TimeSpan LongestBooking = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">The stored file is damaged: it was whole when it was stored.</exception>
    public async Task<JoinedBill> Run(MerchantAccount account, WeChatBillFile file, DateOnly day, DateTimeOffset now, CancellationToken cancel)
    {
        var (seenUntil, sharing) = (now - LongestBooking, await own.Sharing(account, cancel));
        var (rows, fen, fee) = (0, 0L, 0L);
        List<TradeBillRow> kept = [], odd = [];
        var unmatched = new Dictionary<Guid, JoinedPayment>();
        var join = new PaymentJoin<TradeBillRow>(db, [account], day, row => row.TransactionId, row => row.TradeTime, (row, payment) =>
        {
            var rowFee = ChannelFee.InWholeFen(row.FeeMilliFen);
            if (!Agrees(account, file, row, rowFee, payment, seenUntil)) { odd.Add(row); unmatched.Add(payment.Id, payment); return; }
            (rows, fen, fee) = (rows + 1, fen + row.OrderFen, fee + rowFee.Value);
        });
        if (!file.Empty)
        {
            await using var plain = FetchWeChatBills.Open(db, file);
            var reader = BillReader.Trade(plain);
            await foreach (var row in reader.RowsAsync(cancel))
            {
                if (row.IsRefund || row.TradeState != "SUCCESS") odd.Add(row);
                else await join.Add(row, cancel);
                if (join.Left.Count + odd.Count >= MostKept) await Keep();
            }
            if (!reader.IsComplete) throw new InvalidOperationException($"Bill file {file.Id:N} is damaged: {reader.Fault}");
        }
        foreach (var payment in await join.Finish(cancel)) unmatched.Add(payment.Id, payment);
        await Keep();
        return new JoinedBill(rows, fen, fee, [.. kept.OrderBy(row => row.Line)], unmatched, seenUntil);

        // Of a number that several communities share, only what concerns this one is kept.
        async Task Keep()
        {
            odd.AddRange(join.Left);
            join.Left.Clear();
            foreach (var batch in odd.Chunk(OwnBillRows.BatchSize))
                kept.AddRange(sharing.Count == 1 ? batch : (await own.Own(account, sharing, batch, cancel)).Select(row => row.Row));
            odd.Clear();
        }
    }

    /// <summary>True where nobody needs to look: the payment settled its order's bills, was known before the bill came, and amount and fee are right.</summary>
    static bool Agrees(MerchantAccount account, WeChatBillFile file, TradeBillRow row, Fen fee, JoinedPayment payment, DateTimeOffset seenUntil) =>
        payment.TotalFen == row.OrderFen && payment.Outcome == PaymentOutcome.Settled
        && (row.Mchid.Length == 0 || row.Mchid == account.MchId) && Guid.TryParseExact(row.OutTradeNo, "N", out var order) && order == payment.OrderId
        && payment.BookedAt <= seenUntil && payment.BookedAt < file.FetchedAt && ChannelFee.IsPlausible(fee, new Fen(row.SettlementFen), row.Rate);
}
