using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

/// <summary>Every route of the running service, called by everybody whom it might meet.</summary>
public sealed partial class AuthorizationMatrixTests(Servers servers) : IDisposable
{
    // One client for each key: ten thousand calls would open as many connections.
    readonly Dictionary<string, Api> callers = [];

    [Fact]
    public async Task Every_route_says_who_may_pass_and_how_often()
    {
        var installation = await servers.Shared(Database.Sqlite);
        Assert.Empty(Routes(installation).SelectMany(Faults));
        Assert.True(Routes(installation).Count > 40);
    }

    [Fact]
    public void A_route_that_says_nothing_or_has_no_limit_or_is_open_by_mistake_is_found()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/silent", () => "").WithName("silent");
        app.MapGet("/unlimited", () => "").WithMetadata(new RouteAccess(Door.Staff, Anonymous: false, ["Clerk"], RateLimits.Normal)).RequireAuthorization(DoorSetup.StaffPolicy);
        app.MapGet("/open", () => "").WithMetadata(new StaffRule([], StaffScope.Route)).Declare(new RouteAccess(Door.Staff, Anonymous: false, [], RateLimits.Normal));
        app.MapGet("/good", () => "").ForStaff(StaffRole.Clerk).RequireAuthorization(DoorSetup.StaffPolicy);
        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();

        Assert.Equal(["/silent", "/unlimited", "/open"], routes.Where(route => Faults(route).Any()).Select(route => route.RoutePattern.RawText!));
    }

    [Theory, EachDatabase]
    public async Task Each_role_passes_where_its_route_says_and_nowhere_else(Database database)
    {
        var (own, foreign) = (await servers.Estate(database), await servers.Estate(database));
        var wrong = new List<string>();
        foreach (var route in Routes(own.Installation).Where(route => Access(route) is { Door: Door.Staff, Anonymous: false }))
        {
            var rule = route.Metadata.GetMetadata<StaffRule>()!;
            var inCommunity = route.RoutePattern.RawText!.Contains("{communityId", StringComparison.Ordinal);
            foreach (var role in Enum.GetValues<StaffRole>())
            {
                var mayPass = rule.Roles.Count == 0 || rule.Roles.Contains(role) && (inCommunity || rule.Scope == StaffScope.Anywhere);
                var answer = await Call(route, own.As(role).Token, own);
                var passed = answer.Status != 401 && answer.Code is not "not_allowed" and not "community_not_found";
                if (passed != mayPass || !passed && answer.Status != 403) wrong.Add($"{Name(route)} as {role}: {answer.Status} {answer.Code}");
                if (!inCommunity) continue;
                foreach (var elsewhere in new[] { foreign.CommunityId, Guid.CreateVersion7() })
                    if (await Call(route, own.As(role).Token, own, community: elsewhere) is not { Status: 404, Code: "community_not_found" })
                        wrong.Add($"{Name(route)} as {role} of another community");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(await own.Verify());
    }

    [Theory, EachDatabase]
    public async Task Nobody_passes_without_the_key_of_that_very_door(Database database)
    {
        var estate = await servers.Estate(database);
        var owner = await estate.SignIn(estate.Houses[0]);
        var wrong = new List<string>();
        foreach (var route in Routes(estate.Installation).Where(route => !Access(route)!.Anonymous))
        {
            var keys = new[] { null, "", "opt_forged", owner.Api.Token + "x", Access(route)!.Door == Door.Staff ? owner.Api.Token : estate.Admin.Token };
            foreach (var key in keys)
                if (await Call(route, key, estate) is not { Status: 401, Code: "sign_in_needed" }) wrong.Add($"{Name(route)} with {key ?? "nothing"}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, EachDatabase]
    public async Task An_owner_reaches_his_own_house_and_no_other_looks_as_if_it_existed(Database database)
    {
        var (own, foreign) = (await servers.Estate(database), await servers.Estate(database));
        var owner = await own.SignIn(own.Houses[0]);
        var routes = Routes(own.Installation).Where(route => Access(route)!.Door == Door.Owner && route.RoutePattern.RawText!.Contains("{houseId", StringComparison.Ordinal)).ToList();
        var wrong = new List<string>();
        foreach (var route in routes)
        {
            if (await Call(route, owner.Api.Token, own, house: own.Houses[0].Id) is { Status: 401 or 403 or >= 500 } or { Code: "house_not_found" }) wrong.Add(Name(route));
            foreach (var other in new[] { own.Houses[1].Id, foreign.Houses[0].Id, Guid.CreateVersion7() })
                if (await Call(route, owner.Api.Token, own, house: other) is not { Status: 404, Code: "house_not_found" }) wrong.Add($"{Name(route)} of another house");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(routes.Count > 10);
    }

    static List<RouteEndpoint> Routes(Installation installation) =>
        [.. installation.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    static RouteAccess? Access(RouteEndpoint route) => route.Metadata.GetMetadata<RouteAccess>();

    static IEnumerable<string> Faults(RouteEndpoint route)
    {
        var policies = route.Metadata.GetOrderedMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Select(data => data.Policy).ToList();
        var open = route.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null;
        if (Access(route) is not { } access) yield return $"{Name(route)} declares no door, role and limit";
        else
        {
            if (route.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName != access.RateLimit) yield return $"{Name(route)} has another limit than declared";
            if (open != access.Anonymous) yield return $"{Name(route)} is open or closed against its declaration";
            var door = access.Door switch { Door.Owner => DoorSetup.OwnerPolicy, Door.Staff => DoorSetup.StaffPolicy, _ => null };
            if (!access.Anonymous && (door is null || !policies.Contains(door))) yield return $"{Name(route)} asks for no sign-in";
            if (access is { Door: Door.Staff, Anonymous: false } && route.Metadata.GetMetadata<StaffRule>() is null) yield return $"{Name(route)} has no rule of the staff door";
        }
    }

    static string Name(RouteEndpoint route) => $"{Method(route)} {route.RoutePattern.RawText}";

    static string Method(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";

    async Task<Answer> Call(RouteEndpoint route, string? key, Estate estate, Guid? community = null, Guid? house = null)
    {
        var name = key is null ? "none" : "key " + key;
        if (!callers.TryGetValue(name, out var api)) callers[name] = api = new Api(estate.Installation.Addresses[0], "", key);
        var path = Parameter().Replace(route.RoutePattern.RawText!, match => match.Groups[1].Value switch
        {
            "communityId" => (community ?? estate.CommunityId).ToString(),
            "houseId" => (house ?? estate.Houses[0].Id).ToString(),
            "day" => "2026-12-01",
            _ => Guid.CreateVersion7().ToString(),
        });
        var method = new HttpMethod(Method(route));
        return await api.Send(method, path, method == HttpMethod.Get || method == HttpMethod.Delete ? null : Body(route), null);
    }

    // A body that every route can read and none can use.
    static object Body(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("multipart/form-data") == true
            ? new MultipartFormDataContent { { new StringContent("x"), "nothing" } }
            : new { };

    public void Dispose()
    {
        foreach (var api in callers.Values) api.Dispose();
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
