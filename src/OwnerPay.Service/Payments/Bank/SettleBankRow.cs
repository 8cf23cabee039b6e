using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>Books a party's money that is there already: at the price of the day on which it came if it is exactly that of all its open or all its
/// due bills, with
/// offers; else bill by bill, the oldest due first; the rest is prepaid money.</summary>
public sealed class SettleForParty(OwnerPayDb db, QuoteBills quotes, QuoteAmount amounts, OpenBills openBills, PartyPeople people, SettleNow settle)
{
    /// <param name="at">Business instant at which the money came.</param>
    /// <param name="by">Its amount is all that the party pays.</param>
    /// <returns>Null when a budget went to somebody else between price and booking: undo, and try again.</returns>
    public async Task<SettleNow.Settled?> Run(Guid communityId, Guid house, Guid party, OrderWay way, ArrivedBy by, DateTimeOffset at,
        CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == communityId, cancel);
        await db.LockBills(await db.Bills.Where(b => b.HouseId == house && b.PartyId == party).Where(OpenBills.MayBeOwed).Select(b => b.Id).ToListAsync(cancel), cancel);
        var open = await openBills.Of(house, [party], cancel);
        var person = await people.FirstOf(house, party, cancel);
        foreach (var bills in Choices(open, Clock.DateOf(at)))
            if (await quotes.For(new(communityId, house, [party], person == Guid.Empty ? null : person), new(bills), at, cancel) is { Refusal: null } priced
                && priced.Value.PayableFen == by.TotalFen)
                return await settle.Run(community, new(priced.Value, way, person, by), cancel);
        var quote = open.Count == 0 ? QuoteAmount.Nothing(communityId, house, party, at) : await amounts.For(open, by.TotalFen,
            community.LateFeeFirst, at, cancel);
        return await settle.Run(community, new(quote, way, person, by with { PrepaidFen = by.TotalFen - quote.PayableFen }), cancel);
    }

    /// <summary>What somebody who pays a whole number of bills is likely to mean: all of them, or those that are due.</summary>
    static IEnumerable<IReadOnlyList<Guid>> Choices(IReadOnlyList<BillWithLines> open, DateOnly on)
    {
        if (open.Count > 0) yield return [.. open.Select(b => b.Bill.Id)];
        var due = open.Where(b => b.Bill.DueOn <= on).Select(b => b.Bill.Id).ToList();
        if (due.Count > 0 && due.Count < open.Count) yield return due;
    }
}

/// <summary>Settles rows of bank statements out of suspense: those of exact reference by themselves, others when a person said whose they
/// are.</summary>
public sealed class SettleBankRow(OwnerPayDb db, SettleForParty settle, Clock clock)
{
    const int Batch = 500;
    public static readonly Error PriceMoved = new(409, "price_moved", "优惠额度刚刚用完，价格已变化，请重试");

    /// <summary>Settles what waits and is known by exact reference; harmless when repeated, by however many.</summary>
    /// <param name="import">Only rows of this import; null: whatever was left by a crash.</param>
    /// <returns>How many were settled here.</returns>
    public async Task<int> Waiting(Guid? community, Guid? import, CancellationToken cancel)
    {
        var settled = 0;
        for (Guid? after = null; ;)
        {
            var last = after;
            var rows = await db.BankRows.AsNoTracking().Where(r => (community == null || r.CommunityId == community)
                && (import == null || r.ImportId == import)
                    && r.State == BankRowState.Waiting && r.Match == BankMatch.Reference && r.ProposedPartyId != null
                        && (last == null || r.Id.CompareTo(last.Value) > 0))
                .OrderBy(r => r.Id).Take(Batch).Select(r => r.Id).ToListAsync(cancel);
            if (rows.Count == 0) return settled;
            foreach (var id in rows)
                if (await One(id, cancel)) settled++;
            after = rows[^1];
        }
    }

    async Task<bool> One(Guid id, CancellationToken cancel)
    {
        // The row's own state makes it happen once; what was refused may be tried again.
        var key = new IdempotencyKey("job", "bank", "settle-row", Guid.CreateVersion7().ToString("N"));
        return (await db.Once<bool>(key, id, async () =>
        {
            var row = await db.BankRows.Where(r => r.Id == id).ForUpdate().SingleAsync(cancel);
            if (row.State != BankRowState.Waiting) return false;
            return await Book(row, row.ProposedPartyId!.Value, null, cancel) is null ? PriceMoved : true;
        }, cancel)) is { Refusal: null, Value: true };
    }

    /// <summary>Inside the caller's transaction, the row locked and waiting.</summary>
    /// <returns>Null when it must be undone and tried again.</returns>
    public async Task<SettleNow.Settled?> Book(BankRow row, Guid party, Guid? by, CancellationToken cancel)
    {
        var house = await db.LiableParties.Where(p => p.Id == party && p.CommunityId == row.CommunityId).Select(p => p.HouseId).SingleAsync(cancel);
        var at = Clock.StartOf(row.On).AddHours(12);    // statements seldom tell the hour; noon is on the right day
        if (at > clock.Now()) at = clock.Now();
        var arrived = new ArrivedBy(Payment.Bank, row.Id.ToString("N"), Accounts.Suspense, row.AmountFen, 0, at);
        // The settlement saves on its way: the row's move is tracked and goes with it.
        var settled = await settle.Run(row.CommunityId, house, party, OrderWay.Bank, arrived, at, cancel);
        if (settled is null) return null;
        (row.State, row.SettledBy, row.DecidedBy, row.DecidedAt) = (BankRowState.Settled, settled.PaymentId, by, clock.Now());
        return settled;
    }
}

/// <summary>Settles rows of exact reference that an import left behind because its instance ended.</summary>
public sealed class SettleBankRows(SettleBankRow settle) : IJob
{
    public async Task<string> Run(CancellationToken cancel) => $"{await settle.Waiting(null, null, cancel)} rows";
}
