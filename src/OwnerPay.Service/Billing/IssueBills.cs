using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="PrepaidFen">Of the total, what prepaid balances settled at once.</param>
public sealed record BillsIssued(Guid RunId, int Bills, long TotalFen, long PrepaidFen);

/// <summary>Finance confirms a run: exactly what was previewed is issued, in one transaction, or nothing.</summary>
/// <remarks>Bills, lines, claims, journals and the use of prepaid money are written page by page while the same computation as at the preview runs again;
/// if it comes to anything else, all is undone. Errors: <c>bill_run_not_found</c> 404; <c>second_person_needed</c> 403; <c>bill_run_decided</c>,
/// <c>preview_outdated</c> 409.</remarks>
public sealed class IssueBills(OwnerPayDb db, Books books, PrepaidMoney prepaid, Outbox outbox, Audit audit, Clock clock)
{
    public const string Issued = "bill-run.issued";

    /// <summary>Journal kinds: a bill, and prepaid money used on one; their source ids are the bill's and the prepaid entry's.</summary>
    public const string BillJournal = "bill", PrepaidJournal = "prepaid-used";

    public static readonly Error SecondPerson = new(403, "second_person_needed", "出账须由提出者以外的人确认");
    public static readonly Error Decided = new(409, "bill_run_decided", "该批次已出账或已驳回");
    public static readonly Error Outdated = new(409, "preview_outdated", "预览之后数据已变化，请重新预览");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/runs/{runId:guid}/confirm", PostConfirm)
            .WithName("confirmBillRun").ForStaff(StaffRole.Finance).CanFail(ShowBillRuns.NotFound, SecondPerson, Decided, Outdated, IdempotencyKey.Missing, IdempotencyKey.Reused);
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/runs/{runId:guid}/reject", PostReject)
            .WithName("rejectBillRun").ForStaff(StaffRole.Finance).CanFail(ShowBillRuns.NotFound, Decided, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Results<Ok<BillsIssued>, ProblemHttpResult>> PostConfirm(
        Guid runId, IdempotencyKey key, StaffMember staff, IssueBills issue, CancellationToken cancel) =>
        (await issue.Run(runId, key, staff, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Results<Ok<BillRunShown>, ProblemHttpResult>> PostReject(
        Guid runId, IdempotencyKey key, StaffMember staff, IssueBills issue, CancellationToken cancel) =>
        (await issue.Reject(runId, key, staff, cancel)).ToHttp(run => TypedResults.Ok(run));

    public Task<Result<BillsIssued>> Run(Guid runId, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<BillsIssued>(key, new { runId }, async () =>
        {
            var run = await db.BillRuns.AsNoTracking().Where(r => r.Id == runId && r.CommunityId == staff.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (run is null) return ShowBillRuns.NotFound;
            if (run.ProposedBy == staff.StaffId) return SecondPerson;
            if (run.State != BillRunState.Proposed) return Decided;
            if (run.DueOn < clock.Today()) return Outdated;
            try
            {
                return await Write(run, staff, cancel);
            }
            catch (DbUpdateException taken) when (WriteFailure.Violates(taken, "BillClaims", "LiveKey"))
            {
                return Outdated;    // another run billed one of these months a moment ago
            }
        }, cancel);

    async Task<Result<BillsIssued>> Write(BillRun run, StaffMember staff, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == run.CommunityId, cancel);
        var prices = await PriceBook.Load(db, run.CommunityId, run.FeeKinds.Split(','), cancel);
        var terms = new RunTerms(run.CommunityId, new DateRange(run.PeriodFrom, run.PeriodTo), run.DueOn, community.FirstDay);
        var (sum, usedFen) = (new RunSum(terms), 0L);
        await foreach (var page in new RunPages(db, terms, prices).Read(cancel))
        {
            var balances = await Balances(page, cancel);
            foreach (var house in page)
            {
                foreach (var draft in house.Bills)
                {
                    sum.Add(draft);
                    usedFen += await Add(run, draft, balances, cancel);
                }
                foreach (var claim in house.Claims) db.Add(Claim(run, house.House, claim));
            }
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }
        if (sum.Hash() != run.PreviewHash) return Outdated;

        var tracked = await db.BillRuns.SingleAsync(r => r.Id == run.Id, cancel);
        (tracked.State, tracked.ConfirmedBy, tracked.IssuedAt) = (BillRunState.Issued, staff.StaffId, clock.Now());
        outbox.Add(Issued, run.CommunityId, about: run.Id);
        audit.Add(staff, "bill-run.issued", run.Id, new { sum.Bills, sum.TotalFen, prepaidFen = usedFen });
        return new BillsIssued(run.Id, sum.Bills, sum.TotalFen, usedFen);
    }

    /// <summary>Prepaid money that this page's bills may use, by house and party; locked.</summary>
    async Task<Dictionary<(Guid House, Guid Party), long>> Balances(IReadOnlyList<HouseBills> page, CancellationToken cancel)
    {
        var houses = page.Where(h => h.House.UsesPrepaid && h.Bills.Count > 0).Select(h => h.House.Id).ToList();
        if (houses.Count == 0) return [];
        return (await db.PrepaidBalances.AsNoTracking().Where(b => houses.Contains(b.HouseId) && b.BalanceFen > 0).OrderBy(b => b.HouseId).ThenBy(b => b.PartyId)
            .ForUpdate().ToListAsync(cancel)).ToDictionary(b => (b.HouseId, b.PartyId), b => b.BalanceFen);
    }

    /// <returns>Fen of prepaid money used.</returns>
    async Task<long> Add(BillRun run, BillDraft draft, Dictionary<(Guid, Guid), long> balances, CancellationToken cancel)
    {
        var (house, party, today) = (draft.House.Id, draft.PartyId, clock.Today());
        var used = Math.Min(draft.AmountFen, balances.GetValueOrDefault((house, party)));
        if (used > 0) balances[(house, party)] -= used;
        var bill = new Bill
        {
            Id = Guid.CreateVersion7(), CommunityId = run.CommunityId, HouseId = house, PartyId = party, RunId = run.Id, Beneficiary = draft.Beneficiary,
            PeriodFrom = draft.Days.From, PeriodTo = draft.Days.To, DueOn = run.DueOn, IssuedOn = today, AmountFen = draft.AmountFen,
            OpenFen = draft.AmountFen - used, State = used == draft.AmountFen ? BillState.Paid : BillState.Open,
            PaidOn = used == draft.AmountFen ? today : null, CreatedAt = clock.Now(),
        };
        db.Add(bill);
        var lines = new List<BillLine>(draft.Lines.Count);
        foreach (var line in draft.Lines) lines.Add(Line(bill, lines.Count + 1, line));
        db.AddRange(lines);
        BillPosting.Of(bill, draft.Lines.Select(l => (l.Kind.Code, l.AmountFen, l.Tax.Net.Value)), books.Journal(
            bill.CommunityId, BillJournal, bill.Id, today, $"{draft.House.Code} {bill.PeriodFrom:yyyy-MM-dd} 至 {bill.PeriodTo:yyyy-MM-dd} 出账")).Post();
        if (used > 0) await UsePrepaid(bill, lines, used, draft.House.Code, cancel);
        return used;
    }

    static BillLine Line(Bill bill, int number, LineDraft draft) => new()
    {
        Id = Guid.CreateVersion7(), CommunityId = bill.CommunityId, BillId = bill.Id, Number = number, FeeKindId = draft.Kind.Id, TariffId = draft.Tariff.Id,
        ParkingSpaceId = draft.Space?.Id, Title = draft.Title, QuantityHundredths = draft.QuantityHundredths, UnitPrice = draft.Tariff.UnitPrice,
        From = draft.Days.From, To = draft.Days.To, AmountFen = draft.AmountFen, NetFen = draft.Tax.Net.Value, TaxFen = draft.Tax.Tax.Value,
        TaxCode = draft.Kind.TaxCode, TaxRatePerMillion = draft.Kind.TaxRatePerMillion, LateFeePerMillion = draft.Kind.LateFeePerMillion,
        GraceDays = draft.Kind.GraceDays, LateFeeCapPercent = draft.Kind.LateFeeCapPercent, Formula = draft.Formula, OpenFen = draft.AmountFen,
    };

    /// <summary>Uses the party's prepaid money on a bill that is just being issued: nobody can have an order for it yet.</summary>
    async Task UsePrepaid(Bill bill, List<BillLine> lines, long fen, string houseCode, CancellationToken cancel)
    {
        var entry = await prepaid.Add(bill.CommunityId, bill.HouseId, bill.PartyId, -fen, "bill", bill.Id, cancel);
        books.Journal(bill.CommunityId, PrepaidJournal, entry, bill.IssuedOn, $"{houseCode} 预存款抵扣账单")
            .Debit(Accounts.Prepaid(bill.HouseId, bill.PartyId), fen).Credit(Accounts.Receivable(bill.HouseId, bill.PartyId), fen).Post();
        var left = fen;
        foreach (var line in lines)
        {
            var part = Math.Min(left, line.OpenFen);
            if (part == 0) continue;
            (line.OpenFen, left) = (line.OpenFen - part, left - part);
            db.Add(new BillReduction
            {
                Id = Guid.CreateVersion7(), CommunityId = bill.CommunityId, BillId = bill.Id, BillLineId = line.Id, Fen = part, OwnDiscountFen = 0,
                SourceKind = "prepaid", SourceId = entry, On = bill.IssuedOn,
            });
        }
    }

    static BillClaim Claim(BillRun run, House house, ClaimedMonth claim) => new()
    {
        Id = Guid.CreateVersion7(), CommunityId = run.CommunityId, HouseId = house.Id, FeeKindId = claim.FeeKindId, Slot = claim.Slot,
        ParkingSpaceId = claim.SpaceId, ServiceMonth = claim.Month, RunId = run.Id,
        LiveKey = BillClaim.KeyOf(house.Id, claim.FeeKindId, claim.Slot, claim.SpaceId, claim.Month),
    };

    /// <summary>Finance sends a run back; the clerk previews a new one.</summary>
    public Task<Result<BillRunShown>> Reject(Guid runId, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<BillRunShown>(key, new { runId }, async () =>
        {
            var run = await db.BillRuns.Where(r => r.Id == runId && r.CommunityId == staff.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (run is null) return ShowBillRuns.NotFound;
            if (run.State != BillRunState.Proposed) return Decided;
            run.State = BillRunState.Rejected;
            audit.Add(staff, "bill-run.rejected", run.Id, new { run.Bills, run.TotalFen });
            return BillRunShown.Of(run);
        }, cancel);
}
