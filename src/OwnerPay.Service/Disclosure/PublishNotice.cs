using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <summary>Puts a version of a notice on the board, inside the caller's transaction: whoever had the one before sees this one, and is told where
/// asked for.</summary>
public sealed class PublishNotice(Messages messages, Outbox outbox, Clock clock)
{
    /// <summary>Of the proposals; their subject is the version.</summary>
    public const string Kind = "notice";

    /// <summary>News: its subject is the version that was published.</summary>
    public const string News = "notice.published";

    /// <summary>Two people publish what is about payment, what is disclosed by law, and every text that speaks of debt.</summary>
    public static bool NeedsTwo(Notice notice, NoticeText text) =>
        notice.Category is NoticeCategory.Payment or NoticeCategory.Disclosure || text.Progress.Length > 0
            || DebtExposure.DebtWord(text.Title + "\n" + text.Body) is not null;

    public async Task Run(Notice notice, IReadOnlyList<NoticeText> texts, NoticeText text, CancellationToken cancel)
    {
        foreach (var earlier in texts.Where(t => t.State == NoticeTextState.Published))
        {
            earlier.State = NoticeTextState.Replaced;
            await TellNobody(earlier.Id, "replaced", cancel);
        }
        var now = clock.Now();
        (text.State, text.PublishedAt) = (NoticeTextState.Published, now);
        (notice.State, notice.TextId, notice.ShownAt) = (NoticeState.Published, text.Id, now);
        if (!text.Tell || notice.ValidFrom > clock.Today()) return;
        text.ToldAt = now;
        outbox.Add(News, notice.CommunityId, text.Id);
    }

    /// <summary>Messages about a version that have not left yet stay here.</summary>
    public Task TellNobody(Guid text, string reason, CancellationToken cancel) => messages.CancelUnsent([text], [NoticeMessage.Name], reason, cancel);
}

/// <summary>A manager decides a notice that another person wrote; the publication check is made again, for debts may have come meanwhile.</summary>
public sealed class ApproveNotice(OwnerPayDb db, PublishNotice publish, CheckPublicText check) : IApprovable
{
    static readonly Error Gone = new(409, "notice_not_proposed", "该公告不在待审批状态");

    public string Kind => PublishNotice.Kind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var id = await db.NoticeTexts.Where(t => t.Id == approval.SubjectId).Select(t => t.NoticeId).SingleAsync(cancel);
        var notice = await db.Notices.Where(n => n.Id == id).ForUpdate().SingleAsync(cancel);
        var texts = await db.NoticeTexts.Where(t => t.NoticeId == id).OrderBy(t => t.Number).ToListAsync(cancel);
        var text = texts.Single(t => t.Id == approval.SubjectId);
        if (text.State != NoticeTextState.Proposed) return Gone;
        if (!approved)
        {
            text.State = NoticeTextState.Rejected;
            return null;
        }
        if (notice.State == NoticeState.Withdrawn) return WriteNotices.NotPublished;
        if (await check.Run(notice.CommunityId, CheckPublicText.Text(text.Title, NoticeMarkup.Read(text.Body).Value), "body", cancel)
            is { } refusal) return refusal;
        await publish.Run(notice, texts, text, cancel);
        return null;
    }
}
