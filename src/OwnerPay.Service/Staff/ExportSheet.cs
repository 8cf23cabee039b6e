using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Gives a list to a member of staff as an Excel file and writes into the audit log who took how much of what.</summary>
public sealed class ExportSheet(OwnerPayDb db, Audit audit, Clock clock)
{
    /// <param name="what">Subject of the audit entry: <c>bills</c> gives <c>bills.exported</c>.</param>
    /// <param name="title">Name of sheet and file, in Chinese.</param>
    /// <param name="rows">As the list shows them: masked where it masks.</param>
    public async Task<FileStreamHttpResult> Run<T>(
        StaffMember by, string what, string title, IReadOnlyList<SheetColumn<T>> columns, IAsyncEnumerable<T> rows, CancellationToken cancel)
    {
        var (file, count) = await SheetFile.Write(title, columns, rows, cancel);
        audit.Add(by, what + ".exported", null, new { rows = count });
        await db.SaveChangesAsync(cancel);
        return TypedResults.Stream(file, SheetFile.MediaType, $"{title}-{clock.Today():yyyyMMdd}.xlsx");
    }
}

public static class SheetRoutes
{
    /// <summary>A list's Excel file beside it: <c>…/payments/export.xlsx</c>, for the same roles.</summary>
    public static RouteHandlerBuilder MapSheet(this Doors doors, string path, string name, Delegate handler, params StaffRole[] roles) =>
#pragma warning disable RDG002 // the handler is only known where it is named; these few are compiled at the start
        doors.Staff.MapGet($"/communities/{{communityId:guid}}/{path}/export.xlsx", handler)
#pragma warning restore RDG002
            .WithName(name).ForStaff(roles).AnswersFile(SheetFile.MediaType);
}
