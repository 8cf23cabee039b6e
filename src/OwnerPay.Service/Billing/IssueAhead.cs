using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Months">How many months to come that are not billed yet.</param>
public sealed record MonthsAheadRequest([property: Range(1, 36)] int Months);

/// <param name="BillIds">One bill for each month; they can be quoted and paid at once.</param>
public sealed record MonthsAheadIssued(DateOnly From, DateOnly To, IReadOnlyList<Guid> BillIds, long TotalFen);

/// <summary>An owner asks for the bills of months to come, to pay them in advance (预缴): issued for his house alone, at today's tariff, up to the
/// community's limit.</summary>
/// <remarks>Each month is a bill of its own that falls due at the month's end, as it would have anyway: who asks and does not pay owes nothing earlier.
/// Months are claimed as every bill claims them, so that no later run bills them again. Errors: <c>months_ahead_not_liable</c>,
/// <c>months_ahead_none</c>, <c>months_ahead_unavailable</c>, <c>months_ahead_changed</c> 409.</remarks>
public sealed class IssueAhead(OwnerPayDb db, IssueBills issue, Audit audit, Clock clock)
{
    static readonly Error NotLiable = new(409, "months_ahead_not_liable", "您目前不是该房屋的责任方，不能预缴");
    static readonly Error NoneLeft = new(409, "months_ahead_none", "可预缴的月份均已出账，或本小区暂不支持预缴");
    static readonly Error Unavailable = new(409, "months_ahead_unavailable", "暂时无法生成以后月份的账单，请联系物业服务中心");
    static readonly Error Changed = new(409, "months_ahead_changed", "账单刚刚有变化，请刷新后重试");

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/prepaid/months", Post).WithName("issueMonthsAhead").ForOwners()
        .CanFail(Problems.Validation, Member.HouseNotFound, NotLiable, NoneLeft, Unavailable, Changed, PreviewBillRun.RegimeUnsupported, IdempotencyKey.Missing,
            IdempotencyKey.Reused);

    static async Task<Results<Created<MonthsAheadIssued>, ProblemHttpResult>> Post(
        MonthsAheadRequest request, IdempotencyKey key, Member member, IssueAhead ahead, CancellationToken cancel) =>
        (await ahead.Run(request, key, member, cancel)).ToHttp(done => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/bills", done));

    public Task<Result<MonthsAheadIssued>> Run(MonthsAheadRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<MonthsAheadIssued>(key, new { member.HouseId, request }, async () =>
        {
            try
            {
                return await Issue(request.Months, member, cancel);
            }
            catch (DbUpdateException taken) when (WriteFailure.Violates(taken, "BillClaims", "LiveKey"))
            {
                return Changed;    // another run billed one of these months a moment ago
            }
        }, cancel);

    async Task<Result<MonthsAheadIssued>> Issue(int months, Member member, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == member.CommunityId, cancel);
        if (community.FeeRegime != FeeRegime.LumpSum) return PreviewBillRun.RegimeUnsupported;
        var (today, parties) = (clock.Today(), member.PartyIds);
        if (!await db.LiableParties.AnyAsync(p => parties.Contains(p.Id) && p.From <= today && (p.To == null || p.To >= today), cancel)) return NotLiable;
        // The house's row is the lock under which its months are looked at.
        var house = await db.Houses.AsNoTracking().Where(h => h.Id == member.HouseId).ForUpdate().SingleAsync(cancel);
        var codes = await FixedKinds(member.CommunityId, cancel);
        var prices = await PriceBook.Load(db, member.CommunityId, codes, cancel);
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var (issued, total, days) = (new List<Guid>(), 0L, (DateRange?)null);
        for (var (ahead, made) = (0, 0); ahead < community.PrepayMonths && made < months; ahead++)
        {
            var month = DateRange.Month(first.AddMonths(ahead).Year, first.AddMonths(ahead).Month);
            var terms = new RunTerms(member.CommunityId, month, month.To, community.FirstDay);
            var bills = ComposeBills.Of(await Facts(house, month, cancel), prices, terms);
            if (bills.Bills.Count == 0 && bills.Odd.FirstOrDefault(o => o.Kind is OddKinds.PriceMissing or OddKinds.NoLiableParty) is { } odd)
                return Unavailable with { Detail = odd.Text };
            if (bills.Bills.Count == 0) continue;
            made++;
            days = new DateRange(days?.From ?? month.From, month.To);
            issued.AddRange(await Write(bills, terms, codes, member, cancel));
            total += bills.Bills.Sum(bill => bill.AmountFen);
        }
        if (days is not { } period) return NoneLeft;
        audit.Add(member.CommunityId, $"owner:{member.WeChatUserId:N}", "bills.issued-ahead", house.Id, new { house.Code, period.From, period.To, totalFen = total });
        await db.SaveChangesAsync(cancel);
        return new MonthsAheadIssued(period.From, period.To, issued, total);
    }

    /// <summary>Fees of the company whose amount is known before their month: by area or fixed, nothing that is measured or shared out.</summary>
    async Task<List<string>> FixedKinds(Guid community, CancellationToken cancel)
    {
        var tariffs = db.Tariffs.Where(t => t.State == TariffState.Active);
        return await db.FeeKinds.Where(k => k.CommunityId == community && k.Beneficiary == Beneficiary.Company && tariffs.Any(t => t.FeeKindId == k.Id)
                && !tariffs.Any(t => t.FeeKindId == k.Id && t.Formula != TariffFormula.AreaPrice && t.Formula != TariffFormula.Fixed))
            .OrderBy(k => k.Code).Select(k => k.Code).ToListAsync(cancel);
    }

    async Task<HouseFacts> Facts(House house, DateRange month, CancellationToken cancel)
    {
        var number = month.From.Year * 100 + month.From.Month;
        var parties = await db.LiableParties.AsNoTracking().Where(p => p.HouseId == house.Id).ToListAsync(cancel);
        var spaces = await db.ParkingSpaces.AsNoTracking().Where(s => s.HouseId == house.Id).OrderBy(s => s.Code).ToListAsync(cancel);
        var claimed = await db.BillClaims.AsNoTracking().Where(c => c.HouseId == house.Id && c.ServiceMonth == number && c.LiveKey != null)
            .Select(c => new { c.FeeKindId, c.Slot, c.ParkingSpaceId }).ToListAsync(cancel);
        return new(house, parties, spaces, claimed.Select(c => new ClaimedMonth(c.FeeKindId, c.Slot, c.ParkingSpaceId, number)).ToHashSet(),
            new Dictionary<Guid, LastCharged>());
    }

    /// <summary>A run of one house and month; prepaid money is not touched, its owner decides when he pays.</summary>
    async Task<IEnumerable<Guid>> Write(HouseBills bills, RunTerms terms, List<string> codes, Member member, CancellationToken cancel)
    {
        var (sum, now) = (new RunSum(terms), clock.Now());
        foreach (var draft in bills.Bills) sum.Add(draft);
        var run = new BillRun
        {
            Id = Guid.CreateVersion7(), CommunityId = terms.CommunityId, PeriodFrom = terms.Period.From, PeriodTo = terms.Period.To, DueOn = terms.DueOn,
            FeeKinds = string.Join(',', codes), PreviewHash = sum.Hash(), Bills = sum.Bills, TotalFen = sum.TotalFen,
            Odd = JsonSerializer.Serialize(new OddList().Report(), Json.Options), State = BillRunState.Issued, ByOwner = true, ProposedBy = member.WeChatUserId,
            ProposedAt = now, IssuedAt = now,
        };
        db.Add(run);
        foreach (var draft in bills.Bills) await issue.Add(run, draft, [], cancel);
        foreach (var claim in bills.Claims) db.Add(IssueBills.Claim(run, bills.House, claim));
        await db.SaveChangesAsync(cancel);
        return await db.Bills.Where(b => b.RunId == run.Id).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(cancel);
    }
}
