using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Disclosure;

/// <param name="Title">Of the version shown, or of the newest draft.</param>
/// <param name="Waits">A version waits for a manager.</param>
/// <param name="Readers">Persons who have read the version shown.</param>
public sealed record StaffNoticeItem(
    Guid NoticeId, NoticeCategory Category, string Title, NoticeState State, Audience Audience, bool Pinned, DateOnly ValidFrom, DateOnly? ValidTo,
        DateTimeOffset ShownAt,
    bool Waits, int Readers);

/// <param name="Body">As written.</param>
/// <param name="Reason">Why the version before was corrected.</param>
public sealed record NoticeVersion(
    Guid TextId, int Number, NoticeTextState State, string Title, string Body, ProgressShown? Progress, IReadOnlyList<NoticeFileItem> Files,
        string? Reason, bool Tell,
    DateTimeOffset WrittenAt, DateTimeOffset? PublishedAt);

/// <param name="Persons">People whom the notice is for.</param>
/// <param name="Bound">Of them those who use the mini-program.</param>
/// <param name="Read">Of them those who have read the version shown.</param>
public sealed record NoticeReach(int Persons, int Bound, int Read);

/// <param name="Versions">The newest last; none is ever deleted.</param>
/// <param name="FilesUploaded">All attachments of the notice, for the next correction.</param>
public sealed record StaffNotice(
    Guid NoticeId, NoticeCategory Category, NoticeState State, Audience Audience, string? BuildingCode, string? HouseCode, bool Pinned,
        DateOnly ValidFrom, DateOnly? ValidTo,
    DateTimeOffset ShownAt, string? WithdrawReason, Guid? TextId, IReadOnlyList<NoticeVersion> Versions, IReadOnlyList<NoticeFileItem> FilesUploaded,
        NoticeReach Reach);

/// <param name="Name">Masked.</param>
/// <param name="ReadAt">Null: has not read it.</param>
public sealed record NoticeReader(Guid PersonId, string Name, string HouseCode, DateTimeOffset? ReadAt);

/// <summary>The notices of a community as staff see them: all versions, and who of the bound owners has read the one that is shown.</summary>
/// <remarks>Errors: <c>notice_not_found</c> 404; <c>cursor_invalid</c> 400.</remarks>
public sealed class StaffNotices(OwnerPayDb db, Residents residents, NoticeFiles files)
{
    const int PageSize = 50, ReadersAtOnce = 200;
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager];

    static readonly SheetColumn<NoticeReader>[] Columns =
    [
        Text<NoticeReader>("房号", r => r.HouseCode), Text<NoticeReader>("姓名", r => r.Name),
            Text<NoticeReader>("是否已读", r => r.ReadAt is null ? "未读" : "已读", 10),
        Instant<NoticeReader>("阅读时间", r => r.ReadAt),
    ];

    public static void Map(Doors doors)
    {
        const string notices = "/communities/{communityId:guid}/notices", one = notices + "/{noticeId:guid}";
        doors.Staff.MapGet(notices, GetList).WithName("listStaffNotices").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(one, Get).WithName("showStaffNotice").ForStaff(Readers).CanFail(WriteNotices.NotFound);
        doors.Staff.MapGet(one + "/readers", GetReaders).WithName("listNoticeReaders").ForStaff(Readers)
            .CanFail(WriteNotices.NotFound, Cursor.Invalid);
        doors.MapSheet("notices/{noticeId:guid}/readers", "exportNoticeReaders", Export, Readers).CanFail(WriteNotices.NotFound);
    }

    static async Task<Results<Ok<Page<StaffNoticeItem>>, ProblemHttpResult>> GetList(
        StaffMember by, StaffNotices notices, CancellationToken cancel, Choice<NoticeState>? state = null, string? cursor = null) =>
        (await notices.List(by.CommunityId, state?.Value, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<StaffNotice>, ProblemHttpResult>> Get(Guid noticeId, StaffMember by, StaffNotices notices,
        CancellationToken cancel) =>
        (await notices.Show(by.CommunityId, noticeId, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<Page<NoticeReader>>, ProblemHttpResult>> GetReaders(
        Guid noticeId, StaffMember by, StaffNotices notices, CancellationToken cancel, string? cursor = null)
    {
        var notice = await notices.Find(by.CommunityId, noticeId, cancel);
        return notice is null ? WriteNotices.NotFound.ToProblem() : (await notices.ReadersOf(notice, cursor, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Export(
        Guid noticeId, StaffMember by, StaffNotices notices, ExportSheet export, CancellationToken cancel)
    {
        var notice = await notices.Find(by.CommunityId, noticeId, cancel);
        if (notice is null) return WriteNotices.NotFound.ToProblem();
        return await export.Run(by, "notice-readers", "公告阅读情况", Columns, SheetFile.AllPages(cursor => notices.ReadersOf(notice, cursor, cancel)),
            cancel);
    }

    Task<Notice?> Find(Guid community, Guid id, CancellationToken cancel) =>
        db.Notices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && n.CommunityId == community, cancel);

    async Task<Result<Page<StaffNoticeItem>>> List(Guid community, NoticeState? state, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var query = db.Notices.AsNoTracking().Where(n => n.CommunityId == community);
        if (state is { } wanted) query = query.Where(n => n.State == wanted);
        var page = Pages.Of(await query.NewestFirst(after, n => new Cursor(n.ShownAt, n.Id)).Take(PageSize + 1).ToListAsync(cancel), PageSize,
            n => new Cursor(n.ShownAt, n.Id));
        var ids = page.Items.Select(n => n.Id).ToList();
        var texts = (await db.NoticeTexts.AsNoTracking().Where(t => ids.Contains(t.NoticeId)).OrderBy(t => t.Number)
            .Select(t => new { t.Id, t.NoticeId, t.Title, t.State }).ToListAsync(cancel)).ToLookup(t => t.NoticeId);
        var shown = page.Items.Select(n => n.TextId).OfType<Guid>().ToList();
        var read = await db.NoticeReads.Where(r => shown.Contains(r.TextId)).GroupBy(r => r.TextId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return page.Select(n => new StaffNoticeItem(
            n.Id, n.Category, texts[n.Id].LastOrDefault(t => t.Id == n.TextId)?.Title ?? texts[n.Id].Last().Title, n.State, n.Audience, n.Pinned,
                n.ValidFrom, n.ValidTo, n.ShownAt,
            texts[n.Id].Any(t => t.State == NoticeTextState.Proposed), n.TextId is { } text ? read.GetValueOrDefault(text) : 0));
    }

    async Task<Result<StaffNotice>> Show(Guid community, Guid id, CancellationToken cancel)
    {
        if (await Find(community, id, cancel) is not { } notice) return WriteNotices.NotFound;
        var versions = new List<NoticeVersion>();
        foreach (var text in await db.NoticeTexts.AsNoTracking().Where(t => t.NoticeId == id).OrderBy(t => t.Number).ToListAsync(cancel))
            versions.Add(new NoticeVersion(text.Id, text.Number, text.State, text.Title, text.Body,
                text.Progress.Length > 0 ? JsonSerializer.Deserialize<ProgressShown>(text.Progress, Json.Options) : null,
                    await files.Of(text, cancel), text.Reason, text.Tell,
                text.WrittenAt, text.PublishedAt));
        var uploaded = await db.NoticeFiles.AsNoTracking().Where(f => f.NoticeId == id).OrderBy(f => f.StoredAt).ThenBy(f => f.Id)
            .Select(f => new NoticeFileItem(f.Id, f.Name, f.MediaType, f.Size)).ToListAsync(cancel);
        var building = await db.Buildings.Where(b => b.Id == notice.BuildingId).Select(b => b.Code).SingleOrDefaultAsync(cancel);
        var house = await db.Houses.Where(h => h.Id == notice.HouseId).Select(h => h.Code).SingleOrDefaultAsync(cancel);
        return new StaffNotice(notice.Id, notice.Category, notice.State, notice.Audience, building, house, notice.Pinned, notice.ValidFrom,
            notice.ValidTo, notice.ShownAt,
            notice.WithdrawReason, notice.TextId, versions, uploaded, await Reach(notice, cancel));
    }

    async Task<NoticeReach> Reach(Notice notice, CancellationToken cancel)
    {
        var persons = residents.Of(notice.Scope).Select(t => t.PersonId).Distinct();
        var (bindings, reads, text) = (db.Bindings, db.NoticeReads, notice.TextId);
        return new NoticeReach(await persons.CountAsync(cancel),
            await persons.CountAsync(p => bindings.Any(b => b.PersonId == p && b.State == BindingState.Active), cancel),
            await persons.CountAsync(p => reads.Any(r => r.TextId == text && r.PersonId == p), cancel));
    }

    /// <summary>Those of the audience who use the mini-program or have read it, in the order of their ids.</summary>
    async Task<Result<Page<NoticeReader>>> ReadersOf(Notice notice, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (bindings, reads, text, tenures) = (db.Bindings, db.NoticeReads, notice.TextId, residents.Of(notice.Scope));
        if (after is { Id: var last }) tenures = tenures.Where(t => t.PersonId.CompareTo(last) > 0);
        var rows = await tenures
            .Where(t => bindings.Any(b => b.PersonId == t.PersonId && b.State == BindingState.Active)
                || reads.Any(r => r.TextId == text && r.PersonId == t.PersonId))
            .GroupBy(t => t.PersonId).OrderBy(g => g.Key).Take(ReadersAtOnce + 1).Select(g => new Resident(g.Key, g.Min(t => t.HouseId)))
                .ToListAsync(cancel);
        var page = Pages.Of(rows, ReadersAtOnce, r => new Cursor(DateTimeOffset.UnixEpoch, r.PersonId));
        var (persons, houses) = (page.Items.Select(r => r.PersonId).ToList(), page.Items.Select(r => r.HouseId).ToList());
        var names = await db.Persons.Where(p => persons.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var codes = await db.Houses.Where(h => houses.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);
        var at = await reads.Where(r => r.TextId == text && persons.Contains(r.PersonId))
            .ToDictionaryAsync(r => r.PersonId, r => (DateTimeOffset?)r.ReadAt, cancel);
        return page.Select(r => new NoticeReader(r.PersonId, Mask.Name(names[r.PersonId]), codes[r.HouseId], at.GetValueOrDefault(r.PersonId)));
    }
}
