using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="HeldUntil">An order on somebody's phone holds the bill until then; null when nobody pays it now.</param>
public sealed record CounterBill(
    Guid BillId, Guid PartyId, string Title, Beneficiary Beneficiary, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, long OpenFen,
        long LateFeeFen,
    bool Overdue, DateTimeOffset? HeldUntil);

/// <param name="From">First day for which the party owes the fees.</param>
/// <param name="To">Last day; null: it owes them now.</param>
/// <param name="PrepaidFen">Its prepaid money for the house.</param>
public sealed record CounterParty(Guid PartyId, PartyKind Kind, DateOnly From, DateOnly? To, long PrepaidFen);

/// <summary>A house as the counter needs it to take money: who owes, what is open, what is prepaid.</summary>
public sealed record CounterHouse(Guid HouseId, string Code, IReadOnlyList<CounterParty> Parties, IReadOnlyList<CounterBill> Bills);

/// <param name="BillIds">Whole bills of one liable party of the house.</param>
/// <param name="Merchant">Only what of them goes to this merchant; null: all, which must then be one merchant's.</param>
public sealed record CounterQuoteRequest(Guid HouseId, IReadOnlyList<Guid> BillIds, MerchantChoice? Merchant = null);

/// <summary>What the cashier shows before he takes money: open bills of a house, and the price of those that the payer chooses, with offers, the
/// same as on
/// the payer's own phone.</summary>
/// <remarks>Errors: <c>house_not_found</c> 404 and those of a quote.</remarks>
public sealed class CounterQuotes(OwnerPayDb db, QuoteBills quotes, OpenBills openBills, PartyPeople people, Clock clock)
{
    public static readonly Error HouseNotFound = new(404, "house_not_found", "没有找到该房屋") { Field = "houseId" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/houses/{id:guid}", GetHouse).WithName("showCounterHouse")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance)
            .CanFail(HouseNotFound);
        doors.Staff.MapPost("/communities/{communityId:guid}/counter/quotes", Post).WithName("quoteAtCounter")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance)
            .CanFail([HouseNotFound, .. QuoteBills.Errors]);
    }

    static async Task<Results<Ok<CounterHouse>, ProblemHttpResult>> GetHouse(Guid id, StaffMember by, CounterQuotes counter,
        CancellationToken cancel) =>
        (await counter.House(id, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<BillQuote>, ProblemHttpResult>> Post(StaffMember by, CounterQuoteRequest request, CounterQuotes counter, CancellationToken cancel) =>
        (await counter.Quote(by.CommunityId, request.HouseId, new(request.BillIds, null, request.Merchant), counter.clock.Now(), cancel)).ToHttp(TypedResults.Ok);

    readonly Clock clock = clock;

    public Task<bool> Knows(Guid community, Guid house, CancellationToken cancel) => db.Houses.AnyAsync(h => h.Id == house
        && h.CommunityId == community, cancel);

    /// <summary>The price of bills of a house, of whichever of its liable parties they are, as the first owner of that party would get it.</summary>
    public async Task<Result<BillQuote>> Quote(Guid community, Guid house, QuoteRequest request, DateTimeOffset at, CancellationToken cancel)
    {
        if (!await Knows(community, house, cancel)) return HouseNotFound;
        var parties = await people.Of(house, cancel);
        var chosen = request.BillIds;
        var party = await db.Bills.Where(b => chosen.Contains(b.Id) && b.HouseId == house).Select(b => (Guid?)b.PartyId).FirstOrDefaultAsync(cancel);
        Guid? person = party is { } owing && await people.FirstOf(house, owing, cancel) is var first && first != Guid.Empty ? first : null;
        return await quotes.For(new(community, house, [.. parties.Select(p => p.Id)], person), request, at, cancel);
    }

    async Task<Result<CounterHouse>> House(Guid id, StaffMember by, CancellationToken cancel)
    {
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.Id == id && h.CommunityId == by.CommunityId, cancel);
        if (house is null) return HouseNotFound;
        var (now, today) = (clock.Now(), clock.Today());
        var parties = await people.Of(id, cancel);
        var prepaid = await db.PrepaidBalances.Where(b => b.HouseId == id).ToDictionaryAsync(b => b.PartyId, b => b.BalanceFen, cancel);
        var bills = await openBills.Of(id, [.. parties.Select(p => p.Id)], cancel);
        var (ids, orders, holds) = (bills.Select(b => b.Bill.Id).ToList(), db.PaymentOrders, db.BillHolds);
        var held = await holds.Where(h => ids.Contains(h.BillId)).Join(orders, h => h.OrderId, o => o.Id, (h, o) => new { h.BillId, o.ExpiresAt })
            .ToDictionaryAsync(h => h.BillId, h => h.ExpiresAt, cancel);
        return new CounterHouse(house.Id, house.Code,
            [.. parties.Where(p => p.To is null || p.To >= p.From).Select(p => new CounterParty(p.Id, p.Kind, p.From, p.To,
                prepaid.GetValueOrDefault(p.Id)))],
            [.. bills.Select(b => new CounterBill(b.Bill.Id, b.Bill.PartyId, string.Join("、", b.Lines.Select(l => l.Title).Distinct()),
                b.Bill.Beneficiary, b.Bill.PeriodFrom,
                b.Bill.PeriodTo, b.Bill.DueOn, b.Bill.OpenFen, b.LateFeeOn(today), b.OverdueOn(today),
                held.TryGetValue(b.Bill.Id, out var until) && until > now ? until : null))]);
    }
}
