using System.Globalization;
using System.Text;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

/// <summary>The trade bill (交易账单): header, rows, summary header, summary; every value behind a backtick.</summary>
static class TradeBillFile
{
    const string Common = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额";
    const string Refund = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态";
    const string Goods = "商品名称,商户数据包,手续费,费率,订单金额";
    const string FullSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    const string SuccessSummary = "总交易单数,应结订单总金额,手续费总金额,订单总金额";

    /// <param name="type">ALL, SUCCESS or REFUND; the rows are already only those of that kind.</param>
    public static string Write(IReadOnlyList<TradeRow> rows, string type)
    {
        var text = new StringBuilder();
        text.Append(Header(type)).Append('\n');
        foreach (var row in rows) text.Append(Line(Values(row, type)));
        var (count, settled) = (Count(rows.Count), Yuan(rows.Sum(row => row.SettlementFen)));
        var (fees, total) = (Fee(rows.Sum(row => row.FeeFen)), Yuan(rows.Sum(row => row.TotalFen)));
        var (refunded, coupons) = (rows.Sum(row => row.Refund?.MerchantFen ?? 0), rows.Sum(row => row.Refund?.CouponFen ?? 0));
        var applied = rows.Sum(row => row.Refund?.AppliedFen ?? 0);
        text.Append(type == "SUCCESS" ? SuccessSummary : FullSummary).Append('\n');
        text.Append(Line(type == "SUCCESS"
            ? [count, settled, fees, total]
            : [count, settled, Yuan(refunded), Yuan(coupons), fees, total, Yuan(applied)]));
        return text.ToString();
    }

    static string Header(string type) => type switch
    {
        "SUCCESS" => $"{Common},{Goods},费率备注",
        "REFUND" => $"{Common},退款申请时间,退款成功时间,{Refund},{Goods},申请退款金额,费率备注",
        _ => $"{Common},{Refund},{Goods},申请退款金额,费率备注",
    };

    static IEnumerable<string> Values(TradeRow row, string type)
    {
        string[] common =
        [
            Time(row.Time), row.Appid, row.Mchid, "0", Escape(row.DeviceId), row.TransactionId, row.OutTradeNo, row.Openid, row.TradeType,
            row.Refund is null ? "SUCCESS" : "REFUND", row.BankType, "CNY", Yuan(row.SettlementFen), Yuan(row.CouponFen),
        ];
        string[] times = type == "REFUND" ? [Time(row.Refund!.AppliedAt), row.Refund.DoneAt is { } done ? Time(done) : ""] : [];
        string[] refund = type == "SUCCESS" ? [] : row.Refund is { } part
            ? [part.RefundId, part.OutRefundNo, Yuan(part.MerchantFen), Yuan(part.CouponFen), part.Channel, part.State]
            : ["0", "0", "0.00", "0.00", "", ""];
        string[] goods = [Escape(row.Description), Escape(row.Attach), Fee(row.FeeFen), Rate(row.FeePerTenThousand), Yuan(row.TotalFen)];
        string[] applied = type == "SUCCESS" ? [] : [Yuan(row.Refund?.AppliedFen ?? 0)];
        return [.. common, .. times, .. refund, .. goods, .. applied, ""];
    }

    public static string Line(IEnumerable<string> values) => string.Join(',', values.Select(value => "`" + value)) + "\n";

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Yuan(long fen) =>
        string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:D2}");

    static string Fee(long fen) => Yuan(fen) + "000";

    static string Rate(int perTenThousand) => string.Create(CultureInfo.InvariantCulture, $"{perTenThousand / 100}.{perTenThousand % 100:D2}%");

    /// <summary>What merchants wrote themselves must not break the line: a comma becomes a backslash and a blank.</summary>
    public static string Escape(string? text) => (text ?? "")
        .Replace(",", "\\ ", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
