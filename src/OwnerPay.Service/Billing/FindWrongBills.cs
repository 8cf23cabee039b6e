using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What is wrong with a bill, by what is known today.</summary>
public enum WrongBillKind
{
    /// <summary>Somebody else owed the house on these days.</summary>
    Party,
    /// <summary>The party is right, the amount is not.</summary>
    Amount,
    /// <summary>Somebody owes and has no bill of the run.</summary>
    Missing,
}

/// <param name="BillId">Null where a bill is missing.</param>
/// <param name="BilledFen">0 where a bill is missing.</param>
/// <param name="ExpectedFen">What the run would charge this party today; 0 where it would charge it nothing.</param>
/// <param name="Text">In Chinese.</param>
public sealed record WrongBill(WrongBillKind Kind, string HouseCode, Guid? BillId, Guid PartyId, long BilledFen, long ExpectedFen, string Text);

/// <param name="Checked">Houses that were computed again.</param>
/// <param name="Wrong">All of them by count; the first 2,000 are listed.</param>
public sealed record WrongBillsReport(Guid RunId, int Checked, int Wrong, IReadOnlyList<WrongBill> Items);

/// <summary>Computes an issued run again by what is known today: a hand-over or a sale that was reported late, a corrected area, a vacant rate or a price that
/// came afterwards. It changes nothing; what is wrong is listed house by house.</summary>
/// <remarks>Usage of meters is left to the next reading, which settles it; only its party is checked. Errors: <c>bill_run_not_found</c> 404;
/// <c>bill_run_not_issued</c> 409.</remarks>
public sealed class FindWrongBills(OwnerPayDb db)
{
    static readonly Error NotIssued = new(409, "bill_run_not_issued", "该批次还没有出账");
    const int MostListed = 2_000;

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/billing/runs/{runId:guid}/wrong-bills", Get)
        .WithName("findWrongBills").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(ShowBillRuns.NotFound, NotIssued);

    static async Task<Results<Ok<WrongBillsReport>, ProblemHttpResult>> Get(Guid runId, StaffMember staff, FindWrongBills find, CancellationToken cancel) =>
        (await find.Run(staff.CommunityId, runId, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<WrongBillsReport>> Run(Guid community, Guid runId, CancellationToken cancel)
    {
        var run = await db.BillRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId && r.CommunityId == community, cancel);
        if (run is null) return ShowBillRuns.NotFound;
        if (run.State != BillRunState.Issued) return NotIssued;
        var firstDay = await db.Communities.Where(c => c.Id == community).Select(c => c.FirstDay).SingleAsync(cancel);
        var prices = await PriceBook.Load(db, community, run.FeeKinds.Split(','), cancel);
        var terms = new RunTerms(community, new DateRange(run.PeriodFrom, run.PeriodTo), run.DueOn, firstDay, Shanghai.DateOf(run.ProposedAt));
        var (found, wrong, houses) = (new List<WrongBill>(), 0, 0);
        await foreach (var page in new RunPages(db, terms, prices, again: runId, only: run.HouseId).Read(page => page.Houses, cancel))
        {
            var billed = await Billed(runId, [.. page.Select(h => h.House.Id)], cancel);
            houses += page.Count;
            foreach (var house in page)
                foreach (var item in Compare(house, [.. billed[house.House.Id]]))
                {
                    wrong++;
                    if (found.Count < MostListed) found.Add(item);
                }
        }
        return new WrongBillsReport(runId, houses, wrong, found);
    }

    /// <summary>A live bill of the run with what its lines by months and shares come to.</summary>
    /// <param name="Strange">It has usage of days on which its party, by what is known today, did not owe the house.</param>
    sealed record Issued(Bill Bill, long Fen, bool Metered, bool Strange);

    async Task<ILookup<Guid, Issued>> Billed(Guid runId, List<Guid> houses, CancellationToken cancel)
    {
        var bills = await db.Bills.AsNoTracking().Where(b => b.RunId == runId && houses.Contains(b.HouseId) && b.State != BillState.Voided).ToListAsync(cancel);
        var ids = bills.ConvertAll(b => b.Id);
        var lines = (await db.BillLines.AsNoTracking().Where(l => ids.Contains(l.BillId)).ToListAsync(cancel)).ToLookup(l => l.BillId);
        var partyIds = bills.Select(b => b.PartyId).Distinct().ToList();
        var parties = await db.LiableParties.AsNoTracking().Where(p => partyIds.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        bool Owed(Guid party, BillLine line) => parties.TryGetValue(party, out var p) && p.From <= line.From && (p.To is null || p.To >= line.To);
        return bills.ToLookup(b => b.HouseId, b => new Issued(b, lines[b.Id].Where(l => l.MeterId is null).Sum(l => l.WorthFen),
            lines[b.Id].Any(l => l.MeterId is not null), lines[b.Id].Any(l => l.MeterId is not null && !Owed(b.PartyId, l))));
    }

    static IEnumerable<WrongBill> Compare(HouseBills house, List<Issued> issued)
    {
        var expected = house.Bills.Select(b => (b.PartyId, b.Beneficiary, Fen: b.Lines.Where(l => l.Usage is null).Sum(l => l.AmountFen))).ToList();
        foreach (var (bill, fen, metered, strange) in issued)
        {
            var own = expected.Find(e => e.PartyId == bill.PartyId && e.Beneficiary == bill.Beneficiary).Fen;
            if (!strange && own == fen && (fen > 0 || metered)) continue;
            var kind = strange || own == 0 ? WrongBillKind.Party : WrongBillKind.Amount;
            var charged = strange ? bill.WorthFen : fen;
            yield return new(kind, house.House.Code, bill.Id, bill.PartyId, charged, own,
                kind == WrongBillKind.Party ? $"按现有资料，这些日子由他人负责（已出 {new Fen(charged)} 元）" : $"按现有资料应为 {new Fen(own)} 元，已出 {new Fen(charged)} 元");
        }
        foreach (var (party, beneficiary, fen) in expected.Where(e => e.Fen > 0 && !issued.Exists(i => i.Bill.PartyId == e.PartyId && i.Bill.Beneficiary == e.Beneficiary)))
            yield return new(WrongBillKind.Missing, house.House.Code, null, party, 0, fen, $"应出 {new Fen(fen)} 元，该批次没有这位责任方的账单");
    }
}
