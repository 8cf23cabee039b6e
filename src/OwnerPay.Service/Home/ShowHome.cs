using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Disclosure;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Home;

/// <param name="Title">The fees on it, in Chinese.</param>
/// <param name="OpenFen">Principal still open, fen.</param>
/// <param name="LateFeeFen">Late fee for who pays today, fen.</param>
public sealed record HomeBill(Guid BillId, string Title, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, long OpenFen, long LateFeeFen,
    bool Overdue);

/// <param name="Ends">First instant at which it is over.</param>
public sealed record HomeOffer(string Name, DateTimeOffset Ends);

/// <param name="Today">Shanghai date for which the late fees hold.</param>
/// <param name="Bills">Open bills that the member owes, oldest due first.</param>
/// <param name="OpenFen">Principal of all of them, fen.</param>
/// <param name="LateFeeFen">Late fee of all of them for who pays today, fen.</param>
/// <param name="PointsBalance">Whole points that can be spent today.</param>
/// <param name="Offers">What runs now; whether it applies is the quote's answer.</param>
public sealed record HomeAnswer(
    Guid HouseId, string HouseCode, string CommunityName, string ContactPhone, TenureKind Role, DateOnly Today, IReadOnlyList<HomeBill> Bills,
    long OpenFen, long LateFeeFen, long PointsBalance, int UnreadMessages, int UnreadNotices, IReadOnlyList<HomeOffer> Offers);

/// <summary>What an owner sees first: what is to pay, points, messages, what runs at the moment. Few queries, nothing written.</summary>
public sealed class ShowHome(OwnerPayDb db, OpenBills openBills, OwnerNotices notices, Clock clock)
{
    public static void Map(Doors doors) =>
        doors.Owner.MapGet("/houses/{houseId}/home", Get).WithName("showHome").ForOwners().CanFail(Member.HouseNotFound);

    static async Task<Ok<HomeAnswer>> Get(Member member, ShowHome home, CancellationToken cancel) => TypedResults.Ok(await home.Run(member, cancel));

    public async Task<HomeAnswer> Run(Member member, CancellationToken cancel)
    {
        var (now, today) = (clock.Now(), clock.Today());
        var place = await (
            from house in db.Houses.AsNoTracking()
            where house.Id == member.HouseId
            join community in db.Communities.AsNoTracking() on house.CommunityId equals community.Id
            select new { house.Code, community.Name, community.ContactPhone }).SingleAsync(cancel);
        var bills = (await openBills.Of(member.HouseId, member.PartyIds, cancel)).Select(of => new HomeBill(
            of.Bill.Id, string.Join("、", of.Lines.Select(line => line.Title).Distinct()),
            of.Bill.PeriodFrom, of.Bill.PeriodTo, of.Bill.DueOn, of.Bill.OpenFen,
            of.LateFeeOn(today), of.OverdueOn(today))).ToList();
        var points = await db.PointsLots
            .Where(lot => lot.CommunityId == member.CommunityId && lot.PersonId == member.PersonId && (lot.ExpiresOn >= today || lot.Remaining < 0))
            .SumAsync(lot => (long?)lot.Remaining, cancel) ?? 0;
        var unread = await ShowInbox.Of(db, member).CountAsync(message => message.ReadAt == null, cancel);
        var offers = await db.Offers.AsNoTracking()
            .Where(offer => offer.CommunityId == member.CommunityId && offer.State == OfferState.Active && offer.Start <= now && now < offer.End
                && (offer.Kind != OfferKind.Coupon || offer.Claimable))
            .OrderBy(offer => offer.End).ThenBy(offer => offer.Id).ToListAsync(cancel);
        return new HomeAnswer(
            member.HouseId, place.Code, place.Name, place.ContactPhone, member.TenureKind, today,
            bills, bills.Sum(bill => bill.OpenFen), bills.Sum(bill => bill.LateFeeFen),
            points, unread, await notices.Unread(member, cancel), [.. offers.Where(offer => offer.LeftFen is null or > 0 && offer.LeftCount is null or > 0)
                .Select(offer => new HomeOffer(offer.Name, offer.End))]);
    }
}
