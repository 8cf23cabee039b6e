using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="SubjectId">The bill, payment … it speaks of; the mini-program opens its page.</param>
public sealed record InboxItem(Guid Id, string Kind, string Title, string Body, Guid SubjectId, DateTimeOffset CreatedAt, bool Read,
    bool Acknowledged);

/// <summary>The in-app inbox of a person: everything that was told, whatever the phone channels did. Newest first.</summary>
/// <remarks>Errors: <c>message_not_found</c> 404, also for somebody else's message.</remarks>
public sealed class ShowInbox(OwnerPayDb db, RenderMessages render, Clock clock)
{
    const int PageSize = 20;
    static readonly Error NotFound = new(404, "message_not_found", "没有找到该消息");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/messages", Get).WithName("listMessages").ForOwners().CanFail(Member.HouseNotFound, Cursor.Invalid);
        doors.Owner.MapPost("/houses/{houseId}/messages/{messageId:guid}/read", Read).WithName("readMessage").ForOwners()
            .CanFail(Member.HouseNotFound, NotFound);
        doors.Owner.MapPost("/houses/{houseId}/messages/{messageId:guid}/acknowledge", Acknowledge).WithName("acknowledgeMessage").ForOwners()
            .CanFail(Member.HouseNotFound, NotFound);
    }

    static async Task<Results<Ok<Page<InboxItem>>, ProblemHttpResult>> Get(string? cursor, Member member, ShowInbox inbox,
        CancellationToken cancel) =>
        (await inbox.List(cursor, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<NoContent, ProblemHttpResult>> Read(Guid messageId, Member member, ShowInbox inbox, CancellationToken cancel) =>
        (await inbox.MarkRead(messageId, member, cancel)).ToHttp(_ => TypedResults.NoContent());

    static async Task<Results<NoContent, ProblemHttpResult>> Acknowledge(Guid messageId, Member member, ShowInbox inbox, CancellationToken cancel) =>
        (await inbox.MarkAcknowledged(messageId, member, cancel)).ToHttp(_ => TypedResults.NoContent());

    public async Task<Result<Page<InboxItem>>> List(string? cursor, Member member, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var found = await Of(db, member).AsNoTracking().NewestFirst(after, m => new Cursor(m.CreatedAt, m.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, m => new Cursor(m.CreatedAt, m.Id));
        var items = new List<InboxItem>();
        foreach (var message in page.Items)
        {
            var text = await render.Inbox(message, cancel);
            items.Add(new InboxItem(message.Id, message.Kind, text.Title, text.Body, message.SubjectId, message.CreatedAt,
                message.ReadAt is not null, message.AcknowledgedAt is not null));
        }
        return new Page<InboxItem>(items, page.NextCursor);
    }

    public async Task<Result<bool>> MarkRead(Guid message, Member member, CancellationToken cancel)
    {
        var now = clock.Now();
        var mine = Of(db, member).Where(m => m.Id == message);
        if (!await mine.AnyAsync(cancel)) return NotFound;
        await mine.Where(m => m.ReadAt == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.ReadAt, now), cancel);
        return true;
    }

    /// <summary>The person says that he has taken note, which is more than that it was opened; the first time counts.</summary>
    public async Task<Result<bool>> MarkAcknowledged(Guid message, Member member, CancellationToken cancel)
    {
        var now = clock.Now();
        var mine = Of(db, member).Where(m => m.Id == message);
        if (!await mine.AnyAsync(cancel)) return NotFound;
        await mine.Where(m => m.AcknowledgedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.AcknowledgedAt, now).SetProperty(m => m.ReadAt, m => m.ReadAt ?? now), cancel);
        return true;
    }

    /// <summary>What this person was told about this house, and what concerns no house.</summary>
    public static IQueryable<Message> Of(OwnerPayDb db, Member member)
    {
        var messages = db.Messages;
        return messages.Where(m => m.PersonId == member.PersonId && (m.HouseId == member.HouseId || m.HouseId == null));
    }
}
