using System.Reflection;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Owners;

/// <summary>A signed-in user as a person of one house: what every route under <c>/houses/{houseId}</c> acts for.</summary>
/// <param name="TenureKind">What the person is to the house; the strongest relation where there are several.</param>
/// <param name="PartyIds">Liable parties of the house that the user's persons belong to, also earlier ones: whoever sold a house still sees
/// what he owes for his time, and the buyer never does. Empty for tenants and payers, who owe nothing by themselves.</param>
public sealed record Member(
    Guid WeChatUserId, string OpenId, string AppId, Guid CommunityId, Guid PersonId, Guid HouseId, TenureKind TenureKind, IReadOnlyList<Guid> PartyIds)
{
    /// <summary>How the audit log names him.</summary>
    public string Actor => $"owner:{WeChatUserId:N}";

    /// <summary>One answer for an unknown house, somebody else's house and a text that is no id.</summary>
    public static readonly Error HouseNotFound = new(404, "house_not_found", "没有找到该房屋");

    /// <summary>Binds an endpoint's parameter from the route value <c>houseId</c> and the session.</summary>
    public static async ValueTask<Member?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        var user = (await SignedIn.BindAsync(http, parameter))!;
        if (!Guid.TryParse(http.Request.RouteValues["houseId"] as string, out var house)) throw new RefusedRequestException(HouseNotFound);
        var members = http.RequestServices.GetRequiredService<Members>();
        return await members.Find(user, house, http.RequestAborted) ?? throw new RefusedRequestException(HouseNotFound);
    }
}

/// <summary>Looks up what a WeChat user is to a house, through active bindings and the roster as it is today.</summary>
public sealed class Members(OwnerPayDb db, Clock clock)
{
    /// <returns>Null when the user has no business with the house.</returns>
    public async Task<Member?> Find(SignedIn user, Guid house, CancellationToken cancel)
    {
        var today = clock.Today();
        var (bindings, tenures, parties) = (db.Bindings, db.Tenures, db.LiableParties);
        // One query, since every request of an owner begins with it: each tenure beside each party of the house.
        var found = await (
            from binding in bindings.AsNoTracking()
            where binding.WeChatUserId == user.WeChatUserId && binding.State == BindingState.Active
            join tenure in tenures.AsNoTracking() on binding.PersonId equals tenure.PersonId
            where tenure.HouseId == house && tenure.From <= today
            join party in parties.AsNoTracking() on tenure.HouseId equals party.HouseId into all
            from party in all.DefaultIfEmpty()
            select new { Tenure = tenure, Party = (LiableParty?)party }).ToListAsync(cancel);
        var standing = found.FindAll(row => Admits(row.Tenure, today));
        if (standing.Count == 0) return null;
        List<Guid> mine = [.. standing.Where(row => row.Party is { } party && IsMember(row.Tenure, party)).Select(row => row.Party!).DistinctBy(party => party.Id)
            .OrderBy(party => party.From).ThenBy(party => party.Id).Select(party => party.Id)];
        var first = standing.Select(row => row.Tenure).OrderBy(tenure => Rank(tenure.Kind)).ThenByDescending(tenure => tenure.From).ThenBy(tenure => tenure.Id).First();
        return new Member(user.WeChatUserId, user.OpenId, user.AppId, first.CommunityId, first.PersonId, house, first.Kind, mine);
    }

    /// <summary>Owners keep access to their own time after a sale; tenants and payers leave with their last day.</summary>
    public static bool Admits(Tenure tenure, DateOnly today) =>
        tenure.From <= today && (Owes(tenure.Kind) || tenure.To is null || today <= tenure.To);

    /// <summary>True for the relations that make somebody liable for the fees.</summary>
    public static bool Owes(TenureKind kind) => kind is TenureKind.Owner or TenureKind.JointOwner or TenureKind.Developer;

    /// <summary>True when the days of the tenure and of the party overlap and both are the owners' or both the developer's.</summary>
    public static bool IsMember(Tenure tenure, LiableParty party) =>
        Owes(tenure.Kind) && (tenure.Kind == TenureKind.Developer) == (party.Kind == PartyKind.Developer)
        && (party.To is null || tenure.From <= party.To) && (tenure.To is null || party.From <= tenure.To);

    /// <summary>Strongest relation first.</summary>
    public static int Rank(TenureKind kind) => kind switch
    {
        TenureKind.Owner => 0,
        TenureKind.JointOwner => 1,
        TenureKind.Developer => 2,
        TenureKind.Payer => 3,
        TenureKind.Tenant => 4,
        _ => throw new InvalidOperationException($"No rank for {kind}"),
    };
}
