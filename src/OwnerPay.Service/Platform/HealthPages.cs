using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace OwnerPay.Service.Platform;

/// <summary>For load balancers and watchdogs: is the process alive, can it work. They tell a word and nothing else.</summary>
public static class HealthPages
{
    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it reaches its database too; 503 otherwise.</summary>
    public static void MapHealthPages(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).BeforeSignIn(Door.Public, RateLimits.Normal);
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }).BeforeSignIn(Door.Public, RateLimits.Normal);
    }
}
