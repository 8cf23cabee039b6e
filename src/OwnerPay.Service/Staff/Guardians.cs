using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>A role of admin or manager that is in force; whoever holds one takes part in granting roles.</summary>
/// <param name="CommunityId">Null: in all communities.</param>
public sealed record Guardian(Guid GrantId, Guid StaffId, StaffRole Role, Guid? CommunityId)
{
    public bool WatchesOver(Guid? community) => CommunityId is null || CommunityId == community;
}

/// <summary>Admins and managers with enabled accounts: two of them grant roles, so two of them must always be left.</summary>
public sealed class Guardians(OwnerPayDb db)
{
    public static readonly Error LastOne = new(409, "last_guardian", "不能移除：须至少保留两名管理员或经理，其中一名为全部小区的管理员");

    public Task<List<Guardian>> All(CancellationToken cancel)
    {
        var (grants, accounts) = (db.RoleGrants, db.StaffAccounts);
        return grants.Where(g => g.State == RoleGrantState.Granted && (g.Role == StaffRole.Admin || g.Role == StaffRole.Manager)
                && accounts.Any(a => a.Id == g.StaffId && !a.Disabled))
            .Select(g => new Guardian(g.Id, g.StaffId, g.Role, g.CommunityId)).ToListAsync(cancel);
    }

    /// <summary>True when without these roles nobody could grant a role any more.</summary>
    public async Task<bool> WouldBeMissed(Func<Guardian, bool> removed, CancellationToken cancel)
    {
        var all = await All(cancel);
        var left = all.Where(guardian => !removed(guardian)).ToList();
        return left.Count < all.Count
            && (left.Select(g => g.StaffId).Distinct().Count() < 2 || !left.Exists(g => g is { Role: StaffRole.Admin, CommunityId: null }));
    }

    /// <summary>May this person decide a proposal of this role there, whoever proposed it?</summary>
    /// <remarks>Whoever watches over that community may. A community that has only its proposer borrows a guardian of another one for its first
    /// admin or manager: otherwise an estate opened later could never be staffed by two people.</remarks>
    public static bool MayDecide(IReadOnlyList<Guardian> all, Guid staffId, StaffRole role, Guid? community, Guid proposedBy) =>
        all.Any(g => g.StaffId == staffId && g.WatchesOver(community))
        || role is StaffRole.Admin or StaffRole.Manager && community is not null && all.Any(g => g.StaffId == staffId)
            && all.Where(g => g.WatchesOver(community)).All(g => g.StaffId == proposedBy);
}
