using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Documents;

/// <param name="Company">Property company as it signs.</param>
/// <param name="Hours">Office hours in words.</param>
/// <param name="BankAccount">For transfers: digits and spaces, with holder and bank; all three or none.</param>
/// <param name="Closing">A sentence at the end of statements.</param>
public sealed record LetterheadInput(
    [property: Required, StringLength(60, MinimumLength = 2)] string Company, [property: StringLength(100)] string Address = "",
    [property: StringLength(60)] string Hours = "", [property: StringLength(60)] string BankHolder = "", [property: StringLength(60)] string BankName = "",
    [property: RegularExpression("^([0-9]{2}[0-9 ]{4,38})?$")] string BankAccount = "", [property: StringLength(400)] string Closing = "");

public sealed record LetterheadProposed(Guid LetterheadId);

/// <param name="Active">What is printed now; null before the first was approved.</param>
/// <param name="Proposed">What waits for another person.</param>
public sealed record LetterheadsShown(LetterheadInput? Active, LetterheadInput? Proposed);

/// <summary>The head of printed documents: proposed by clerk, manager or admin, decided by finance or another manager.</summary>
/// <remarks>Errors: <c>letterhead_bank_incomplete</c> 400.</remarks>
public sealed class Letterheads(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock)
{
    public const string Kind = "letterhead";
    static readonly Error BankIncomplete = new(400, "letterhead_bank_incomplete", "银行户名、开户行和账号应同时填写") { Field = "bankAccount" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/letterhead", Post).WithName("proposeLetterhead")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager, StaffRole.Admin).CanFail(BankIncomplete);
        doors.Staff.MapGet("/communities/{communityId:guid}/letterhead", Get).WithName("showLetterhead").ForStaff();
    }

    static async Task<Results<Ok<LetterheadProposed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, LetterheadInput input, Letterheads letterheads, CancellationToken cancel) =>
        (await letterheads.Propose(input, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Ok<LetterheadsShown>> Get(StaffMember by, Letterheads letterheads, CancellationToken cancel)
    {
        var rows = await letterheads.db.Letterheads.AsNoTracking().Where(l => l.CommunityId == by.CommunityId).OrderBy(l => l.ProposedAt).ThenBy(l => l.Id).ToListAsync(cancel);
        return TypedResults.Ok(new LetterheadsShown(
            Shown(rows.LastOrDefault(l => l.State == LetterheadState.Active)), Shown(rows.LastOrDefault(l => l.State == LetterheadState.Proposed))));
    }

    readonly OwnerPayDb db = db;

    Task<Result<LetterheadProposed>> Propose(LetterheadInput input, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<LetterheadProposed>(key, input, () =>
        {
            var bank = new[] { input.BankHolder, input.BankName, input.BankAccount }.Count(part => part.Length > 0);
            if (bank is not (0 or 3)) return Task.FromResult<Result<LetterheadProposed>>(BankIncomplete);
            var row = new Letterhead
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Company = input.Company.Trim(), Address = input.Address.Trim(), Hours = input.Hours.Trim(),
                BankHolder = input.BankHolder.Trim(), BankName = input.BankName.Trim(), BankAccount = input.BankAccount.Trim(), Closing = input.Closing.Trim(),
                State = LetterheadState.Proposed, ProposedAt = clock.Now(),
            };
            db.Add(row);
            approvals.Propose(by.CommunityId, Kind, row.Id, by.StaffId, $"单据抬头：{row.Company}{(bank == 3 ? $"，收款账号 {row.BankName} {row.BankAccount}" : "")}");
            audit.Add(by, "letterhead.proposed", row.Id, input);
            return Task.FromResult<Result<LetterheadProposed>>(new LetterheadProposed(row.Id));
        }, cancel);

    static LetterheadInput? Shown(Letterhead? row) => row is null
        ? null
        : new(row.Company, row.Address, row.Hours, row.BankHolder, row.BankName, row.BankAccount, row.Closing);
}

/// <summary>Another person decides a proposed letterhead; it takes the place of the one before.</summary>
public sealed class ApproveLetterhead(OwnerPayDb db) : IApprovable
{
    static readonly Error Gone = new(409, "letterhead_not_proposed", "该单据抬头不在待审批状态");

    public string Kind => Letterheads.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance, StaffRole.Manager];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var all = await db.Letterheads.Where(l => l.CommunityId == approval.CommunityId).OrderBy(l => l.Id).ForUpdate().ToListAsync(cancel);
        var row = all.SingleOrDefault(l => l.Id == approval.SubjectId);
        if (row is not { State: LetterheadState.Proposed }) return Gone;
        if (approved)
            foreach (var earlier in all.Where(l => l.State == LetterheadState.Active)) earlier.State = LetterheadState.Superseded;
        row.State = approved ? LetterheadState.Active : LetterheadState.Rejected;
        return null;
    }
}

/// <summary>What documents of a community are printed under.</summary>
/// <param name="Letterhead">The version in force, or an empty one.</param>
public sealed record PaperSender(Community Community, Letterhead Letterhead)
{
    public PaperHead Head => Letterhead.Head(Community);

    /// <summary>Who signs.</summary>
    public string Name => Letterhead.Company.Length > 0 ? Letterhead.Company : $"{Community.Name}物业服务中心";

    public static async Task<PaperSender> Of(OwnerPayDb db, Guid community, CancellationToken cancel) => new(
        await db.Communities.AsNoTracking().SingleAsync(c => c.Id == community, cancel),
        await db.Letterheads.AsNoTracking().Where(l => l.CommunityId == community && l.State == LetterheadState.Active).FirstOrDefaultAsync(cancel) ?? new Letterhead());
}
