using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <param name="HouseId">Whose money it is; null: as the rule proposes.</param>
/// <param name="PartyId">Which of the house's liable parties; null: the one that owes the fees now.</param>
public sealed record ClaimRequest(Guid? HouseId = null, Guid? PartyId = null);

/// <param name="PrepaidFen">What its bills did not need.</param>
public sealed record ClaimAnswer(Guid PaymentId, Guid OrderId, long PaidFen, long DiscountFen, long PrepaidFen);

/// <summary>A person says whose money a row of a bank statement is (进账认领): accepts what the rule proposes, or names the house.</summary>
/// <remarks>Errors: <c>bank_row_not_found</c>, <c>house_not_found</c> 404; <c>bank_row_decided</c>, <c>nothing_proposed</c> 409.</remarks>
public sealed class ClaimBankRow(OwnerPayDb db, SettleBankRow settle, PartyPeople people, WorkItems workItems, Audit audit, Clock clock)
{
    public static readonly Error NotFound = new(404, "bank_row_not_found", "没有找到该笔银行进账");
    public static readonly Error Decided = new(409, "bank_row_decided", "该笔银行进账已处理，不能再认领");
    static readonly Error NothingProposed = new(409, "nothing_proposed", "系统没有找到对应的房屋，请指定房屋后认领") { Field = "houseId" };

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/bank/rows/{id:guid}/claim", Post)
        .WithName("claimBankRow")
        .ForStaff(StaffRole.Finance).CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, CounterQuotes.HouseNotFound, Decided,
            NothingProposed, SettleBankRow.PriceMoved);

    static async Task<Results<Ok<ClaimAnswer>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, ClaimRequest request, ClaimBankRow claim, CancellationToken cancel) =>
        (await claim.Run(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<ClaimAnswer>> Run(Guid id, ClaimRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ClaimAnswer>(key, new { by.CommunityId, id, request }, async () =>
        {
            var row = await db.BankRows.Where(r => r.Id == id && r.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (row is null) return NotFound;
            if (row.State != BankRowState.Waiting) return Decided;
            var chosen = await Party(row, request, cancel);
            if (chosen.Refusal is { } refusal) return refusal;
            var settled = await settle.Book(row, chosen.Value, by.StaffId, cancel);
            if (settled is null) return SettleBankRow.PriceMoved;
            audit.Add(by, "bank.claimed", row.Id, new { party = chosen.Value, settled.PaymentId, row.AmountFen });
            await FinishTask(db, workItems, row, by, cancel);
            return new ClaimAnswer(settled.PaymentId, settled.Order.Id, settled.PaidFen, settled.Order.DiscountFen,
                row.AmountFen - settled.PaidFen);
        }, cancel);

    /// <summary>The task of an import is over when none of its rows waits any more.</summary>
    public static async Task FinishTask(OwnerPayDb db, WorkItems workItems, BankRow row, StaffMember by, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        BankRowState[] waiting = [BankRowState.Waiting, BankRowState.Returning, BankRowState.ReturnApproved];
        if (!await db.BankRows.AnyAsync(r => r.ImportId == row.ImportId && waiting.Contains(r.State), cancel))
            await workItems.Finish(ImportStatement.UnknownKind, row.ImportId, by.StaffId, "全部进账已认领或退回", cancel);
    }

    async Task<Result<Guid>> Party(BankRow row, ClaimRequest request, CancellationToken cancel)
    {
        if (request.HouseId is not { } house) return row.ProposedPartyId is { } proposed ? proposed : NothingProposed;
        if (!await db.Houses.AnyAsync(h => h.Id == house && h.CommunityId == row.CommunityId, cancel)) return CounterQuotes.HouseNotFound;
        var today = clock.Today();
        var party = (await people.Of(house, cancel)).FirstOrDefault(p => request.PartyId is { } wanted ? p.Id == wanted : p.From <= today
            && (p.To is null || p.To >= today));
        return party is null ? CounterQuotes.HouseNotFound : party.Id;
    }
}
