using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Staff;

/// <summary>Where a staff route looks for the roles that it asks for.</summary>
public enum StaffScope
{
    /// <summary>In the community of the route value <c>communityId</c>; without one, roles held in all communities.</summary>
    Route,

    /// <summary>In any community at all; the operation itself narrows what the person may do there.</summary>
    Anywhere,
}

/// <summary>Route metadata of the staff door: who may pass.</summary>
/// <param name="Roles">One of these is needed; none named means every enabled account.</param>
/// <param name="WithOneTimePassword">Open even while the one-time password has not been changed.</param>
/// <param name="BeforeTotp">Open even while a second factor that the roles ask for is not set up.</param>
public sealed record StaffRule(IReadOnlyList<StaffRole> Roles, StaffScope Scope, bool WithOneTimePassword = false, bool BeforeTotp = false);

public static class StaffRoutes
{
    /// <summary>A route for staff with one of these roles in the route's community, or in all. Without roles: for every signed-in member of staff.</summary>
    /// <remarks>A community in which the person has no role at all answers 404, a missing role 403.</remarks>
    public static TRoute ForStaff<TRoute>(this TRoute route, params StaffRole[] roles) where TRoute : IEndpointConventionBuilder =>
        route.Declare(roles, StaffScope.Route);

    /// <summary>A route outside a community for staff who hold one of these roles somewhere; the operation checks where.</summary>
    public static TRoute ForStaffAnywhere<TRoute>(this TRoute route, params StaffRole[] roles) where TRoute : IEndpointConventionBuilder =>
        route.Declare(roles, StaffScope.Anywhere);

    static TRoute Declare<TRoute>(this TRoute route, StaffRole[] roles, StaffScope scope) where TRoute : IEndpointConventionBuilder
    {
        route.Add(DeclareRefusals);
        return route.Declare(new RouteAccess(Door.Staff, Anonymous: false, [.. roles.Select(role => role.ToString())], RateLimits.Normal))
            .WithMetadata(new StaffRule(roles, scope));
    }

    // What the keeper of the door refuses, so that the API document names it on every route.
    static void DeclareRefusals(EndpointBuilder endpoint)
    {
        List<Error> refusals = [StaffDoor.PasswordChangeNeeded, StaffDoor.TotpEnrolmentNeeded];
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().Any(allowed => !allowed.HttpMethods.Contains(HttpMethods.Get)))
        {
            refusals.Add(StaffDoor.AntiForgeryMissing);
            endpoint.Metadata.Add(new DeclaredHeader(StaffDoor.AntiForgeryHeader, "以登录 Cookie 调用时必须，值为 1：浏览器不让别的网站带上它。以访问令牌调用时不需要。"));
        }
        if (endpoint is RouteEndpointBuilder { RoutePattern: var pattern } && pattern.GetParameter("communityId") is not null) refusals.Add(StaffDoor.CommunityNotFound);
        endpoint.Metadata.Add(new DeclaredErrors(refusals));
    }

    /// <summary>The few routes that somebody with a one-time password needs to get rid of it.</summary>
    public static TRoute WithOneTimePassword<TRoute>(this TRoute route) where TRoute : IEndpointConventionBuilder =>
        route.WithMetadata(new StaffRule([], StaffScope.Route, WithOneTimePassword: true));

    /// <summary>The routes that somebody needs to set up the second factor that his roles ask for.</summary>
    public static TRoute BeforeTotp<TRoute>(this TRoute route) where TRoute : IEndpointConventionBuilder =>
        route.WithMetadata(new StaffRule([], StaffScope.Route, BeforeTotp: true));
}
