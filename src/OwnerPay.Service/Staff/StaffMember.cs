using System.Reflection;

namespace OwnerPay.Service.Staff;

/// <summary>The signed-in member of staff, in the community that the route names. Ask for it as a parameter of any route that is <c>ForStaff</c>.</summary>
/// <param name="CommunityId">The route value <c>communityId</c>; <see cref="Guid.Empty"/> on routes of the whole installation.</param>
/// <param name="Roles">Roles held in that community or in all; on routes of the installation those held in all communities.</param>
public sealed record StaffMember(Guid StaffId, string Name, Guid CommunityId, IReadOnlyList<StaffRole> Roles)
{
    /// <summary>How the audit log and idempotency keys name this person: the id in 32 hex digits.</summary>
    public string Actor => StaffId.ToString("N");

    public bool Has(params ReadOnlySpan<StaffRole> anyOf)
    {
        foreach (var role in anyOf)
            if (Roles.Contains(role)) return true;
        return false;
    }

    public static ValueTask<StaffMember?> BindAsync(HttpContext http, ParameterInfo _) =>
        new(http.Features.Get<StaffMember>() ?? throw new InvalidOperationException("A route that asks for the staff member must be declared ForStaff."));
}

/// <summary>A role that is in force: in one community, or in all (null).</summary>
public sealed record HeldRole(StaffRole Role, Guid? CommunityId);

/// <summary>An enabled account and its roles, read from the database on every request: a cookie or a token only says who comes.</summary>
/// <param name="MustChangePassword">Signed in with the one-time password: only that password may be changed now.</param>
/// <param name="ByToken">Came with a personal access token, not with a cookie.</param>
public sealed record StaffAccess(Guid StaffId, string Login, string Name, bool MustChangePassword, bool ByToken, IReadOnlyList<HeldRole> Held)
{
    /// <summary>Has a confirmed second factor; then whoever comes with a cookie has shown it.</summary>
    public bool TotpEnrolled { get; init; }

    /// <summary>The roles ask for a second factor and there is none yet: only setting one up is open now.</summary>
    public bool MustEnrolTotp { get; init; }

    /// <summary>The roles that count in a community: those held there and those held everywhere.</summary>
    /// <param name="community">Null: the installation; only roles held everywhere count.</param>
    public IReadOnlyList<StaffRole> RolesIn(Guid? community) =>
        [.. Held.Where(held => held.CommunityId is null || held.CommunityId == community).Select(held => held.Role).Distinct().Order()];

    public bool Holds(Guid? community, params ReadOnlySpan<StaffRole> anyOf) => In(community).Has(anyOf);

    /// <summary>True when the person works there at all; a community of which this is false must look as if it did not exist.</summary>
    public bool Knows(Guid community) => RolesIn(community).Count > 0;

    public StaffMember In(Guid? community) => new(StaffId, Name, community ?? Guid.Empty, RolesIn(community));

    public static ValueTask<StaffAccess?> BindAsync(HttpContext http, ParameterInfo _) =>
        new(http.Features.Get<StaffAccess>() ?? throw new InvalidOperationException("A route that asks who came must be declared ForStaff."));
}
