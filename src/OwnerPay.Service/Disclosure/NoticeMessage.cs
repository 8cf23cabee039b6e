using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <summary>Tells people of a notice. Its subject is the version, so that a correction is told again.</summary>
public sealed class NoticeMessage(OwnerPayDb db, Clock clock) : IMessageKind
{
    public const string Name = "notice.published";

    public string Kind => Name;

    public MessagePurpose Purpose => MessagePurpose.Notice;

    public IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园", ["category"] = "停水停电与维修", ["title"] = "关于十二号楼至十八号楼二次供水水箱清洗期间停水安排及注意事项的通知", ["publishedAt"] = "2026年12月31日 23:59",
        ["contact"] = "021-60000000-801",
    };

    public MessageText WithoutTemplate => new("新公告", "小区发布了一条新公告，请在公告栏查看。");

    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        var (texts, notices, reads, today) = (db.NoticeTexts, db.Notices, db.NoticeReads, clock.Today());
        if (await reads.AnyAsync(r => r.TextId == message.SubjectId && r.PersonId == message.PersonId, cancel)) return "read";
        var shown = await texts.AnyAsync(t => t.Id == message.SubjectId
            && notices.Any(n => n.Id == t.NoticeId && n.State == NoticeState.Published && n.TextId == t.Id
                && (n.ValidTo == null || n.ValidTo >= today)), cancel);
        return shown ? null : "obsolete";
    }

    public async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var text = await db.NoticeTexts.AsNoTracking().SingleAsync(t => t.Id == message.SubjectId, cancel);
        var category = await db.Notices.Where(n => n.Id == text.NoticeId).Select(n => n.Category).SingleAsync(cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == text.CommunityId, cancel);
        return new Dictionary<string, string>
        {
            ["community"] = community.Name, ["category"] = NoticeTexts.Of(category), ["title"] = text.Title,
            ["publishedAt"] = NoticeTexts.Instant(text.PublishedAt ?? text.WrittenAt), ["contact"] = community.ContactPhone,
        };
    }
}

/// <summary>After a notice was published: a message to everybody of its audience, in pages; run again after a crash it tells nobody twice.</summary>
public sealed class TellOfNotice(OwnerPayDb db, Residents residents, Messages messages) : IOutboxHandler
{
    const int PageSize = 200;

    public async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        var notices = db.Notices;
        var text = await db.NoticeTexts.AsNoTracking().SingleAsync(t => t.Id == row.SubjectId, cancel);
        // Replaced or withdrawn before anybody was told: there is nothing to tell.
        if (await notices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == text.NoticeId && n.TextId == text.Id && n.State == NoticeState.Published,
            cancel) is not { } notice)
            return;
        for (Guid? last = null; ;)
        {
            var page = await residents.Page(notice.Scope, last, PageSize, cancel);
            if (page.Count == 0) return;
            await messages.TellAll(NoticeMessage.Name, row.CommunityId, [.. page.Select(r => new Recipient(r.PersonId, text.Id, r.HouseId))], null,
                cancel);
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            last = page[^1].PersonId;
        }
    }
}

/// <summary>A notice that is shown from a later day on is told on that day.</summary>
public sealed class AnnounceNotices(OwnerPayDb db, Outbox outbox, Clock clock) : IJob
{
    public async Task<string> Run(CancellationToken cancel)
    {
        var (notices, texts, today, told) = (db.Notices, db.NoticeTexts, clock.Today(), 0);
        var due = await texts.AsNoTracking().Where(t => t.Tell && t.ToldAt == null && t.State == NoticeTextState.Published
                && notices.Any(n => n.Id == t.NoticeId && n.State == NoticeState.Published && n.ValidFrom <= today))
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.CommunityId }).Take(100).ToListAsync(cancel);
        foreach (var text in due)
        {
            var key = new IdempotencyKey("job", "announce-notices", "tell", text.Id.ToString("N"));
            var result = await db.Once<bool>(key, text, async () =>
            {
                var now = clock.Now();
                var first = await texts.Where(t => t.Id == text.Id && t.ToldAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.ToldAt, now), cancel) == 1;
                if (first) outbox.Add(PublishNotice.News, text.CommunityId, text.Id);
                return first;
            }, cancel);
            if (result is { Done: true, Value: true }) told++;
        }
        return $"{told} announced";
    }
}

/// <summary>How things of the board are written.</summary>
public static class NoticeTexts
{
    public static string Of(NoticeCategory category) => category switch
    {
        NoticeCategory.General => "通知",
        NoticeCategory.Works => "停水停电与维修",
        NoticeCategory.Safety => "安全提示",
        NoticeCategory.Activity => "社区活动",
        NoticeCategory.Payment => "缴费通知",
        NoticeCategory.Disclosure => "公示",
        _ => throw new InvalidOperationException($"No name for {category}"),
    };

    /// <summary>2026年12月31日 14:05</summary>
    public static string Instant(DateTimeOffset at) =>
        at.ToOffset(Clock.ShanghaiOffset).ToString("yyyy年M月d日 HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
