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
public sealed class JoinTradeBill(OwnerPayDb db, OwnBillRows own, IServiceScopeFactory scopes)
{
    const int MostKept = 2_000;

    /// <summary>Longer than any transaction that books a payment.</summary>
    static readonly TimeSpan LongestBooking = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">The stored file is damaged: it was whole when it was stored.</exception>
    public async Task<JoinedBill> Run(MerchantAccount account, WeChatBillFile file, DateOnly day, DateTimeOffset now, CancellationToken cancel)
    {
        var sharing = await own.Sharing(account, cancel);
        var descending = !file.Empty && await BillOrder.IsDescending(db, file, BillReader.Trade, line => line.TradeTime, cancel);
        await using var payments = new PaymentsOfDay(scopes, [account], day, descending, cancel);
        var bill = new Reading(account, file, now - LongestBooking, payments, descending);
        List<TradeBillRow> kept = [];
        if (!file.Empty)
        {
            await using var plain = FetchWeChatBills.Open(db, file);
            var reader = BillReader.Trade(plain);
            while (await reader.ReadAsync(cancel))
            {
                while (!bill.Join.HasUpTo(reader.Line.TradeTime)) await bill.Join.Load(cancel);
                bill.Take(reader.Line);
                if (bill.Join.Left.Count + bill.Odd.Count >= MostKept) await Keep();
            }
            if (!reader.IsComplete) throw new InvalidOperationException($"Bill file {file.Id:N} is damaged: {reader.Fault}");
        }
        foreach (var payment in await bill.Join.Finish(cancel)) bill.Unmatched.Add(payment.Id, payment);
        await Keep();
        return new JoinedBill(bill.Rows, bill.Fen, bill.FeeFen, [.. kept.OrderBy(row => row.Line)], bill.Unmatched, bill.SeenUntil);

        // Of a number that several communities share, only what concerns this one is kept.
        async Task Keep()
        {
            bill.Odd.AddRange(bill.Join.Left);
            bill.Join.Left.Clear();
            foreach (var batch in bill.Odd.Chunk(OwnBillRows.BatchSize))
                kept.AddRange(sharing.Count == 1 ? batch : (await own.Own(account, sharing, batch, cancel)).Select(row => row.Row));
            bill.Odd.Clear();
        }
    }

    /// <summary>The part of a row that must agree with a payment.</summary>
    readonly ref struct Claim(long orderFen, long settlementFen, long feeMilliFen, string rate, ReadOnlySpan<char> mchid, ReadOnlySpan<char> outTradeNo)
    {
        public readonly long OrderFen = orderFen, SettlementFen = settlementFen;
        public readonly Fen Fee = ChannelFee.InWholeFen(feeMilliFen);
        public readonly string Rate = rate;
        public readonly ReadOnlySpan<char> Mchid = mchid, OutTradeNo = outTradeNo;
    }

    /// <summary>A bill as far as it was read.</summary>
    sealed class Reading
    {
        readonly MerchantAccount account;
        readonly WeChatBillFile file;

        public Reading(MerchantAccount account, WeChatBillFile file, DateTimeOffset seenUntil, PaymentsOfDay payments, bool descending)
        {
            (this.account, this.file, SeenUntil) = (account, file, seenUntil);
            Join = new(payments, descending, row => row.TransactionId, row => row.TradeTime, (row, payment) =>
            {
                if (!Agrees(new(row.OrderFen, row.SettlementFen, row.FeeMilliFen, row.Rate, row.Mchid, row.OutTradeNo), payment)) PutAside(row, payment);
            });
        }

        public PaymentJoin<TradeBillRow> Join { get; }
        public DateTimeOffset SeenUntil { get; }
        public int Rows { get; private set; }
        public long Fen { get; private set; }
        public long FeeFen { get; private set; }
        public List<TradeBillRow> Odd { get; } = [];
        public Dictionary<Guid, JoinedPayment> Unmatched { get; } = [];

        public void Take(TradeBillLine line)
        {
            if (line.IsRefund || line.TradeState is not "SUCCESS") Odd.Add(line.ToRow());
            else if (!Join.TryTake(line.TransactionId, out var payment)) Join.Wait(line.ToRow());
            else if (!Agrees(new(line.OrderFen, line.SettlementFen, line.FeeMilliFen, line.Rate, line.Mchid, line.OutTradeNo), payment))
                PutAside(line.ToRow(), payment);
        }

        void PutAside(TradeBillRow row, JoinedPayment payment)
        {
            Odd.Add(row);
            Unmatched.Add(payment.Id, payment);
        }

        /// <summary>Counts the row where nobody needs to look: the payment settled its order's bills, was known before the bill came, and amount and fee are
        /// right.</summary>
        bool Agrees(Claim row, JoinedPayment payment)
        {
            var agrees = payment.TotalFen == row.OrderFen && payment.Settled && (row.Mchid.IsEmpty || row.Mchid.SequenceEqual(account.MchId))
                && Guid.TryParseExact(row.OutTradeNo, "N", out var order) && order == payment.OrderId
                && payment.BookedAt <= SeenUntil && payment.BookedAt < file.FetchedAt && ChannelFee.IsPlausible(row.Fee, new Fen(row.SettlementFen), row.Rate);
            if (agrees) (Rows, Fen, FeeFen) = (Rows + 1, Fen + row.OrderFen, FeeFen + row.Fee.Value);
            return agrees;
        }
    }
}
