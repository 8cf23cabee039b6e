using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace OwnerPay.Service.Platform;

/// <summary>Endpoints that are made when they are first asked for, and then kept.</summary>
/// <remarks>Groups of routes make theirs anew for everybody who asks, and two ask at each start: the router and the cache of policies. Making
/// hundreds of them, each with the shape of its body, is a good part of a start.</remarks>
sealed class RoutesMadeOnce(EndpointDataSource source) : EndpointDataSource
{
    readonly Lazy<IReadOnlyList<Endpoint>> made = new(() => source.Endpoints);

    public override IReadOnlyList<Endpoint> Endpoints => made.Value;

    /// <summary>Never changes: all routes are mapped before an instance starts.</summary>
    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    /// <summary>Makes what <see cref="Keep"/> keeps, so that the start can do something else meanwhile.</summary>
    public static void Make(IEndpointRouteBuilder routes)
    {
        foreach (var source in routes.DataSources) _ = source.Endpoints;
    }

    /// <summary>To be called when all routes are mapped.</summary>
    public static void Keep(IEndpointRouteBuilder routes)
    {
        EndpointDataSource[] kept = [.. routes.DataSources.Select(source => new RoutesMadeOnce(source))];
        routes.DataSources.Clear();
        foreach (var source in kept) routes.DataSources.Add(source);
    }
}
