using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Something in a fund-flow bill that does not agree with our books.</summary>
/// <param name="Reference">WeChat's number of the payment, the refund or the movement.</param>
public sealed record FlowFinding(DifferenceCause Cause, string Reference, int Line, Guid? Payment, Guid? Refund, long? TheirFen, long? OurFen);

/// <summary>What a fund-flow bill says. Amounts in fen.</summary>
/// <param name="PayOuts">Movements between WeChat and the bank.</param>
public sealed record JoinedFlow(
    int Rows, long OpeningFen, long ClosingFen, long IncomeFen, long ExpenseFen, IReadOnlyList<FundFlowRow> PayOuts, IReadOnlyList<FlowFinding> Findings);

/// <summary>Reads the fund-flow bill of a merchant number against our payments, our refunds and the trade bill of the same day.</summary>
/// <remarks>The bill is the number's, whoever shares it. Movements that the trade bill has told of already are not told of twice, and the balance is
/// judged last: a gap that a named movement explains is no second difference.</remarks>
public sealed class JoinFundFlow(OwnerPayDb db, IServiceScopeFactory scopes)
{
    const string Payments = "交易", Fees = "扣除交易手续费", Refunds = "退款", FeesBack = "退还交易手续费", RefundClosed = "退款关闭", PayOut = "充值/提现";

    /// <summary>Shanghai time of day from which a movement may stand in the next bill.</summary>
    static readonly TimeSpan NearMidnight = new(23, 50, 0);

    sealed class Sums
    {
        public int Rows, PaymentRows, FeeRows;
        public long Opening, Balance, Income, Expense, Fee;
    }

    /// <param name="sharing">All accounts of the merchant number, in every community.</param>
    /// <param name="feesByTradeBill">Fees of the payments in the trade bill of the day, fen; null where it cannot be known.</param>
    public async Task<JoinedFlow> Run(
        IReadOnlyList<MerchantAccount> sharing, WeChatBillFile file, DateOnly day, JoinedBill trade, long? feesByTradeBill, CancellationToken cancel)
    {
        var (sums, found, refunds, payOuts) = (new Sums(), new List<FlowFinding>(), new List<FundFlowRow>(), new List<FundFlowRow>());
        var descending = !file.Empty && await BillOrder.IsDescending(db, file, BillReader.FundFlow, line => line.BookedAt, cancel);
        await using var payments = new PaymentsOfDay(scopes, sharing, day, descending, cancel);
        var join = new PaymentJoin<FundFlowRow>(payments, descending, row => row.BusinessNo, row => row.BookedAt, (row, payment) => Pair(row, payment, found));
        if (!file.Empty) await Read(file, join, sums, refunds, payOuts, found, cancel);
        var missing = await join.Finish(cancel);
        var told = trade.Left.Select(row => row.TransactionId).Concat(trade.Left.Select(row => row.OutRefundNo ?? "")).ToHashSet();
        await LookAt(join.Left, missing, day, told, found, cancel);
        await LookAtRefunds(refunds, told, found, cancel);
        Missing(missing, sums, day, trade, found);
        // Where the trade bill itself is in doubt, its fees are no measure.
        if (found.Count == 0 && trade.Left.Count == 0 && trade.Unmatched.Count == 0 && feesByTradeBill is { } fees && sums.FeeRows > 0 && sums.Fee != fees)
            found.Add(new(DifferenceCause.FlowFee, DifferenceTexts.Iso(day), 0, null, null, sums.Fee, fees));
        if (found.Count == 0 && sums.Opening + sums.Income - sums.Expense != sums.Balance)
            found.Add(new(DifferenceCause.FlowBalance, DifferenceTexts.Iso(day), 0, null, null, sums.Balance, sums.Opening + sums.Income - sums.Expense));
        return new JoinedFlow(sums.Rows, sums.Opening, sums.Balance, sums.Income, sums.Expense, payOuts, found);
    }

    static void Pair(FundFlowRow row, JoinedPayment payment, List<FlowFinding> found)
    {
        if (row.AmountFen != payment.ReceivedFen)
            found.Add(new(DifferenceCause.FlowAmount, row.BusinessNo, row.Line, payment.Id, null, row.AmountFen, payment.ReceivedFen));
    }

    async Task Read(WeChatBillFile file, PaymentJoin<FundFlowRow> join, Sums sums, List<FundFlowRow> refunds, List<FundFlowRow> payOuts,
        List<FlowFinding> found, CancellationToken cancel)
    {
        await using var plain = FetchWeChatBills.Open(db, file);
        var reader = BillReader.FundFlow(plain);
        FundFlowRow? before = null;
        await foreach (var row in reader.RowsAsync(cancel))
        {
            sums.Rows++;
            if (before?.FlowNo == row.FlowNo && row.FlowNo.Length > 0)
            {
                found.Add(new(DifferenceCause.FlowTwice, row.BusinessNo, row.Line, null, null, row.AmountFen, null));
                continue;
            }
            var signed = row.IsIncome ? row.AmountFen : -row.AmountFen;
            if (before is null) sums.Opening = row.BalanceFen - signed;
            (sums.Balance, before) = (row.BalanceFen, row);
            if (row.IsIncome) sums.Income += row.AmountFen;
            else sums.Expense += row.AmountFen;
            switch (row)
            {
                case { BusinessKind: Payments, IsIncome: true }:
                    sums.PaymentRows++;
                    while (!join.HasUpTo(row.BookedAt)) await join.Load(cancel);
                    if (join.TryTake(row.BusinessNo, out var payment)) Pair(row, payment, found);
                    else join.Wait(row);
                    break;
                case { BusinessKind: Fees, BusinessName: Payments, IsIncome: false }: (sums.FeeRows, sums.Fee) = (sums.FeeRows + 1, sums.Fee + row.AmountFen); break;
                case { BusinessKind: Refunds, IsIncome: false } or { BusinessKind: RefundClosed, IsIncome: true }: refunds.Add(row); break;
                case { BusinessKind: FeesBack, IsIncome: true } or { BusinessKind: Fees, BusinessName: Refunds }: break;    // the trade bill's refund rows say as much
                case { BusinessName: PayOut }: payOuts.Add(row); break;
                default: found.Add(new(DifferenceCause.FlowUnknown, row.FlowNo, row.Line, null, null, signed, null)); break;
            }
        }
        if (!reader.IsComplete) throw new InvalidOperationException($"Bill file {file.Id:N} is damaged: {reader.Fault}");
    }

    /// <summary>Payment rows without a payment of their day: of another day, repeated, or of nobody.</summary>
    async Task LookAt(List<FundFlowRow> left, IReadOnlyCollection<JoinedPayment> missing, DateOnly day, HashSet<string> told, List<FlowFinding> found, CancellationToken cancel)
    {
        var (unpaired, seen) = (missing.Select(p => p.Id).ToHashSet(), new HashSet<string>());
        foreach (var batch in left.OrderBy(row => row.Line).Chunk(OwnBillRows.BatchSize))
        {
            var numbers = batch.Select(row => row.BusinessNo).ToList();
            var known = await db.Payments.AsNoTracking().Where(p => p.Channel == Payment.WeChat && numbers.Contains(p.TransactionId))
                .Select(p => new { p.Id, p.TransactionId, p.ReceivedFen, p.PaidOn }).ToDictionaryAsync(p => p.TransactionId, cancel);
            foreach (var row in batch)
                if (known.GetValueOrDefault(row.BusinessNo) is not { } payment)
                {
                    if (!told.Contains(row.BusinessNo)) found.Add(new(DifferenceCause.FlowUnknown, row.BusinessNo, row.Line, null, null, row.AmountFen, null));
                }
                else if (!seen.Add(row.BusinessNo) || payment.PaidOn == day && !unpaired.Contains(payment.Id))
                    found.Add(new(DifferenceCause.FlowTwice, row.BusinessNo, row.Line, payment.Id, null, row.AmountFen, null));
                else if (payment.ReceivedFen != row.AmountFen)
                    found.Add(new(DifferenceCause.FlowAmount, row.BusinessNo, row.Line, payment.Id, null, row.AmountFen, payment.ReceivedFen));
        }
    }

    async Task LookAtRefunds(List<FundFlowRow> rows, HashSet<string> told, List<FlowFinding> found, CancellationToken cancel)
    {
        foreach (var batch in rows.Chunk(OwnBillRows.BatchSize))
        {
            var ids = batch.Select(row => Guid.TryParseExact(row.VoucherNo, "N", out var id) ? id : Guid.Empty).ToList();
            var known = await db.Refunds.AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.CashFen, cancel);
            foreach (var (row, id) in batch.Zip(ids))
                if (!known.TryGetValue(id, out var cash))
                {
                    if (!told.Contains(row.VoucherNo)) found.Add(new(DifferenceCause.FlowUnknown, row.BusinessNo, row.Line, null, null, row.AmountFen, null));
                }
                else if (cash != row.AmountFen)
                    found.Add(new(DifferenceCause.FlowAmount, row.BusinessNo, row.Line, null, id, row.AmountFen, cash));
        }
    }

    /// <summary>Payments that did not move the balance. What the trade bill lacks too is told of there; the last minutes of a day may stand in the next bill.</summary>
    static void Missing(IReadOnlyCollection<JoinedPayment> missing, Sums sums, DateOnly day, JoinedBill trade, List<FlowFinding> found)
    {
        var lacking = missing.Where(p => p.ReceivedFen > 0 && !trade.Unmatched.ContainsKey(p.Id)
            && !found.Exists(finding => finding.Payment == p.Id) && p.PaidAt.ToOffset(Clock.ShanghaiOffset).TimeOfDay < NearMidnight).ToList();
        if (lacking.Count == 0) return;
        // A bill without any payment is one fault, not as many as there were payments.
        if (sums.PaymentRows == 0) found.Add(new(DifferenceCause.FlowMissing, DifferenceTexts.Iso(day), 0, null, null, null, lacking.Sum(p => p.ReceivedFen)));
        else
            foreach (var payment in lacking.OrderBy(p => p.PaidAt).ThenBy(p => p.Id))
                found.Add(new(DifferenceCause.FlowMissing, payment.TransactionId, 0, payment.Id, null, null, payment.ReceivedFen));
    }
}
