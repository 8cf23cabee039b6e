using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

public sealed record ImportStarted(Guid ImportId, RosterImportState State);

/// <summary>One line of the list of imports; the faults are in the report.</summary>
public sealed record ImportLine(
    Guid ImportId, RosterImportState State, string FileName, int Read, int Written, int Unchanged, int Skipped, int Bad, DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt);

/// <summary>Uploading a roster and asking what became of it.</summary>
/// <remarks>Errors: <c>roster_file_missing</c> 400, <c>body_too_large</c> 413, <c>not_found</c> 404. What is wrong inside the file is not an error
/// of the call:
/// it stands in the report.</remarks>
static class RosterImports
{
    static readonly Error FileMissing = new(400, "roster_file_missing", "请选择要导入的 Excel 文件") { Field = "file" };
    const int PageSize = 50;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/roster/imports", Post).WithName("importRoster").ForStaff(StaffRole.Clerk)
            .WithMetadata(new RequestSizeLimitAttribute(RosterLayout.MaxFileBytes + 65536))    // and the frame of the form around the file
            .DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(FileMissing, Problems.TooLarge);
        doors.Staff.MapGet("/communities/{communityId:guid}/roster/imports", List).WithName("listRosterImports")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/roster/imports/{importId:guid}", Get).WithName("getRosterImport")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(Problems.NotFound);
    }

    static async Task<Results<Accepted<ImportStarted>, ProblemHttpResult>> Post(
        IFormFile? file, [FromQuery] bool? goodRows, StaffMember staff, ImportRoster import, ImportQueue queue, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return FileMissing.ToProblem();
        if (file.Length > RosterLayout.MaxFileBytes) return Problems.TooLarge.ToProblem();
        var upload = ImportQueue.TemporaryFile();
        try
        {
            await file.CopyToAsync(upload, cancel);
            var begun = await import.Begin(staff.CommunityId, staff.StaffId, Path.GetFileName(file.FileName), upload, cancel);
            await queue.Add(new(begun, upload, goodRows ?? false), cancel);
            return TypedResults.Accepted($"/api/staff/v1/communities/{staff.CommunityId}/roster/imports/{begun.Id}",
                new ImportStarted(begun.Id, begun.State));
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    static async Task<Results<Ok<RosterReport>, ProblemHttpResult>> Get(
        Guid importId, StaffMember staff, OwnerPayDb db, ImportProgress progress, CancellationToken cancel)
    {
        var import = await db.RosterImports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == importId && i.CommunityId == staff.CommunityId, cancel);
        if (import is null) return Problems.NotFound.ToProblem();
        return TypedResults.Ok(import.State is RosterImportState.Done or RosterImportState.Refused
            ? JsonSerializer.Deserialize<RosterReport>(import.Report, Json.Options)!
            : new RosterReport(import.Id, import.State, import.FileName, progress.RowsRead(import.Id) ?? import.RowsRead, 0, 0, 0, 0, 0, [], []));
    }

    static async Task<Results<Ok<Page<ImportLine>>, ProblemHttpResult>> List(
        string? cursor, StaffMember staff, OwnerPayDb db, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var imports = db.RosterImports.AsNoTracking().Where(i => i.CommunityId == staff.CommunityId);
        var lines = await imports.NewestFirst(after, i => new Cursor(i.StartedAt, i.Id)).Take(PageSize + 1).Select(i => new ImportLine(
            i.Id, i.State, i.FileName, i.RowsRead, i.RowsWritten, i.RowsUnchanged, i.RowsSkipped, i.RowsBad, i.StartedAt, i.FinishedAt))
                .ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(lines, PageSize, line => new Cursor(line.StartedAt, line.ImportId)));
    }
}
