using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <param name="PersonId">Somebody of the house; left out: its first owner.</param>
public sealed record GrantRequest(
    [property: Required, StringLength(40, MinimumLength = 1)] string HouseCode, [property: Range(1, 1_000_000)] long Points,
    [property: Required, StringLength(100, MinimumLength = 4)] string Reason, Guid? PersonId = null);

/// <param name="State"><c>proposed</c>: a second person has to agree first.</param>
/// <param name="PersonName">Masked.</param>
public sealed record GrantShown(
    Guid GrantId, string House, string PersonName, long Points, string Reason, PointsGrantState State, DateTimeOffset CreatedAt);

/// <summary>Staff give points for a reason. What somebody grants alone in a day stays within the community's limit; above it a second person
/// decides.</summary>
/// <remarks>Errors: <c>house_code_unknown</c>, <c>person_not_of_house</c> 404; <c>house_without_owner</c> 409.</remarks>
public sealed class GrantPoints(OwnerPayDb db, PointsTermsBook terms, EarnPoints points, Approvals approvals, Audit audit, Clock clock)
{
    public const string Kind = "points-grant";
    const string Path = "/communities/{communityId:guid}/points/grants";
    const int PageSize = 100;

    static readonly Error HouseUnknown = new(404, "house_code_unknown", "没有该房号") { Field = "houseCode" };
    static readonly Error NotOfHouse = new(404, "person_not_of_house", "该人员不属于这套房屋") { Field = "personId" };
    static readonly Error NoOwner = new(409, "house_without_owner", "该房屋没有登记的业主") { Field = "houseCode", Detail = "请先在房屋资料中登记业主" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet(Path, Get).WithName("listPointsGrants").ForStaff(StaffRole.Clerk, StaffRole.Manager,
            StaffRole.Finance).CanFail(Cursor.Invalid);
        doors.Staff.MapPost(Path, Post).WithName("grantPoints").ForStaff(StaffRole.Clerk, StaffRole.Manager)
            .CanFail(Problems.Validation, HouseUnknown, NotOfHouse, NoOwner, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Results<Ok<Page<GrantShown>>, ProblemHttpResult>> Get(StaffMember by, GrantPoints grant, CancellationToken cancel,
        string? cursor = null) =>
        (await grant.List(by.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<GrantShown>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, GrantRequest request, GrantPoints grant, CancellationToken cancel) =>
        (await grant.Run(request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    async Task<Result<Page<GrantShown>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (houses, persons) = (db.Houses, db.Persons);
        var rows = await db.PointsGrants.AsNoTracking().Where(g => g.CommunityId == community).NewestFirst(after, g => new Cursor(g.CreatedAt,
            g.Id)).Take(PageSize + 1)
            .Select(g => new { Grant = g, House = houses.First(h => h.Id == g.HouseId).Code, Person = persons.First(p => p.Id == g.PersonId).Name })
                .ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Grant.CreatedAt, row.Grant.Id)).Select(row => Shown(row.Grant, row.House, row.Person));
    }

    Task<Result<GrantShown>> Run(GrantRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<GrantShown>(key, new { by.CommunityId, request }, async () =>
        {
            var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == by.CommunityId && h.Code == request.HouseCode,
                cancel);
            if (house is null) return HouseUnknown;
            var today = clock.Today();
            var tenures = (await db.Tenures.AsNoTracking().Where(t => t.HouseId == house.Id && t.From <= today
                && (t.To == null || t.To >= today)).ToListAsync(cancel))
                .OrderBy(t => Members.Rank(t.Kind)).ThenBy(t => t.From).ThenBy(t => t.Id).ToList();
            var holder = request.PersonId is { } wanted ? tenures.Find(t => t.PersonId == wanted) : tenures.Find(t => Members.Owes(t.Kind));
            if (holder is null) return request.PersonId is null ? NoOwner : NotOfHouse;

            // The account's row is the lock: two grants at once by one person count each other.
            await db.StaffAccounts.Where(a => a.Id == by.StaffId).ForUpdate().Select(a => a.Id).SingleAsync(cancel);
            var alone = await db.PointsGrants.Where(g => g.GrantedBy == by.StaffId && g.CommunityId == by.CommunityId && g.AskedOn == today
                && g.Alone)
                .SumAsync(g => g.Points, cancel);
            var grant = new PointsGrant
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, PersonId = holder.PersonId, HouseId = house.Id, Points = request.Points,
                Reason = request.Reason.Trim(), GrantedBy = by.StaffId, AskedOn = today, CreatedAt = clock.Now(),
                Alone = alone + request.Points <= (await terms.Of(by.CommunityId, cancel)).GrantLimit,
            };
            grant.State = grant.Alone ? PointsGrantState.Granted : PointsGrantState.Proposed;
            db.Add(grant);
            audit.Add(by, grant.Alone ? "points.granted" : "points-grant.proposed", grant.Id, new { house.Code, grant.Points, grant.Reason });
            if (grant.Alone) await points.Run(by.CommunityId, grant.PersonId, grant.Points, Kind, grant.Id, today, grant.Reason, cancel);
            else approvals.Propose(by.CommunityId, Kind, grant.Id, by.StaffId, $"授予 {house.Code} {grant.Points} 积分：{grant.Reason}");
            return Shown(grant, house.Code, await db.Persons.Where(p => p.Id == grant.PersonId).Select(p => p.Name).SingleAsync(cancel));
        }, cancel);

    static GrantShown Shown(PointsGrant grant, string house, string person) =>
        new(grant.Id, house, Mask.Name(person), grant.Points, grant.Reason, grant.State, grant.CreatedAt);
}

/// <summary>A second person decides a grant above the limit.</summary>
public sealed class ApprovePointsGrant(OwnerPayDb db, EarnPoints points, Clock clock) : IApprovable
{
    static readonly Error Gone = new(409, "points_grant_not_proposed", "该积分授予不在待审批状态");

    public string Kind => GrantPoints.Kind;

    public StaffRole[] Approvers => [StaffRole.Manager, StaffRole.Finance];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var grant = await db.PointsGrants.Where(g => g.Id == approval.SubjectId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (grant is not { State: PointsGrantState.Proposed }) return Gone;
        grant.State = approved ? PointsGrantState.Granted : PointsGrantState.Rejected;
        if (approved) await points.Run(grant.CommunityId, grant.PersonId, grant.Points, GrantPoints.Kind, grant.Id, clock.Today(), grant.Reason,
            cancel);
        return null;
    }
}
