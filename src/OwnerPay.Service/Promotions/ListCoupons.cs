using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>A coupon as its holder sees it.</summary>
/// <param name="Value">0.01 % or fen, as the type says.</param>
/// <param name="MinFen">Least principal of the fees for which it holds.</param>
public sealed record MyCoupon(
    Guid CouponId, string Code, string Name, OfferType Type, long Value, IReadOnlyList<string> FeeKinds, long MinFen, long? CapFen, CouponState State,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

public sealed record MyCoupons(IReadOnlyList<MyCoupon> Items);

/// <summary>A coupon as staff see it.</summary>
/// <param name="Holder">Masked; null while it lies on paper.</param>
public sealed record ListedCoupon(
    Guid CouponId, string Code, string OfferCode, string? Holder, string Source, Guid IssueId, CouponState State, Guid? OrderId, DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt);

/// <param name="CouponIds">These; or else <paramref name="IssueId"/>: all of one issue.</param>
public sealed record CouponWithdrawal([property: MaxLength(5_000)] IReadOnlyList<Guid>? CouponIds = null, Guid? IssueId = null);

public sealed record CouponsWithdrawn(int Withdrawn);

/// <summary>Owners see their coupons, staff all of them, and a manager withdraws what nobody has used or is about to use.</summary>
public sealed class ListCoupons(OwnerPayDb db, Audit audit)
{
    static readonly Error NothingNamed = new(400, "coupon_list_empty", "请指定要撤回的优惠券或发放批次");
    const int PageSize = 100, MostOwn = 200;

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/coupons", GetMine).WithName("listCoupons").ForOwners().CanFail(Member.HouseNotFound);
        doors.Staff.MapGet("/communities/{communityId:guid}/promotions/coupons", Get).WithName("listCommunityCoupons")
            .ForStaff(StaffRole.Manager, StaffRole.Finance, StaffRole.Clerk, StaffRole.Cashier).CanFail(Cursor.Invalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/promotions/coupons/withdraw", PostWithdraw).WithName("withdrawCoupons").ForStaff(StaffRole.Manager)
            .CanFail(Problems.Validation, NothingNamed);
    }

    static async Task<Ok<MyCoupons>> GetMine(Member member, ListCoupons list, CancellationToken cancel) => TypedResults.Ok(await list.Mine(member, cancel));

    static async Task<Results<Ok<Page<ListedCoupon>>, ProblemHttpResult>> Get(StaffMember staff, ListCoupons list, CancellationToken cancel,
        string? offer = null, Choice<CouponState>? state = null, Guid? issue = null, string? cursor = null) =>
        (await list.All(staff.CommunityId, offer, state?.Value, issue, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<CouponsWithdrawn>, ProblemHttpResult>> PostWithdraw(
        StaffMember by, CouponWithdrawal request, ListCoupons list, CancellationToken cancel) =>
        (await list.Withdraw(request, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    /// <summary>The member's own, those that can be used first, then by expiry.</summary>
    async Task<MyCoupons> Mine(Member member, CancellationToken cancel)
    {
        var offers = db.Offers;
        var rows = await (from coupon in db.Coupons.AsNoTracking()
                          where coupon.CommunityId == member.CommunityId && coupon.PersonId == member.PersonId && coupon.State != CouponState.Withdrawn
                          join offer in offers on coupon.OfferId equals offer.Id
                          orderby coupon.ExpiresAt descending
                          select new { coupon, offer }).Take(MostOwn).ToListAsync(cancel);
        return new([.. rows.OrderBy(row => row.coupon.State).ThenBy(row => row.coupon.ExpiresAt).ThenBy(row => row.coupon.Id).Select(row => new MyCoupon(
            row.coupon.Id, row.coupon.Code, row.offer.Name, row.offer.Type, row.offer.Value, row.offer.FeeKinds.Split(','), row.offer.MinFen, row.offer.CapFen,
            row.coupon.State, row.coupon.IssuedAt, row.coupon.ExpiresAt))]);
    }

    async Task<Result<Page<ListedCoupon>>> All(Guid community, string? offer, CouponState? state, Guid? issue, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var persons = db.Persons;
        var rows = await db.Coupons.AsNoTracking().Where(c => c.CommunityId == community && (offer == null || c.OfferCode == offer)
                && (state == null || c.State == state) && (issue == null || c.SourceId == issue))
            .NewestFirst(after, c => new Cursor(c.IssuedAt, c.Id)).Take(PageSize + 1)
            .Select(c => new { Coupon = c, Holder = persons.Where(p => p.Id == c.PersonId).Select(p => p.Name).FirstOrDefault() }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Coupon.IssuedAt, row.Coupon.Id)).Select(row => new ListedCoupon(
            row.Coupon.Id, row.Coupon.Code, row.Coupon.OfferCode, row.Holder is null ? null : Mask.Name(row.Holder), row.Coupon.SourceKind, row.Coupon.SourceId,
            row.Coupon.State, row.Coupon.OrderId, row.Coupon.IssuedAt, row.Coupon.ExpiresAt));
    }

    async Task<Result<CouponsWithdrawn>> Withdraw(CouponWithdrawal request, StaffMember by, CancellationToken cancel)
    {
        var (ids, issue) = (request.CouponIds ?? [], request.IssueId);
        if (ids.Count == 0 == (issue is null)) return NothingNamed;
        // One that an open order holds stays: its payer keeps the price that he saw.
        var withdrawn = await db.Coupons.Where(c => c.CommunityId == by.CommunityId && c.State == CouponState.Issued && (issue != null ? c.SourceId == issue : ids.Contains(c.Id)))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CouponState.Withdrawn), cancel);
        audit.Add(by, "coupons.withdrawn", issue ?? ids[0], new { issue, withdrawn });
        await db.SaveChangesAsync(cancel);
        return new CouponsWithdrawn(withdrawn);
    }
}

/// <summary>Coupons whose time is over say so. What is usable is decided by the expiry itself; this is for lists.</summary>
public sealed class ExpireCoupons(OwnerPayDb db, Clock clock) : IJob
{
    public async Task<string> Run(CancellationToken cancel)
    {
        var now = clock.Now();
        var expired = await db.Coupons.Where(c => c.State == CouponState.Issued && c.ExpiresAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CouponState.Expired), cancel);
        return $"{expired} expired";
    }
}
