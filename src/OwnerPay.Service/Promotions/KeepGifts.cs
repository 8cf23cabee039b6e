using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="OrderId">The payment that earned it; null for a visit.</param>
public sealed record GiftShown(
    Guid GiftId, string Name, string House, Guid? OrderId, GiftState State, DateTimeOffset CreatedAt, DateTimeOffset? HandedOutAt, string Note);

public sealed record MyGifts(IReadOnlyList<GiftShown> Items);

/// <param name="Note">What the giver wants kept: who took it, a signature's number.</param>
public sealed record GiftHandOut([property: MaxLength(200)] string Note = "");

/// <summary>A gift at a visit, without a payment.</summary>
public sealed record VisitGift([property: Required, MaxLength(40)] string HouseCode, [property: Required, StringLength(60, MinimumLength = 1)] string Name,
    [property: MaxLength(200)] string Note = "");

/// <summary>Gifts: what payments earned waits for staff to hand it out; what is given at a visit is written down.</summary>
/// <remarks>Errors: <c>gift_not_found</c>, <c>house_code_unknown</c> 404; <c>gift_not_due</c> 409.</remarks>
public sealed class KeepGifts(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "gift_not_found", "没有找到该礼品记录");
    static readonly Error HouseUnknown = new(404, "house_code_unknown", "没有该房号") { Field = "houseCode" };
    static readonly Error NotDue = new(409, "gift_not_due", "该礼品已领取或已取消");
    const int PageSize = 100, MostOwn = 100;
    const string Path = "/communities/{communityId:guid}/promotions/gifts";

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/gifts", GetMine).WithName("listGifts").ForOwners().CanFail(Member.HouseNotFound);
        doors.Staff.MapGet(Path, Get).WithName("listCommunityGifts").ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Manager, StaffRole.Finance).CanFail(Cursor.Invalid);
        doors.Staff.MapPost(Path, PostVisit).WithName("recordGift").ForStaff(StaffRole.Clerk, StaffRole.Collector)
            .CanFail(Problems.Validation, HouseUnknown, IdempotencyKey.Missing, IdempotencyKey.Reused);
        doors.Staff.MapPost(Path + "/{giftId:guid}/hand-out", PostHandOut).WithName("handOutGift").ForStaff(StaffRole.Clerk, StaffRole.Cashier)
            .CanFail(Problems.Validation, NotFound, NotDue, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Ok<MyGifts>> GetMine(Member member, KeepGifts keep, CancellationToken cancel) => TypedResults.Ok(await keep.Mine(member, cancel));

    static async Task<Results<Ok<Page<GiftShown>>, ProblemHttpResult>> Get(
        StaffMember staff, KeepGifts keep, CancellationToken cancel, Choice<GiftState>? state = null, string? cursor = null) =>
        (await keep.List(staff.CommunityId, state?.Value, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<GiftShown>, ProblemHttpResult>> PostVisit(
        IdempotencyKey key, StaffMember by, VisitGift request, KeepGifts keep, CancellationToken cancel) =>
        (await keep.AtVisit(request, key, by, cancel)).ToHttp(gift => TypedResults.Ok(gift));

    static async Task<Results<Ok<GiftShown>, ProblemHttpResult>> PostHandOut(
        Guid giftId, IdempotencyKey key, StaffMember by, GiftHandOut request, KeepGifts keep, CancellationToken cancel) =>
        (await keep.HandOut(giftId, request, key, by, cancel)).ToHttp(gift => TypedResults.Ok(gift));

    async Task<MyGifts> Mine(Member member, CancellationToken cancel)
    {
        var code = await db.Houses.Where(h => h.Id == member.HouseId).Select(h => h.Code).SingleAsync(cancel);
        // Gifts belong to who earned them, not to the house: a buyer sees none of the seller's.
        var uses = db.OfferUses;
        var gifts = await db.GiftIssues.AsNoTracking().Where(g => g.HouseId == member.HouseId && g.OrderId != null
            && uses.Any(u => u.OrderId == g.OrderId && u.PersonId == member.PersonId)).OrderByDescending(g => g.CreatedAt).Take(MostOwn).ToListAsync(cancel);
        return new([.. gifts.Select(gift => Shown(gift, code))]);
    }

    async Task<Result<Page<GiftShown>>> List(Guid community, GiftState? state, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var houses = db.Houses;
        var rows = await db.GiftIssues.AsNoTracking().Where(g => g.CommunityId == community && (state == null || g.State == state))
            .NewestFirst(after, g => new Cursor(g.CreatedAt, g.Id)).Take(PageSize + 1)
            .Select(g => new { Gift = g, House = houses.Where(h => h.Id == g.HouseId).Select(h => h.Code).First() }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Gift.CreatedAt, row.Gift.Id)).Select(row => Shown(row.Gift, row.House));
    }

    Task<Result<GiftShown>> AtVisit(VisitGift request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<GiftShown>(key, new { by.CommunityId, request }, async () =>
        {
            var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == by.CommunityId && h.Code == request.HouseCode, cancel);
            if (house is null) return HouseUnknown;
            var now = clock.Now();
            var gift = new GiftIssue
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, HouseId = house.Id, Name = request.Name.Trim(), CreatedAt = now, State = GiftState.HandedOut,
                HandedOutBy = by.StaffId, HandedOutAt = now, Note = request.Note,
            };
            db.Add(gift);
            audit.Add(by, "gift.recorded", gift.Id, new { house.Code, gift.Name });
            return Shown(gift, house.Code);
        }, cancel);

    Task<Result<GiftShown>> HandOut(Guid id, GiftHandOut request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<GiftShown>(key, new { id, request }, async () =>
        {
            var gift = await db.GiftIssues.Where(g => g.Id == id && g.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (gift is null) return NotFound;
            if (gift.State != GiftState.Due) return NotDue;
            (gift.State, gift.HandedOutBy, gift.HandedOutAt, gift.Note) = (GiftState.HandedOut, by.StaffId, clock.Now(), request.Note);
            audit.Add(by, "gift.handed-out", gift.Id, new { gift.Name, gift.OrderId });
            return Shown(gift, await db.Houses.Where(h => h.Id == gift.HouseId).Select(h => h.Code).SingleAsync(cancel));
        }, cancel);

    static GiftShown Shown(GiftIssue gift, string house) => new(gift.Id, gift.Name, house, gift.OrderId, gift.State, gift.CreatedAt, gift.HandedOutAt, gift.Note);
}
