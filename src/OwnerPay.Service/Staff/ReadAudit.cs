using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="ActorName">Name of the member of staff, or null for <c>system</c>.</param>
/// <param name="ChainNumber">Position in the hash chain; null for the moment between the act and the chaining.</param>
public sealed record AuditItem(
    Guid Id, DateTimeOffset At, string Actor, string? ActorName, string Action, Guid? SubjectId, JsonNode? Detail, long? ChainNumber, string? ChainHash);

/// <summary>Who did what in a community, newest first; on the installation's route what concerns the installation.</summary>
public static class ReadAudit
{
    const int PageSize = 100;

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/audit", Get).WithName("readAudit").ForStaff(StaffRole.Manager, StaffRole.Admin).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/audit", Get).WithName("readInstallationAudit").ForStaff(StaffRole.Manager, StaffRole.Admin).CanFail(Cursor.Invalid);
    }

    static async Task<Results<Ok<Page<AuditItem>>, ProblemHttpResult>> Get(StaffMember by, OwnerPayDb db, CancellationToken cancel, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var before)) return Cursor.Invalid.ToProblem();
        Guid? community = by.CommunityId == Guid.Empty ? null : by.CommunityId;
        var (entries, accounts) = (db.AuditEntries, db.StaffAccounts);
        var query = entries.AsNoTracking().Where(e => e.CommunityId == community);
        var rows = await query.NewestFirst(before, e => new Cursor(e.At, e.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var actors = rows.Where(e => e.Actor != Audit.System).Select(e => Guid.TryParseExact(e.Actor, "N", out var id) ? id : Guid.Empty).Distinct().ToList();
        var names = await accounts.Where(a => actors.Contains(a.Id)).ToDictionaryAsync(a => a.Id.ToString("N"), a => a.Name, cancel);
        var items = rows.Select(e => new AuditItem(
            e.Id, e.At, e.Actor, names.GetValueOrDefault(e.Actor), e.Action, e.SubjectId, JsonSerializer.Deserialize<JsonNode>(e.Detail), e.ChainNumber,
            e.ChainHash is null ? null : Convert.ToHexStringLower(e.ChainHash))).ToList();
        return TypedResults.Ok(Pages.Of(items, PageSize, item => new Cursor(item.At, item.Id)));
    }
}
