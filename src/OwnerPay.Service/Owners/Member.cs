using System.Reflection;
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
    public static async ValueTask<Member?> BindAsync(HttpContext http, ParameterInfo _)
    {
        var user = SignedIn.IdOf(http);
        if (!Guid.TryParse(http.Request.RouteValues["houseId"] as string, out var house)) throw new RefusedRequestException(HouseNotFound);
        var found = await http.RequestServices.GetRequiredService<MemberQueue>().Run(new(user, house));
        if (!found.IsKnown) throw new RefusedRequestException(Problems.SignInNeeded);
        return found.Member ?? throw new RefusedRequestException(HouseNotFound);
    }
}

/// <summary>Asks what a user is to a house.</summary>
public sealed record MemberLookUp(Guid WeChatUserId, Guid HouseId);

/// <param name="IsKnown">False for a user who is gone.</param>
/// <param name="Member">Null when the user has no business with the house.</param>
public sealed record FoundMember(bool IsKnown, Member? Member);

/// <summary>Every request of an owner begins by asking who he is to the house: those who ask at one moment ask together.</summary>
public sealed partial class MemberQueue(IServiceScopeFactory scopes, ILogger<MemberQueue> log) : CompanyQueue<MemberLookUp, FoundMember>(scopes, lanes: 2, mostTogether: 64)
{
    protected override Guid KindOf(MemberLookUp item) => Guid.Empty;

    protected override async Task<IReadOnlyList<(bool Done, FoundMember? Answer)>> Together(IServiceProvider services, IReadOnlyList<MemberLookUp> items) =>
        [.. (await services.GetRequiredService<Members>().Find(items, CancellationToken.None)).Select(found => (true, found))];

    protected override void NotTogether(Exception failure, int count) => NotTogether(log, failure, count);

    [LoggerMessage(3030, LogLevel.Warning, "{Count} users could not be looked up")]
    static partial void NotTogether(ILogger log, Exception failure, int count);
}

/// <summary>Looks up what WeChat users are to houses, through active bindings and the roster as it is today.</summary>
public sealed class Members(OwnerPayDb db, Clock clock)
{
    /// <returns>What was found for each, in the same order.</returns>
    public async Task<IReadOnlyList<FoundMember>> Find(IReadOnlyList<MemberLookUp> asked, CancellationToken cancel)
    {
        var (users, houses) = (asked.Select(each => each.WeChatUserId).ToHashSet(), asked.Select(each => each.HouseId).ToHashSet());
        var question = new RowsByKey(db);
        var known = question.Of<WeChatUser>(nameof(WeChatUser.Id), users, locked: false, nameof(WeChatUser.SessionKeyWrapped));
        var bindings = question.Of<Binding>(nameof(Binding.WeChatUserId), users, locked: false, nameof(Binding.PhoneMark));
        var tenures = question.Of<Tenure>(nameof(Tenure.HouseId), houses, locked: false);
        var parties = question.Of<LiableParty>(nameof(LiableParty.HouseId), houses, locked: false);
        await question.Run(cancel);
        var (userById, tenuresOf, partiesOf) = (known.ToDictionary(user => user.Id), tenures.ToLookup(tenure => tenure.HouseId), parties.ToLookup(party => party.HouseId));
        var personsOf = bindings.Where(binding => binding.State == BindingState.Active).ToLookup(binding => binding.WeChatUserId, binding => binding.PersonId);
        var today = clock.Today();
        return [.. asked.Select(each => userById.TryGetValue(each.WeChatUserId, out var user)
            ? new FoundMember(true, Of(user, each.HouseId, personsOf[user.Id], tenuresOf[each.HouseId], partiesOf[each.HouseId], today))
            : new FoundMember(false, null))];
    }

    static Member? Of(WeChatUser user, Guid house, IEnumerable<Guid> persons, IEnumerable<Tenure> tenures, IEnumerable<LiableParty> parties, DateOnly today)
    {
        var standing = tenures.Where(tenure => Admits(tenure, today) && persons.Contains(tenure.PersonId)).ToList();
        if (standing.Count == 0) return null;
        List<Guid> mine = [.. parties.Where(party => standing.Exists(tenure => IsMember(tenure, party)))
            .OrderBy(party => party.From).ThenBy(party => party.Id).Select(party => party.Id)];
        var first = standing.OrderBy(tenure => Rank(tenure.Kind)).ThenByDescending(tenure => tenure.From).ThenBy(tenure => tenure.Id).First();
        return new Member(user.Id, user.OpenId, user.AppId, first.CommunityId, first.PersonId, house, first.Kind, mine);
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
