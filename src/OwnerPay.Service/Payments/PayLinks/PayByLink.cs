using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.PayLinks;

/// <summary>A bill as the holder of a pay link sees it.</summary>
/// <param name="Title">Fees in words, nothing that names a person or a parking space.</param>
public sealed record LinkedBill(Guid BillId, string Title, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, long OpenFen, long LateFeeFen, bool Overdue);

/// <param name="House">The house code, masked: enough for who was asked to pay, nothing for who found the paper.</param>
/// <param name="ContactPhone">Of the property office.</param>
public sealed record LinkedBills(
    string Community, string House, string ContactPhone, DateTimeOffset ExpiresAt, IReadOnlyList<LinkedBill> Bills, long OpenFen, long LateFeeFen);

/// <summary>Somebody without a binding pays by a link: sees the masked address and the amounts, gets a price and pays, signed in with WeChat.</summary>
/// <remarks>The link comes in the header <c>Pay-Link</c>. Errors: <c>pay_link_invalid</c> 404, and those of quote and checkout. Coupons and prepaid
/// money of the owner are not his to use.</remarks>
public sealed class PayByLink(OwnerPayDb db, OpenBills openBills, QuoteBills quotes, ShowOrder orders, Clock clock)
{
    static readonly DeclaredHeader LinkHeader = new(LinkHolder.Header, "缴费链接的 22 位字符，小程序码的 scene 即是");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/pay-link", GetBills).WithName("showPayLink").ForLinkHolders().WithMetadata(LinkHeader).CanFail(LinkHolder.Invalid);
        doors.Owner.MapPost("/pay-link/quotes", PostQuote).WithName("quotePayLink").ForLinkHolders().WithMetadata(LinkHeader).CanFail([.. QuoteBills.Errors, LinkHolder.Invalid]);
        doors.Owner.MapPost("/pay-link/payments", PostPayment).WithName("payByLink").ForLinkHolders().WithMetadata(LinkHeader)
            .CanFail([LinkHolder.Invalid, .. StartCheckout.Errors]);
        // Without the link: it dies with the last bill, and whoever paid still wants to see that it worked.
        doors.Owner.MapGet("/pay-link/payments/{orderId:guid}", GetOrder).WithName("showLinkPayment").ForLinkHolders().CanFail(ShowOrder.NotFound);
    }

    static async Task<Ok<LinkedBills>> GetBills(LinkHolder holder, PayByLink pay, CancellationToken cancel) => TypedResults.Ok(await pay.Show(holder, cancel));

    static async Task<Results<Ok<BillQuote>, ProblemHttpResult>> PostQuote(LinkHolder holder, QuoteRequest request, PayByLink pay, CancellationToken cancel) =>
        (await pay.Quote(request, holder, cancel)).ToHttp(quote => TypedResults.Ok(quote));

    static async Task<Results<Created<CheckoutAnswer>, ProblemHttpResult>> PostPayment(
        IdempotencyKey key, LinkHolder holder, CheckoutRequest request, StartCheckout checkout, CancellationToken cancel) =>
        (await checkout.Run(request, key, holder.Payer, cancel)).ToHttp(
            answer => TypedResults.Created($"/api/owner/v1/pay-link/payments/{answer.OrderId}", answer));

    static async Task<Results<Ok<OrderPage>, ProblemHttpResult>> GetOrder(Guid orderId, SignedIn user, PayByLink pay, CancellationToken cancel) =>
        (await pay.Order(orderId, user, cancel)).ToHttp(page => TypedResults.Ok(page));

    async Task<LinkedBills> Show(LinkHolder holder, CancellationToken cancel)
    {
        var (link, today) = (holder.Link, clock.Today());
        var bills = (await openBills.Of(link.HouseId, [link.PartyId], holder.Bills, cancel)).Where(b => b.OwedOn(today)).ToList();
        var kinds = await db.FeeKinds.AsNoTracking().Where(k => k.CommunityId == link.CommunityId).ToDictionaryAsync(k => k.Id, k => k.Name, cancel);
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == link.CommunityId, cancel);
        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == link.HouseId, cancel);
        List<LinkedBill> shown = [.. bills.Select(b => new LinkedBill(b.Bill.Id, string.Join("、", b.Lines.Select(l => kinds[l.FeeKindId]).Distinct()),
            b.Bill.PeriodFrom, b.Bill.PeriodTo, b.Bill.DueOn, b.Bill.OpenFen, b.LateFeeOn(today), b.OverdueOn(today)))];
        return new(community.Name, Mask.House(house.Code), community.ContactPhone, link.ExpiresAt, shown, shown.Sum(b => b.OpenFen), shown.Sum(b => b.LateFeeFen));
    }

    Task<Result<OrderPage>> Order(Guid order, SignedIn user, CancellationToken cancel) =>
        orders.One(order, db.PaymentOrders.AsNoTracking().Where(o => o.WeChatUserId == user.WeChatUserId && o.PayLinkId != null), cancel);

    async Task<Result<BillQuote>> Quote(QuoteRequest request, LinkHolder holder, CancellationToken cancel) =>
        holder.Payer.May(request.BillIds) ? await quotes.For(holder.Payer.Prices, request, clock.Now(), cancel) : QuoteBills.NotFound;
}

static class LinkHolderRoutes
{
    /// <summary>A route for every signed-in WeChat user; the link, or the order that is his own, says what he may see.</summary>
    public static TBuilder ForLinkHolders<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.Declare(new RouteAccess(Door.Owner, Anonymous: false, [], RateLimits.PayLinks));
}
