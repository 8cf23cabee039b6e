using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <param name="Code">House code within its community: <c>3-2-1101</c>.</param>
/// <param name="Role">What the user is to the house; the strongest relation where there are several.</param>
/// <param name="Until">Last day of that relation; null while it lasts. Former owners still see what they owe for their time.</param>
public sealed record MyHouse(Guid CommunityId, string CommunityName, Guid HouseId, string Code, TenureKind Role, DateOnly? Until);

/// <param name="Bound">False for a user who has still to bind a house.</param>
/// <param name="Suspended">True when a binding waits to be confirmed because the phone in the roster changed.</param>
public sealed record MeAnswer(bool Bound, bool Suspended, IReadOnlyList<MyHouse> Houses);

/// <summary>The houses of the signed-in user, over all communities.</summary>
public sealed class ShowMe(OwnerPayDb db, Clock clock)
{
    public static void Map(Doors doors) => doors.Owner.MapGet("/me", Get).WithName("showMe").ForOwners();

    static async Task<Ok<MeAnswer>> Get(SignedIn user, ShowMe me, CancellationToken cancel) => TypedResults.Ok(await me.Run(user, cancel));

    public async Task<MeAnswer> Run(SignedIn user, CancellationToken cancel)
    {
        var today = clock.Today();
        var (bindings, tenures, houses, communities) = (db.Bindings, db.Tenures, db.Houses, db.Communities);
        var states = await bindings.AsNoTracking().Where(b => b.WeChatUserId == user.WeChatUserId).Select(b => b.State).ToListAsync(cancel);
        var found = await (
            from binding in bindings.AsNoTracking()
            where binding.WeChatUserId == user.WeChatUserId && binding.State == BindingState.Active
            join tenure in tenures.AsNoTracking() on binding.PersonId equals tenure.PersonId
            where tenure.From <= today
            join house in houses.AsNoTracking() on tenure.HouseId equals house.Id
            join community in communities.AsNoTracking() on tenure.CommunityId equals community.Id
            select new { tenure, house.Code, community.Name }).ToListAsync(cancel);
        var mine = found.Where(row => Members.Admits(row.tenure, today))
            .GroupBy(row => row.tenure.HouseId)
            .Select(rows => rows.OrderBy(row => Members.Rank(row.tenure.Kind)).ThenByDescending(row => row.tenure.From).First())
            .OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Code, StringComparer.Ordinal)
            .Select(row => new MyHouse(row.tenure.CommunityId, row.Name, row.tenure.HouseId, row.Code, row.tenure.Kind, row.tenure.To));
        return new MeAnswer(states.Contains(BindingState.Active), states.Contains(BindingState.Suspended), [.. mine]);
    }
}
