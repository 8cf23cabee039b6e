using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>The month's reconciliation with WeChat as a page that finance prints and signs: each day and merchant number, sums, and every difference with
/// how it was solved.</summary>
/// <remarks>Errors: <c>month_invalid</c> 400.</remarks>
public static class PrintMonth
{
    static readonly Error MonthInvalid = new(400, "month_invalid", "月份应为 2026-12 这样的格式") { Field = "month" };

    static readonly PaperColumn[] Days =
        [new("日期", 14), new("商户号", 16), new("账单笔数", 10, true), new("匹配", 8, true), new("微信账单（元）", 16, true), new("我方入账（元）", 16, true), new("手续费", 12, true), new("状态", 8)];

    static readonly PaperColumn[] Causes = [new("日期", 12), new("原因", 20), new("单号", 24), new("账单（元）", 12, true), new("我方（元）", 12, true), new("处理", 20)];

    public static void Map(Doors doors) => doors.Print.MapGet("/communities/{communityId:guid}/reconciliation/months/{month}", Get).WithName("printReconciledMonth")
        .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(MonthInvalid);

    static async Task<IResult> Get(string month, StaffMember by, OwnerPayDb db, Audit audit, Clock clock, CancellationToken cancel)
    {
        if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)) return MonthInvalid.ToProblem();
        var last = first.AddMonths(1).AddDays(-1);
        var accounts = db.MerchantAccounts;
        var days = await db.ReconciledDays.AsNoTracking().Where(d => d.CommunityId == by.CommunityId && d.Day >= first && d.Day <= last)
            .Select(d => new { Day = d, Merchant = accounts.Where(a => a.Id == d.MerchantAccountId).Select(a => a.MchId).First() }).ToListAsync(cancel);
        var differences = await db.Differences.AsNoTracking().Where(d => d.CommunityId == by.CommunityId && d.Day >= first && d.Day <= last).ToListAsync(cancel);
        var head = (await PaperSender.Of(db, by.CommunityId, cancel)).Head;
        audit.Add(by, "reconciliation-month.printed", null, new { month });
        await db.SaveChangesAsync(cancel);

        var rows = days.OrderBy(d => d.Day.Day).ThenBy(d => d.Merchant, StringComparer.Ordinal).Select(d => new PaperRow([
            Date(d.Day.Day), d.Merchant, Number(d.Day.BillRows), Number(d.Day.MatchedRows), PaperWords.Yuan(d.Day.BillFen), PaperWords.Yuan(d.Day.OurFen),
            PaperWords.Yuan(d.Day.FeeFen), d.Day.State == DayState.Closed ? "已关账" : "未关账"])).ToList();
        rows.Add(new(["合计", "", Number(days.Sum(d => d.Day.BillRows)), Number(days.Sum(d => d.Day.MatchedRows)), PaperWords.Yuan(days.Sum(d => d.Day.BillFen)),
            PaperWords.Yuan(days.Sum(d => d.Day.OurFen)), PaperWords.Yuan(days.Sum(d => d.Day.FeeFen)), ""], PaperRowKind.Sum));
        var open = differences.Count(d => d.State == DifferenceState.Open);
        var paper = new Paper("微信支付月度对账表", head,
            [
                new("对账月份", $"{first.Year}年{first.Month}月"), new("打印日期", PaperWords.Date(clock.Today())),
                new("差异", $"{differences.Count} 笔，其中未处理 {open} 笔"), new("未关账", $"{days.Count(d => d.Day.State == DayState.Open)} 日"),
            ],
            [
                new PaperTable(Days, rows),
                .. differences.Count == 0
                    ? [new PaperText("差异明细", ["本月没有差异。"])]
                    : (PaperBlock[])[new PaperTable(Causes, [.. differences.OrderBy(d => d.Day).ThenBy(d => d.FoundAt).Select(Row)]) { Heading = "差异明细" }],
                new PaperSignatures(["制表", "复核", "财务负责人"]),
            ])
        {
            Footnotes = ["微信账单金额为交易账单中订单金额之和，退款另列于差异与退款记录；手续费按账单逐笔四舍五入到分后相加，已扣除随退款返还的部分。"],
        };
        return new PrintPages($"微信支付月度对账表 {month}", paper);
    }

    static PaperRow Row(Difference d) => new([
        Date(d.Day), DifferenceTexts.Name(d.Cause), d.Reference, d.TheirFen is { } theirs ? PaperWords.Yuan(theirs) : "—", d.OurFen is { } ours ? PaperWords.Yuan(ours) : "—",
        d.State switch { DifferenceState.Open => "未处理", DifferenceState.Resolved => "已解决", DifferenceState.Explained => "已说明", _ => throw new InvalidOperationException() }])
    {
        Note = d.Resolution is { Length: > 0 } how ? "处理说明：" + how : d.State == DifferenceState.Open ? "下一步：" + d.NextStep : null,
    };

    static string Date(DateOnly day) => day.ToString("MM-dd", CultureInfo.InvariantCulture);

    static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
