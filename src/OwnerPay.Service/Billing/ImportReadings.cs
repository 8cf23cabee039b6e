using System.Data;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What became of a file of readings. <c>Read</c> = <c>Written</c> + <c>Unchanged</c> + <c>Skipped</c> + <c>Bad</c>, in rows.</summary>
/// <param name="Skipped">Rows without fault that were not stored because others were bad.</param>
/// <param name="FaultsLeftOut">Faults beyond the first 20,000.</param>
public sealed record ReadingsReport(
    bool Stored, int Read, int Written, int Unchanged, int Skipped, int Bad, int FaultsLeftOut, IReadOnlyList<RosterFault> Faults, IReadOnlyList<RosterNote> Notes);

/// <summary>Takes the readings of an Excel file over: all of them, or nothing, or (on demand) the good rows; in one transaction. The same file again
/// changes nothing.</summary>
/// <remarks>Errors: <c>readings_file_missing</c> 400, <c>body_too_large</c> 413. What is wrong inside the file stands in the report.</remarks>
public sealed class ImportReadings(OwnerPayDb db, Readings readings, Audit audit, Clock clock)
{
    const int MostReported = 20_000, MetersPerPage = 1_000;
    static readonly Error FileMissing = new(400, "readings_file_missing", "请选择要导入的 Excel 文件") { Field = "file" };

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/readings/import", Post)
        .WithName("importReadings").ForStaff(StaffRole.Clerk)
        .WithMetadata(new RequestSizeLimitAttribute(RosterLayout.MaxFileBytes + 65_536)).DisableAntiforgery()    // the staff door asks for its own token
        .CanFail(FileMissing, Problems.TooLarge);

    static async Task<Results<Ok<ReadingsReport>, ProblemHttpResult>> Post(
        IFormFile? file, [FromQuery] bool? goodRows, StaffMember staff, ImportReadings import, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return FileMissing.ToProblem();
        if (file.Length > RosterLayout.MaxFileBytes) return Problems.TooLarge.ToProblem();
        await using var upload = ImportQueue.TemporaryFile();
        await file.CopyToAsync(upload, cancel);
        return TypedResults.Ok(await import.Run(upload, goodRows ?? false, staff, cancel));
    }

    /// <param name="goodRows">Store the good rows even if others are bad.</param>
    public async Task<ReadingsReport> Run(Stream file, bool goodRows, StaffMember staff, CancellationToken cancel)
    {
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
        var book = ReadingsWorkbook.Of(file, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var (written, unchanged) = book.IsRefused ? (0, 0) : await Judge(book, staff, cancel);
        var bad = book.Faults.Where(f => f.Row > 1).Select(f => f.Row).Distinct().Count();
        if (book.IsRefused) bad = 0;
        var stored = book.Faults.Count == 0 || goodRows && !book.IsRefused;
        var report = new ReadingsReport(stored, book.Read, stored ? written : 0, unchanged, stored ? 0 : book.Read - bad - unchanged, bad,
            Math.Max(0, book.Faults.Count - MostReported), [.. book.Faults.OrderBy(f => f.Row).Take(MostReported)], [.. book.Notes.Take(MostReported)]);
        if (!stored)
        {
            await transaction.RollbackAsync(cancel);
            db.ChangeTracker.Clear();
        }
        audit.Add(staff, "reading.imported", null, new { hash, goodRows, report.Stored, report.Read, report.Written, report.Unchanged, report.Bad });
        await db.SaveChangesAsync(cancel);
        if (stored) await transaction.CommitAsync(cancel);
        return report;
    }

    /// <summary>Judges the rows meter by meter, under the lock of the meters, and writes the good ones; what is bad joins the book's faults.</summary>
    async Task<(int Written, int Unchanged)> Judge(ReadingsWorkbook book, StaffMember staff, CancellationToken cancel)
    {
        var rows = book.Rows.ToLookup(row => row.Serial);
        var known = new Dictionary<string, Guid>();
        foreach (var serials in rows.Select(r => r.Key).Chunk(MetersPerPage))
        {
            var wanted = serials.ToList();
            foreach (var meter in await db.Meters.Where(m => m.CommunityId == staff.CommunityId && wanted.Contains(m.Serial)).Select(m => new { m.Id, m.Serial }).ToListAsync(cancel))
                known[meter.Serial] = meter.Id;
        }
        foreach (var row in rows.Where(r => !known.ContainsKey(r.Key)).SelectMany(r => r))
            book.Faults.Add(new(RosterFaultKind.UnknownMeter, ReadingsWorkbook.Sheet.Name, row.Row, ReadingsWorkbook.Serial.Title, $"没有登记表号 {row.Serial}", "已登记的表号；新表请先登记"));
        var (written, unchanged) = (0, 0);
        foreach (var ids in known.Values.Order().Chunk(MetersPerPage))
        {
            var meters = await readings.Lock(staff.CommunityId, [.. ids], cancel);
            var page = ids.ToList();
            var live = (await db.MeterReadings.AsNoTracking().Where(r => page.Contains(r.MeterId) && r.LiveOn != null).OrderBy(r => r.ReadOn).ToListAsync(cancel)).ToLookup(r => r.MeterId);
            foreach (var meter in meters)
            {
                var (more, same) = Judge(meter, [.. live[meter.Id]], rows[meter.Serial].OrderBy(r => r.ReadOn).ThenBy(r => r.Row), book, staff);
                (written, unchanged) = (written + more, unchanged + same);
            }
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }
        return (written, unchanged);
    }

    (int Written, int Unchanged) Judge(Meter meter, List<MeterReading> live, IEnumerable<ReadingRow> rows, ReadingsWorkbook book, StaffMember staff)
    {
        var (written, unchanged) = (0, 0);
        foreach (var row in rows)
        {
            var reading = new NewReading(row.ReadOn, row.Value, row.Estimated, row.RolledOver);
            if (live.Find(r => r.ReadOn == row.ReadOn) is { } there)
            {
                if (there.ValueThousandths == row.Value && there.Estimated == row.Estimated) unchanged++;
                else book.Faults.Add(new(RosterFaultKind.ReadingTwice, ReadingsWorkbook.Sheet.Name, row.Row, ReadingsWorkbook.ReadOn.Title,
                    $"{row.ReadOn:yyyy-MM-dd} 已有读数 {Readings.Units(there.ValueThousandths)}", "每只表每天一个读数；要改已有读数请用更正"));
                continue;
            }
            if (Readings.Judge(meter, live, reading, clock.Today()) is { } refusal)
            {
                var column = refusal.Field == "readOn" ? ReadingsWorkbook.ReadOn : refusal.Field == "rolledOver" ? ReadingsWorkbook.Rolled : ReadingsWorkbook.Value;
                book.Faults.Add(new(refusal.Code == Readings.Lower.Code ? RosterFaultKind.ReadingLower : RosterFaultKind.BadReading, ReadingsWorkbook.Sheet.Name, row.Row,
                    column.Title, refusal.Code == Readings.Lower.Code ? $"读数 {Readings.Units(row.Value)} 低于上一次" : $"读数 {Readings.Units(row.Value)} 不能接受", refusal.Detail ?? column.Meaning));
                continue;
            }
            var added = readings.Add(meter, reading, live.Count == 0 ? ReadingRole.Opening : ReadingRole.Regular, ReadingSource.Import, staff);
            live.Insert(live.FindLastIndex(r => r.ReadOn < row.ReadOn) + 1, added);
            written++;
        }
        return (written, unchanged);
    }
}
