using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="From">First day without late fee; null unless granted.</param>
/// <param name="Until">The new due date.</param>
public sealed record DeferralView(
    Guid DeferralId, Guid HouseId, string HouseCode, IReadOnlyList<Guid> BillIds, DateOnly Until, string Reason, GrantState State, DateOnly? From,
    Guid ProposedBy,
    DateTimeOffset ProposedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt);

public sealed record PlanPartView(int Number, DateOnly DueOn, long Fen);

/// <param name="SettledFen">What is there of it today; null unless it was granted.</param>
/// <param name="EndedOn">Completed: the day of the last fen. Missed: the due date of the missed part. Taken back: that day.</param>
public sealed record PlanView(
    Guid PlanId, Guid HouseId, string HouseCode, IReadOnlyList<Guid> BillIds, long TotalFen, long? SettledFen, int GraceDays,
    IReadOnlyList<PlanPartView> Parts,
    string Reason, GrantState State, DateOnly? From, DateOnly? EndedOn, Guid ProposedBy, DateTimeOffset ProposedAt, Guid? DecidedBy,
    DateTimeOffset? DecidedAt);

/// <param name="GrantedOn">Shanghai date of its effect; null unless granted.</param>
public sealed record WaiverView(
    Guid WaiverId, Guid BillId, long PrincipalFen, long LateFeeFen, string Reason, string Evidence, GrantState State, DateOnly? GrantedOn,
    Guid ProposedBy,
    DateTimeOffset ProposedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt);

public sealed record ReversalView(
    Guid ReversalId, ReversalKind Kind, Guid SubjectId, string Reason, GrantState State, Guid ProposedBy, DateTimeOffset ProposedAt, Guid? DecidedBy,
    DateTimeOffset? DecidedAt);

/// <summary>Deferrals, plans, waivers and their reversals for staff, the newest first.</summary>
public sealed class ShowGrants(OwnerPayDb db, Clock clock)
{
    const int PageSize = 50;

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/deferrals", GetDeferrals).WithName("listDeferrals").ForStaff(Roles.Readers)
            .CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/instalment-plans", GetPlans).WithName("listInstalmentPlans").ForStaff(Roles.Readers)
            .CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/waivers", GetWaivers).WithName("listWaivers").ForStaff(Roles.Readers)
            .CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/grant-reversals", GetReversals).WithName("listGrantReversals").ForStaff(Roles.Readers)
            .CanFail(Cursor.Invalid);
    }

    static async Task<Results<Ok<Page<DeferralView>>, ProblemHttpResult>> GetDeferrals(
        StaffMember by, ShowGrants show, CancellationToken cancel, Choice<GrantState>? state = null, Guid? house = null, string? cursor = null)
    {
        var wanted = state?.Value;
        return (await show.Deferrals(show.db.Deferrals.Where(d => d.CommunityId == by.CommunityId && (wanted == null || d.State == wanted)
            && (house == null || d.HouseId == house)), cursor, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<Ok<Page<PlanView>>, ProblemHttpResult>> GetPlans(
        StaffMember by, ShowGrants show, CancellationToken cancel, Choice<GrantState>? state = null, Guid? house = null, string? cursor = null)
    {
        var wanted = state?.Value;
        return (await show.Plans(show.db.InstalmentPlans.Where(p => p.CommunityId == by.CommunityId && (wanted == null || p.State == wanted)
            && (house == null || p.HouseId == house)), cursor, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<Ok<Page<WaiverView>>, ProblemHttpResult>> GetWaivers(
        StaffMember by, ShowGrants show, CancellationToken cancel, Choice<GrantState>? state = null, Guid? bill = null, string? cursor = null)
    {
        var wanted = state?.Value;
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var rows = await show.db.Waivers.AsNoTracking()
            .Where(w => w.CommunityId == by.CommunityId && (wanted == null || w.State == wanted) && (bill == null || w.BillId == bill))
            .NewestFirst(after, w => new Cursor(w.ProposedAt, w.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, w => new Cursor(w.ProposedAt, w.Id))
            .Select(w => new WaiverView(w.Id, w.BillId, w.PrincipalFen, w.LateFeeFen,
            w.Reason, w.Evidence, w.State, w.GrantedOn, w.ProposedBy, w.ProposedAt, w.DecidedBy, w.DecidedAt)));
    }

    static async Task<Results<Ok<Page<ReversalView>>, ProblemHttpResult>> GetReversals(
        StaffMember by, ShowGrants show, CancellationToken cancel, Choice<GrantState>? state = null, string? cursor = null)
    {
        var wanted = state?.Value;
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var rows = await show.db.Reversals.AsNoTracking().Where(r => r.CommunityId == by.CommunityId && (wanted == null || r.State == wanted))
            .NewestFirst(after, r => new Cursor(r.ProposedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, r => new Cursor(r.ProposedAt, r.Id))
            .Select(r => new ReversalView(r.Id, r.Kind, r.SubjectId, r.Reason, r.State,
            r.ProposedBy, r.ProposedAt, r.DecidedBy, r.DecidedAt)));
    }

    readonly OwnerPayDb db = db;

    async Task<Result<Page<DeferralView>>> Deferrals(IQueryable<Deferral> query, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var rows = await query.AsNoTracking().NewestFirst(after, d => new Cursor(d.ProposedAt, d.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var (bills, houses) = (await Bills(db, rows.ConvertAll(d => d.Id), cancel), await Houses(rows.ConvertAll(d => d.HouseId), cancel));
        return Pages.Of(rows, PageSize, d => new Cursor(d.ProposedAt, d.Id))
            .Select(d => new DeferralView(d.Id, d.HouseId, houses[d.HouseId], [.. bills[d.Id]],
            d.Until, d.Reason, d.State, d.From, d.ProposedBy, d.ProposedAt, d.DecidedBy, d.DecidedAt));
    }

    async Task<Result<Page<PlanView>>> Plans(IQueryable<InstalmentPlan> query, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var rows = await query.AsNoTracking().NewestFirst(after, p => new Cursor(p.ProposedAt, p.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var (ids, today) = (rows.ConvertAll(p => p.Id), clock.Today());
        var (bills, houses) = (await Bills(db, ids, cancel), await Houses(rows.ConvertAll(p => p.HouseId), cancel));
        var (parts, facts) = (await Parts(db, ids, cancel), await BillStops.Plans(db, ids, cancel));
        return Pages.Of(rows, PageSize, p => new Cursor(p.ProposedAt, p.Id))
            .Select(p => new PlanView(p.Id, p.HouseId, houses[p.HouseId], [.. bills[p.Id]], p.TotalFen,
            facts.TryGetValue(p.Id, out var known) ? known.AsOf(today).SettledFen : null, p.GraceDays, [.. parts[p.Id]], p.Reason, p.State, p.From,
            p.EndedOn,
            p.ProposedBy, p.ProposedAt, p.DecidedBy, p.DecidedAt));
    }

    Task<Dictionary<Guid, string>> Houses(List<Guid> ids, CancellationToken cancel) =>
        db.Houses.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);

    internal static async Task<ILookup<Guid, Guid>> Bills(OwnerPayDb db, List<Guid> ids, CancellationToken cancel) =>
        (await db.GrantedBills.AsNoTracking().Where(b => ids.Contains(b.SubjectId)).OrderBy(b => b.BillId).ToListAsync(cancel))
            .ToLookup(b => b.SubjectId, b => b.BillId);

    internal static async Task<ILookup<Guid, PlanPartView>> Parts(OwnerPayDb db, List<Guid> ids, CancellationToken cancel) =>
        (await db.PlanParts.AsNoTracking().Where(p => ids.Contains(p.PlanId)).OrderBy(p => p.Number).ToListAsync(cancel))
            .ToLookup(p => p.PlanId, p => new PlanPartView(p.Number, p.DueOn, p.Fen));
}
