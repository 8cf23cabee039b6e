namespace OwnerPay.WeChat.Pay;

/// <summary>A line of a fund-flow bill while a reader stands on it.</summary>
public sealed class FundFlowLine : BillLine<FundFlowRow>
{
    internal static readonly BillFormat<FundFlowLine> Format = new(
        ["记账时间", "资金流水单号", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)"], "资金流水总笔数",
        ["收入笔数", "收入金额", "支出笔数", "支出金额"], columns => new(columns));

    readonly int bookingTime, businessNo, flowNo, businessName, businessKind, direction, amount, balance, applicant, remark, voucherNo;
    bool isIncome;
    long amountFen, balanceFen;

    FundFlowLine(BillColumns columns) : base(columns)
    {
        (bookingTime, businessNo, flowNo) = (columns.At("记账时间"), columns.At("微信支付业务单号"), columns.At("资金流水单号"));
        (businessName, businessKind, direction) = (columns.At("业务名称"), columns.At("业务类型"), columns.At("收支类型"));
        (amount, balance) = (columns.At("收支金额(元)"), columns.At("账户结余(元)"));
        (applicant, remark, voucherNo) = (columns.At("资金变更提交申请人"), columns.At("备注"), columns.At("业务凭证号"));
    }

    /// <inheritdoc cref="FundFlowRow.BookedAt"/>
    public DateTimeOffset BookedAt { get; private set; }

    internal override void Read() => (BookedAt, isIncome, amountFen, balanceFen) =
        (Fields.RequiredTime(bookingTime), Fields.OneOf(direction, "收入", "支出"), Fields.Fen(amount), Fields.Fen(balance));

    internal override void AddTo(Span<long> sums)
    {
        var side = isIncome ? 0 : 2;
        sums[side] += 100_000;    // counts ride along: a thousandth of a fen is written with five decimals, a count with none
        sums[side + 1] += amountFen * 1000;
    }

    public override FundFlowRow ToRow() => new()
    {
        Line = Line,
        BookedAt = BookedAt,
        BusinessNo = Fields.Text(businessNo),
        FlowNo = Fields.Text(flowNo),
        BusinessName = Fields.Text(businessName),
        BusinessKind = Fields.Text(businessKind),
        IsIncome = isIncome,
        AmountFen = amountFen,
        BalanceFen = balanceFen,
        Applicant = Fields.Text(applicant),
        Remark = Fields.MerchantText(remark),
        VoucherNo = Fields.Text(voucherNo),
    };
}
