using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OwnerPay.Service.Storage;

/// <summary>Lets one connection at a time out of the driver's pool and back into it.</summary>
/// <remarks>The pool looks for forgotten handles while others are being given out or taken back, and for a moment those look forgotten too: then two connections
/// hold one handle, and one ends the other's transaction (<c>https://github.com/dotnet/efcore/issues/39008</c>). To be taken out with the first driver in which
/// both giving out and taking back are mended.</remarks>
public sealed class SqlitePoolDoor : DbConnectionInterceptor
{
    public static readonly SqlitePoolDoor Instance = new();

    static readonly Lock Door = new();

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        lock (Door) connection.Open();
        return InterceptionResult.Suppress();
    }

    // The driver knows no asynchronous opening.
    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(ConnectionOpening(connection, eventData, result));
    }

    public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        lock (Door) connection.Close();
        return InterceptionResult.Suppress();
    }

    public override ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        new(ConnectionClosing(connection, eventData, result));

    public override InterceptionResult ConnectionDisposing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        lock (Door) connection.Dispose();
        return InterceptionResult.Suppress();
    }

    public override ValueTask<InterceptionResult> ConnectionDisposingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        new(ConnectionDisposing(connection, eventData, result));
}
