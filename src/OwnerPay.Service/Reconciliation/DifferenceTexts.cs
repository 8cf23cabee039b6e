using System.Globalization;

namespace OwnerPay.Service.Reconciliation;

/// <summary>How differences are told to finance.</summary>
public static class DifferenceTexts
{
    public static string Name(DifferenceCause cause) => cause switch
    {
        DifferenceCause.PaidThereOpenHere => "微信已支付，我方未入账",
        DifferenceCause.PaidHereMissingThere => "我方已入账，微信账单中没有",
        DifferenceCause.Amount => "金额不一致",
        DifferenceCause.Fee => "手续费与费率不符",
        DifferenceCause.Twice => "重复",
        DifferenceCause.UnknownOrder => "找不到订单",
        DifferenceCause.OtherMerchant => "商户号不一致",
        DifferenceCause.NextDay => "跨日入账单",
        DifferenceCause.RefundState => "退款状态不一致",
        DifferenceCause.UnknownRefund => "找不到退款申请",
        DifferenceCause.RefundMissingThere => "退款未出现在微信账单中",
        DifferenceCause.FlowAmount => "资金账单金额不一致",
        DifferenceCause.FlowMissing => "资金账单中没有这笔收款",
        DifferenceCause.FlowTwice => "资金账单重复",
        DifferenceCause.FlowUnknown => "资金账单中有来历不明的收支",
        DifferenceCause.FlowFee => "资金账单手续费与交易账单不符",
        DifferenceCause.FlowBalance => "资金账单余额不连续",
        DifferenceCause.PayOutNotArrived => "提现未到银行账户",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    /// <summary>Which two sides disagree.</summary>
    public static DifferenceSource SourceOf(DifferenceCause cause) => cause switch
    {
        DifferenceCause.FlowAmount or DifferenceCause.FlowMissing or DifferenceCause.FlowTwice or DifferenceCause.FlowUnknown or DifferenceCause.FlowFee
            or DifferenceCause.FlowBalance => DifferenceSource.FundFlow,
        DifferenceCause.PayOutNotArrived => DifferenceSource.Bank,
        _ => DifferenceSource.TradeBill,
    };

    /// <summary>What finance does next.</summary>
    /// <param name="booked">The money is in our books already.</param>
    public static string NextStep(DifferenceCause cause, bool booked) => cause switch
    {
        DifferenceCause.PaidThereOpenHere => "微信账单显示已支付，但向微信查询未能证实。请在微信商户平台按交易单号核实，再联系业主或微信客服",
        DifferenceCause.PaidHereMissingThere => "请在微信商户平台按交易单号核实这笔交易；查明之前请勿退款，也不要手工冲账",
        DifferenceCause.Amount => "账单与入账金额不同，这笔手续费暂未入账。请以微信商户平台的交易详情为准核实，再作调整",
        DifferenceCause.Fee => "手续费已按账单入账。请对照商户平台的费率，必要时向微信客服查询",
        DifferenceCause.Twice when booked => "同一订单收到两笔款项，第二笔已记入预存或待查。请联系业主，商定退款或留作预存",
        DifferenceCause.Twice => "账单中出现重复的一行，未重复入账。请在微信商户平台核实是否重复收款",
        DifferenceCause.UnknownOrder when booked => "账单中的订单号与入账的订单不符，或款项已记入待查。请查明付款人和用途，再作处理或退款",
        DifferenceCause.UnknownOrder => "账单中的订单不是本系统开出的，未入账。请在微信商户平台核实来源",
        DifferenceCause.OtherMerchant => "账单、订单与商户号不一致，未核对这一行。请检查商户号设置，并在微信商户平台核实",
        DifferenceCause.NextDay => "午夜前的支付可能列在次日账单中，次日对账时自动核对，无需处理",
        DifferenceCause.RefundState => "账单中退款或撤销的状态与我方不同，请在微信商户平台核对退款申请与到账情况",
        DifferenceCause.UnknownRefund => "账单中的退款不是本系统发起的，未入账。请在微信商户平台查明是谁操作的退款",
        DifferenceCause.RefundMissingThere => "微信已受理的退款没有出现在账单中，请在微信商户平台按退款单号核实",
        DifferenceCause.FlowAmount => "账户实际变动的金额与入账不同。请对照交易账单和商户平台的资金流水核实",
        DifferenceCause.FlowMissing => "已入账的收款没有进入微信账户余额。请在商户平台查看这笔交易的结算状态",
        DifferenceCause.FlowTwice => "资金账单中同一笔收支出现两次。请在商户平台核对账户余额",
        DifferenceCause.FlowUnknown => "账户余额有一笔本系统不认识的变动，未入账。请在商户平台查明来历，再作处理",
        DifferenceCause.FlowFee => "手续费已按交易账单入账，与实际扣除的合计不同。请逐笔对照两份账单，必要时向微信客服查询",
        DifferenceCause.FlowBalance => "账户余额与各笔收支对不上。请在商户平台下载资金账单核对，必要时向微信客服查询",
        DifferenceCause.PayOutNotArrived => "提现已超过三天，银行流水中还没有对应的入账。请核对银行账户与商户平台的提现记录",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    public const string SettledNow = "对账时已向微信查询证实，并已补记入账";

    public static string FoundIn(DateOnly day) => $"已在 {Iso(day)} 的账单中找到并核对一致";

    public static string NotFoundIn(DateOnly day) => $"{Iso(day)} 的账单中也没有，已转为该日的差异";

    public static string Arrived(DateOnly day, string reference) => $"已在 {Iso(day)} 的银行流水中找到：{reference}";

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
