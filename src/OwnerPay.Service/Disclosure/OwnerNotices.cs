using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

public sealed record NoticeItem(Guid NoticeId, NoticeCategory Category, string Title, DateTimeOffset PublishedAt, bool Pinned, bool Corrected,
    int Files, bool Read);

/// <param name="Pinned">On the first page only, above the others.</param>
/// <param name="Unread">Notices that this person has still to read, on all pages together.</param>
public sealed record NoticeBoard(IReadOnlyList<NoticeItem> Pinned, IReadOnlyList<NoticeItem> Items, string? NextCursor, int Unread);

/// <param name="Version">From 1; above 1 it was corrected.</param>
/// <param name="Html">The text for a rich-text view: only <c>h2 h3 p ul ol li blockquote hr br strong</c>, no attributes.</param>
/// <param name="Progress">The payment progress that the notice shows, if one.</param>
public sealed record NoticeDetail(
    Guid NoticeId, NoticeCategory Category, string Title, string Html, ProgressShown? Progress, DateTimeOffset PublishedAt, int Version, bool Read,
    IReadOnlyList<NoticeFileItem> Files);

/// <summary>The notice board in the mini-program: what concerns this house today, the pinned first, and what this person has read.</summary>
/// <remarks>A notice is named by its id, by the id of one of its versions (as messages do), or by the 22 characters of a poster's code. Who does not
/// belong to the house any more sees none. Errors: <c>notice_not_found</c> 404; <c>cursor_invalid</c> 400.</remarks>
public sealed class OwnerNotices(OwnerPayDb db, Residents residents, NoticeFiles files, Clock clock)
{
    const int PageSize = 20, MostPinned = 10;
    public static readonly Error NotFound = new(404, "notice_not_found", "公告不存在、已撤下或不面向您的房屋");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/notices", GetList).WithName("listNotices").ForOwners().CanFail(Member.HouseNotFound, Cursor.Invalid);
        doors.Owner.MapGet("/houses/{houseId}/notices/{notice}", Get).WithName("showNotice").ForOwners().CanFail(Member.HouseNotFound, NotFound);
        doors.Owner.MapPost("/houses/{houseId}/notices/{notice}/read", Read).WithName("readNotice").ForOwners()
            .CanFail(Member.HouseNotFound, NotFound);
    }

    static async Task<Results<Ok<NoticeBoard>, ProblemHttpResult>> GetList(Member member, OwnerNotices notices, CancellationToken cancel,
        string? cursor = null) =>
        (await notices.List(cursor, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<NoticeDetail>, ProblemHttpResult>> Get(string notice, Member member, OwnerNotices notices,
        CancellationToken cancel) =>
        (await notices.Show(notice, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<NoContent, ProblemHttpResult>> Read(string notice, Member member, OwnerNotices notices, CancellationToken cancel) =>
        (await notices.MarkRead(notice, member, cancel)).ToHttp(_ => TypedResults.NoContent());

    async Task<Result<NoticeBoard>> List(string? cursor, Member member, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var visible = Visible(db, member, await residents.BuildingOf(member, cancel), clock.Today());
        var plain = await visible.Where(n => !n.Pinned).NewestFirst(after, n => new Cursor(n.ShownAt, n.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(plain, PageSize, n => new Cursor(n.ShownAt, n.Id));
        var pinned = after is not null ? [] : await visible.Where(n => n.Pinned).OrderByDescending(n => n.ShownAt).ThenByDescending(n => n.Id)
            .Take(MostPinned).ToListAsync(cancel);
        return new NoticeBoard(await Items(pinned, member, cancel), await Items(page.Items, member, cancel), page.NextCursor,
            await Unread(visible, member, cancel));
    }

    /// <summary>How many notices this person has still to read.</summary>
    public async Task<int> Unread(Member member, CancellationToken cancel) =>
        await Unread(Visible(db, member, await residents.BuildingOf(member, cancel), clock.Today()), member, cancel);

    Task<int> Unread(IQueryable<Notice> visible, Member member, CancellationToken cancel)
    {
        var reads = db.NoticeReads;
        return visible.CountAsync(n => !reads.Any(r => r.TextId == n.TextId && r.PersonId == member.PersonId), cancel);
    }

    async Task<IReadOnlyList<NoticeItem>> Items(IReadOnlyList<Notice> notices, Member member, CancellationToken cancel)
    {
        if (notices.Count == 0) return [];
        var ids = notices.Select(n => n.TextId!.Value).ToList();
        var texts = await db.NoticeTexts.AsNoTracking().Where(t => ids.Contains(t.Id)).ToDictionaryAsync(t => t.Id, cancel);
        var read = (await db.NoticeReads.Where(r => ids.Contains(r.TextId) && r.PersonId == member.PersonId).Select(r => r.TextId)
            .ToListAsync(cancel)).ToHashSet();
        return [.. notices.Select(n => texts[n.TextId!.Value] is var text
            ? new NoticeItem(n.Id, n.Category, text.Title, n.ShownAt, n.Pinned, text.Reason is not null, NoticeFiles.Ids(text).Count,
                read.Contains(text.Id)) : null!)];
    }

    async Task<Result<NoticeDetail>> Show(string name, Member member, CancellationToken cancel)
    {
        var found = await Find(name, member, cancel);
        if (found.Refusal is { } refusal) return refusal;
        var (notice, text) = found.Value;
        var read = await db.NoticeReads.AnyAsync(r => r.TextId == text.Id && r.PersonId == member.PersonId, cancel);
        var progress = text.Progress.Length > 0 ? JsonSerializer.Deserialize<ProgressShown>(text.Progress, Json.Options) : null;
        return new NoticeDetail(notice.Id, notice.Category, text.Title, NoticeMarkup.ToHtml(NoticeMarkup.Read(text.Body).Value), progress,
            notice.ShownAt, text.Number, read,
            await files.Of(text, cancel));
    }

    async Task<Result<bool>> MarkRead(string name, Member member, CancellationToken cancel)
    {
        var found = await Find(name, member, cancel);
        if (found.Refusal is { } refusal) return refusal;
        return await db.InsertUnlessThere(new NoticeRead
        {
            TextId = found.Value.Text.Id, PersonId = member.PersonId, CommunityId = member.CommunityId, ReadAt = clock.Now(),
        }, cancel);
    }

    /// <summary>A notice that this member sees today, with the version that is shown.</summary>
    public async Task<Result<(Notice Notice, NoticeText Text)>> Find(string name, Member member, CancellationToken cancel)
    {
        if (PosterScene.Read(name) is not { } id) return NotFound;
        var texts = db.NoticeTexts;
        var found = await Visible(db, member, await residents.BuildingOf(member, cancel), clock.Today())
            .Where(n => n.Id == id || texts.Any(t => t.Id == id && t.NoticeId == n.Id)).SingleOrDefaultAsync(cancel);
        return found is null ? NotFound : (found, await texts.AsNoTracking().SingleAsync(t => t.Id == found.TextId, cancel));
    }

    /// <summary>What a member of a house sees on a day.</summary>
    /// <param name="building">Of the house; null: he does not belong to it any more, and sees nothing.</param>
    public static IQueryable<Notice> Visible(OwnerPayDb db, Member member, Guid? building, DateOnly today)
    {
        var notices = db.Notices.AsNoTracking().Where(n => n.CommunityId == member.CommunityId && n.State == NoticeState.Published
            && n.ValidFrom <= today && (n.ValidTo == null || n.ValidTo >= today));
        return building is { } at
            ? notices.Where(n => n.Audience == Audience.Community || n.BuildingId == at || n.HouseId == member.HouseId)
            : notices.Where(n => false);
    }
}
