using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>What one bill line costs by the quote that is computed again.</summary>
/// <param name="BillLineId">As the frozen quote names it.</param>
/// <param name="Title">The line's title on its bill; the fee kind's code where the line is gone.</param>
/// <param name="LateFeeFen">The whole late fee of a bill rides on its first line.</param>
public sealed record RecomputedLine(
    string BillLineId, string FeeKind, string Title, DateOnly From, DateOnly To, long PrincipalFen, long LateFeeFen,
        IReadOnlyList<QuotedDiscount> Discounts, long PayableFen);

/// <summary>The price of an order, computed again from what the order froze.</summary>
/// <param name="At">The instant for which the price was made.</param>
/// <param name="IsEqual">True when input, result and hash agree to the fen with what is computed now.</param>
/// <param name="HashThen">SHA-256 of the quote that the payer saw.</param>
/// <param name="HashNow">What the same input gives now; null when the frozen quote cannot be read.</param>
/// <param name="PayableFenThen">What the order asked for.</param>
/// <param name="PayableFenNow">What is computed now; null when the frozen quote cannot be read.</param>
/// <param name="NotUsed">Offers that took part in the quote and took nothing off, with their reason.</param>
/// <param name="Differences">What does not agree, in Chinese; empty when all does.</param>
public sealed record RecomputedOrder(
    Guid OrderId, string OutTradeNo, DateTimeOffset At, bool IsEqual, string HashThen, string? HashNow, long PayableFenThen, long? PayableFenNow,
    IReadOnlyList<RecomputedLine> Lines, IReadOnlyList<UsedOffer> Offers, IReadOnlyList<UnusedOffer> NotUsed, IReadOnlyList<string> Differences);

/// <summary>Explains the price of an order of any age from stored facts alone, and says whether it still comes out the same. For finance and for
/// the verb.</summary>
public sealed class RecomputeOrder(OwnerPayDb db)
{
    static readonly Error NotFound = new(404, "order_not_found", "没有找到该订单");

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/payments/{orderId:guid}/recompute",
        Get).WithName("recomputePayment")
        .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);

    static async Task<Results<Ok<RecomputedOrder>, ProblemHttpResult>> Get(Guid communityId, Guid orderId, RecomputeOrder recompute,
        CancellationToken cancel) =>
        await recompute.Run(orderId, communityId, cancel) is { } recomputed ? TypedResults.Ok(recomputed) : NotFound.ToProblem();

    /// <param name="community">Only of this community; null for all.</param>
    /// <returns>Null when there is no such order.</returns>
    public async Task<RecomputedOrder?> Run(Guid orderId, Guid? community, CancellationToken cancel)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(o =>
            o.Id == orderId && (community == null || o.CommunityId == community), cancel);
        if (order is null) return null;
        if (RecomputedQuote.Read(order.Quote, order.CreatedAt) is not { } frozen)
            return new(order.Id, order.OutTradeNo, order.CreatedAt, IsEqual: false, order.QuoteHash, null, order.PayableFen, null, [], [], [],
                ["冻结的试算无法读取"]);

        var quote = frozen.Now;
        var (offers, titles) = (await Versions(quote, order.CommunityId, cancel), await Titles(quote, order.CommunityId, cancel));
        var differences = Differences(order, frozen);
        return new(order.Id, order.OutTradeNo, order.CreatedAt, differences.Count == 0, order.QuoteHash, quote.Hash, order.PayableFen,
            quote.Payable.Value,
            [.. quote.Lines.Select(line => Line(line, offers, titles))],
            [.. quote.Considered.Where(c => c.Reason is null).Select(c => Used(offers[c.Offer.Id], c.Saved.Value))],
            [.. quote.Considered.Where(c => c.Reason is not null).Select(c => QuoteTexts.NotUsed(offers[c.Offer.Id], c))], differences);
    }

    /// <summary>The versions of the offers by the ids of the frozen quote: a version's own, a tier's or a coupon's. Versions are superseded, never edited or
    /// deleted.</summary>
    async Task<Dictionary<string, Offer>> Versions(Quote quote, Guid community, CancellationToken cancel)
    {
        var ids = quote.Considered.Select(c => Guid.TryParse(c.Offer.Id, out var id) ? id : Guid.Empty).ToList();
        var tiers = await db.OfferTiers.AsNoTracking().Where(t => t.CommunityId == community && ids.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.OfferId, cancel);
        var coupons = await db.Coupons.AsNoTracking().Where(c => c.CommunityId == community && ids.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => new { c.OfferId, c.Code }, cancel);
        var versions = ids.Concat(tiers.Values).Concat(coupons.Values.Select(c => c.OfferId)).ToList();
        var known = await db.Offers.AsNoTracking().Where(o => o.CommunityId == community && versions.Contains(o.Id)).ToDictionaryAsync(o => o.Id, cancel);
        // Texts come from the terms that were frozen, names from the version; an id that was tampered with has none.
        return quote.Considered.ToDictionary(c => c.Offer.Id, c =>
        {
            var id = Guid.TryParse(c.Offer.Id, out var parsed) ? parsed : Guid.Empty;
            var coupon = coupons.GetValueOrDefault(id);
            var offer = known.GetValueOrDefault(coupon?.OfferId ?? (tiers.TryGetValue(id, out var of) ? of : id));
            return new Offer
            {
                Id = offer?.Id ?? Guid.Empty, Code = offer?.Code ?? c.Offer.Id, Version = offer?.Version ?? 0,
                Name = offer is null ? "未登记的优惠" : coupon is null ? offer.Name : $"{offer.Name}（{coupon.Code}）",
            };
        }, StringComparer.Ordinal);
    }

    async Task<Dictionary<string, string>> Titles(Quote quote, Guid community, CancellationToken cancel)
    {
        var ids = quote.Lines.Select(line => Guid.TryParse(line.Line.Id, out var id) ? id : Guid.Empty).ToList();
        return await db.BillLines.AsNoTracking().Where(l => l.CommunityId == community && ids.Contains(l.Id)).ToDictionaryAsync(l =>
            l.Id.ToString("N"), l => l.Title, cancel);
    }

    static RecomputedLine Line(PricedLine priced, Dictionary<string, Offer> offers, Dictionary<string, string> titles) => new(
        priced.Line.Id, priced.Line.FeeKind, titles.GetValueOrDefault(priced.Line.Id, priced.Line.FeeKind), priced.Line.Service.From,
            priced.Line.Service.To,
        priced.Line.Principal.Value, priced.Line.LateFee.Value,
        [.. priced.Discounts.Select(d => Used(offers[d.Offer], d.Amount.Value)).Select(d => new QuotedDiscount(d.OfferId, d.Code, d.Version, d.Name,
            d.Fen))],
        priced.Payable.Value);

    static UsedOffer Used(Offer offer, long fen) => new(offer.Id, offer.Code, offer.Version, offer.Name, fen);

    /// <summary>The hash proves the input, but a result that was changed alone leaves it as it is: so the frozen text is compared too.</summary>
    static List<string> Differences(PaymentOrder order, FrozenQuote frozen)
    {
        var (quote, told) = (frozen.Now, new List<string>());
        if (quote.Hash != order.QuoteHash) told.Add("重算的指纹与当时的指纹不同：冻结的账单明细、优惠条款或订单时间在下单后被改动");
        if (frozen.LinePayableFen.Count != quote.Lines.Count) told.Add($"冻结的结果有 {frozen.LinePayableFen.Count} 行明细，重算为 {quote.Lines.Count} 行");
        for (var line = 0; line < Math.Min(frozen.LinePayableFen.Count, quote.Lines.Count); line++)
            Compare(told, $"冻结的第 {(line + 1).ToString(CultureInfo.InvariantCulture)} 行应付", frozen.LinePayableFen[line], quote.Lines[line].Payable);
        Compare(told, "冻结的应付合计", frozen.PayableFen, quote.Payable);
        Compare(told, "订单本金", order.PrincipalFen, quote.Lines.Select(line => line.Line.Principal).Sum());
        Compare(told, "订单优惠", order.DiscountFen, quote.Discount);
        Compare(told, "订单违约金", order.LateFeeFen, quote.Lines.Select(line => line.Line.LateFee).Sum());
        Compare(told, "订单应付", order.PayableFen + order.PrepaidFen - order.TopUpFen, quote.Payable);
        if (told.Count == 0 && order.Quote != quote.Canonical) told.Add("冻结的结果与重算不同：优惠的分摊或未使用的原因被改动");
        return told;
    }

    static void Compare(List<string> told, string what, long then, Fen now)
    {
        if (then != now.Value) told.Add($"{what} {new Fen(then).InYuan()} 元，重算为 {now.InYuan()} 元");
    }
}
