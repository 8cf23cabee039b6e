using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Money that is there already and the price that it pays.</summary>
/// <param name="Quote">Of the bills, or of nothing (<see cref="QuoteAmount.Nothing"/>) where all of it is prepaid money.</param>
/// <param name="PersonId">Who gets the points and is told; all zeros for nobody.</param>
public sealed record MoneyAtHand(BillQuote Quote, OrderWay Way, Guid PersonId, ArrivedBy By);

/// <summary>Freezes an order and settles it at once, inside the caller's transaction: how every channel but WeChat books money.</summary>
public sealed class SettleNow(OwnerPayDb db, SettleOrders settle, OfferBudgets budgets, PointsRate points, Clock clock)
{
    /// <param name="PaidFen">Money that bills got; the rest is prepaid money.</param>
    public sealed record Settled(PaymentOrder Order, Guid PaymentId, long PaidFen);

    /// <returns>Null when an offer of the quote has no budget left: the price no longer holds.</returns>
    public async Task<Settled?> Run(Community community, MoneyAtHand money, CancellationToken cancel)
    {
        List<Guid> bills = [.. money.Quote.Bills.Select(bill => bill.BillId)];
        var perYuan = await points.Of(community, money.Quote.HouseId, bills, Clock.DateOf(money.By.PaidAt), cancel);
        var order = Order(community, money, perYuan, clock.Now());
        var lines = StartCheckout.Lines(order, money.Quote, community.LateFeeFirst);
        db.Add(order);
        db.AddRange(lines);
        if (!await budgets.Reserve(money.Quote, order.Id, order.PersonId, cancel)) return null;
        await db.SaveChangesAsync(cancel);    // budgets look for the uses that were just reserved
        var payment = Guid.CreateVersion7();
        var by = order.TopUpFen > 0 ? money.By with { PrepaidFen = 0 } : money.By;
        await settle.Run(community.Id, [new PaidOrder(payment, order, lines, lines, by)], cancel);
        await budgets.Use([order.Id], cancel);
        return new(order, payment, money.Quote.PayableFen);
    }

    static PaymentOrder Order(Community community, MoneyAtHand money, int pointsPerYuan, DateTimeOffset now)
    {
        var (quote, id) = (money.Quote, Guid.CreateVersion7());
        var topUp = quote.Bills.Count == 0 ? money.By.TotalFen : 0;
        return new PaymentOrder
        {
            Id = id, CommunityId = community.Id, HouseId = quote.HouseId, PartyId = quote.PartyId, Way = money.Way, PersonId = money.PersonId,
            PrincipalFen = quote.PrincipalFen, DiscountFen = quote.DiscountFen, LateFeeFen = quote.LateFeeFen, TopUpFen = topUp,
            PayableFen = quote.PayableFen + topUp, EarnsGift = quote.Gifts.Count > 0,
            QuoteHash = quote.QuoteHash, Quote = quote.Canonical, ChoiceHash = ChoiceOf(money.Way, quote.HouseId, quote.Bills.Select(b => b.BillId)),
            CreatedAt = quote.At, ExpiresAt = quote.At > money.By.PaidAt ? quote.At : money.By.PaidAt, PointsPerYuan = pointsPerYuan,
            State = OrderState.Paid, EndedAt = now, NextAskAt = TimeProvider.System.GetUtcNow(),
        };
    }

    /// <summary>SHA-256 (hex) over the way and the chosen bills.</summary>
    public static string ChoiceOf(OrderWay way, Guid house, IEnumerable<Guid> bills) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        $"{way}/{house:N}/{string.Join('/', bills.Select(bill => bill.ToString("N")).Order(StringComparer.Ordinal))}")));
}

/// <summary>Who of a liable party is told of a payment and gets its points where nobody signed in: the first of its owners.</summary>
public sealed class PartyPeople(OwnerPayDb db)
{
    /// <returns>All zeros when nobody belongs to the party.</returns>
    public async Task<Guid> FirstOf(Guid house, Guid party, CancellationToken cancel)
    {
        var (parties, tenures) = (db.LiableParties, db.Tenures);
        var liable = await parties.AsNoTracking().SingleAsync(p => p.Id == party && p.HouseId == house, cancel);
        return (await tenures.AsNoTracking().Where(t => t.HouseId == house).ToListAsync(cancel)).Where(tenure => Members.IsMember(tenure, liable))
            .OrderBy(tenure => Members.Rank(tenure.Kind)).ThenBy(tenure => tenure.From).ThenBy(tenure => tenure.Id).Select(tenure => tenure.PersonId)
                .FirstOrDefault();
    }

    /// <summary>Every liable party of a house, the earliest first: staff take money for all of them.</summary>
    public async Task<IReadOnlyList<LiableParty>> Of(Guid house, CancellationToken cancel) =>
        await db.LiableParties.AsNoTracking().Where(p => p.HouseId == house).OrderBy(p => p.From).ThenBy(p => p.Id).ToListAsync(cancel);
}
