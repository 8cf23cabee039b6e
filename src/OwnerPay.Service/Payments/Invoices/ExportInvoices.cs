using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>What waits for the tax system, as one neutral CSV: a row for each line of each request to be issued or reversed. Reading it changes nothing;
/// a request stays in it until its result is imported.</summary>
/// <remarks>UTF-8 with a byte order mark, CRLF; days as yyyy-MM-dd, amounts in yuan with two decimals and always positive, rates in percent.
/// 动作 is 开具 (issue) or 红冲 (reverse in full the invoice named in 原发票号码). See docs/invoices.md.</remarks>
public sealed class ExportInvoices(OwnerPayDb db, Audit audit, Clock clock)
{
    public const string MediaType = "text/csv", Issue = "开具", Reverse = "红冲";

    static readonly string[] Titles =
        ["申请编号", "动作", "申请时间", "房号", "抬头类型", "抬头", "纳税人识别号", "邮箱", "行号", "项目", "税收分类编码", "服务期起", "服务期止", "含税金额", "税率%", "不含税金额", "税额", "原发票号码"];

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/invoices/export.csv", Get).WithName("exportInvoices").ForStaff(StaffRole.Finance)
        .AnswersFile(MediaType);

    static async Task<FileContentHttpResult> Get(StaffMember by, ExportInvoices export, CancellationToken cancel)
    {
        var text = await export.Run(by, cancel);
        return TypedResults.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], MediaType + "; charset=utf-8", $"开票申请-{export.clock.Today():yyyyMMdd}.csv");
    }

    readonly Clock clock = clock;

    async Task<string> Run(StaffMember by, CancellationToken cancel)
    {
        var waiting = await db.InvoiceRequests.AsNoTracking()
            .Where(r => r.CommunityId == by.CommunityId && (r.State == InvoiceState.Requested || r.State == InvoiceState.RedNeeded)).OrderBy(r => r.RequestedAt).ThenBy(r => r.Id).ToListAsync(cancel);
        var (ids, houseIds) = (waiting.ConvertAll(r => r.Id), waiting.Select(r => r.HouseId).Distinct().ToList());
        var lines = (await db.InvoiceLines.AsNoTracking().Where(l => ids.Contains(l.RequestId)).ToListAsync(cancel)).ToLookup(l => l.RequestId);
        var houses = await db.Houses.AsNoTracking().Where(h => houseIds.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);
        var text = new StringBuilder().AppendJoin(',', Titles).Append("\r\n");
        foreach (var request in waiting)
            foreach (var line in lines[request.Id].OrderBy(l => l.Number))
                text.AppendJoin(',', Cells(request, line, houses[request.HouseId]).Select(CsvText.Cell)).Append("\r\n");
        audit.Add(by, "invoices.exported", null, new { requests = waiting.Count });
        await db.SaveChangesAsync(cancel);
        return text.ToString();
    }

    static string[] Cells(InvoiceRequest request, InvoiceLine line, string house) =>
    [
        request.Id.ToString("N"), request.State == InvoiceState.Requested ? Issue : Reverse, PaperWords.Instant(request.RequestedAt), house,
        request.TitleKind == InvoiceTitleKind.Company ? "单位" : "个人", request.Title, request.TaxNumber, request.Email,
        line.Number.ToString(CultureInfo.InvariantCulture), line.Title, line.TaxCode, Day(line.From), Day(line.To), Yuan(line.GrossFen),
        (line.TaxRatePerMillion / 10_000m).ToString("0.####", CultureInfo.InvariantCulture), Yuan(line.NetFen), Yuan(line.TaxFen), request.Number ?? "",
    ];

    static string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
