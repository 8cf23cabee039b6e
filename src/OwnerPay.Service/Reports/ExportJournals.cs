using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Reports;

/// <summary>The journals of a community as an Excel file, a row for each posting, in the order of their business dates.</summary>
public static class ExportJournals
{
    const string Points = "POINTS";

    static readonly SheetColumn<ExportLine>[] Columns =
    [
        Day<ExportLine>("日期", l => l.Date), Text<ExportLine>("凭证号", l => l.Code(severalCommunities: false)), Text<ExportLine>("摘要", l => l.Summary, 32),
        Text<ExportLine>("科目", l => l.Account, 44), Yuan<ExportLine>("借方（元）", l => l.Commodity != Points && l.Amount > 0 ? l.Amount : null),
        Yuan<ExportLine>("贷方（元）", l => l.Commodity != Points && l.Amount < 0 ? -l.Amount : null), Whole<ExportLine>("积分", l => l.Commodity == Points ? l.Amount : null),
        Text<ExportLine>("来源", l => l.SourceKind), Text<ExportLine>("来源编号", l => l.SourceId.ToString("N"), 36),
    ];

    public static void Map(Doors doors) => doors.MapSheet("journals", "exportJournals", Get, StaffRole.Finance, StaffRole.Manager);

    static Task<FileStreamHttpResult> Get(StaffMember by, ReadJournals journals, ExportSheet export, CancellationToken cancel) =>
        export.Run(by, "journals", "凭证", Columns, journals.Lines(new ExportScope(by.CommunityId)), cancel);
}
