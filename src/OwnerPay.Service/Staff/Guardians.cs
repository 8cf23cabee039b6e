using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Admins and managers of the whole installation: two of them grant roles, so two of them must always be left once there were two.</summary>
public sealed class Guardians(OwnerPayDb db)
{
    public static readonly Error LastOne = new(409, "last_guardian", "至少须保留两名可在全部小区授权的管理员或经理");

    /// <summary>Ids of enabled accounts that hold admin or manager, in any community.</summary>
    public Task<List<Guid>> Ids(CancellationToken cancel) => Query(everywhereOnly: false).ToListAsync(cancel);

    /// <summary>True when there are just two with power over all communities and this is one of them: without him nobody could grant a role any more.</summary>
    public async Task<bool> AreTwoWith(Guid staffId, CancellationToken cancel)
    {
        var ids = await Query(everywhereOnly: true).ToListAsync(cancel);
        return ids.Count <= 2 && ids.Contains(staffId);
    }

    IQueryable<Guid> Query(bool everywhereOnly)
    {
        var (grants, accounts) = (db.RoleGrants, db.StaffAccounts);
        return grants.Where(g => g.State == RoleGrantState.Granted && (g.Role == StaffRole.Admin || g.Role == StaffRole.Manager)
            && (!everywhereOnly || g.CommunityId == null) && accounts.Any(a => a.Id == g.StaffId && !a.Disabled)).Select(g => g.StaffId).Distinct();
    }
}
