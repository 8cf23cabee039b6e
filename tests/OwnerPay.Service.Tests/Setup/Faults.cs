using System.Collections.Concurrent;
using System.Diagnostics;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Remembers what the servers of this process logged as an error, so that a test that got a 500 can say why.</summary>
static class Faults
{
    static readonly ConcurrentDictionary<string, string> ByTrace = new();

    /// <summary>To be given to each server.</summary>
    public static ErrorLog Log() => new(Keep);

    /// <summary>What was logged in the course of a request, or null.</summary>
    public static string? Of(string? traceId) => traceId is null ? null : ByTrace.GetValueOrDefault(traceId);

    static void Keep(string error)
    {
        if (Activity.Current is { } request) ByTrace.AddOrUpdate(request.TraceId.ToString(), error, (_, before) => $"{before}\n{error}");
    }
}
