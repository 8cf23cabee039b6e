using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>A price for each merchant of a choice; each is an order of its own, paid one after another.</summary>
public sealed record MerchantQuotes(IReadOnlyList<BillQuote> Quotes, long PayableFen);

/// <summary>Prices bills of one house with the offers that hold at an instant.</summary>
/// <remarks>Errors: <c>no_bills_chosen</c>, <c>too_many_bills</c>, <c>bill_chosen_twice</c>, <c>part_below_minimum</c>, <c>part_above_open</c>,
/// <c>part_unknown</c> 400; <c>bill_not_found</c> 404; <c>bill_not_open</c>, <c>bills_of_different_parties</c>, <c>bills_of_different_merchants</c>,
/// <c>part_payment_not_allowed</c>, <c>offers_misconfigured</c> 409.</remarks>
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
    public static readonly Error[] Errors =
        [NoneChosen, TooMany, ChosenTwice, NotFound, NotOpen, DifferentParties, DifferentMerchants, OffersMisconfigured, .. QuoteChoice.Errors];

    const int MostBills = 50;

    public static void Map(Doors doors)
    {
        doors.Owner.MapPost("/houses/{houseId}/quotes", Post).WithName("quoteBills").ForOwners().CanFail([.. Errors, Member.HouseNotFound]);
        doors.Owner.MapPost("/houses/{houseId}/quotes/by-merchant", PostByMerchant).WithName("quoteBillsByMerchant").ForOwners()
            .CanFail([.. Errors, Member.HouseNotFound]);
    }

    static async Task<Results<Ok<BillQuote>, ProblemHttpResult>> Post(
        Member member, QuoteRequest request, QuoteBills quotes, Clock clock, CancellationToken cancel) =>
        (await quotes.For(Of(member), request, clock.Now(), cancel)).ToHttp(quote => TypedResults.Ok(quote));

    static async Task<Results<Ok<MerchantQuotes>, ProblemHttpResult>> PostByMerchant(
        Member member, QuoteRequest request, QuoteBills quotes, Clock clock, CancellationToken cancel) =>
        (await quotes.ByMerchant(Of(member), request, clock.Now(), cancel)).ToHttp(all => TypedResults.Ok(all));

    static PricedFor Of(Member member) => new(member.CommunityId, member.HouseId, member.PartyIds, member.PersonId);

    /// <summary>The price of a choice that goes to one merchant.</summary>
    /// <param name="at">Business instant; its Shanghai date decides the late fee.</param>
    public async Task<Result<BillQuote>> For(PricedFor payer, QuoteRequest request, DateTimeOffset at, CancellationToken cancel)
    {
        var read = await Read(payer, request, at, cancel);
        if (read.Refusal is { } refusal) return refusal;
        var merchants = read.Value.Merchants;
        if (request.Merchant is null && merchants.Count > 1) return DifferentMerchants.With("merchants", merchants);
        var priced = Price(read.Value, request, request.Merchant ?? merchants[0], at);
        return priced.Refusal is null ? read.Value.Finish(priced.Value) : priced;
    }

    /// <summary>The same choice as one price for each merchant.</summary>
    public async Task<Result<MerchantQuotes>> ByMerchant(PricedFor payer, QuoteRequest request, DateTimeOffset at, CancellationToken cancel)
    {
        var read = await Read(payer, request, at, cancel);
        if (read.Refusal is { } refusal) return refusal;
        var quotes = new List<BillQuote>();
        foreach (var merchant in request.Merchant is { } one ? [one] : read.Value.Merchants)
        {
            var priced = Price(read.Value, request, merchant, at);
            if (priced.Refusal is { } unpriced) return unpriced;
            quotes.Add(read.Value.Finish(priced.Value));
        }
        return new MerchantQuotes(quotes, quotes.Sum(quote => quote.PayableFen));
    }

    /// <summary>What is read for a choice, whatever merchants it pays.</summary>
    sealed record Known(
        IReadOnlyList<BillWithLines> Bills, Dictionary<Guid, KnownKind> Kinds, QuoteRules Rules, long PrepaidFen, PartRules Parts, IReadOnlyList<MerchantChoice> Merchants)
    {
        /// <summary>What is no part of the price, but of the payer's choice.</summary>
        public BillQuote Finish(BillQuote quote) => quote with { PrepaidBalanceFen = PrepaidFen, PartPaymentMinFen = Parts.Allowed ? Parts.MinFen : null };
    }

    async Task<Result<Known>> Read(PricedFor payer, QuoteRequest request, DateTimeOffset at, CancellationToken cancel)
    {
        var ids = request.BillIds;
        if (ids.Count == 0) return NoneChosen;
        if (ids.Count > MostBills) return TooMany;
        if (ids.Distinct().Count() != ids.Count) return ChosenTwice;
        var bills = await openBills.Of(payer.HouseId, payer.PartyIds, ids, cancel);
        if (bills.Count != ids.Count || bills.Any(b => b.Bill.CommunityId != payer.CommunityId)) return NotFound;
        // A bill whose principal is paid may have late fee left, frozen on that day; it can still be paid.
        if (bills.Any(b => !b.OwedOn(Clock.DateOf(at)))) return NotOpen;
        if (bills.Any(b => b.Bill.PartyId != bills[0].Bill.PartyId)) return DifferentParties;

        var kindIds = bills.SelectMany(b => b.Lines).Select(l => l.FeeKindId).Distinct().ToList();
        var kinds = await db.FeeKinds.Where(k => kindIds.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => new KnownKind(
            k.Code, k.Promotable && k.Beneficiary == Beneficiary.Company, k.Beneficiary == Beneficiary.Company, new MerchantChoice(k.Beneficiary, k.MerchantAccountId)), cancel);
        var rules = await QuoteRules.Load(db, payer, bills[0].Bill.PartyId, request.CouponIds, at, cancel);
        var parts = await db.Communities.Where(c => c.Id == payer.CommunityId)
            .Select(c => new PartRules(c.AllowsPartPayment, c.PartPaymentMinFen, c.LateFeeFirst)).SingleAsync(cancel);
        var party = bills[0].Bill.PartyId;
        var prepaid = payer.PersonId is null ? 0
            : await db.PrepaidBalances.Where(b => b.HouseId == payer.HouseId && b.PartyId == party).SumAsync(b => b.BalanceFen, cancel);
        return new Known(bills, kinds, rules, prepaid, parts, QuoteChoice.Merchants(bills, kinds, Clock.DateOf(at)));
    }

    static Result<BillQuote> Price(Known known, QuoteRequest request, MerchantChoice merchant, DateTimeOffset at)
    {
        var (today, kinds) = (Clock.DateOf(at), known.Kinds);
        var cut = QuoteChoice.Of(request, known.Bills, merchant, kinds, known.Parts, today);
        if (cut.Refusal is { } refusal) return refusal;
        var chosen = cut.Value;
        if (chosen.Count == 0) return NotOpen;
        // Money that is passed through is only touched by what others fund; such offers name its fee kinds.
        var funded = known.Rules.Candidates.Where(c => c.Offer.Funding != OfferFunding.Company).SelectMany(c => c.Offer.FeeKinds.Split(',')).ToHashSet();
        bool MayBeLower(KnownKind kind) => kind.Promotable || !kind.IsCompanys && funded.Contains(kind.Code);
        // The late fee of a bill rides on its first line: a quote knows lines only.
        var lines = chosen.SelectMany(b => b.Lines.Select((line, index) => new QuoteLine(line.Line.Id.ToString("N"), kinds[line.Line.FeeKindId].Code,
            MayBeLower(kinds[line.Line.FeeKindId]) && !b.IsPart, new Fen(line.Fen), new Fen(index == 0 ? b.LateFeeFen : 0),
            new DateRange(line.Line.From, line.Line.To)))).ToArray();

        var overdue = chosen.Where(b => b.Bill.DueOn < today).SelectMany(b => b.Lines).Select(l => kinds[l.Line.FeeKindId].Code).ToHashSet();
        var (candidates, leftOut) = (new List<Candidate>(), new List<UnusedOffer>());
        foreach (var candidate in known.Rules.Candidates)
            if (known.Rules.Against(candidate, overdue) is { } reason) leftOut.Add(QuoteTexts.LeftOut(candidate, reason));
            else candidates.Add(candidate);
        var (gifts, missed) = Gifts(known.Rules, lines, overdue, at);
        try
        {
            while (true)
            {
                var quote = Quote.For(lines, [.. candidates.SelectMany(candidate => candidate.Rules)], at);
                // An offer that would give more than its budget has left gives nothing; what then is best is searched anew.
                var saved = quote.Considered.ToDictionary(c => c.Offer.Id, c => c.Saved.Value);
                var beyond = candidates.FindAll(c => c.Offer.LeftFen is { } left && c.Rules.Sum(rule => saved[rule.Id]) > left);
                if (beyond.Count == 0) return Explain(quote, chosen, merchant, kinds, candidates, [.. leftOut, .. missed], gifts);
                leftOut.AddRange(beyond.Select(candidate => QuoteTexts.LeftOut(candidate, "budgetUsed")));
                candidates.RemoveAll(beyond.Contains);
            }
        }
        catch (RuleRefusal refused) when (refused.Code == RuleCodes.TooManyOffers) { return OffersMisconfigured; }
    }

    /// <summary>What the choice earns beside its price, and why not what it does not.</summary>
    static (List<QuotedGift> Earned, List<UnusedOffer> Missed) Gifts(QuoteRules rules, QuoteLine[] lines, IReadOnlySet<string> overdue, DateTimeOffset at)
    {
        var (earned, missed) = (new List<QuotedGift>(), new List<UnusedOffer>());
        foreach (var gift in rules.Gifts)
        {
            if (rules.Against(gift, overdue) is { } left) missed.Add(QuoteTexts.LeftOut(gift, left));
            else if (Quote.Against(gift.Rules[0], lines, at) is { } reason) missed.Add(QuoteTexts.NotUsed(gift, gift.Rules[0], reason));
            else earned.Add(new(gift.Offer.Id, gift.Offer.Code, gift.Offer.Version, gift.Offer.Name, gift.Offer.GivesCoupon is not null));
        }
        return (earned, missed);
    }

    static BillQuote Explain(Quote quote, IReadOnlyList<ChosenBill> bills, MerchantChoice merchant, Dictionary<Guid, KnownKind> kinds,
        List<Candidate> candidates, IReadOnlyList<UnusedOffer> leftOut, IReadOnlyList<QuotedGift> gifts)
    {
        var byRule = candidates.SelectMany(c => c.Rules.Select(rule => (rule.Id, c))).ToDictionary(of => of.Id, of => of.c);
        var priced = quote.Lines.ToDictionary(line => line.Line.Id);
        QuotedLine Line((BillLine Line, long Fen) of)
        {
            var (line, discounts) = (of.Line, priced[of.Line.Id.ToString("N")].Discounts);
            return new(line.Id, line.Number, kinds[line.FeeKindId].Code, line.Title, line.From, line.To, of.Fen, discounts.Sum(d => d.Amount.Value),
                [.. discounts.Select(d => Of(byRule[d.Offer], d.Amount.Value))]);
        }
        var first = bills[0].Bill;
        var used = quote.Considered.Where(c => c.Reason is null).Select(c => (Candidate: byRule[c.Offer.Id], c.Saved)).ToList();
        // Of tiers the one that comes nearest speaks for all: a used one, else the one with the last reason.
        var notUsed = quote.Considered.Where(c => c.Reason is not null).GroupBy(c => byRule[c.Offer.Id]).Where(of => used.TrueForAll(u => u.Candidate != of.Key))
            .Select(of => of.OrderByDescending(c => c.Reason).ThenByDescending(c => c.Reason == NotUsedReason.Ended ? c.Offer.End.Ticks : -c.Offer.Start.Ticks)
                .ThenBy(c => c.Offer.MinMonths).First()).Select(c => QuoteTexts.NotUsed(byRule[c.Offer.Id], c.Offer, c.Reason!.Value));
        return new BillQuote(first.HouseId, quote.At, merchant,
            [.. bills.Select(b => new QuotedBill(b.Bill.Id, b.Bill.PeriodFrom, b.Bill.PeriodTo, b.Bill.DueOn, [.. b.Lines.Select(Line)], b.LateFeeFen, b.IsPart))],
            [.. used.Select(u => new UsedOffer(u.Candidate.Offer.Id, u.Candidate.Offer.Code, u.Candidate.Offer.Version, u.Candidate.Name, u.Saved.Value, u.Candidate.Coupon?.Id))],
            [.. notUsed, .. leftOut], gifts,
            [.. quote.NextBetter.Select(step => QuoteTexts.Better(byRule[step.Offer], step, quote.At))],
            bills.Sum(b => b.Lines.Sum(line => line.Fen)), quote.Discount.Value, bills.Sum(b => b.LateFeeFen), quote.Payable.Value, quote.Hash)
        {
            CommunityId = first.CommunityId, PartyId = first.PartyId, Canonical = quote.Canonical,
        };
    }

    static QuotedDiscount Of(Candidate candidate, long fen) =>
        new(candidate.Offer.Id, candidate.Offer.Code, candidate.Offer.Version, candidate.Name, fen) { Funding = candidate.Offer.Funding };
}
