using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Statements (交费通知单) as pages to print and as PDF: of one house, or of all houses of a building or of the community that owe something;
/// an owner fetches his own.</summary>
/// <remarks>Errors: <c>statement_empty</c>, <c>print_house_not_found</c>, <c>print_building_not_found</c> 404; <c>as_of_invalid</c> 400.</remarks>
public sealed class PrintStatements(OwnerPayDb db, ComposeStatements compose, IssuePdf pdf, Audit audit, Clock clock)
{
    public static readonly Error HouseNotFound = new(404, "print_house_not_found", "没有找到该房屋");
    public static readonly Error BuildingNotFound = new(404, "print_building_not_found", "没有找到该楼栋");
    public static readonly Error AsOfInvalid = new(400, "as_of_invalid", "违约金截止日应为今天起三个月内的日期") { Field = "asOf" };
    public static readonly Error Empty = new(404, "statement_empty", "目前没有待缴账单，无需交费通知单");
    const string Nothing = "目前没有待缴账单，无需打印交费通知单。", Title = "交费通知单";
    const int MostDaysAhead = 92;
    static readonly StaffRole[] Printers = [StaffRole.Clerk, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Print.MapGet("/communities/{communityId:guid}/houses/{house:guid}/statement", One).WithName("printStatement").ForStaff(Printers)
            .CanFail(HouseNotFound, AsOfInvalid);
        doors.Print.MapGet("/communities/{communityId:guid}/statements", All).WithName("printStatements").ForStaff(Printers).CanFail(BuildingNotFound, AsOfInvalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/houses/{house:guid}/statement.pdf", OnePdf).WithName("downloadHouseStatement").ForStaff(Printers)
            .CanFail(HouseNotFound, AsOfInvalid, Empty, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
        doors.Staff.MapGet("/communities/{communityId:guid}/statements.pdf", AllPdf).WithName("downloadStatements").ForStaff(Printers)
            .CanFail(BuildingNotFound, AsOfInvalid, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
        doors.Owner.MapGet("/houses/{houseId}/statement.pdf", OwnersPdf).WithName("downloadStatement").ForOwners()
            .CanFail(Member.HouseNotFound, Empty, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
    }

    static async Task<IResult> One(Guid house, StaffMember by, PrintStatements print, CancellationToken cancel, DateOnly? asOf = null)
    {
        var found = await print.House(house, asOf, by, cancel);
        return found.Done ? new PrintPages(Title, found.Value.Select(s => s.Paper()).ToAsyncEnumerable(), Nothing, one: found.Value.Count == 1) : found.Refusal!.ToProblem();
    }

    static async Task<IResult> All(StaffMember by, PrintStatements print, CancellationToken cancel, string? building = null, DateOnly? asOf = null)
    {
        var found = await print.Houses(building, asOf, by, cancel);
        return found.Done ? new PrintPages(Title, found.Value.Select(s => s.Paper()), Nothing) : found.Refusal!.ToProblem();
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> OnePdf(
        Guid house, StaffMember by, PrintStatements print, CancellationToken cancel, DateOnly? asOf = null)
    {
        var found = await print.House(house, asOf, by, cancel);
        if (!found.Done) return found.Refusal!.ToProblem();
        return (await print.Pdf(by.CommunityId, found.Value, cancel)).ToHttp(file => file);
    }

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> AllPdf(
        StaffMember by, PrintStatements print, CancellationToken cancel, string? building = null, DateOnly? asOf = null)
    {
        var found = await print.Houses(building, asOf, by, cancel);
        if (!found.Done) return found.Refusal!.ToProblem();
        return (await print.pdf.Run(by.CommunityId, Title, found.Value.Select(statement => statement.Outgoing()), cancel)).ToHttp(file => file);
    }

    /// <summary>An owner reads only what liable parties owe to which he belongs.</summary>
    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> OwnersPdf(Member member, PrintStatements print, CancellationToken cancel) =>
        (await print.Pdf(member.CommunityId, await print.compose.OfHouse(member.CommunityId, member.HouseId, member.PartyIds, by: null, print.clock.Today(), cancel), cancel))
        .ToHttp(file => file);

    readonly ComposeStatements compose = compose;
    readonly IssuePdf pdf = pdf;
    readonly Clock clock = clock;

    async Task<Result<FileContentHttpResult>> Pdf(Guid community, IReadOnlyList<Statement> statements, CancellationToken cancel) =>
        statements.Count == 0 ? Empty : await pdf.Run(community, $"{Title} {statements[0].House.Code}", [.. statements.Select(s => s.Outgoing())], cancel);

    /// <summary>The statements of a house, one for each liable party that owes something.</summary>
    public async Task<Result<IReadOnlyList<Statement>>> House(Guid house, DateOnly? asOf, StaffMember by, CancellationToken cancel)
    {
        if (!TryAsOf(asOf, out var day)) return AsOfInvalid;
        if (!await db.Houses.AnyAsync(h => h.Id == house && h.CommunityId == by.CommunityId, cancel)) return HouseNotFound;
        var statements = await compose.OfHouse(by.CommunityId, house, only: null, by, day, cancel);
        audit.Add(by, "statement.printed", house, new { asOf = day });
        await db.SaveChangesAsync(cancel);
        return Result.Of(statements);
    }

    /// <summary>Statements of a building, by its code, or of the community.</summary>
    public async Task<Result<IAsyncEnumerable<Statement>>> Houses(string? building, DateOnly? asOf, StaffMember by, CancellationToken cancel)
    {
        if (!TryAsOf(asOf, out var day)) return AsOfInvalid;
        Guid? id = null;
        if (building is not null)
        {
            id = await db.Buildings.Where(b => b.CommunityId == by.CommunityId && b.Code == building).Select(b => (Guid?)b.Id).SingleOrDefaultAsync(cancel);
            if (id is null) return BuildingNotFound;
        }
        audit.Add(by, "statements.printed", id, new { building, asOf = day });
        await db.SaveChangesAsync(cancel);
        return Result.Of(compose.OfHouses(by, id, day, cancel));
    }

    // Earlier days are closed: what was paid since would be missing in the principal of that day.
    bool TryAsOf(DateOnly? asked, out DateOnly day)
    {
        var today = clock.Today();
        day = asked ?? today;
        return day >= today && day.DayNumber - today.DayNumber <= MostDaysAhead;
    }
}
