using OwnerPay.Service.Documents;
using OwnerPay.Service.Platform.Printing;

namespace OwnerPay.Service.Payments;

/// <summary>A receipt (收据) as a document.</summary>
public static class ReceiptPaper
{
    static readonly PaperColumn[] Columns = [new("项目", 36), new("服务期间", 28), new("优惠（元）", 18, true), new("金额（元）", 18, true)];

    public static Paper Of(ReceiptView receipt, PaperSender sender) => new("收据", sender.Head,
        [
            new("房屋", receipt.House), new("收款日期", PaperWords.Instant(receipt.PaidAt)), new("收款方式", receipt.Channel),
            new("交易单号", receipt.TransactionId),
        ],
        [new PaperTable(Columns, [.. Rows(receipt)]), PaperWords.Amount("实收金额", receipt.AmountFen), new PaperSignatures(["收款单位（盖章）", "经办人"])])
    {
        Number = receipt.Number,
        Stamp = receipt.VoidedAt is null ? null : "作废",
        Footnotes =
        [
            .. receipt.VoidedAt is { } voided ? [$"本收据对应的款项已于 {PaperWords.Instant(voided)} 全额退回，收据作废，编号保留。"] : (string[])[],
            "本收据为收款凭证，不作为税务发票；需要发票的，请在小程序中申请电子发票。",
        ],
    };

    static IEnumerable<PaperRow> Rows(ReceiptView receipt)
    {
        foreach (var line in receipt.Lines)
            yield return new([
                line.Title, line is { From: { } from, To: { } to } ? PaperWords.Days(from, to) : "", line.DiscountFen == 0 ? "" : PaperWords.Yuan(line.DiscountFen),
                PaperWords.Yuan(line.Fen - line.DiscountFen)]);
        if (receipt.PrepaidUsedFen != 0) yield return new(["预存款抵扣", "", "", PaperWords.Yuan(-receipt.PrepaidUsedFen)]);
        if (receipt.PrepaidFen != 0) yield return new(["转入预存余额", "", "", PaperWords.Yuan(receipt.PrepaidFen)]);
        yield return new(["合计", "", receipt.DiscountFen == 0 ? "" : PaperWords.Yuan(receipt.DiscountFen), PaperWords.Yuan(receipt.AmountFen)], PaperRowKind.Sum);
    }
}
