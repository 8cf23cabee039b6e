using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <param name="Bytes">As stored: a picture is encoded anew.</param>
public sealed record NoticeFileItem(Guid FileId, string Name, string MediaType, int Bytes);

/// <summary>Attachments of notices: PDF as uploaded, pictures encoded anew as JPEG. Staff add them to a draft, or to a published notice for its next
/// correction; owners download those of the version that they see.</summary>
/// <remarks>Known by their first bytes, whatever the name says. Errors: <c>notice_not_found</c>, <c>notice_file_not_found</c> 404;
/// <c>notice_file_invalid</c> 400; <c>body_too_large</c> 413; <c>notice_files_full</c>, <c>notice_waits</c>, <c>notice_not_published</c>
/// 409.</remarks>
public sealed class NoticeFiles(OwnerPayDb db, Audit audit, Clock clock)
{
    const int MostUploaded = 20 << 20, MostFiles = 10, LongestName = 80;
    const string Pdf = "application/pdf", Jpeg = "image/jpeg";
    static readonly Error Invalid = new(400, "notice_file_invalid", "附件无法识别") { Field = "file", Detail = "请上传 PDF、JPEG 或 PNG 文件，不超过 20 MB" };
    static readonly Error Full = new(409, "notice_files_full", "附件已满") { Detail = "一则公告最多 10 个附件" };
    public static readonly Error NotFound = new(404, "notice_file_not_found", "没有找到该附件");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/notices/{noticeId:guid}/files", Post).WithName("addNoticeFile")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager)
            .WithMetadata(new RequestSizeLimitAttribute(MostUploaded + 65_536)).DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(Invalid, Problems.TooLarge, Full, WriteNotices.NotFound, WriteNotices.Waits, WriteNotices.NotPublished);
        doors.Staff.MapGet("/communities/{communityId:guid}/notices/{noticeId:guid}/files/{fileId:guid}", GetForStaff).WithName("downloadNoticeFile")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound).AnswersFile("application/octet-stream");
        doors.Owner.MapGet("/houses/{houseId}/notices/{notice}/files/{fileId:guid}", GetForOwner).WithName("downloadMyNoticeFile").ForOwners()
            .CanFail(Member.HouseNotFound, OwnerNotices.NotFound, NotFound).AnswersFile("application/octet-stream");
    }

    static async Task<Results<Ok<NoticeFileItem>, ProblemHttpResult>> Post(Guid noticeId, IFormFile? file, StaffMember by, NoticeFiles files,
        CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return Invalid.ToProblem();
        if (file.Length > MostUploaded) return Problems.TooLarge.ToProblem();
        using var upload = new MemoryStream((int)file.Length);
        await file.CopyToAsync(upload, cancel);
        return (await files.Store(noticeId, file.FileName, upload.ToArray(), by, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetForStaff(
        Guid noticeId, Guid fileId, StaffMember by, NoticeFiles files, HttpContext http, CancellationToken cancel)
    {
        var file = await files.db.NoticeFiles.AsNoTracking().SingleOrDefaultAsync(f =>
            f.Id == fileId && f.NoticeId == noticeId && f.CommunityId == by.CommunityId, cancel);
        return file is null ? NotFound.ToProblem() : files.Answer(file, http);
    }

    static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetForOwner(
        string notice, Guid fileId, Member member, NoticeFiles files, OwnerNotices notices, HttpContext http, CancellationToken cancel)
    {
        var found = await notices.Find(notice, member, cancel);
        if (found.Refusal is { } refusal) return refusal.ToProblem();
        var (shown, text) = found.Value;
        var file = Ids(text).Contains(fileId)
            ? await files.db.NoticeFiles.AsNoTracking().SingleOrDefaultAsync(f => f.Id == fileId && f.NoticeId == shown.Id, cancel) : null;
        return file is null ? NotFound.ToProblem() : files.Answer(file, http);
    }

    readonly OwnerPayDb db = db;

    public static IReadOnlyList<Guid> Ids(NoticeText text) => JsonSerializer.Deserialize<List<Guid>>(text.Files, Json.Options)!;

    /// <summary>Attachments of versions, each in its order.</summary>
    public async Task<IReadOnlyList<NoticeFileItem>> Of(NoticeText text, CancellationToken cancel)
    {
        var ids = Ids(text);
        if (ids.Count == 0) return [];
        var files = await db.NoticeFiles.AsNoTracking().Where(f => ids.Contains(f.Id)).ToDictionaryAsync(f => f.Id, cancel);
        return [.. ids.Select(id => Item(files[id]))];
    }

    static NoticeFileItem Item(NoticeFile file) => new(file.Id, file.Name, file.MediaType, file.Size);

    async Task<Result<NoticeFileItem>> Store(Guid id, string name, byte[] upload, StaffMember by, CancellationToken cancel)
    {
        var (bytes, type) = upload.AsSpan().StartsWith("%PDF-"u8) ? (upload, Pdf) : (ReadingPhotos.Reencode(upload), Jpeg);
        if (bytes is null) return Invalid;
        // The act is the upload itself: it has no key, a repeated one is another attachment that can be left out.
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        var notice = await db.Notices.Where(n => n.Id == id && n.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (notice is null) return WriteNotices.NotFound;
        if (notice.State == NoticeState.Withdrawn) return WriteNotices.NotPublished;
        var newest = await db.NoticeTexts.Where(t => t.NoticeId == id).OrderByDescending(t => t.Number).FirstAsync(cancel);
        if (newest.State == NoticeTextState.Proposed) return WriteNotices.Waits;
        if (newest.State == NoticeTextState.Draft && Ids(newest)
            .Count >= MostFiles || await db.NoticeFiles.CountAsync(f => f.NoticeId == id, cancel) >= 5 * MostFiles) return Full;
        var file = new NoticeFile
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, NoticeId = id, Name = CleanName(name, type == Pdf ? ".pdf" : ".jpg"),
            MediaType = type, Size = bytes.Length,
            Hash = SHA256.HashData(bytes), StoredBy = by.StaffId, StoredAt = clock.Now(),
        };
        db.Add(file);
        if (newest.State == NoticeTextState.Draft) newest.Files = JsonSerializer.Serialize(Ids(newest).Append(file.Id), Json.Options);
        audit.Add(by, "notice.file-added", id, new { file.Id, file.Name, bytes = file.Size });
        await db.SaveChangesAsync(cancel);
        for (var part = 0; part * NoticeFilePart.Most < bytes.Length; part++)
        {
            var data = bytes.AsSpan(part * NoticeFilePart.Most, Math.Min(NoticeFilePart.Most, bytes.Length - part * NoticeFilePart.Most)).ToArray();
            db.Add(new NoticeFilePart { FileId = file.Id, Number = part, Data = data });
            await db.SaveChangesAsync(cancel);    // each in a statement of its own
            db.ChangeTracker.Clear();
        }
        await transaction.CommitAsync(cancel);
        return Item(file);
    }

    /// <summary>The bytes part by part, always as a download: a browser neither shows them nor guesses what they are.</summary>
    PushStreamHttpResult Answer(NoticeFile file, HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.ContentLength = file.Size;
        return TypedResults.Stream(async body =>
        {
            for (var number = 0; ; number++)
            {
                var data = await db.NoticeFileParts.AsNoTracking().Where(p => p.FileId == file.Id && p.Number == number).Select(p => p.Data)
                    .SingleOrDefaultAsync(http.RequestAborted);
                if (data is null) return;
                await body.WriteAsync(data, http.RequestAborted);
            }
        }, file.MediaType, file.Name);
    }

    /// <summary>A name without path, control characters and a foreign ending.</summary>
    static string CleanName(string name, string ending)
    {
        var own = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        if (own.LastIndexOf('.') is var dot and > 0) own = own[..dot];
        own = string.Concat(own.Where(c => !char.IsControl(c) && !"<>:\"|?*%;".Contains(c, StringComparison.Ordinal) && !char.IsSurrogate(c)))
            .Trim(' ', '.');
        if (own.Length > LongestName) own = own[..LongestName];
        return (own.Length == 0 ? "附件" : own) + ending;
    }
}
