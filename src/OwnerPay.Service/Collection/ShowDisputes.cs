using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="ByOwner">The owner opened it; else staff did for him.</param>
public sealed record DisputeView(
    Guid DisputeId, Guid BillId, Guid HouseId, string HouseCode, string Reason, bool ByOwner, DateTimeOffset OpenedAt, DisputeState State,
    string? Answer,
    DateTimeOffset? AnsweredAt, DisputeOutcome? Outcome, DateTimeOffset? ClosedAt);

/// <summary>Disputes of a community for staff, and those of his own time for an owner, the newest first.</summary>
public sealed class ShowDisputes(OwnerPayDb db)
{
    const int PageSize = 50;

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/disputes", GetForStaff).WithName("listDisputes")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Owner.MapGet("/houses/{houseId}/disputes", GetForOwner).WithName("listMyDisputes").ForOwners()
            .CanFail(Cursor.Invalid, Member.HouseNotFound);
    }

    static async Task<Results<Ok<Page<DisputeView>>, ProblemHttpResult>> GetForStaff(
        StaffMember by, ShowDisputes show, CancellationToken cancel, Choice<DisputeState>? state = null, Guid? house = null, string? cursor = null)
    {
        var wanted = state?.Value;
        return (await show.List(show.db.Disputes.Where(d => d.CommunityId == by.CommunityId && (wanted == null || d.State == wanted)
            && (house == null || d.HouseId == house)), cursor, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<Ok<Page<DisputeView>>, ProblemHttpResult>> GetForOwner(
        Member member, ShowDisputes show, CancellationToken cancel, string? cursor = null)
    {
        var parties = member.PartyIds.ToList();
        return (await show.List(show.db.Disputes.Where(d => d.HouseId == member.HouseId && parties.Contains(d.PartyId)), cursor, cancel))
            .ToHttp(TypedResults.Ok);
    }

    readonly OwnerPayDb db = db;

    async Task<Result<Page<DisputeView>>> List(IQueryable<Dispute> query, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var rows = await query.AsNoTracking().NewestFirst(after, d => new Cursor(d.OpenedAt, d.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var ids = rows.ConvertAll(d => d.HouseId);
        var houses = await db.Houses.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);
        return Pages.Of(rows, PageSize, d => new Cursor(d.OpenedAt, d.Id))
            .Select(d => new DisputeView(d.Id, d.BillId, d.HouseId, houses[d.HouseId], d.Reason,
            d.PersonId is not null, d.OpenedAt, d.State, d.Answer, d.AnsweredAt, d.Outcome, d.ClosedAt));
    }
}
