using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Remembers what the servers of this process logged as an error, so that a test that got a 500 can say why.</summary>
sealed class Faults : ILoggerProvider, ILogger
{
    static readonly ConcurrentDictionary<string, string> ByTrace = new();

    /// <summary>What was logged in the course of a request, or null.</summary>
    public static string? Of(string? traceId) => traceId is null ? null : ByTrace.GetValueOrDefault(traceId);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || Activity.Current is not { } activity) return;
        ByTrace.AddOrUpdate(activity.TraceId.ToString(), _ => $"{formatter(state, exception)}\n{exception}", (_, before) => $"{before}\n{formatter(state, exception)}\n{exception}");
    }

    public void Dispose() { }
}
