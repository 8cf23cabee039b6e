using System.Globalization;
using System.Text;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

/// <summary>One payment as the trade bill lists it. Amounts in fen.</summary>
sealed record TradeRow(
    DateTimeOffset Time, string Appid, string Mchid, string? DeviceId, string TransactionId, string OutTradeNo, string Openid, string TradeType,
    string BankType, long TotalFen, long CouponFen, bool MerchantBearsCoupon, string Description, string? Attach, long FeeFen, int FeePerTenThousand)
{
    /// <summary>应结订单金额: without the coupons that the merchant bears.</summary>
    public long SettlementFen => RefundFen > 0 ? 0 : TotalFen - (MerchantBearsCoupon ? CouponFen : 0);

    /// <summary>Above 0 on a line that tells of a refund; then <see cref="TotalFen"/> is 0.</summary>
    public long RefundFen { get; init; }

    /// <summary>The line of a refund of this payment, with the fee that goes back.</summary>
    public TradeRow Refund(long fen, int feePerTenThousand) =>
        this with { TotalFen = 0, CouponFen = 0, RefundFen = fen, FeeFen = -PayOrders.Fee(fen, feePerTenThousand) };

    public static TradeRow Of(PayOrder order, string mchid, int feePerTenThousand) => new(
        order.SuccessTime!.Value, order.Appid, mchid, order.DeviceId, order.TransactionId!, order.OutTradeNo, order.PayerOpenid!, order.TradeType,
        order.BankType!, order.PaidTotalFen, order.CouponFen, order.CouponType == "NOCASH", order.Description, order.Attach, order.FeeFen,
        feePerTenThousand);

    /// <summary>The same payment with another total, and the fee that goes with it.</summary>
    public TradeRow WithTotal(long fen, int feePerTenThousand)
    {
        var changed = this with { TotalFen = fen };
        return changed with { FeeFen = PayOrders.Fee(changed.SettlementFen, feePerTenThousand) };
    }

    /// <summary>A payment that only the bill knows, at noon of its day.</summary>
    public static TradeRow Extra(BillChange change, Keys keys, int feePerTenThousand)
    {
        var noon = new DateTimeOffset(change.Day.ToDateTime(new(12, 0)), BusinessClock.China);
        var transactionId = PayOrders.TransactionId(keys.Mchid, noon, 9_000_000_000 + change.Id);
        return new(noon, keys.Appid, keys.Mchid, null, transactionId, change.OutTradeNo, "oNobodyKnowsThisPayer0000000", "JSAPI",
            "OTHERS", change.Fen, 0, false, "物业费", null, PayOrders.Fee(change.Fen, feePerTenThousand), feePerTenThousand);
    }
}

/// <summary>The trade bill (交易账单): header, rows, summary header, summary; every value behind a backtick.</summary>
static class TradeBillFile
{
    const string Common = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额";
    const string AllHeader = Common + ",微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    const string SuccessHeader = Common + ",商品名称,商户数据包,手续费,费率,订单金额,费率备注";
    const string AllSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    const string SuccessSummary = "总交易单数,应结订单总金额,手续费总金额,订单总金额";

    /// <param name="type">ALL or SUCCESS.</param>
    public static string Write(IReadOnlyList<TradeRow> rows, string type)
    {
        var all = type == "ALL";
        var text = new StringBuilder();
        text.Append(all ? AllHeader : SuccessHeader).Append('\n');
        foreach (var row in rows) text.Append(Line(Values(row, all)));
        var (count, settled) = (rows.Count.ToString(CultureInfo.InvariantCulture), Yuan(rows.Sum(row => row.SettlementFen)));
        var refunded = Yuan(rows.Sum(row => row.RefundFen));
        var (fees, total) = (Fee(rows.Sum(row => row.FeeFen)), Yuan(rows.Sum(row => row.TotalFen)));
        text.Append(all ? AllSummary : SuccessSummary).Append('\n');
        text.Append(Line(all ? [count, settled, refunded, "0.00", fees, total, refunded] : [count, settled, fees, total]));
        return text.ToString();
    }

    static IEnumerable<string> Values(TradeRow row, bool all)
    {
        string[] common =
        [
            row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), row.Appid, row.Mchid, "0", Escape(row.DeviceId),
            row.TransactionId, row.OutTradeNo, row.Openid, row.TradeType, row.RefundFen > 0 ? "REFUND" : "SUCCESS", row.BankType, "CNY", Yuan(row.SettlementFen),
            Yuan(row.CouponFen),
        ];
        string[] refund = !all ? [] : row.RefundFen > 0
            ? [$"5030{row.TransactionId[4..]}", $"R{row.OutTradeNo[1..]}", Yuan(row.RefundFen), "0.00", "ORIGINAL", "PROCESSING"]
            : ["0", "0", "0.00", "0.00", "", ""];
        string[] goods = [Escape(row.Description), Escape(row.Attach), Fee(row.FeeFen), Rate(row.FeePerTenThousand), Yuan(row.TotalFen)];
        return [.. common, .. refund, .. goods, .. all ? (string[])[Yuan(row.RefundFen), ""] : [""]];
    }

    public static string Line(IEnumerable<string> values) => string.Join(',', values.Select(value => "`" + value)) + "\n";

    public static string Yuan(long fen) =>
        string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:D2}");

    static string Fee(long fen) => Yuan(fen) + "000";

    static string Rate(int perTenThousand) => string.Create(CultureInfo.InvariantCulture, $"{perTenThousand / 100}.{perTenThousand % 100:D2}%");

    /// <summary>What merchants wrote themselves must not break the line: a comma becomes a backslash and a blank.</summary>
    static string Escape(string? text) => (text ?? "")
        .Replace(",", "\\ ", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>The fund-flow bill (资金账单) of the basic account: each payment and its fee with the balance after it.</summary>
static class FundFlowFile
{
    const string Header = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
    const string Summary = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

    /// <param name="openingFen">Balance at the start of the day.</param>
    public static string Write(IReadOnlyList<PayOrder> paid, string mchid, DateOnly day, long openingFen)
    {
        var text = new StringBuilder(Header).Append('\n');
        var (balance, number, fees) = (openingFen, 0, 0);
        foreach (var order in paid)
        {
            Add(order, "交易", "收入", order.SettlementFen, balance += order.SettlementFen);
            if (order.FeeFen == 0) continue;
            Add(order, "扣除交易手续费", "支出", order.FeeFen, balance -= order.FeeFen);
            fees++;
        }
        string Count(int n) => n.ToString(CultureInfo.InvariantCulture);
        text.Append(Summary).Append('\n');
        text.Append(TradeBillFile.Line([Count(number), Count(paid.Count), TradeBillFile.Yuan(paid.Sum(order => order.SettlementFen)),
            Count(fees), TradeBillFile.Yuan(paid.Sum(order => order.FeeFen))]));
        return text.ToString();

        void Add(PayOrder order, string kind, string direction, long fen, long after) => text.Append(TradeBillFile.Line([
            order.SuccessTime!.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), order.TransactionId!,
            string.Create(CultureInfo.InvariantCulture, $"{mchid}{day:yyyyMMdd}{++number:D10}"), "交易", kind, direction,
            TradeBillFile.Yuan(fen), TradeBillFile.Yuan(after), "system", "", order.OutTradeNo]));
    }
}
