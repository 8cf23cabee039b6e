using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Domain.Points;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>By which way money came.</summary>
/// <param name="Account">The asset account that it lands in.</param>
/// <param name="TotalFen">All of it, with coupons that we bear.</param>
/// <param name="PrepaidFen">Part of it that the payer gives beyond his bills, meant for the prepaid balance.</param>
/// <param name="ReceiptNumber">Taken on the spot; null: given soon after commit.</param>
public sealed record ArrivedBy(
    string Channel, string TransactionId, string Account, long TotalFen, long OwnCouponFen, DateTimeOffset PaidAt, long PrepaidFen = 0,
        long? ReceiptNumber = null);

/// <param name="SurplusFen">Money that found nothing to settle and that nobody had meant for the prepaid balance, where it went.</param>
public sealed record AppliedPayment(Payment Payment, long SurplusFen);

/// <summary>Money for one order.</summary>
/// <param name="PaymentId">Chosen before, so that an answer can name the payment that it announces.</param>
/// <param name="Lines">All lines of the order: their money is what came.</param>
/// <param name="Usable">Those whose bills may take it; the money of the others goes to the prepaid balance.</param>
public sealed record PaidOrder(Guid PaymentId, PaymentOrder Order, IReadOnlyList<OrderLine> Lines, IReadOnlyList<OrderLine> Usable, ArrivedBy By)
{
    /// <summary>What its money and its offers settle: each usable line, less what prepaid money pays of it.</summary>
    public IEnumerable<BillPart> Parts
    {
        get
        {
            var shares = OrderPrepaid.Shares(Order, Lines);
            return Usable.Select(l => new BillPart(l.BillId, l.BillLineId, l.Fen - shares[l.Number], l.DiscountFen, OfferShare.Companys(l.Offers))).Where(part => part.Fen > 0);
        }
    }

    /// <summary>Within its life the order keeps the price of the day on which it was made; money that came later counts from its own day.</summary>
    public DateOnly PriceDate => By.PaidAt <= Order.ExpiresAt ? Order.PriceDate : Clock.DateOf(By.PaidAt);
}

/// <summary>Applies money to its orders' bills at the frozen price, inside the caller's transaction: payments, reductions, prepaid rests, a journal each, points,
/// receipts, messages.</summary>
/// <remarks>Money of 0 fen goes the same way: an order that offers paid in full gets the same rows and a receipt. One order or many of a community: the
/// statements are the same, with more rows in them.</remarks>
public sealed class ApplyPayments(
    OwnerPayDb db, ReduceBills reduce, PrepaidMoney prepaid, OrderPrepaid held, Books books, EarnPoints points, Messages messages,
    PaymentChannels channels, Clock clock)
{
    /// <returns>The payments in the order given.</returns>
    public async Task<IReadOnlyList<AppliedPayment>> Run(Guid community, IReadOnlyList<PaidOrder> orders, CancellationToken cancel)
    {
        var reduced = await reduce.Run(community, Payment.Source, [.. orders.Select(paid => new Reduction(
            paid.PaymentId, paid.PriceDate, [.. paid.Parts]))], cancel);
        var payments = new List<AppliedPayment>();
        foreach (var (paid, lowered) in orders.Zip(reduced)) payments.Add(await Apply(paid, lowered, cancel));
        foreach (var paid in orders) await held.Use(paid, cancel);
        await messages.CancelUnsent([.. reduced.SelectMany(lowered => lowered.PaidBills)], BillReminders.Kinds, "paid", cancel);
        await messages.TellOfNew(ReceiptMessage.Name, community,
            [.. orders.Where(paid => paid.Order.PersonId != Guid.Empty).Select(paid => new Recipient(paid.Order.PersonId, paid.PaymentId,
                paid.Order.HouseId))], cancel);
        return payments;
    }

    async Task<AppliedPayment> Apply(PaidOrder paid, ReducedBills reduced, CancellationToken cancel)
    {
        var (order, by) = (paid.Order, paid.By);
        var surplus = await Rest(order, paid.Lines, reduced, cancel);
        var rest = WithPrepaid(surplus, order.PartyId, by.PrepaidFen);
        var payment = new Payment
        {
            Id = paid.PaymentId, CommunityId = order.CommunityId, OrderId = order.Id, MerchantAccountId = order.MerchantAccountId, Channel = by.Channel,
            TransactionId = by.TransactionId, TotalFen = by.TotalFen, ReceivedFen = by.TotalFen - by.OwnCouponFen, OwnCouponFen = by.OwnCouponFen,
            PaidAt = by.PaidAt, PaidOn = Clock.DateOf(by.PaidAt), BookedAt = clock.Now(),
            Outcome = rest.Count > 0 ? PaymentOutcome.Prepaid : PaymentOutcome.Settled,
        };
        db.Add(payment);
        db.Add(new Receipt
        {
            Id = Guid.CreateVersion7(), CommunityId = order.CommunityId, PaymentId = payment.Id, HouseId = order.HouseId, AmountFen = payment.ReceivedFen,
            Year = payment.PaidOn.Year, Number = by.ReceiptNumber, At = payment.BookedAt,
        });
        Journal(payment, order, paid.Lines, reduced, rest, by.Account);
        await points.Run(order.CommunityId, order.PersonId, Points(order, reduced, by.OwnCouponFen, paid.PriceDate), Payment.Source, payment.Id, payment.PaidOn,
            "按时缴费获得积分", cancel);
        foreach (var (party, fen) in rest) await prepaid.Add(order.CommunityId, order.HouseId, party, fen, Payment.Source, payment.Id, cancel);
        return new(payment, surplus.Sum(party => party.Fen));
    }

    static IReadOnlyList<(Guid Party, long Fen)> WithPrepaid(IReadOnlyList<(Guid Party, long Fen)> rest, Guid party, long fen) => fen == 0 ? rest
        : [.. rest.Append((Party: party, Fen: fen)).GroupBy(each => each.Party).Select(each => (each.Key, each.Sum(part => part.Fen)))
            .OrderBy(each => each.Key)];

    /// <summary>Money that found nothing to settle, by the party whose bill no longer needed it.</summary>
    async Task<IReadOnlyList<(Guid Party, long Fen)>> Rest(PaymentOrder order, IReadOnlyList<OrderLine> lines, ReducedBills reduced, CancellationToken cancel)
    {
        if (order.TopUpFen > 0) return [(order.PartyId, order.TopUpFen)];
        var shares = OrderPrepaid.Shares(order, lines);
        var came = lines.Sum(l => l.Fen - l.DiscountFen - shares[l.Number]);
        if (came != order.PayableFen) throw new InvalidOperationException($"The lines of order {order.OutTradeNo} sum to {came}, not to {order.PayableFen}");
        if (came == reduced.CashFen) return [];
        var bills = lines.Select(l => l.BillId).Distinct().ToList();
        var parties = await db.Bills.Where(b => bills.Contains(b.Id)).ToDictionaryAsync(b => b.Id, b => b.PartyId, cancel);
        return [.. lines.GroupBy(l => parties[l.BillId])
            .Select(party => (party.Key, Fen: party.Sum(l => l.Fen - l.DiscountFen - shares[l.Number]) - reduced.Parts.Where(p => p.PartyId == party.Key).Sum(p => p.CashFen)))
            .Where(rest => rest.Fen != 0).OrderBy(rest => rest.Key)];
    }

    static long Points(PaymentOrder order, ReducedBills reduced, long ownCouponFen, DateOnly on)
    {
        if (order.PersonId == Guid.Empty) return 0;
        // What our own coupon paid, the owner did not: it is taken off evenly before points are counted.
        var cash = reduced.Parts.Select(p => p.CashFen).ToArray();
        var coupon = Math.Min(ownCouponFen, cash.Sum());
        var shares = coupon == 0 ? new Fen[cash.Length] : Apportion.Split(new Fen(coupon), cash);
        return PointsEarned.For(on, reduced.Parts.Select((part, index) =>
            new PaidPrincipal(new Fen(cash[index]) - shares[index], part.Promotable && part.BillLineId is not null, part.DueOn)), order.PointsPerYuan);
    }

    void Journal(Payment payment, PaymentOrder order, IReadOnlyList<OrderLine> lines, ReducedBills reduced, IReadOnlyList<(Guid Party, long Fen)> rest, string account)
    {
        var title = channels.Of(payment.Channel).Title;
        var journal = books.Journal(payment.CommunityId, Payment.Source, payment.Id, payment.PaidOn, order.TopUpFen > 0 ? title + "预存" : title)
            .Debit(account, payment.ReceivedFen).Debit(Accounts.WeChatDiscount, payment.OwnCouponFen);
        var offers = lines.ToDictionary(l => (l.BillId, l.BillLineId), l => l.Offers);
        foreach (var part in reduced.Parts)
        {
            if (part.DiscountFen > 0) Discount(journal, part, offers[(part.BillId, part.BillLineId)], payment.PaidOn);
            if (part.BillLineId is null) journal.Credit(Accounts.LateFeeIncome, part.Fen);
            else journal.Credit(Accounts.Receivable(part.HouseId, part.PartyId), part.Fen);
        }
        foreach (var (party, fen) in rest) journal.Credit(Accounts.Prepaid(order.HouseId, party), fen);
        journal.Post();
    }

    /// <summary>A discount of the company lowers what was billed, split into net and tax as its line: of months that are over, the net as a deduction from
    /// income under the offer's name and the tax off output tax; of months to come, less contract liability and less pending tax. What others fund is their
    /// debt to us.</summary>
    /// <remarks>A month is over when the payment falls into a later one, whether its books are closed or not: closing brings what is pending to what is to come.</remarks>
    static void Discount(Books.Draft journal, SettledPart part, string offers, DateOnly paidOn)
    {
        // What was settled may be less than frozen: each offer gave its share of that.
        var shares = OfferShare.Parse(offers);
        var given = Apportion.Split(new Fen(part.DiscountFen), [.. shares.Select(share => share.Fen)]);
        var own = Fen.Zero;
        for (var index = 0; index < shares.Count; index++)
            if (shares[index].Account is { } account) journal.Debit(account, given[index].Value);
            else own += given[index];
        if (own == Fen.Zero) return;
        var (split, days) = (Tax.Split(own, part.TaxRatePerMillion), new DateRange(part.ServiceFrom, part.ServiceTo));
        var (net, tax) = (ServiceMonths.ToCome(split.Net, days, paidOn), ServiceMonths.ToCome(split.Tax, days, paidOn));
        journal.Debit(Accounts.PendingTax, tax.Value).Debit(Accounts.OutputTax, (split.Tax - tax).Value)
            .Debit(Accounts.ContractLiability(part.FeeKind!), net.Value);
        if (split.Net == net) return;
        var companys = shares.Where(share => share.Account is null).ToList();
        foreach (var (share, fen) in companys.Zip(Apportion.Split(split.Net - net, [.. companys.Select(share => share.Fen)])))
            journal.Debit(Accounts.Discount(share.Code), fen.Value);
    }
}
