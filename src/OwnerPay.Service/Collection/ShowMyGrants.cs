using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="State">In effect, completed, missed or taken back; what is only proposed is not promised and not shown.</param>
public sealed record MyDeferral(Guid DeferralId, IReadOnlyList<Guid> BillIds, DateOnly From, DateOnly Until, string Reason, GrantState State);

/// <param name="SettledFen">What was paid of it up to today.</param>
/// <param name="NextPart">The first part that is not paid in full yet; null when the plan is over.</param>
/// <param name="NextLeftFen">What is missing up to that part, with the parts before it.</param>
/// <param name="EndedOn">Completed: the day of the last fen. Missed: the due date of the missed part; late fee runs again from the day after.</param>
public sealed record MyPlan(
    Guid PlanId, IReadOnlyList<Guid> BillIds, long TotalFen, long SettledFen, int GraceDays, IReadOnlyList<PlanPartView> Parts,
    PlanPartView? NextPart,
    long NextLeftFen, string Reason, GrantState State, DateOnly From, DateOnly? EndedOn);

/// <summary>What was granted to an owner about the bills of his time, the newest first; at most a hundred of each.</summary>
public sealed class ShowMyGrants(OwnerPayDb db, Clock clock)
{
    const int Most = 100;
    static readonly GrantState[] Shown = [GrantState.Granted, GrantState.Completed, GrantState.Missed, GrantState.Reversed];

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/deferrals", GetDeferrals).WithName("listMyDeferrals").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapGet("/houses/{houseId}/instalment-plans", GetPlans).WithName("listMyInstalmentPlans").ForOwners()
            .CanFail(Member.HouseNotFound);
    }

    static async Task<Ok<IReadOnlyList<MyDeferral>>> GetDeferrals(Member member, ShowMyGrants show, CancellationToken cancel) =>
        TypedResults.Ok(await show.Deferrals(member, cancel));

    static async Task<Ok<IReadOnlyList<MyPlan>>> GetPlans(Member member, ShowMyGrants show, CancellationToken cancel) =>
        TypedResults.Ok(await show.Plans(member, cancel));

    async Task<IReadOnlyList<MyDeferral>> Deferrals(Member member, CancellationToken cancel)
    {
        var parties = member.PartyIds.ToList();
        var rows = await db.Deferrals.AsNoTracking().Where(d => d.HouseId == member.HouseId && parties.Contains(d.PartyId) && Shown.Contains(d.State))
            .OrderByDescending(d => d.ProposedAt).ThenByDescending(d => d.Id).Take(Most).ToListAsync(cancel);
        var bills = await ShowGrants.Bills(db, rows.ConvertAll(d => d.Id), cancel);
        return rows.ConvertAll(d => new MyDeferral(d.Id, [.. bills[d.Id]], d.From!.Value, d.Until, d.Reason, d.State));
    }

    async Task<IReadOnlyList<MyPlan>> Plans(Member member, CancellationToken cancel)
    {
        var (parties, today) = (member.PartyIds.ToList(), clock.Today());
        var rows = await db.InstalmentPlans.AsNoTracking()
            .Where(p => p.HouseId == member.HouseId && parties.Contains(p.PartyId) && Shown.Contains(p.State))
            .OrderByDescending(p => p.ProposedAt).ThenByDescending(p => p.Id).Take(Most).ToListAsync(cancel);
        var ids = rows.ConvertAll(p => p.Id);
        var (bills, parts, facts) = (await ShowGrants.Bills(db, ids, cancel), await ShowGrants.Parts(db, ids, cancel), await BillStops.Plans(db, ids, cancel));
        return rows.ConvertAll(p =>
        {
            var standing = facts[p.Id].AsOf(today);
            var (next, due) = (default(PlanPartView), 0L);
            if (p.State == GrantState.Granted)
                foreach (var part in parts[p.Id].TakeWhile(_ => next is null))
                    if ((due += part.Fen) > standing.SettledFen) next = part;
            return new MyPlan(p.Id, [.. bills[p.Id]], p.TotalFen, standing.SettledFen, p.GraceDays, [.. parts[p.Id]], next,
                next is null ? 0 : due - standing.SettledFen, p.Reason, p.State, p.From!.Value, p.EndedOn);
        });
    }
}
