using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>What became of a roster file. <c>Read</c> = <c>Written</c> + <c>Unchanged</c> + <c>Skipped</c> + <c>Bad</c>, in rows.</summary>
/// <param name="Skipped">Rows without fault that were not stored because others were bad.</param>
/// <param name="FaultsLeftOut">Faults beyond the first 20,000; zero in any file that people wrote.</param>
public sealed record RosterReport(
    Guid ImportId, RosterImportState State, string FileName, int Read, int Written, int Unchanged, int Skipped, int Bad, int FaultsLeftOut,
    IReadOnlyList<RosterFault> Faults, IReadOnlyList<RosterNote> Notes);

/// <summary>Takes a roster workbook over into one community: all of it, or nothing, or (on demand) the good rows; in one transaction.</summary>
/// <remarks>The same file a second time changes nothing. Changes of what was stored go to the audit log one by one; a number that a person lost is
/// told as <c>person.phone-changed</c>, so that bindings made with it wait for a confirmation.</remarks>
public sealed class ImportRoster(OwnerPayDb db, MasterKey master, Outbox outbox, Audit audit, Clock clock, ImportProgress progress)
{
    const int MaxReported = 20_000;

    /// <summary>News for the rooms above: a person in the roster lost a phone number.</summary>
    public const string PhoneChanged = "person.phone-changed";

    /// <summary>Notes that an import begins; its report can be asked for from now on.</summary>
    public async Task<RosterImport> Begin(Guid community, Guid staff, string fileName, Stream file, CancellationToken cancel)
    {
        file.Position = 0;
        var import = new RosterImport
        {
            Id = Guid.CreateVersion7(), CommunityId = community, FileName = fileName.Length > 190 ? fileName[..190] : fileName,
            FileHash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)), State = RosterImportState.Running, StartedBy = staff,
            StartedAt = clock.Now(),
        };
        db.Add(import);
        await db.SaveChangesAsync(cancel);
        return import;
    }

    /// <param name="goodRows">Store the good rows even if others are bad.</param>
    public async Task<RosterReport> Run(RosterImport import, Stream file, bool goodRows, CancellationToken cancel)
    {
        try
        {
            progress.Tell(import.Id, 0);
            var read = RosterWorkbook.Read(file, rows => progress.Tell(import.Id, rows), cancel);
            progress.Tell(import.Id, read.Read);
            return await db.AgainFromTheStart(() => Store(import.Id, read, goodRows, cancel), cancel);
        }
        catch (Exception)
        {
            await Failed(import.Id);
            throw;
        }
        finally
        {
            progress.Forget(import.Id);
        }
    }

    async Task<RosterReport> Store(Guid id, RosterFile file, bool goodRows, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var import = await db.RosterImports.SingleAsync(i => i.Id == id, cancel);
        // One import at a time per community: what is judged here must still be so when it is written.
        await db.Communities.Where(c => c.Id == import.CommunityId).AsNoTracking().ForUpdate().SingleAsync(cancel);
        var store = await RosterStore.Load(db, import.CommunityId, cancel);
        var verdict = RosterCheck.Judge(file, store.Known());
        var (written, unchanged, skipped) = (0, 0, verdict.Good.Count + verdict.Dependent.Count);
        if (verdict.Faults.Count == 0 || (goodRows && !file.IsRefused))
        {
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            var storing = new RosterStoring(db, master, store);
            (written, unchanged) = storing.Store(verdict.Good);
            skipped = verdict.Dependent.Count;
            db.ChangeTracker.AutoDetectChangesEnabled = true;
            foreach (var edit in storing.Edits) audit.Add(import.CommunityId, import.StartedBy.ToString("N"), edit.Action, edit.Subject, edit.Detail);
            foreach (var person in storing.PhoneChanged) outbox.Add(PhoneChanged, import.CommunityId, about: person);
        }
        var report = new RosterReport(
            id, verdict.Faults.Count == 0 || written + unchanged > 0 ? RosterImportState.Done : RosterImportState.Refused, import.FileName, file.Read,
            written, unchanged, skipped, verdict.BadRows, Math.Max(0, verdict.Faults.Count - MaxReported), [.. verdict.Faults.Take(MaxReported)],
            [.. file.Notes.Take(MaxReported)]);
        Close(import, report);
        audit.Add(import.CommunityId, import.StartedBy.ToString("N"), "roster.imported", id,
            new { import.FileHash, goodRows, report.State, report.Read, report.Written, report.Unchanged, report.Skipped, report.Bad });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return report;
    }

    void Close(RosterImport import, RosterReport report)
    {
        (import.State, import.RowsRead, import.RowsWritten, import.RowsUnchanged, import.RowsSkipped, import.RowsBad) =
            (report.State, report.Read, report.Written, report.Unchanged, report.Skipped, report.Bad);
        import.Report = JsonSerializer.Serialize(report, Json.Options);
        import.FinishedAt = clock.Now();
    }

    async Task Failed(Guid id)
    {
        db.ChangeTracker.Clear();
        db.ChangeTracker.AutoDetectChangesEnabled = true;
        var now = clock.Now();
        var imports = db.RosterImports;
        // Not cancelled with the import: somebody will look for it.
        await imports.Where(i => i.Id == id && i.State == RosterImportState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.State, RosterImportState.Failed).SetProperty(i => i.FinishedAt, now), CancellationToken.None);
    }
}
