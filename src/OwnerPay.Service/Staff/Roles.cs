using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="CommunityId">Null: every community.</param>
public sealed record RoleRequest(Guid StaffId, StaffRole Role, Guid? CommunityId = null);

public sealed record RoleAnswer(Guid RoleId, RoleGrantState State);

public sealed record RoleItem(
    Guid RoleId, Guid StaffId, string Name, StaffRole Role, Guid? CommunityId, RoleGrantState State, Guid ProposedBy, Guid? GrantedBy, DateTimeOffset CreatedAt);

/// <summary>Roles of staff: one admin or manager proposes, another grants. Nobody grants what he proposed; the table refuses it too.</summary>
/// <remarks>
/// The one exception: while the first admin is alone, he grants alone, only <c>admin</c> or <c>manager</c>, to somebody else, and once, marked in the audit log.
/// Errors: <c>staff_not_found</c>, <c>role_not_found</c>, <c>community_not_found</c> 404; <c>not_allowed</c>, <c>own_proposal</c> 403;
/// <c>role_held</c>, <c>role_decided</c>, <c>last_guardian</c> 409; <c>first_grant</c> 422.
/// </remarks>
public sealed class Roles(OwnerPayDb db, Guardians guardians, Audit audit, CommunityExists exists)
{
    static readonly Error NotFound = new(404, "role_not_found", "没有找到该角色申请");
    static readonly Error Held = new(409, "role_held", "该员工已拥有或已被提议此角色");
    static readonly Error Decided = new(409, "role_decided", "该角色申请已处理");
    static readonly Error OwnProposal = new(403, "own_proposal", "不能批准自己提出的申请") { Detail = "须由另一位管理员或经理批准" };
    static readonly Error FirstGrant = new(422, "first_grant", "首位管理员只能单独授权一次") { Detail = "只限授予另一人管理员或经理角色" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/roles", Post).WithName("proposeRole").ForStaffAnywhere(StaffRole.Admin, StaffRole.Manager)
            .CanFail(KeepAccounts.NotFound, StaffDoor.CommunityNotFound, Problems.NotAllowed, Held);
        doors.Staff.MapGet("/roles", List).WithName("listRoles").ForStaffAnywhere(StaffRole.Admin, StaffRole.Manager);
        doors.Staff.MapPost("/roles/{id:guid}/grant", PostGrant).WithName("grantRole").ForStaffAnywhere(StaffRole.Admin, StaffRole.Manager)
            .CanFail(NotFound, Decided, OwnProposal, FirstGrant);
        doors.Staff.MapPost("/roles/{id:guid}/revoke", PostRevoke).WithName("revokeRole").ForStaffAnywhere(StaffRole.Admin, StaffRole.Manager)
            .CanFail(NotFound, Decided, Guardians.LastOne);
    }

    static async Task<Results<Created<RoleAnswer>, ProblemHttpResult>> Post(StaffAccess by, RoleRequest request, Roles roles, CancellationToken cancel) =>
        (await roles.Propose(request, by, cancel)).ToHttp(made => TypedResults.Created($"/api/staff/v1/roles/{made.RoleId}", made));

    static async Task<Ok<Page<RoleItem>>> List(StaffAccess by, OwnerPayDb db, Guardians guardians, CancellationToken cancel)
    {
        var (grants, accounts) = (db.RoleGrants, db.StaffAccounts);
        var rows = await (
            from grant in grants
            join account in accounts on grant.StaffId equals account.Id
            where grant.State != RoleGrantState.Revoked
            orderby grant.CreatedAt, grant.Id
            select new RoleItem(
                grant.Id, account.Id, account.Name, grant.Role, grant.CommunityId, grant.State, grant.ProposedBy, grant.GrantedBy, grant.CreatedAt)).ToListAsync(cancel);
        var all = await guardians.All(cancel);
        return TypedResults.Ok(new Page<RoleItem>([.. rows.Where(r => Guardians.MayDecide(all, by.StaffId, r.Role, r.CommunityId, r.ProposedBy))], null));
    }

    static async Task<Results<Ok<RoleAnswer>, ProblemHttpResult>> PostGrant(Guid id, StaffAccess by, Roles roles, CancellationToken cancel) =>
        (await roles.Grant(id, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<RoleAnswer>, ProblemHttpResult>> PostRevoke(Guid id, StaffAccess by, Roles roles, CancellationToken cancel) =>
        (await roles.Revoke(id, by, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<RoleAnswer>> Propose(RoleRequest request, StaffAccess by, CancellationToken cancel)
    {
        if (request.CommunityId is { } community && (!by.Knows(community) || !await exists(community, cancel)))
            return StaffDoor.CommunityNotFound.At("communityId");
        if (!by.Holds(request.CommunityId, StaffRole.Admin, StaffRole.Manager)) return Problems.NotAllowed;
        var (accounts, grants) = (db.StaffAccounts, db.RoleGrants);
        if (!await accounts.AnyAsync(a => a.Id == request.StaffId && !a.Disabled, cancel)) return KeepAccounts.NotFound.At("staffId");
        if (await grants.AnyAsync(g => g.StaffId == request.StaffId && g.Role == request.Role && g.CommunityId == request.CommunityId
                && g.State != RoleGrantState.Revoked, cancel))
            return Held;
        var grant = new RoleGrant
        {
            Id = Guid.CreateVersion7(), StaffId = request.StaffId, Role = request.Role, CommunityId = request.CommunityId,
            State = RoleGrantState.Proposed, ProposedBy = by.StaffId, CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        db.Add(grant);
        audit.Add(request.CommunityId, Actor(by), "role.proposed", grant.Id, new { request.StaffId, request.Role });
        await db.SaveChangesAsync(cancel);
        return new RoleAnswer(grant.Id, grant.State);
    }

    public async Task<Result<RoleAnswer>> Grant(Guid id, StaffAccess by, CancellationToken cancel)
    {
        var all = await guardians.All(cancel);
        var grant = await Find(id, by, all, cancel);
        if (grant is null) return NotFound;
        if (grant.State != RoleGrantState.Proposed) return Decided;
        if (grant.ProposedBy == by.StaffId)
        {
            if (all.Exists(guardian => guardian.StaffId != by.StaffId)) return OwnProposal;
            if (grant.Role is not (StaffRole.Admin or StaffRole.Manager) || grant.StaffId == by.StaffId) return FirstGrant;
            grant.GrantedAlone = true;
        }
        grant.State = RoleGrantState.Granted;
        grant.GrantedBy = by.StaffId;
        audit.Add(
            grant.CommunityId, Actor(by), "role.granted", grant.Id, new { grant.StaffId, grant.Role, grant.ProposedBy, Alone = grant.GrantedAlone == true });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException) { return Decided; }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "RoleGrants", "GrantedAlone")) { return FirstGrant; }
        return new RoleAnswer(grant.Id, grant.State);
    }

    /// <summary>Takes a role back, or a proposal. One person suffices: taking away is the safe direction.</summary>
    public async Task<Result<RoleAnswer>> Revoke(Guid id, StaffAccess by, CancellationToken cancel)
    {
        var grant = await Find(id, by, await guardians.All(cancel), cancel);
        if (grant is null) return NotFound;
        if (grant.State == RoleGrantState.Revoked) return Decided;
        if (await guardians.WouldBeMissed(guardian => guardian.GrantId == id, cancel)) return Guardians.LastOne;
        grant.State = RoleGrantState.Revoked;
        audit.Add(grant.CommunityId, Actor(by), "role.revoked", grant.Id, new { grant.StaffId, grant.Role });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException) { return Decided; }
        return new RoleAnswer(grant.Id, grant.State);
    }

    // A grant outside his communities looks as if it did not exist.
    async Task<RoleGrant?> Find(Guid id, StaffAccess by, List<Guardian> all, CancellationToken cancel)
    {
        var grants = db.RoleGrants;
        var grant = await grants.SingleOrDefaultAsync(g => g.Id == id, cancel);
        return grant is not null && Guardians.MayDecide(all, by.StaffId, grant.Role, grant.CommunityId, grant.ProposedBy) ? grant : null;
    }

    static string Actor(StaffAccess by) => by.StaffId.ToString("N");
}
