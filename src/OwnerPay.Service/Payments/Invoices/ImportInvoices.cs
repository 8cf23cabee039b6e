using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using Sylvan.Data.Csv;

namespace OwnerPay.Service.Payments.Invoices;

/// <param name="Row">Line of the file, the titles being line 1.</param>
/// <param name="Column">Title of the column that is wrong.</param>
/// <param name="Message">What is wrong and what would be right, in Chinese.</param>
public sealed record BadInvoiceRow(int Row, string Column, string Message);

/// <param name="Changed">Requests that took the result.</param>
/// <param name="Unchanged">Results that were known already.</param>
/// <param name="Bad">Rows that are wrong; then nothing of the file was taken.</param>
public sealed record InvoicesImported(int Read, int Changed, int Unchanged, IReadOnlyList<BadInvoiceRow> Bad);

/// <summary>Takes the tax system's results: number and day of issued invoices and red letters, or why not. All of the file or nothing; the same file again
/// changes nothing.</summary>
/// <remarks>CSV in UTF-8 with the columns 申请编号, 动作, 结果 (成功 or 失败), 发票号码, 开票日期, 原因; a row for each request, further columns are ignored.
/// Errors: <c>invoice_file_missing</c>, <c>invoice_file_columns</c> 400.</remarks>
public sealed class ImportInvoices(OwnerPayDb db, Audit audit)
{
    const long MostBytes = 5 << 20;
    const int MostRows = 20_000;
    static readonly string[] Needed = ["申请编号", "动作", "结果", "发票号码", "开票日期", "原因"];
    static readonly Error FileMissing = new(400, "invoice_file_missing", "请选择要导入的开票结果文件（CSV）") { Field = "file" };
    static readonly Error Columns = new(400, "invoice_file_columns", "开票结果文件缺少列") { Field = "file", Detail = "需要的列：" + string.Join("、", Needed) };

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/invoices/results", Post).WithName("importInvoiceResults")
        .ForStaff(StaffRole.Finance).WithMetadata(new RequestSizeLimitAttribute(MostBytes + 65536)).DisableAntiforgery().CanFail(FileMissing, Columns, Problems.TooLarge);

    static async Task<Results<Ok<InvoicesImported>, ProblemHttpResult>> Post(IFormFile? file, StaffMember by, ImportInvoices import, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return FileMissing.ToProblem();
        if (file.Length > MostBytes) return Problems.TooLarge.ToProblem();
        using var memory = new MemoryStream();
        await file.CopyToAsync(memory, cancel);
        return (await import.Run(memory.ToArray(), by, cancel)).ToHttp(done => TypedResults.Ok(done));
    }

    sealed record Answer(int Row, Guid Request, bool Reverse, bool Good, string Number, DateOnly? Day, string Reason);

    /// <summary>Needs no key of the client: a result that is known already changes nothing.</summary>
    Task<Result<InvoicesImported>> Run(byte[] file, StaffMember by, CancellationToken cancel)
    {
        var bad = new List<BadInvoiceRow>();
        if (Read(file, bad) is not { } answers) return Task.FromResult<Result<InvoicesImported>>(Columns);
        var key = new IdempotencyKey("staff", by.Actor, "importInvoiceResults", Guid.CreateVersion7().ToString("N"));
        return db.Once<InvoicesImported>(key, new { by.CommunityId, rows = answers.Count }, async () =>
        {
            var ids = answers.Select(a => a.Request).Distinct().ToList();
            var requests = await db.InvoiceRequests.Where(r => r.CommunityId == by.CommunityId && ids.Contains(r.Id)).OrderBy(r => r.Id).ForUpdate().ToDictionaryAsync(r => r.Id, cancel);
            var (changed, wrong) = (0, new List<BadInvoiceRow>(bad));
            foreach (var answer in answers)
                if (!requests.TryGetValue(answer.Request, out var request)) wrong.Add(new(answer.Row, "申请编号", "本小区没有这个开票申请"));
                else if (Take(request, answer) is { } fault) wrong.Add(fault);
                else if (db.Entry(request).State == EntityState.Modified) changed++;
            if (wrong.Count > 0)
            {
                foreach (var request in requests.Values) db.Entry(request).State = EntityState.Unchanged;    // all or nothing
                return new InvoicesImported(answers.Count, 0, 0, [.. wrong.OrderBy(w => w.Row).Take(200)]);
            }
            if (changed > 0) audit.Add(by, "invoices.imported", null, new { read = answers.Count, changed });
            return new InvoicesImported(answers.Count, changed, answers.Count - changed, []);
        }, cancel);
    }

    /// <returns>What is wrong with the answer, or null when it is taken or known.</returns>
    static BadInvoiceRow? Take(InvoiceRequest request, Answer answer)
    {
        BadInvoiceRow Wrong(string column, string message) => new(answer.Row, column, message);
        if (answer.Reverse)
        {
            if (request.State == InvoiceState.Red) return request.RedNumber == answer.Number ? null : Wrong("发票号码", $"该申请已红冲，红字发票号码为 {request.RedNumber}");
            if (request.State != InvoiceState.RedNeeded) return Wrong("动作", "该申请不需要红冲");
            if (!answer.Good)
            {
                request.Reason = answer.Reason;
                return null;
            }
            (request.State, request.RedNumber, request.RedIssuedOn, request.LivePaymentId, request.Reason) = (InvoiceState.Red, answer.Number, answer.Day, null, null);
            return null;
        }
        switch (request.State)
        {
            case InvoiceState.Requested when answer.Good:
                (request.State, request.Number, request.IssuedOn) = (InvoiceState.Issued, answer.Number, answer.Day);
                return null;
            case InvoiceState.Requested:
                (request.State, request.Reason, request.LivePaymentId) = (InvoiceState.Rejected, answer.Reason, null);
                return null;
            // The money went back while the tax system was at work: what it issued must be reversed.
            case InvoiceState.Cancelled when answer.Good:
                (request.State, request.Number, request.IssuedOn) = (InvoiceState.RedNeeded, answer.Number, answer.Day);
                return null;
            case InvoiceState.Rejected or InvoiceState.Cancelled when !answer.Good: return null;
            case InvoiceState.Rejected: return Wrong("结果", "该申请已记为未能开具，请让业主重新申请");
            default:
                return answer.Good && request.Number == answer.Number ? null : Wrong("发票号码", $"该申请已开具，发票号码为 {request.Number}");
        }
    }

    /// <returns>Null when the file has not the columns.</returns>
    static List<Answer>? Read(byte[] file, List<BadInvoiceRow> bad)
    {
        using var reader = new StreamReader(new MemoryStream(file), Encoding.UTF8);
        using var csv = CsvDataReader.Create(reader, new CsvDataReaderOptions { HasHeaders = true });
        var titles = Enumerable.Range(0, csv.FieldCount).Select(csv.GetName).ToList();
        if (Needed.Any(title => !titles.Contains(title))) return null;
        string Cell(string title) => csv.GetString(titles.IndexOf(title)).Trim();
        var (answers, row) = (new List<Answer>(), 1);
        while (csv.Read() && ++row <= MostRows + 1)
        {
            if (csv.RowFieldCount < titles.Count)
            {
                bad.Add(new(row, Needed[0], "该行的列数不足"));
                continue;
            }
            var (action, result, number, day) = (Cell("动作"), Cell("结果"), Cell("发票号码"), default(DateOnly));
            var good = result == "成功";
            if (!Guid.TryParseExact(Cell("申请编号"), "N", out var id)) bad.Add(new(row, "申请编号", "应为导出文件中的 32 位申请编号"));
            else if (action is not (ExportInvoices.Issue or ExportInvoices.Reverse)) bad.Add(new(row, "动作", "应为“开具”或“红冲”"));
            else if (result is not ("成功" or "失败")) bad.Add(new(row, "结果", "应为“成功”或“失败”"));
            else if (good && (number.Length is < 8 or > 40 || !number.All(char.IsAsciiLetterOrDigit))) bad.Add(new(row, "发票号码", "应为 8–40 位数字或字母"));
            else if (good && !DateOnly.TryParseExact(Cell("开票日期"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
                bad.Add(new(row, "开票日期", "应为 2026-12-31 这样的日期"));
            else answers.Add(new(row, id, action == ExportInvoices.Reverse, good, number, good ? day : null, Cut(Cell("原因"))));
        }
        foreach (var twice in answers.GroupBy(a => (a.Request, a.Reverse)).SelectMany(same => same.Skip(1))) bad.Add(new(twice.Row, "申请编号", "同一申请在文件中出现了两次"));
        return answers;
    }

    static string Cut(string text) => text.Length <= 190 ? text : text[..190];
}
