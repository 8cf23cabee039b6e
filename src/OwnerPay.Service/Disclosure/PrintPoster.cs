using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Disclosure;

/// <summary>A notice's id as the scene of a mini-program code: 16 bytes as 22 base64url characters.</summary>
public static class PosterScene
{
    public static string Of(Guid notice) => Convert.ToBase64String(notice.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-')
        .Replace('/', '_');

    /// <returns>The id that a text names, written as an id or as a scene; null when it is neither.</returns>
    public static Guid? Read(string text)
    {
        if (Guid.TryParse(text, out var id)) return id;
        if (text.Length != 22) return null;
        var bytes = new byte[18];
        return Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/') + "==", bytes, out var count) && count == 16
            ? new Guid(bytes.AsSpan(0, 16), bigEndian: true) : null;
    }
}

/// <summary>The poster (海报) of a published notice: an A4 page to print and a PDF, with a mini-program code that opens the notice.</summary>
/// <remarks>The code carries no secret: who scans it sees the notice only if it is for his house. Where WeChat draws none just now the poster says
/// how to find the notice. The publication check is made once more, because a poster hangs where everybody passes. Errors: <c>notice_not_found</c>
/// 404; <c>notice_not_published</c> 409; <c>unlawful_measure</c> 422.</remarks>
public sealed class PrintPoster(
    OwnerPayDb db, CheckPublicText check, PosterPdf pdf, MiniPrograms programs, MiniProgramClient wechat, ServiceSettings settings, Audit audit)
{
    static readonly StaffRole[] Printers = [StaffRole.Clerk, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Print.MapGet("/communities/{communityId:guid}/notices/{noticeId:guid}/poster", Page).WithName("printPoster").ForStaff(Printers)
            .CanFail(WriteNotices.NotFound, WriteNotices.NotPublished, CheckPublicText.Unlawful);
        doors.Staff.MapGet("/communities/{communityId:guid}/notices/{noticeId:guid}/poster.pdf", Pdf).WithName("downloadPoster").ForStaff(Printers)
            .CanFail(WriteNotices.NotFound, WriteNotices.NotPublished, CheckPublicText.Unlawful, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
    }

    static async Task<IResult> Page(Guid noticeId, StaffMember by, PrintPoster print, CancellationToken cancel)
    {
        var poster = await print.Of(noticeId, by, cancel);
        return poster.Done ? PosterHtml.Answer(poster.Value) : poster.Refusal!.ToProblem();
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Pdf(Guid noticeId, StaffMember by, PrintPoster print,
        CancellationToken cancel)
    {
        if (print.pdf.Refusal is { } missing) return missing.ToProblem();
        return (await print.Of(noticeId, by, cancel)).ToHttp(poster =>
            TypedResults.File(print.pdf.Bytes(poster), IssuePdf.MediaType, poster.Title + ".pdf"));
    }

    readonly PosterPdf pdf = pdf;

    async Task<Result<Poster>> Of(Guid id, StaffMember by, CancellationToken cancel)
    {
        var notice = await db.Notices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.CommunityId == by.CommunityId, cancel);
        if (notice is null) return WriteNotices.NotFound;
        if (notice is not { State: NoticeState.Published, TextId: { } shown }) return WriteNotices.NotPublished;
        var text = await db.NoticeTexts.AsNoTracking().SingleAsync(t => t.Id == shown, cancel);
        var blocks = NoticeMarkup.Read(text.Body).Value;
        if (await check.Run(by.CommunityId, CheckPublicText.Text(text.Title, blocks), "body", cancel) is { } refusal) return refusal;
        var sender = await PaperSender.Of(db, by.CommunityId, cancel);
        var code = await Code(notice, by, cancel);
        audit.Add(by, "poster.printed", id, new { text.Number });
        await db.SaveChangesAsync(cancel);
        var progress = text.Progress.Length > 0 ? JsonSerializer.Deserialize<ProgressShown>(text.Progress, Json.Options) : null;
        return new Poster(sender.Head, NoticeTexts.Of(notice.Category), text.Title, blocks,
            [sender.Name, PaperWords.Date(Clock.DateOf(text.PublishedAt ?? text.WrittenAt))])
        {
            Table = progress is null ? null : Table(progress),
            TableNote = progress is null ? null
                : $"统计截至 {NoticeTexts.Instant(progress.CountedAt)}；到期日在 {PaperWords.Days(progress.DueFrom, progress.DueTo)} 之间的账单。"
                + "为保护个人信息，不足 10 户的楼栋合并统计。",
            Code = code, CodeLines = code is null ? [] : ["微信扫码，查看公告全文", "附件、更正和办理入口都在小程序里"],
        };
    }

    static PaperTable Table(ProgressShown progress) => new(
        [new("楼栋", 40), new("应缴户数", 20, Right: true), new("已缴清", 20, Right: true), new("缴清率", 20, Right: true)],
        [.. progress.Lines.Select(line => new PaperRow([line.Buildings, $"{line.Houses} 户", $"{line.Paid} 户",
            PaymentProgress.Percent(line.PaidPerMille)]))])
    {
        Heading = "缴费进度",
    };

    async Task<PaperCode?> Code(Notice notice, StaffMember by, CancellationToken cancel)
    {
        var app = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == by.CommunityId).OrderBy(m => m.Id).Select(m => m.AppId)
            .FirstOrDefaultAsync(cancel);
        if (app is null || await programs.Find(app, cancel) is not { } program) return null;
        var request = new MiniProgramCodeRequest(PosterScene.Of(notice.Id), settings.NoticePage, settings.NoticePageIsPublished, Width: 860,
            IsHyaline: true);
        var drawn = await wechat.CreateCodeAsync(program, request, cancel);
        return drawn.IsSuccess ? new PaperCode(drawn.Value.Image, "小程序公告码", "微信扫一扫") : null;
    }
}
