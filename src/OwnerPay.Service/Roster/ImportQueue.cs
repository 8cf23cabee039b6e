using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>An uploaded file that waits to be imported; disposing it deletes the temporary file.</summary>
sealed record QueuedImport(RosterImport Import, Stream File, bool GoodRows);

/// <summary>Uploaded rosters are imported one after the other behind the request that brought them: a large one takes longer than a browser
/// waits.</summary>
/// <remarks>The queue lives in this instance only. If the instance dies, the import is closed as failed by <see cref="CloseLostImports"/> and the
/// clerk uploads the file again, which is harmless however far it had come.</remarks>
public sealed partial class ImportQueue(IServiceScopeFactory scopes, ILogger<ImportQueue> log) : Worker
{
    readonly Channel<QueuedImport> waiting = Channel.CreateBounded<QueuedImport>(20);

    internal ValueTask Add(QueuedImport import, CancellationToken cancel) => waiting.Writer.WriteAsync(import, cancel);

    protected override async Task Work(CancellationToken stopping)
    {
        try
        {
            await foreach (var next in waiting.Reader.ReadAllAsync(stopping)) await Import(next, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { /* the instance stops */ }
    }

    async Task Import(QueuedImport next, CancellationToken stopping)
    {
        await using var file = next.File;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ImportRoster>().Run(next.Import, file, next.GoodRows, stopping);
        }
        catch (Exception failure) when (!scopes.Ends(stopping))
        {
            ImportFailed(log, failure, next.Import.Id);
        }
    }

    /// <summary>A file that only this account can read and that disappears when it is closed: rosters are full of personal data.</summary>
    public static FileStream TemporaryFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"ownerpay-{Guid.CreateVersion7():N}.upload"), options);
    }

    [LoggerMessage(3001, LogLevel.Error, "Roster import {Import} failed")]
    static partial void ImportFailed(ILogger log, Exception failure, Guid import);
}

/// <summary>Closes imports whose instance died, so that nobody waits for them.</summary>
public sealed class CloseLostImports(OwnerPayDb db, Clock clock, ImportProgress progress) : IJob
{
    static readonly TimeSpan LongestImport = TimeSpan.FromHours(1);

    public async Task<string> Run(CancellationToken cancel)
    {
        var (now, imports) = (clock.Now(), db.RosterImports);
        var before = now - LongestImport;
        var lost = 0;
        foreach (var id in await imports.Where(i => i.State == RosterImportState.Running && i.StartedAt < before).Select(i => i.Id)
            .ToListAsync(cancel))
            if (progress.RowsRead(id) is null)
                lost += await imports.Where(i => i.Id == id && i.State == RosterImportState.Running).ExecuteUpdateAsync(
                    set => set.SetProperty(i => i.State, RosterImportState.Failed).SetProperty(i => i.FinishedAt, now), cancel);
        return $"{lost} lost imports closed";
    }
}
