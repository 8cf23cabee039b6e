using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="BillIds">Whole bills of one house.</param>
public sealed record QuoteRequest(IReadOnlyList<Guid> BillIds);

/// <summary>Prices whole bills of one house with the offers that hold at an instant.</summary>
/// <remarks>Errors: <c>no_bills_chosen</c>, <c>too_many_bills</c>, <c>bill_chosen_twice</c> 400; <c>bill_not_found</c> 404; <c>bill_not_open</c>,
/// <c>bills_of_different_parties</c>, <c>bills_of_different_merchants</c>, <c>offers_misconfigured</c> 409.</remarks>
public sealed class QuoteBills(OwnerPayDb db, OpenBills openBills)
{
    public static readonly Error NoneChosen = new(400, "no_bills_chosen", "请选择要缴纳的账单") { Field = "billIds" };
    public static readonly Error TooMany = new(400, "too_many_bills", "一次最多选择 50 张账单") { Field = "billIds" };
    public static readonly Error ChosenTwice = new(400, "bill_chosen_twice", "同一张账单不能选择两次") { Field = "billIds" };
    public static readonly Error NotFound = ShowBills.NotFound;
    public static readonly Error NotOpen = new(409, "bill_not_open", "所选账单已缴清或已作废，请刷新后重试");
    public static readonly Error DifferentParties = new(409, "bills_of_different_parties", "不同责任方的账单需分开缴纳");
    public static readonly Error DifferentMerchants = new(409, "bills_of_different_merchants", "不同收款账户的账单需分开缴纳");
    public static readonly Error OffersMisconfigured = new(409, "offers_misconfigured", "优惠活动设置有误，请联系物业服务中心");

    /// <summary>Every refusal of <see cref="For"/>.</summary>
    public static readonly Error[] Errors = [NoneChosen, TooMany, ChosenTwice, NotFound, NotOpen, DifferentParties, DifferentMerchants, OffersMisconfigured];

    const int MostBills = 50;

    /// <summary>How long a finished offer is still named as missed, and how early a coming one is named.</summary>
    static readonly TimeSpan StillNamed = TimeSpan.FromDays(31), NamedBefore = TimeSpan.FromDays(92);

    sealed record KnownKind(string Code, bool Promotable);

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/houses/{houseId}/quotes", Post).WithName("quoteBills").ForOwners().CanFail([.. Errors, Member.HouseNotFound]);

    static async Task<Results<Ok<BillQuote>, ProblemHttpResult>> Post(
        QuoteRequest request, Member member, QuoteBills quotes, Clock clock, CancellationToken cancel) =>
        (await quotes.For(member.CommunityId, member.HouseId, member.PartyIds, request.BillIds, clock.Now(), cancel)).ToHttp(quote => TypedResults.Ok(quote));

    /// <param name="parties">Liable parties whose bills the payer may pay; a bill of any other does not exist for him.</param>
    /// <param name="at">Business instant; its Shanghai date decides the late fee.</param>
    public async Task<Result<BillQuote>> For(
        Guid community, Guid house, IReadOnlyCollection<Guid> parties, IReadOnlyList<Guid> billIds, DateTimeOffset at, CancellationToken cancel)
    {
        if (billIds.Count == 0) return NoneChosen;
        if (billIds.Count > MostBills) return TooMany;
        if (billIds.Distinct().Count() != billIds.Count) return ChosenTwice;
        var bills = await openBills.Of(house, parties, billIds, cancel);
        if (bills.Count != billIds.Count || bills.Any(b => b.Bill.CommunityId != community)) return NotFound;
        if (bills.Any(b => b.Bill.State != BillState.Open)) return NotOpen;
        if (bills.Any(b => b.Bill.PartyId != bills[0].Bill.PartyId)) return DifferentParties;
        if (bills.Any(b => b.Bill.Beneficiary != bills[0].Bill.Beneficiary)) return DifferentMerchants;

        var kindIds = bills.SelectMany(b => b.Lines).Select(l => l.FeeKindId).Distinct().ToList();
        var kinds = await db.FeeKinds.Where(k => kindIds.Contains(k.Id))
            .ToDictionaryAsync(k => k.Id, k => new KnownKind(k.Code, k.Promotable && k.Beneficiary == Beneficiary.Company), cancel);
        var (latest, earliest) = (at + NamedBefore, at - StillNamed);
        var offers = await db.Offers.AsNoTracking().Where(o => o.CommunityId == community && o.State == OfferState.Active && o.Start <= latest && o.End > earliest)
            .ToListAsync(cancel);
        return Price(bills, kinds, offers, at);
    }

    static Result<BillQuote> Price(IReadOnlyList<BillWithLines> bills, Dictionary<Guid, KnownKind> kinds, List<Offer> offers, DateTimeOffset at)
    {
        var today = Clock.DateOf(at);
        var lateFees = bills.ToDictionary(b => b.Bill.Id, b => b.LateFeeOn(today));
        // The late fee of a bill rides on its first line: a quote knows lines only.
        var lines = bills.SelectMany(b => b.Lines.Select((line, index) => new QuoteLine(line.Id.ToString("N"), kinds[line.FeeKindId].Code,
            kinds[line.FeeKindId].Promotable, new Fen(line.OpenFen), new Fen(index == 0 ? lateFees[b.Bill.Id] : 0), new DateRange(line.From, line.To)))).ToArray();

        var leftOut = new List<UnusedOffer>();
        var overdue = bills.Where(b => b.Bill.DueOn < today).SelectMany(b => b.Lines).Select(l => kinds[l.FeeKindId].Code).ToHashSet();
        LeaveOut(offers, leftOut, "overdue", offer => offer.Kind == OfferKind.OnTime && offer.FeeKinds.Split(',').Any(overdue.Contains));
        LeaveOut(offers, leftOut, "budgetUsed", offer => offer.LeftFen == 0 || offer.LeftCount == 0);
        try
        {
            while (true)
            {
                var quote = Quote.For(lines, [.. offers.Select(offer => offer.ToRule())], at);
                // An offer that would give more than its budget has left gives nothing; what then is best is searched anew.
                var saved = quote.Considered.ToDictionary(c => c.Offer.Id, c => c.Saved.Value);
                if (LeaveOut(offers, leftOut, "budgetUsed", offer => offer.LeftFen is { } left && saved[offer.Id.ToString("N")] > left)) continue;
                return Explain(quote, bills, kinds, offers, leftOut, lateFees);
            }
        }
        catch (RuleRefusal refusal) when (refusal.Code == RuleCodes.TooManyOffers) { return OffersMisconfigured; }
    }

    static bool LeaveOut(List<Offer> offers, List<UnusedOffer> leftOut, string reason, Func<Offer, bool> when)
    {
        var leave = offers.Where(when).ToList();
        foreach (var offer in leave) leftOut.Add(new(offer.Id, offer.Code, offer.Version, offer.Name, reason, QuoteTexts.WhyLeftOut(reason)));
        return offers.RemoveAll(leave.Contains) > 0;
    }

    static BillQuote Explain(Quote quote, IReadOnlyList<BillWithLines> bills, Dictionary<Guid, KnownKind> kinds, List<Offer> offers,
        List<UnusedOffer> leftOut, Dictionary<Guid, long> lateFees)
    {
        var byId = offers.ToDictionary(offer => offer.Id.ToString("N"));
        var priced = quote.Lines.ToDictionary(line => line.Line.Id);
        QuotedLine Line(BillLine line)
        {
            var discounts = priced[line.Id.ToString("N")].Discounts;
            return new(line.Id, line.Number, kinds[line.FeeKindId].Code, line.Title, line.From, line.To, line.OpenFen, discounts.Sum(d => d.Amount.Value),
                [.. discounts.Select(d => byId[d.Offer]).Zip(discounts, (o, d) => new QuotedDiscount(o.Id, o.Code, o.Version, o.Name, d.Amount.Value))]);
        }
        var first = bills[0].Bill;
        var used = quote.Considered.Where(c => c.Reason is null).Select(c => (Offer: byId[c.Offer.Id], c.Saved));
        var notUsed = quote.Considered.Where(c => c.Reason is not null).Select(c => QuoteTexts.NotUsed(byId[c.Offer.Id], c));
        return new BillQuote(first.HouseId, quote.At,
            [.. bills.Select(b => new QuotedBill(b.Bill.Id, b.Bill.PeriodFrom, b.Bill.PeriodTo, b.Bill.DueOn, [.. b.Lines.Select(Line)], lateFees[b.Bill.Id]))],
            [.. used.Select(u => new UsedOffer(u.Offer.Id, u.Offer.Code, u.Offer.Version, u.Offer.Name, u.Saved.Value))],
            [.. notUsed, .. leftOut],
            [.. quote.NextBetter.Select(step => QuoteTexts.Better(byId[step.Offer], step, quote.At))],
            bills.Sum(b => b.Bill.OpenFen), quote.Discount.Value, lateFees.Values.Sum(), quote.Payable.Value, quote.Hash)
        {
            CommunityId = first.CommunityId, PartyId = first.PartyId, Beneficiary = first.Beneficiary, Canonical = quote.Canonical,
        };
    }
}
