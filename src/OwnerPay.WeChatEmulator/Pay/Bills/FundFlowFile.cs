using System.Globalization;
using System.Text;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

/// <summary>The fund-flow bill (资金账单) of the basic account: each movement with the balance after it.</summary>
static class FundFlowFile
{
    const string Header = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
    const string Summary = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

    /// <param name="moves">Of one day, in the order of the account.</param>
    /// <param name="openingFen">Balance at the start of the day.</param>
    public static string Write(IReadOnlyList<FundMove> moves, string mchid, DateOnly day, long openingFen)
    {
        var text = new StringBuilder(Header).Append('\n');
        var (balance, number) = (openingFen, 0);
        foreach (var move in moves)
            text.Append(TradeBillFile.Line([
                TradeBillFile.Time(move.At), move.BusinessNo, string.Create(CultureInfo.InvariantCulture, $"{mchid}{day:yyyyMMdd}{++number:D10}"),
                move.Business, move.Kind, move.Fen >= 0 ? "收入" : "支出", TradeBillFile.Yuan(Math.Abs(move.Fen)),
                TradeBillFile.Yuan(balance += move.Fen), move.Submitter, TradeBillFile.Escape(move.Remark), move.VoucherNo]));
        var (income, expense) = (moves.Where(move => move.Fen >= 0).ToList(), moves.Where(move => move.Fen < 0).ToList());
        text.Append(Summary).Append('\n');
        text.Append(TradeBillFile.Line([
            TradeBillFile.Count(moves.Count), TradeBillFile.Count(income.Count), TradeBillFile.Yuan(income.Sum(move => move.Fen)),
            TradeBillFile.Count(expense.Count), TradeBillFile.Yuan(-expense.Sum(move => move.Fen))]));
        return text.ToString();
    }
}
