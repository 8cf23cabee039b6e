using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="Address">House and name of the receiver.</param>
/// <param name="Proof"><c>queued</c> until it is posted, then <c>posted</c>, <c>delivered</c>, <c>signed</c>.</param>
public sealed record LetterRow(
    Guid LetterId, Guid MessageId, string Kind, string Address, string Title, string Text, DeliveryState State, DeliveryProof Proof,
    DateTimeOffset MadeAt,
    string? Tracking, DateOnly? PostedOn, DateOnly? DeliveredOn, DateOnly? SignedOn, string? SignedBy, long CostFen);

/// <param name="Tracking">The carrier's number.</param>
/// <param name="CostFen">What was paid for it, fen; absent: the community's usual price.</param>
public sealed record LetterPosting([property: Required, StringLength(40, MinimumLength = 4)] string Tracking, DateOnly PostedOn,
    long? CostFen = null);

/// <param name="SignedBy">Who signed, as the carrier's slip says; absent: it was delivered, nobody signed.</param>
public sealed record LetterArrival(DateOnly On, [property: StringLength(60)] string? SignedBy = null);

/// <summary>Letters that messages end in: staff see what to post, note the carrier's number, and later what the carrier tells. Their text is
/// frozen.</summary>
/// <remarks>Posting competes with cancelling: a letter whose bill was paid meanwhile answers <c>letter_cancelled</c> and is not posted.
/// Errors: <c>letter_not_found</c> 404; <c>letter_cancelled</c>, <c>letter_posted</c>, <c>letter_not_posted</c> 409; <c>letter_date_invalid</c>
/// 400.</remarks>
public sealed class Letters(OwnerPayDb db, MessageKinds kinds, Audit audit, Clock clock)
{
    const int PageSize = 50;
    public static readonly Error NotFound = new(404, "letter_not_found", "没有找到该信函");
    public static readonly Error Cancelled = new(409, "letter_cancelled", "该信函已撤销，请勿寄出") { Detail = "款项已缴清或通知已撤回" };
    static readonly Error Posted = new(409, "letter_posted", "该信函已登记寄出");
    static readonly Error NotPosted = new(409, "letter_not_posted", "该信函尚未登记寄出");
    static readonly Error DateInvalid = new(400, "letter_date_invalid", "日期有误") { Detail = "不能早于制作或寄出之日，也不能晚于今天" };
    static readonly Error CostInvalid = new(400, "letter_cost_invalid", "寄送费用应在 0 至 1000 元之间") { Field = "costFen" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/messaging/letters", Get).WithName("listLetters")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/messaging/letters/{id:guid}/post", PostLetter).WithName("postLetter")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Cancelled, Posted, DateInvalid, CostInvalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/messaging/letters/{id:guid}/arrival", PostArrival).WithName("noteLetterArrival")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, NotPosted, DateInvalid);
    }

    static async Task<Results<Ok<Page<LetterRow>>, ProblemHttpResult>> Get(string? cursor, StaffMember staff, Letters letters,
        CancellationToken cancel) =>
        (await letters.List(staff.CommunityId, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<LetterRow>, ProblemHttpResult>> PostLetter(
        Guid id, IdempotencyKey key, StaffMember by, LetterPosting request, Letters letters, CancellationToken cancel) =>
        (await letters.Post(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<LetterRow>, ProblemHttpResult>> PostArrival(
        Guid id, IdempotencyKey key, StaffMember by, LetterArrival request, Letters letters, CancellationToken cancel) =>
        (await letters.Arrive(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<Page<LetterRow>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var texts = db.SentTexts.AsNoTracking().Where(t => t.CommunityId == community && t.Channel == MessageChannel.Letter);
        var found = await texts.NewestFirst(after, t => new Cursor(t.At, t.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, t => new Cursor(t.At, t.Id));
        var ids = page.Items.Select(t => t.Id).ToList();
        var deliveries = await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancel);
        return page.Select(t => Row(t, deliveries[t.Id]));
    }

    public Task<Result<LetterRow>> Post(Guid id, LetterPosting request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<LetterRow>(key, new { by.CommunityId, id, request }, async () =>
        {
            if (request.CostFen is < 0 or > 100_000) return CostInvalid;
            if (await Load(id, by.CommunityId, cancel) is not { } letter) return NotFound;
            var (text, delivery) = letter;
            if (delivery.State == DeliveryState.Cancelled) return Cancelled;
            if (delivery.State != DeliveryState.ToPost) return Posted;
            if (request.PostedOn > clock.Today() || request.PostedOn < Clock.DateOf(text.At)) return DateInvalid.At("postedOn");
            // Paid a moment ago, and the news has not come by yet.
            var message = await db.Messages.AsNoTracking().SingleAsync(m => m.Id == delivery.MessageId, cancel);
            if (await kinds.Of(message.Kind).Unwanted(message, cancel) is not null) return Cancelled;
            var price = request.CostFen ?? await db.MessageSettings.Where(s => s.Id == by.CommunityId).Select(s => (long?)s.LetterFen)
                .SingleOrDefaultAsync(cancel)
                ?? new MessageSettings().LetterFen;
            (text.Tracking, text.PostedOn, text.PostedBy, text.PartFen) = (request.Tracking.Trim(), request.PostedOn, by.StaffId, price);
            (delivery.State, delivery.DoneAt, delivery.CostFen, delivery.ProviderId) = (DeliveryState.Sent, clock.Now(), text.CostFen, text.Tracking);
            audit.Add(by, "letter.posted", id, new { text.Tracking, text.PostedOn, text.CostFen });
            return Row(text, delivery);
        }, cancel);

    public Task<Result<LetterRow>> Arrive(Guid id, LetterArrival request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<LetterRow>(key, new { by.CommunityId, id, request }, async () =>
        {
            if (await Load(id, by.CommunityId, cancel) is not { } letter) return NotFound;
            var (text, delivery) = letter;
            if (text.PostedOn is not { } posted) return NotPosted;
            if (request.On < posted || request.On > clock.Today()) return DateInvalid.At("on");
            text.DeliveredOn ??= request.On;
            delivery.DeliveredAt ??= Clock.StartOf(text.DeliveredOn.Value);
            if (request.SignedBy?.Trim() is { Length: > 0 } name)
            {
                (text.SignedOn, text.SignedBy) = (request.On, name);
                delivery.SignedAt = Clock.StartOf(request.On);
            }
            audit.Add(by, "letter.arrived", id, new { request.On, Signed = text.SignedOn is not null });
            return Row(text, delivery);
        }, cancel);

    async Task<(SentText Text, Delivery Delivery)?> Load(Guid id, Guid community, CancellationToken cancel)
    {
        var delivery = await db.Deliveries.Where(d => d.Id == id && d.CommunityId == community && d.Channel == MessageChannel.Letter).ForUpdate()
            .SingleOrDefaultAsync(cancel);
        if (delivery is null || await db.SentTexts.Where(t => t.Id == id).ForUpdate().SingleOrDefaultAsync(cancel) is not { } text) return null;
        return (text, delivery);
    }

    static LetterRow Row(SentText t, Delivery d) => new(
        t.Id, d.MessageId, d.Kind, t.Address, t.Title, t.Text, d.State, d.Proof, t.At, t.Tracking, t.PostedOn, t.DeliveredOn, t.SignedOn,
            t.SignedBy, t.CostFen);
}
