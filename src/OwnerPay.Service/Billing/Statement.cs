using System.Globalization;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Billing;

/// <summary>Makes the code that a phone scans to pay these bills; null where there is none to give. Registered from above by whoever makes pay links.</summary>
/// <remarks>Each call makes a new link: only its hash is kept, so that the one of an earlier print cannot be printed again.</remarks>
public delegate Task<PaperCode?> StatementCode(Guid houseId, IReadOnlyList<Guid> billIds, StaffMember by, CancellationToken cancel);

/// <summary>What a statement (交费通知单) says: the open bills of one house and one liable party as one page.</summary>
/// <param name="Owners">Names of the party's members, already masked: paper lies about.</param>
/// <param name="Ended">Last day of a party that is no longer liable; null for the present one.</param>
/// <param name="PrepaidFen">Its prepaid money, fen.</param>
/// <param name="AsOf">Shanghai date for which the late fee holds.</param>
public sealed record Statement(
    PaperSender Sender, House House, string Building, IReadOnlyList<string> Owners, DateOnly? Ended, IReadOnlyList<BillWithLines> Bills, long PrepaidFen,
    DateOnly PrintedOn, DateOnly AsOf, PaperCode? Code)
{
    static readonly PaperColumn[] Columns =
        [new("费用项目", 28), new("服务期间", 28), new("金额（元）", 14, true), new("已缴或减免", 14, true), new("待缴（元）", 16, true)];

    public long LateFeeFen => Bills.Sum(bill => bill.LateFeeOn(AsOf));

    /// <summary>Principal and late fee, fen.</summary>
    public long TotalFen => Bills.Sum(bill => bill.Bill.OpenFen) + LateFeeFen;

    /// <summary>What the page and the PDF are made of.</summary>
    public Paper Paper() => new("交费通知单", Sender.Head, [.. Facts()],
        [new PaperTable(Columns, [.. Bills.SelectMany(Rows), Sum()]), PaperWords.Amount("应缴合计", TotalFen), new PaperText("缴费方式", [.. Ways()]) { Code = Code }])
    {
        Footnotes = [.. Footnotes()],
    };

    IEnumerable<PaperFact> Facts()
    {
        yield return new("房屋", $"{Building} {House.Code}");
        yield return new("业主", Owners.Count == 0 ? "—" : string.Join("、", Owners));
        yield return new("建筑面积", (House.AreaHundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture) + " ㎡");
        yield return new("开单日期", PaperWords.Date(PrintedOn));
        if (Ended is { } last) yield return new("责任截止", PaperWords.Date(last) + "（原业主）");
        if (PrepaidFen > 0) yield return new("预存余额", PaperWords.YuanUnit(PrepaidFen));
    }

    IEnumerable<PaperRow> Rows(BillWithLines of)
    {
        var bill = of.Bill;
        var late = AsOf.DayNumber - bill.DueOn.DayNumber;
        // Of a bill that was paid late only the fee is left: it grows no more.
        var standing = bill.PaidOn is { } paid ? $"，本金已于 {PaperWords.Date(paid)}缴清" : late > 0 ? $"，已逾期 {late} 天" : "";
        var whose = bill.Beneficiary switch
        {
            Beneficiary.Company => "",
            Beneficiary.Agency => "（代收代缴）",
            Beneficiary.OwnersFund => "（业主共有收益）",
            _ => throw new InvalidOperationException($"No words for {bill.Beneficiary}"),
        };
        yield return new([$"{PaperWords.Days(bill.PeriodFrom, bill.PeriodTo)} 账单{whose}　应于 {PaperWords.Date(bill.DueOn)}前缴清{standing}"], PaperRowKind.Group);
        foreach (var line in of.Lines)
            yield return new([line.Title, PaperWords.Days(line.From, line.To), PaperWords.Yuan(line.AmountFen), PaperWords.Yuan(line.AmountFen - line.OpenFen), PaperWords.Yuan(line.OpenFen)])
            {
                Note = "计算：" + line.Formula,
            };
        if (of.LateFeeOn(AsOf) is > 0 and var fee)
            yield return new(["违约金", $"计至 {PaperWords.Date(AsOf)}", "", "", PaperWords.Yuan(fee)]) { Note = LateFeeTerms(of.Lines) };
    }

    static string? LateFeeTerms(IReadOnlyList<BillLine> lines)
    {
        var rates = lines.Where(line => line.LateFeePerMillion > 0).Select(line => (line.LateFeePerMillion, line.GraceDays)).Distinct().ToList();
        if (rates is not [var (rate, grace)]) return null;    // several agreements on one bill: the counter explains them
        var perTenThousand = (rate / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        var demand = lines.Any(line => line.LateFeeAfterDemand) ? "，自书面催告送达次日起算" : "";
        return $"按物业服务合同约定，自逾期之日起每日按未缴金额的万分之{perTenThousand}计算{(grace > 0 ? $"，免计 {grace} 天" : "")}{demand}";
    }

    PaperRow Sum() => new(
        [
            "合计", "", PaperWords.Yuan(Bills.Sum(b => b.Bill.AmountFen)), PaperWords.Yuan(Bills.Sum(b => b.Bill.AmountFen - b.Bill.OpenFen)),
            PaperWords.Yuan(TotalFen),
        ],
        PaperRowKind.Sum);

    IEnumerable<string> Ways()
    {
        var (letter, phone) = (Sender.Letterhead, Sender.Community.ContactPhone);
        var number = 0;
        yield return $"{++number}. 微信：{(Code is null ? "打开小区物业小程序，在“账单”中选择后支付。" : "扫描右侧小程序码，核对房号和金额后支付。")}";
        if (letter.BankAccount.Length > 0)
        {
            yield return $"{++number}. 银行转账：户名 {letter.BankHolder}，开户行 {letter.BankName}，账号 {letter.BankAccount}。";
            yield return $"　 附言请写明房号 {House.Code}，以便及时入账。";
        }
        yield return $"{++number}. 物业服务中心{(letter.Address.Length > 0 ? $"（{letter.Address}{(letter.Hours.Length > 0 ? "，" + letter.Hours : "")}）" : "")}：现金或刷卡，当场开具收据。";
        if (phone.Length > 0) yield return $"如对金额有疑问，请致电 {phone}，我们逐项为您说明。";
    }

    IEnumerable<string> Footnotes()
    {
        yield return $"本通知单按 {PaperWords.Date(PrintedOn)}的账单开列；如您已缴费，请以小程序或服务中心显示的最新结果为准。";
        if (Sender.Letterhead.Closing is { Length: > 0 } closing) yield return closing;
    }

    public OutgoingPaper Outgoing() => new(IssuedPaper.Statement, House.Id, Paper());
}
