using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Points;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <param name="Years">Calendar years in a row, before this one, with everything paid in time; counted up to <paramref name="YearsNeeded"/>.</param>
/// <param name="Times">How many times as many points a payment earns today.</param>
/// <param name="PointsPerYuan">What a yuan earns today, that included.</param>
public sealed record StreakAnswer(int Years, int YearsNeeded, int Times, int TimesAfter, int PointsPerYuan);

/// <summary>Points per yuan that an order freezes: what the community promises, times the reward for years of paying in time.</summary>
/// <remarks>Computed from bills that were paid or not, never from a counter. It is frozen into the order, so that settling reads nothing for
/// it.</remarks>
public sealed class PointsRate(OwnerPayDb db, PointsTermsBook book, Clock clock)
{
    public static void Map(Doors doors) =>
        doors.Owner.MapGet("/houses/{houseId}/points/streak", Get).WithName("showStreak").ForOwners().CanFail(Member.HouseNotFound);

    static async Task<Ok<StreakAnswer>> Get(Member member, PointsRate rate, CancellationToken cancel) => TypedResults.Ok(await rate.Show(member,
        cancel));

    async Task<StreakAnswer> Show(Member member, CancellationToken cancel)
    {
        var perYuan = await db.Communities.Where(c => c.Id == member.CommunityId).Select(c => c.PointsPerYuan).SingleAsync(cancel);
        var terms = await book.Of(member.CommunityId, cancel);
        var years = member.PartyIds.Count == 0 ? 0 : await Years(member.HouseId, [member.PartyIds[^1]], terms.StreakYears, clock.Today(), cancel);
        var times = years >= terms.StreakYears ? terms.StreakTimes : 1;
        return new(years, terms.StreakYears, times, terms.StreakTimes, perYuan * times);
    }

    /// <param name="bills">What is paid; bills of several parties earn more only when all of these kept their time.</param>
    /// <param name="on">Shanghai date of the price.</param>
    public async Task<int> Of(Community community, Guid house, IReadOnlyCollection<Guid> bills, DateOnly on, CancellationToken cancel)
    {
        if (community.PointsPerYuan == 0 || bills.Count == 0) return community.PointsPerYuan;
        var terms = await book.Of(community.Id, cancel);
        if (terms.StreakTimes == 1) return community.PointsPerYuan;
        var parties = await db.Bills.Where(b => bills.Contains(b.Id)).Select(b => b.PartyId).Distinct().ToListAsync(cancel);
        return community.PointsPerYuan * (await Years(house, parties, terms.StreakYears, on, cancel) >= terms.StreakYears ? terms.StreakTimes : 1);
    }

    /// <summary>The least of the parties' rows of years.</summary>
    async Task<int> Years(Guid house, List<Guid> parties, int atMost, DateOnly on, CancellationToken cancel)
    {
        var first = new DateOnly(on.Year - atMost, 1, 1);
        var facts = await db.Bills.AsNoTracking().Where(b => b.HouseId == house && parties.Contains(b.PartyId) && b.State != BillState.Voided
                && b.Beneficiary == Beneficiary.Company && b.DueOn >= first && b.DueOn < on && b.AmountFen + b.AdjustedFen > 0)
            .Select(b => new { b.PartyId, b.DueOn, b.PaidOn }).ToListAsync(cancel);
        return parties.Count == 0 ? 0
            : parties.Min(party => OnTimeStreak.Years(on, [.. facts.Where(f => f.PartyId == party).Select(f => new BillKept(f.DueOn, f.PaidOn))]));
    }
}
