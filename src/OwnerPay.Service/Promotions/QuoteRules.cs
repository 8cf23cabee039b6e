using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>One way in which a quote may become cheaper: an offer with its rules (one, or one for each tier), or a coupon.</summary>
/// <param name="Coupon">Null for an offer that everybody may use.</param>
sealed record Candidate(Offer Offer, Coupon? Coupon, IReadOnlyList<QuoteOffer> Rules)
{
    public string Name => Coupon is null ? Offer.Name : $"{Offer.Name}（{Coupon.Code}）";
}

/// <summary>All that might make a payer's bills cheaper, and what keeps it from it that the rule cannot see.</summary>
/// <param name="Candidates">Offers in force and the payer's coupons.</param>
/// <param name="Gifts">Gift offers in force.</param>
/// <param name="Tags">Of the house.</param>
/// <param name="HasArrears">The party owes something overdue for the house, whether it is chosen or not.</param>
/// <param name="HasPaid">The party has paid a bill of the house before.</param>
sealed record QuoteRules(IReadOnlyList<Candidate> Candidates, IReadOnlyList<Candidate> Gifts, IReadOnlySet<string> Tags, bool HasArrears, bool HasPaid)
{
    /// <summary>How long a finished offer is still named as missed, and how early a coming one is named.</summary>
    static readonly TimeSpan StillNamed = TimeSpan.FromDays(31), NamedBefore = TimeSpan.FromDays(92);

    public static async Task<QuoteRules> Load(OwnerPayDb db, PricedFor payer, Guid party, IReadOnlyList<Guid>? couponIds, DateTimeOffset at, CancellationToken cancel)
    {
        var (latest, earliest) = (at + NamedBefore, at - StillNamed);
        var offers = await db.Offers.AsNoTracking().Where(o => o.CommunityId == payer.CommunityId && o.State == OfferState.Active && o.Kind != OfferKind.Coupon
            && o.Start <= latest && o.End > earliest).ToListAsync(cancel);
        var ids = offers.ConvertAll(o => o.Id);
        List<OfferTier> steps = ids.Count == 0 ? [] : await db.OfferTiers.AsNoTracking().Where(t => ids.Contains(t.OfferId)).OrderBy(t => t.Number).ToListAsync(cancel);
        var tiers = steps.ToLookup(t => t.OfferId);
        Candidate Of(Offer offer) => new(offer, null, [.. offer.ToRules([.. tiers[offer.Id]], at)]);
        List<Candidate> found = [.. offers.Where(o => o.IsDiscount).Select(Of), .. await Coupons(db, payer, couponIds, at, cancel)];
        List<Candidate> gifts = [.. offers.Where(o => o.Kind == OfferKind.Gift).Select(Of)];
        var asked = found.Concat(gifts).Select(c => c.Offer.Who).ToHashSet();
        var today = Clock.DateOf(at);
        List<string> tags = asked.Contains(OfferFor.Tag) ? await db.HouseTags.Where(t => t.HouseId == payer.HouseId).Select(t => t.Tag).ToListAsync(cancel) : [];
        var arrears = asked.Contains(OfferFor.NoArrears)
            && await db.Bills.AnyAsync(b => b.HouseId == payer.HouseId && b.PartyId == party && b.State == BillState.Open && b.DueOn < today, cancel);
        var (bills, reductions) = (db.Bills, db.BillReductions);
        var paid = asked.Contains(OfferFor.FirstPayment)
            && await reductions.AnyAsync(r => r.SourceKind == "payment" && bills.Any(b => b.Id == r.BillId && b.HouseId == payer.HouseId && b.PartyId == party), cancel);
        return new(found, gifts, tags.ToHashSet(StringComparer.Ordinal), arrears, paid);
    }

    /// <summary>The payer's coupons that can be used now. Of one offer the one that expires first stands for all: they give the same.</summary>
    static async Task<IEnumerable<Candidate>> Coupons(
        OwnerPayDb db, PricedFor payer, IReadOnlyList<Guid>? wanted, DateTimeOffset at, CancellationToken cancel)
    {
        if (payer.PersonId is not { } person || wanted is { Count: 0 }) return [];
        var coupons = await db.Coupons.AsNoTracking().Where(c => c.CommunityId == payer.CommunityId && c.PersonId == person && c.State == CouponState.Issued
            && c.ExpiresAt > at && c.IssuedAt <= at).ToListAsync(cancel);
        if (wanted is not null) coupons.RemoveAll(c => !wanted.Contains(c.Id));
        if (coupons.Count == 0) return [];
        var ids = coupons.Select(c => c.OfferId).Distinct().ToList();
        var offers = await db.Offers.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, cancel);
        return coupons.GroupBy(c => c.OfferId).Select(same => same.OrderBy(c => c.ExpiresAt).ThenBy(c => c.Id).First())
            .Select(c => new Candidate(offers[c.OfferId], c, [offers[c.OfferId].ToRule(c, at)]));
    }

    /// <summary>Why a candidate is not even priced; null when it is.</summary>
    /// <param name="overdueKinds">Codes of fee kinds that are chosen and overdue.</param>
    public string? Against(Candidate candidate, IReadOnlySet<string> overdueKinds)
    {
        var offer = candidate.Offer;
        if (offer.Kind == OfferKind.OnTime && offer.FeeKinds.Split(',').Any(overdueKinds.Contains)) return "overdue";
        if (offer.Who == OfferFor.NoArrears && HasArrears) return "arrears";
        if (offer.Who == OfferFor.FirstPayment && HasPaid) return "notFirstPayment";
        if (offer.Who == OfferFor.Tag && !Tags.Contains(offer.Tag!)) return "notTagged";
        return offer.LeftFen == 0 && offer.Kind != OfferKind.Gift || offer.LeftCount == 0 ? "budgetUsed" : null;
    }
}
