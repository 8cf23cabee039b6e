using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Until">Any day of the last month that is wanted.</param>
public sealed record MonthsAheadRequest(DateOnly Until);

/// <param name="From">First day of the first month to come.</param>
/// <param name="Until">Last day of the last one.</param>
/// <param name="BillIds">What the owner can now quote and pay at once: all open bills of these months, also those that were issued before.</param>
public sealed record MonthsAheadIssued(DateOnly From, DateOnly Until, IReadOnlyList<Guid> BillIds, long OpenFen);

/// <summary>An owner asks for the bills of months to come, to pay them in advance (预缴): issued for his house alone, at today's tariff, up to the
/// community's limit.</summary>
/// <remarks>Each month is a bill of its own that falls due when it would have anyway: who asks and does not pay owes nothing earlier. Months are claimed as
/// every bill claims them, so that neither a second tap nor a later run bills them again; for the same reason an unpaid one stays: a run that has passed it
/// by would not come back. Months of which another party owes a part (a sale that is known) are left to the runs. Errors:
/// <c>months_ahead_not_liable</c>, <c>months_ahead_beyond_limit</c>, <c>months_ahead_none</c>, <c>months_ahead_unavailable</c>,
/// <c>months_ahead_changed</c> 409.</remarks>
public sealed class IssueAhead(OwnerPayDb db, Books books, Audit audit, Clock clock)
{
    static readonly Error NotLiable = new(409, "months_ahead_not_liable", "只有现业主可以预缴以后月份的费用");
    static readonly Error BeyondLimit = new(409, "months_ahead_beyond_limit", "超出本小区可预缴的月份") { Field = "until" };
    static readonly Error NoneLeft = new(409, "months_ahead_none", "所选月份没有可预缴的费用，或已经缴清");
    static readonly Error Unavailable = new(409, "months_ahead_unavailable", "暂时无法生成以后月份的账单，请联系物业服务中心");
    static readonly Error Changed = new(409, "months_ahead_changed", "账单刚刚有变化，请刷新后重试");

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/prepaid/months", Post).WithName("issueMonthsAhead").ForOwners()
        .CanFail(Member.HouseNotFound, NotLiable, BeyondLimit, NoneLeft, Unavailable, Changed, IdempotencyKey.Missing,
            IdempotencyKey.Reused);

    static async Task<Results<Ok<MonthsAheadIssued>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, MonthsAheadRequest request, IssueAhead ahead, CancellationToken cancel) =>
        (await ahead.Run(request, key, member, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<MonthsAheadIssued>> Run(MonthsAheadRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<MonthsAheadIssued>(key, new { member.HouseId, request }, async () =>
        {
            try
            {
                return await Issue(request.Until, member, cancel);
            }
            catch (DbException taken) when (WriteFailure.Violates(taken, "BillClaims", "LiveKey"))
            {
                return Changed;    // a run billed one of these months a moment ago
            }
        }, cancel);

    async Task<Result<MonthsAheadIssued>> Issue(DateOnly wanted, Member member, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == member.CommunityId, cancel);
        var (today, own) = (clock.Today(), member.PartyIds);
        if (!await db.LiableParties.AnyAsync(p => own.Contains(p.Id) && p.From <= today && (p.To == null || p.To >= today), cancel)) return NotLiable;
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var last = new DateOnly(wanted.Year, wanted.Month, 1);
        if (last < first) return NoneLeft;
        if (last > first.AddMonths(community.PrepayMonths - 1)) return BeyondLimit.With("months", community.PrepayMonths);

        // The house's row is the lock under which its months are looked at: the second of two taps finds them billed.
        var house = await db.Houses.AsNoTracking().Where(h => h.Id == member.HouseId).ForUpdate().SingleAsync(cancel);
        var codes = await MonthlyKinds(community, cancel);
        var prices = await PriceBook.Load(db, member.CommunityId, codes, cancel);
        var (writer, totalFen) = (await BulkWriter.Begin(db, cancel), 0L);
        for (var month = first; month <= last; month = month.AddMonths(1))
        {
            var terms = new RunTerms(member.CommunityId, DateRange.Month(month.Year, month.Month), month.AddMonths(1).AddDays(-1), community.FirstDay, today);
            var bills = await Compose(house, terms, prices, cancel);
            if (bills.Bills.Any(bill => !own.Contains(bill.PartyId))) break;
            if (bills.Odd.FirstOrDefault(o => o.Kind is OddKinds.PriceMissing or OddKinds.NoLiableParty) is { } odd) return Unavailable with { Detail = odd.Text };
            if (bills.Bills.Count > 0) totalFen += await Write(bills, terms, codes, member, writer.NewBatch(), cancel);
        }
        if (totalFen > 0)
            audit.Add(member.CommunityId, member.Actor, "bills.issued-ahead", house.Id, new { house.Code, until = last.AddMonths(1).AddDays(-1), totalFen });
        return await Answer(member, first, last.AddMonths(1).AddDays(-1), cancel);
    }

    async Task<Result<MonthsAheadIssued>> Answer(Member member, DateOnly first, DateOnly until, CancellationToken cancel)
    {
        var parties = member.PartyIds;
        var open = await db.Bills.AsNoTracking().Where(b => b.HouseId == member.HouseId && parties.Contains(b.PartyId) && b.State == BillState.Open
            && b.PeriodFrom >= first && b.PeriodTo <= until).OrderBy(b => b.PeriodFrom).ThenBy(b => b.Id).ToListAsync(cancel);
        return open.Count == 0 ? NoneLeft : new MonthsAheadIssued(first, until, open.ConvertAll(b => b.Id), open.Sum(b => b.OpenFen));
    }

    /// <summary>Fees of the company, and under the commission regime those held for the owners, whose amount is known before their month: by area or fixed,
    /// nothing that is measured or shared out.</summary>
    async Task<List<string>> MonthlyKinds(Community community, CancellationToken cancel)
    {
        var (id, shared) = (community.Id, community.FeeRegime == FeeRegime.Commission);
        var tariffs = db.Tariffs.Where(t => t.State == TariffState.Active);
        return await db.FeeKinds.Where(k => k.CommunityId == id && (k.Beneficiary == Beneficiary.Company || shared && k.Beneficiary == Beneficiary.OwnersFund)
                && tariffs.Any(t => t.FeeKindId == k.Id)
                && !tariffs.Any(t => t.FeeKindId == k.Id && t.Formula != TariffFormula.AreaPrice && t.Formula != TariffFormula.Fixed))
            .OrderBy(k => k.Code).Select(k => k.Code).ToListAsync(cancel);
    }

    async Task<HouseBills> Compose(House house, RunTerms terms, PriceBook prices, CancellationToken cancel)
    {
        await foreach (var page in new RunPages(db, terms, prices, only: house.Id).Read(page => page.Houses, cancel)) return page[0];
        throw new InvalidOperationException($"House {house.Id:N} is gone");
    }

    /// <summary>A run of one house and month. Prepaid money is not touched: the owner decides when he pays, with the offers of that day.</summary>
    /// <returns>Fen that were billed.</returns>
    async Task<long> Write(HouseBills bills, RunTerms terms, List<string> codes, Member member, IBulkBatch batch, CancellationToken cancel)
    {
        var (sum, now) = (new RunSum(terms), clock.Now());
        foreach (var draft in bills.Bills) sum.Add(draft);
        var run = new BillRun
        {
            Id = Guid.CreateVersion7(), CommunityId = terms.CommunityId, PeriodFrom = terms.Period.From, PeriodTo = terms.Period.To, DueOn = terms.DueOn,
            FeeKinds = string.Join(',', codes), PreviewHash = sum.Hash(), Bills = sum.Bills, TotalFen = sum.TotalFen,
            Odd = JsonSerializer.Serialize(new OddList().Report(), Json.Options), State = BillRunState.Issued, HouseId = bills.House.Id,
            ProposedBy = member.WeChatUserId, ProposedAt = now, IssuedAt = now,
        };
        db.Add(run);
        var rows = new IssuedRows(run, books, clock, batch, new Dictionary<(Guid, Guid), long>());
        foreach (var draft in bills.Bills) rows.Add(draft);
        foreach (var claim in bills.Claims) rows.Add(bills.House, claim);
        await batch.Write(cancel);
        return sum.TotalFen;
    }
}
