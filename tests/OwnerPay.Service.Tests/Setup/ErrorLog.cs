using Microsoft.Extensions.Logging;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Hands on what a server logs as an error.</summary>
sealed class ErrorLog(Action<string> hear) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) hear($"{formatter(state, exception)} {exception}");
    }

    public void Dispose() { }
}
