using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <param name="Payer">Masked but for its first character.</param>
/// <param name="ProposedHouse">Code of the house that the rule proposes.</param>
public sealed record BankRowView(
    Guid RowId, string Account, DateOnly On, long AmountFen, string Reference, string Memo, string Payer, string PayerTail, BankMatch Match,
        string? ProposedHouse,
    BankRowState State, Guid? SettledBy, Guid? DecidedBy, DateTimeOffset? DecidedAt);

public sealed record BankImportView(Guid ImportId, string Account, string FileName, int Read, int Written, int Unchanged, DateTimeOffset At);

/// <param name="Code">For the memo of a transfer.</param>
public sealed record TransferCodeView(Guid HouseId, Guid PartyId, string Code);

/// <summary>Bank statements behind the staff door: uploads, rows by state (the work list is <c>waiting</c>), codes for memos.</summary>
/// <remarks>Errors: <c>file_missing</c> 400; those of an import; <c>cursor_invalid</c> 400; <c>house_not_found</c> 404.</remarks>
public sealed class ShowBank(OwnerPayDb db, PartyPeople people, Audit audit, Clock clock)
{
    const int PageSize = 100;
    public static readonly Error FileMissing = new(400, "file_missing", "请选择要导入的文件") { Field = "file" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/statements", Post).WithName("importBankStatement").ForStaff(StaffRole.Finance)
            .WithMetadata(new RequestSizeLimitAttribute(StatementTable.MaxBytes + 65536))
                .DisableAntiforgery()    // the staff door asks for its own token
            .CanFail(FileMissing, Problems.TooLarge, StatementTable.TooManyRows, StatementTable.Unreadable, StatementFile.NoLayout,
                KeepBankAccounts.NotFound,
                IdempotencyKey.Missing, IdempotencyKey.Reused);
        doors.Staff.MapGet("/communities/{communityId:guid}/bank/statements", GetImports).WithName("listBankStatements")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/bank/rows", GetRows).WithName("listBankRows")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/bank/houses/{id:guid}/transfer-code", PostCode).WithName("giveTransferCode")
            .ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Finance).CanFail(CounterQuotes.HouseNotFound);
    }

    static async Task<Results<Ok<StatementReport>, ProblemHttpResult>> Post(
        IFormFile? file, [FromQuery] string? account, IdempotencyKey key, StaffMember by, ImportStatement import, CancellationToken cancel)
    {
        if (file is null || file.Length == 0) return FileMissing.ToProblem();
        if (account is null) return KeepBankAccounts.NotFound.At("account").ToProblem();
        await using var stream = file.OpenReadStream();
        return (await import.Run(account, Path.GetFileName(file.FileName), stream, key, by, cancel)).ToHttp(TypedResults.Ok);
    }

    static async Task<Results<Ok<Page<BankImportView>>, ProblemHttpResult>> GetImports(StaffMember by, OwnerPayDb db, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var accounts = db.BankAccounts;
        var rows = await db.BankImports.AsNoTracking().Where(i => i.CommunityId == by.CommunityId).NewestFirst(after, i => new Cursor(i.At, i.Id))
            .Take(PageSize + 1)
            .Select(i => new BankImportView(i.Id, accounts.Where(a => a.Id == i.BankAccountId).Select(a => a.Code).First(), i.FileName, i.RowsRead,
                i.RowsWritten, i.RowsUnchanged, i.At))
            .ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, row => new Cursor(row.At, row.ImportId)));
    }

    static async Task<Results<Ok<Page<BankRowView>>, ProblemHttpResult>> GetRows(
        StaffMember by, ShowBank show, CancellationToken cancel, Choice<BankRowState>? state = null, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var db = show.db;
        var wanted = state?.Value;
        var (accounts, parties, houses, imports) = (db.BankAccounts, db.LiableParties, db.Houses, db.BankImports);
        // In the order of their import, then of their ids, which are made in the order of the file.
        var query = db.BankRows.AsNoTracking().Where(r => r.CommunityId == by.CommunityId && (wanted == null || r.State == wanted)).Select(r => new
        {
            Row = r, ImportedAt = imports.Where(i => i.Id == r.ImportId).Select(i => i.At).First(),
            Account = accounts.Where(a => a.Id == r.BankAccountId).Select(a => a.Code).First(),
            House = parties.Where(p => p.Id == r.ProposedPartyId).Join(houses, p => p.HouseId, h => h.Id, (p, h) => h.Code).FirstOrDefault(),
        });
        var rows = await query.NewestFirst(after, r => new Cursor(r.ImportedAt, r.Row.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, r => new Cursor(r.ImportedAt, r.Row.Id)).Select(r => new BankRowView(
            r.Row.Id, r.Account, r.Row.On, r.Row.AmountFen, r.Row.Reference, r.Row.Memo, r.Row.Payer.Length == 0 ? "" : Mask.Name(r.Row.Payer),
                r.Row.PayerTail, r.Row.Match,
            r.House, r.Row.State, r.Row.SettledBy, r.Row.DecidedBy, r.Row.DecidedAt)));
    }

    static async Task<Results<Ok<TransferCodeView>, ProblemHttpResult>> PostCode(Guid id, StaffMember by, ShowBank show, CancellationToken cancel) =>
        (await show.Code(id, by, cancel)).ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    /// <summary>The code of the party that owes a house's fees now; made when it is first asked for.</summary>
    async Task<Result<TransferCodeView>> Code(Guid house, StaffMember by, CancellationToken cancel)
    {
        var today = clock.Today();
        if (!await db.Houses.AnyAsync(h => h.Id == house && h.CommunityId == by.CommunityId, cancel)) return CounterQuotes.HouseNotFound;
        var party = (await people.Of(house, cancel)).FirstOrDefault(p => p.From <= today && (p.To is null || p.To >= today));
        if (party is null) return CounterQuotes.HouseNotFound;
        for (var attempt = 1; ; attempt++)
        {
            if (await db.TransferCodes.AsNoTracking().SingleOrDefaultAsync(c => c.PartyId == party.Id,
                cancel) is { } known) return new TransferCodeView(house, party.Id, known.Code);
            var code = TransferCode.Of(System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000_000));
            db.Add(new PartyTransferCode { PartyId = party.Id, CommunityId = by.CommunityId, HouseId = house, Code = code });
            audit.Add(by, "bank.transfer-code", party.Id, new { code });
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException) when (attempt < 5)
            {
                db.ChangeTracker.Clear();    // drawn twice, or made by somebody else meanwhile: look again
            }
        }
    }
}
