using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <param name="Body">Markdown subset: headings, lists, quotes, bold; no HTML, links, pictures, tables.</param>
/// <param name="BuildingCode">For the audience <c>building</c>.</param>
/// <param name="HouseCode">For the audience <c>house</c>.</param>
/// <param name="ValidFrom">First Shanghai day on which owners see it; absent: today.</param>
/// <param name="ValidTo">Last day; absent: until it is withdrawn.</param>
/// <param name="Progress">Puts the payment progress into the notice, counted now.</param>
public sealed record NoticeInput(
    NoticeCategory Category, [property: Required, StringLength(60, MinimumLength = 2)] string Title,
    [property: Required, StringLength(NoticeMarkup.Longest, MinimumLength = 1)] string Body, Audience Audience = Audience.Community,
    [property: MaxLength(40)] string? BuildingCode = null, [property: MaxLength(40)] string? HouseCode = null,
    DateOnly? ValidFrom = null, DateOnly? ValidTo = null, bool Pinned = false, ProgressInput? Progress = null);

/// <param name="Tell">Owners of the audience get a message.</param>
public sealed record PublishRequest(bool Tell = true);

/// <param name="Reason">Why the version before was wrong; staff see it.</param>
/// <param name="FileIds">Attachments of the notice that the new version shows; absent: those of the version before.</param>
public sealed record CorrectionInput(
    [property: Required, StringLength(60, MinimumLength = 2)] string Title,
        [property: Required, StringLength(NoticeMarkup.Longest, MinimumLength = 1)] string Body,
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason, ProgressInput? Progress = null,
    [property: MaxLength(10)] IReadOnlyList<Guid>? FileIds = null, bool Tell = true);

public sealed record WithdrawRequest([property: Required, StringLength(190, MinimumLength = 2)] string Reason);

/// <param name="ValidTo">Last Shanghai day; absent: until it is withdrawn.</param>
public sealed record DisplayInput(bool Pinned, DateOnly? ValidTo = null);

/// <param name="ApprovalId">The proposal that waits for a manager; null where none is needed.</param>
public sealed record NoticeWritten(Guid NoticeId, int Version, NoticeState State, NoticeTextState Text, Guid? ApprovalId);

/// <summary>Staff write, publish, correct and withdraw notices. Notices about payment, published statements (公示) and every text that speaks of debt
/// are published by two people; a corrected version takes the place of the one before, which is kept.</summary>
/// <remarks>Errors: <c>notice_not_found</c> 404; <c>notice_markup_refused</c>, <c>notice_window_reversed</c>, <c>notice_file_unknown</c> 400 and
/// those of the audience and the progress; <c>notice_waits</c>, <c>notice_not_draft</c>, <c>notice_not_published</c> 409; <c>unlawful_measure</c>
/// 422.</remarks>
public sealed class WriteNotices(
    OwnerPayDb db, Residents residents, CheckPublicText check, PaymentProgress progress, PublishNotice publish, Approvals approvals, Audit audit,
        Clock clock)
{
    public static readonly Error NotFound = new(404, "notice_not_found", "没有找到该公告");
    public static readonly Error Waits = new(409, "notice_waits", "该公告有一个版本正在等待审批") { Detail = "请等审批结束，或由审批人驳回后再修改" };
    static readonly Error NotDraft = new(409, "notice_not_draft", "已发布或已撤下的公告不能再改") { Detail = "已发布的公告请用“更正”，旧版本会保留" };
    public static readonly Error NotPublished = new(409, "notice_not_published", "该公告未发布或已撤下");
    static readonly Error WindowReversed = new(400, "notice_window_reversed", "展示截止日早于开始日或已经过去") { Field = "validTo" };
    static readonly Error FileUnknown = new(400, "notice_file_unknown", "没有这个附件") { Field = "fileIds" };
    static readonly StaffRole[] Writers = [StaffRole.Clerk, StaffRole.Manager];

    static readonly Error[] TextErrors =
    [
        new(400, "notice_markup_refused", "正文中有不支持的格式"), CheckPublicText.Unlawful, PaymentProgress.RangeInvalid, PaymentProgress.TooFew,
    ];

    public static void Map(Doors doors)
    {
        const string notices = "/communities/{communityId:guid}/notices", one = notices + "/{noticeId:guid}";
        doors.Staff.MapPost(notices, Post).WithName("draftNotice").ForStaff(Writers)
            .CanFail([.. TextErrors, WindowReversed, Residents.BuildingUnknown, Residents.HouseUnknown, Residents.Incomplete]);
        doors.Staff.MapPut(one, Put).WithName("changeNoticeDraft").ForStaff(Writers)
            .CanFail([.. TextErrors, NotFound, NotDraft, Waits, WindowReversed, Residents.BuildingUnknown, Residents.HouseUnknown,
                Residents.Incomplete]);
        doors.Staff.MapPost(one + "/publish", PostPublish).WithName("publishNotice").ForStaff(Writers)
            .CanFail([.. TextErrors, NotFound, NotDraft, Waits, WindowReversed]);
        doors.Staff.MapPost(one + "/corrections", PostCorrection).WithName("correctNotice").ForStaff(Writers)
            .CanFail([.. TextErrors, NotFound, NotPublished, Waits, FileUnknown]);
        doors.Staff.MapPut(one + "/display", PutDisplay).WithName("changeNoticeDisplay").ForStaff(Writers)
            .CanFail(NotFound, NotPublished, WindowReversed);
        doors.Staff.MapPost(one + "/withdraw", PostWithdraw).WithName("withdrawNotice").ForStaff(Writers).CanFail(NotFound, NotPublished);
    }

    static async Task<Results<Created<NoticeWritten>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, NoticeInput input, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, input, () => write.Draft(input, by, cancel), cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/notices/{done.NoticeId}", done));

    static async Task<Results<Ok<NoticeWritten>, ProblemHttpResult>> Put(
        Guid noticeId, IdempotencyKey key, StaffMember by, NoticeInput input, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, new { noticeId, input }, () => write.Change(noticeId, input, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<NoticeWritten>, ProblemHttpResult>> PostPublish(
        Guid noticeId, IdempotencyKey key, StaffMember by, PublishRequest? request, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, new { noticeId, request }, () => write.Publish(noticeId, request?.Tell ?? true, by, cancel), cancel))
            .ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<NoticeWritten>, ProblemHttpResult>> PostCorrection(
        Guid noticeId, IdempotencyKey key, StaffMember by, CorrectionInput input, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, new { noticeId, input }, () => write.Correct(noticeId, input, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<NoticeWritten>, ProblemHttpResult>> PutDisplay(
        Guid noticeId, IdempotencyKey key, StaffMember by, DisplayInput input, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, new { noticeId, input }, () => write.Display(noticeId, input, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<NoticeWritten>, ProblemHttpResult>> PostWithdraw(
        Guid noticeId, IdempotencyKey key, StaffMember by, WithdrawRequest request, WriteNotices write, CancellationToken cancel) =>
        (await write.db.Once(key, new { noticeId, request }, () => write.Withdraw(noticeId, request.Reason, by, cancel), cancel))
            .ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    async Task<Result<NoticeWritten>> Draft(NoticeInput input, StaffMember by, CancellationToken cancel)
    {
        var notice = new Notice { Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, State = NoticeState.Draft, ShownAt = clock.Now() };
        var text = new NoticeText
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, NoticeId = notice.Id, Number = 1,
            State = NoticeTextState.Draft
        };
        if (await Fill(notice, text, input, by, cancel) is { } refusal) return refusal;
        db.AddRange(notice, text);
        audit.Add(by, "notice.drafted", notice.Id, new { notice.Category, notice.Audience, text.Title });
        return new NoticeWritten(notice.Id, text.Number, notice.State, text.State, null);
    }

    async Task<Result<NoticeWritten>> Change(Guid id, NoticeInput input, StaffMember by, CancellationToken cancel)
    {
        if (await Load(id, by, cancel) is not var (notice, texts)) return NotFound;
        var newest = texts[^1];
        if (newest.State == NoticeTextState.Proposed) return Waits;
        if (notice.State != NoticeState.Draft) return NotDraft;
        // What a manager rejected stays as it was; the next attempt is another version.
        var text = newest.State == NoticeTextState.Draft ? newest : new NoticeText
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, NoticeId = notice.Id, Number = newest.Number + 1, State = NoticeTextState.Draft,
            Files = newest.Files,
        };
        if (await Fill(notice, text, input, by, cancel) is { } refusal) return refusal;
        if (text != newest) db.Add(text);
        audit.Add(by, "notice.changed", notice.Id, new { notice.Category, notice.Audience, text.Title, text.Number });
        return new NoticeWritten(notice.Id, text.Number, notice.State, text.State, null);
    }

    async Task<Error?> Fill(Notice notice, NoticeText text, NoticeInput input, StaffMember by, CancellationToken cancel)
    {
        var from = input.ValidFrom ?? clock.Today();
        if (input.ValidTo < from || input.ValidTo < clock.Today()) return WindowReversed;
        var scope = await residents.Find(by.CommunityId, input.Audience, input.BuildingCode, input.HouseCode, cancel);
        if (scope.Refusal is { } unknown) return unknown;
        (notice.Category, notice.Audience, notice.BuildingId, notice.HouseId) =
            (input.Category, input.Audience, scope.Value.BuildingId, scope.Value.HouseId);
        (notice.ValidFrom, notice.ValidTo, notice.Pinned) = (from, input.ValidTo, input.Pinned);
        return await Say(text, input.Title, input.Body, input.Progress, by, cancel);
    }

    async Task<Error?> Say(NoticeText text, string title, string body, ProgressInput? wanted, StaffMember by, CancellationToken cancel)
    {
        (text.Title, text.Body, text.WrittenBy, text.WrittenAt, text.Progress) = (title.Trim(), body.Trim(), by.StaffId, clock.Now(), "");
        if (wanted is not null)
        {
            var counted = await progress.Of(by.CommunityId, wanted, cancel);
            if (counted.Refusal is { } refusal) return refusal;
            text.Progress = JsonSerializer.Serialize(counted.Value, Json.Options);
        }
        return await Fault(text, cancel);
    }

    /// <summary>What may not be published of it, as things stand now.</summary>
    async Task<Error?> Fault(NoticeText text, CancellationToken cancel)
    {
        var blocks = NoticeMarkup.Read(text.Body);
        if (blocks.Refusal is { } markup) return markup;
        return await check.Run(text.CommunityId, text.Title, "title", cancel)
            ?? await check.Run(text.CommunityId, CheckPublicText.Text(text.Title, blocks.Value), "body", cancel);
    }

    async Task<Result<NoticeWritten>> Publish(Guid id, bool tell, StaffMember by, CancellationToken cancel)
    {
        if (await Load(id, by, cancel) is not var (notice, texts)) return NotFound;
        var text = texts[^1];
        if (text.State == NoticeTextState.Proposed) return Waits;
        if (notice.State != NoticeState.Draft || text.State != NoticeTextState.Draft) return NotDraft;
        if (notice.ValidTo < clock.Today()) return WindowReversed;
        text.Tell = tell;
        return await Show(notice, texts, text, by, cancel);
    }

    async Task<Result<NoticeWritten>> Correct(Guid id, CorrectionInput input, StaffMember by, CancellationToken cancel)
    {
        if (await Load(id, by, cancel) is not var (notice, texts)) return NotFound;
        if (notice.State != NoticeState.Published) return NotPublished;
        if (texts[^1].State == NoticeTextState.Proposed) return Waits;
        var files = texts.Single(t => t.Id == notice.TextId).Files;
        if (input.FileIds is { } chosen)
        {
            if (await db.NoticeFiles.CountAsync(f => f.NoticeId == id && chosen.Contains(f.Id), cancel) != chosen.Distinct()
                .Count()) return FileUnknown;
            files = JsonSerializer.Serialize(chosen.Distinct(), Json.Options);
        }
        var text = new NoticeText
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, NoticeId = id, Number = texts[^1].Number + 1, Reason = input.Reason,
            Files = files, Tell = input.Tell,
        };
        if (await Say(text, input.Title, input.Body, input.Progress, by, cancel) is { } refusal) return refusal;
        db.Add(text);
        return await Show(notice, texts, text, by, cancel);
    }

    /// <summary>Publishes a version at once, or puts it before a manager where two people are asked for.</summary>
    async Task<Result<NoticeWritten>> Show(Notice notice, List<NoticeText> texts, NoticeText text, StaffMember by, CancellationToken cancel)
    {
        if (await Fault(text, cancel) is { } refusal) return refusal;
        if (PublishNotice.NeedsTwo(notice, text))
        {
            text.State = NoticeTextState.Proposed;
            var approval = approvals.Propose(by.CommunityId, PublishNotice.Kind, text.Id, by.StaffId,
                $"{NoticeTexts.Of(notice.Category)}：{text.Title}（第 {text.Number} 版）");
            audit.Add(by, "notice.proposed", notice.Id, new { text.Number, text.Title });
            return new NoticeWritten(notice.Id, text.Number, notice.State, text.State, approval.Id);
        }
        await publish.Run(notice, texts, text, cancel);
        audit.Add(by, "notice.published", notice.Id, new { text.Number, text.Title, text.Reason, text.Tell });
        return new NoticeWritten(notice.Id, text.Number, notice.State, text.State, null);
    }

    async Task<Result<NoticeWritten>> Display(Guid id, DisplayInput input, StaffMember by, CancellationToken cancel)
    {
        if (await Load(id, by, cancel) is not var (notice, texts)) return NotFound;
        if (notice.State != NoticeState.Published) return NotPublished;
        if (input.ValidTo < notice.ValidFrom || input.ValidTo < clock.Today()) return WindowReversed;
        (notice.Pinned, notice.ValidTo) = (input.Pinned, input.ValidTo);
        audit.Add(by, "notice.display-changed", id, input);
        return new NoticeWritten(id, texts[^1].Number, notice.State, texts[^1].State, null);
    }

    async Task<Result<NoticeWritten>> Withdraw(Guid id, string reason, StaffMember by, CancellationToken cancel)
    {
        if (await Load(id, by, cancel) is not var (notice, texts)) return NotFound;
        if (notice.State != NoticeState.Published) return NotPublished;
        (notice.State, notice.WithdrawnAt, notice.WithdrawReason) = (NoticeState.Withdrawn, clock.Now(), reason);
        await publish.TellNobody(notice.TextId!.Value, "withdrawn", cancel);
        audit.Add(by, "notice.withdrawn", id, new { reason });
        return new NoticeWritten(id, texts[^1].Number, notice.State, texts[^1].State, null);
    }

    /// <summary>A notice of the staff's community, locked, with its versions.</summary>
    async Task<(Notice, List<NoticeText>)?> Load(Guid id, StaffMember by, CancellationToken cancel)
    {
        var notice = await db.Notices.Where(n => n.Id == id && n.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
        return notice is null ? null : (notice, await db.NoticeTexts.Where(t => t.NoticeId == id).OrderBy(t => t.Number).ToListAsync(cancel));
    }
}
