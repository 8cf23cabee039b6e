using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.PayLinks;

/// <param name="BillIds">Bills of the house.</param>
public sealed record PayLinkRequest([property: MaxLength(50)] IReadOnlyList<Guid> BillIds);

/// <param name="BillIds">Null: all open bills of the house's present liable party.</param>
public sealed record StaffPayLinkRequest(Guid HouseId, [property: MaxLength(50)] IReadOnlyList<Guid>? BillIds = null);

/// <param name="BillIds">Null: all open bills of the house's present liable party.</param>
/// <param name="Width">Of the picture in pixels.</param>
public sealed record PayLinkCodeRequest(Guid HouseId, [property: MaxLength(50)] IReadOnlyList<Guid>? BillIds = null, [property: Range(280, 1280)] int Width = 430);

/// <summary>A link in a list. Its characters were told once, when it was made.</summary>
/// <param name="ByStaff">Made for paper; else an owner shared it.</param>
/// <param name="OpenBills">How many of its bills are still to be paid; at 0 the link is dead.</param>
public sealed record PayLinkListed(Guid LinkId, Guid HouseId, bool ByStaff, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, int OpenBills);

public sealed record PayLinkList(IReadOnlyList<PayLinkListed> Items);

/// <summary>Owners and staff make pay links, see those of a house and revoke them; staff draw the mini-program code for paper.</summary>
/// <remarks>Errors besides those of making: <c>pay_link_not_found</c> 404.</remarks>
public sealed class KeepPayLinks(OwnerPayDb db, OpenBills bills, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "pay_link_not_found", "没有找到该缴费链接");
    const int MostListed = 200;
    const string Staff = "/communities/{communityId:guid}/pay-links", Owner = "/houses/{houseId}/pay-links";

    /// <summary>Response header of the picture: the link's id, by which it can be revoked.</summary>
    public const string LinkIdHeader = "X-OwnerPay-Pay-Link-Id";

    public static void Map(Doors doors)
    {
        doors.Owner.MapPost(Owner, Share).WithName("sharePayLink").ForOwners().CanFail([Member.HouseNotFound, Problems.Validation, .. MakePayLink.Errors]);
        doors.Owner.MapGet(Owner, ListOwn).WithName("listPayLinks").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPost(Owner + "/{linkId:guid}/revoke", RevokeOwn).WithName("revokePayLink").ForOwners().CanFail(Member.HouseNotFound, NotFound);
        doors.Staff.MapPost(Staff, Post).WithName("makePayLink").ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Collector, StaffRole.Finance)
            .CanFail([Problems.Validation, .. MakePayLink.Errors]);
        doors.Staff.MapPost(Staff + "/code", PostCode).WithName("drawPayLinkCode").ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Collector, StaffRole.Finance)
            .Produces(StatusCodes.Status200OK, contentType: "image/png").CanFail([Problems.Validation, .. PayLinkCodes.Errors]);
        doors.Staff.MapGet(Staff, ListOfHouse).WithName("listHousePayLinks").ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Collector, StaffRole.Finance);
        doors.Staff.MapPost(Staff + "/{linkId:guid}/revoke", Revoke).WithName("revokeHousePayLink").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager)
            .CanFail(NotFound);
    }

    static async Task<Results<Created<PayLinkMade>, ProblemHttpResult>> Share(Member member, PayLinkRequest request, MakePayLink make, CancellationToken cancel) =>
        (await make.ByOwner(member, request.BillIds, cancel)).ToHttp(made => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/pay-links", made));

    static async Task<Ok<PayLinkList>> ListOwn(Member member, KeepPayLinks keep, CancellationToken cancel) =>
        TypedResults.Ok(await keep.List(keep.Of(member), cancel));

    static async Task<Results<NoContent, ProblemHttpResult>> RevokeOwn(Guid linkId, Member member, KeepPayLinks keep, CancellationToken cancel) =>
        await keep.End(keep.Of(member), linkId, null, cancel) ? TypedResults.NoContent() : NotFound.ToProblem();

    static async Task<Results<Created<PayLinkMade>, ProblemHttpResult>> Post(StaffMember by, StaffPayLinkRequest request, MakePayLink make, CancellationToken cancel) =>
        (await make.ByStaff(request.HouseId, request.BillIds, by, cancel)).ToHttp(
            made => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/pay-links?houseId={request.HouseId}", made));

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PostCode(
        StaffMember by, PayLinkCodeRequest request, PayLinkCodes codes, HttpResponse response, CancellationToken cancel)
    {
        var drawn = await codes.Png(request.HouseId, request.BillIds, by, cancel, request.Width);
        if (drawn.Refusal is { } refusal) return refusal.ToProblem();
        response.Headers[LinkIdHeader] = drawn.Value.LinkId.ToString();
        return TypedResults.File(drawn.Value.Png, "image/png");
    }

    static async Task<Ok<PayLinkList>> ListOfHouse(Guid houseId, StaffMember by, KeepPayLinks keep, CancellationToken cancel) =>
        TypedResults.Ok(await keep.List(keep.Of(by).Where(l => l.HouseId == houseId), cancel));

    static async Task<Results<NoContent, ProblemHttpResult>> Revoke(Guid linkId, StaffMember by, KeepPayLinks keep, CancellationToken cancel) =>
        await keep.End(keep.Of(by), linkId, by, cancel) ? TypedResults.NoContent() : NotFound.ToProblem();

    IQueryable<PayLink> Of(StaffMember by) => db.PayLinks.Where(l => l.CommunityId == by.CommunityId);

    IQueryable<PayLink> Of(Member member)
    {
        var parties = member.PartyIds;
        return db.PayLinks.Where(l => l.HouseId == member.HouseId && parties.Contains(l.PartyId));
    }

    async Task<PayLinkList> List(IQueryable<PayLink> links, CancellationToken cancel)
    {
        var (linkBills, all) = (db.PayLinkBills, db.Bills.Where(OpenBills.MayBeOwed));
        var listed = await links.AsNoTracking().OrderByDescending(l => l.CreatedAt).ThenByDescending(l => l.Id).Take(MostListed).ToListAsync(cancel);
        var ids = listed.ConvertAll(l => l.Id);
        var named = await linkBills.Where(of => ids.Contains(of.PayLinkId) && all.Any(b => b.Id == of.BillId))
            .Select(of => new { of.PayLinkId, of.BillId }).ToListAsync(cancel);
        var today = clock.Today();
        var owed = (await bills.OfStaff([.. named.Select(of => of.BillId).Distinct()], cancel)).Where(b => b.OwedOn(today)).Select(b => b.Bill.Id).ToHashSet();
        var counts = named.Where(of => owed.Contains(of.BillId)).CountBy(of => of.PayLinkId).ToDictionary();
        return new(listed.ConvertAll(l => new PayLinkListed(
            l.Id, l.HouseId, l.StaffId != null, l.CreatedAt, l.ExpiresAt, l.RevokedAt, counts.GetValueOrDefault(l.Id))));
    }

    async Task<bool> End(IQueryable<PayLink> links, Guid id, StaffMember? by, CancellationToken cancel)
    {
        var link = await links.SingleOrDefaultAsync(l => l.Id == id, cancel);
        if (link is null) return false;
        if (link.RevokedAt is not null) return true;
        link.RevokedAt = clock.Now();
        if (by is not null) audit.Add(by, "pay-link.revoked", link.Id, new { link.HouseId });
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
