using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <param name="BillIds">Bills of the house.</param>
/// <param name="QuoteHash">Of the quote that the payer saw.</param>
/// <param name="Parts">Those that are paid in part only, as quoted.</param>
/// <param name="Merchant">The merchant for which the quote was, where the bills pay several.</param>
/// <param name="CouponIds">The coupons that the quote was allowed to use.</param>
/// <param name="PrepaidFen">Part of the price that the payer's prepaid money pays; WeChat is asked for the rest.</param>
public sealed record CheckoutRequest(
    IReadOnlyList<Guid> BillIds, string QuoteHash, IReadOnlyList<PartPayment>? Parts = null, MerchantChoice? Merchant = null,
    IReadOnlyList<Guid>? CouponIds = null, [property: Range(0, long.MaxValue)] long? PrepaidFen = null)
{
    [JsonIgnore]
    public QuoteRequest Quote => new(BillIds, Parts, Merchant, CouponIds);

    [JsonIgnore]
    public long Prepaid => PrepaidFen ?? 0;
}

/// <summary>What the transaction of a checkout left: an order. The call to WeChat comes after it.</summary>
public sealed record CheckoutStep(Guid OrderId);

/// <summary>Somebody pays: bills locked, priced, held for this order, budgets reserved, everything frozen and committed; only then is WeChat asked for the order.</summary>
/// <remarks>Errors besides those of the quote and of placing: <c>quote_changed</c> 409 with the new quote; <c>bill_being_paid</c> 409 with the seconds to wait;
/// <c>prepaid_insufficient</c>, <c>prepaid_above_price</c> 409; <c>payments_paused</c> 503; <c>merchant_account_missing</c> 409.</remarks>
public sealed class StartCheckout(
    OwnerPayDb db, QuoteBills quotes, OfferBudgets budgets, OrderPrepaid prepaid, PointsRate points, SettleOrders settle, PlaceOrder place, AskWeChat ask, ServiceSettings settings, Clock clock)
{
    public static readonly Error QuoteChanged = new(409, "quote_changed", "价格已变化，请确认新的金额后再支付");
    public static readonly Error BeingPaid = new(409, "bill_being_paid", "账单正在支付中，请稍后再试");
    public static readonly Error NoAccount = new(409, "merchant_account_missing", "本小区尚未开通线上缴费");

    public static readonly Error PrepaidInsufficient = new(409, "prepaid_insufficient", "预存余额不足") { Field = "prepaidFen" };
    public static readonly Error PrepaidAbovePrice = new(409, "prepaid_above_price", "使用的预存款超过应付金额") { Field = "prepaidFen" };

    /// <summary>Every refusal, but those of the route's own binding.</summary>
    public static readonly Error[] Errors =
        [Problems.Validation, QuoteChanged, BeingPaid, PrepaidInsufficient, PrepaidAbovePrice, NoAccount, PausePayments.Paused, IdempotencyKey.Missing, IdempotencyKey.Reused,
            .. QuoteBills.Errors, .. PlaceOrder.Errors];

    /// <summary>With less time than this left an order is made anew instead of being shown again.</summary>
    static readonly TimeSpan TooLate = TimeSpan.FromMinutes(2);

    /// <summary>So long the holder of a pay link is left alone; then a member of the house may take the bill from him.</summary>
    static readonly TimeSpan LinkHolderFirst = TimeSpan.FromSeconds(90);

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/payments", Post).WithName("startCheckout").ForOwners()
        .CanFail([Member.HouseNotFound, .. Errors]);

    static async Task<Results<Created<CheckoutAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, CheckoutRequest request, StartCheckout checkout, CancellationToken cancel) =>
        (await checkout.Run(request, key, BillPayer.Of(member), cancel)).ToHttp(
            answer => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/payments/{answer.OrderId}", answer));

    public async Task<Result<CheckoutAnswer>> Run(CheckoutRequest request, IdempotencyKey key, BillPayer payer, CancellationToken cancel)
    {
        if (!payer.May(request.BillIds)) return QuoteBills.NotFound;
        var hash = key.Hash();
        var repeated = await db.Set<OnceKey>().AnyAsync(k => k.Id == hash, cancel);
        if (!repeated) await MakeRoom(request, payer, cancel);
        var step = await db.Once<CheckoutStep>(key, new { payer.HouseId, payer.PayLinkId, request }, () => Freeze(request, payer, cancel), cancel);
        return step.Refusal is { } refusal ? refusal : await place.Run(step.Value.OrderId, cancel);
    }

    /// <summary>Before the transaction, because WeChat is asked: gives up the payer's own open order for another choice, a link holder's that has had its
    /// time when a member of the house wants to pay, and orders whose time is over.</summary>
    async Task MakeRoom(CheckoutRequest request, BillPayer payer, CancellationToken cancel)
    {
        var (orders, holds, chosen, now) = (db.PaymentOrders, db.BillHolds, request.BillIds, clock.Now());
        var choice = ChoiceOf(request, payer);
        var holding = await orders.AsNoTracking().Where(o => o.HouseId == payer.HouseId && holds.Any(h => h.OrderId == o.Id && chosen.Contains(h.BillId))).ToListAsync(cancel);
        foreach (var order in holding.Where(o => o.ExpiresAt <= now || FreeFrom(o, payer) <= now && o.ChoiceHash != choice
                || o.WeChatUserId == payer.WeChatUserId && (o.ChoiceHash != choice || o.ExpiresAt - now < TooLate)))
            await ask.GiveUp(order, cancel);
    }

    /// <summary>From when on this payer may take the bills from another's open order.</summary>
    static DateTimeOffset FreeFrom(PaymentOrder order, BillPayer payer) =>
        order.PayLinkId is not null && payer.PayLinkId is null && order.CreatedAt + LinkHolderFirst is var free && free < order.ExpiresAt ? free : order.ExpiresAt;

    async Task<Result<CheckoutStep>> Freeze(CheckoutRequest request, BillPayer payer, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == payer.CommunityId, cancel);
        await db.LockBills(request.BillIds, cancel);
        var now = clock.Now();
        var priced = await quotes.For(payer.Prices, request.Quote, now, cancel);
        if (priced.Refusal is { } refusal) return refusal;
        var quote = priced.Value;
        var account = await Account(quote.Merchant, payer, cancel);
        if (account is null) return NoAccount;
        if (community.PaymentsPaused || account.Paused || await db.PaymentPauses.AnyAsync(p => p.Paused, cancel)) return PausePayments.Paused;
        List<Guid> bills = [.. quote.Bills.Select(bill => bill.BillId)];
        if (await Holding(bills, cancel) is { } holder)
        {
            if (holder.WeChatUserId == payer.WeChatUserId && holder.ChoiceHash == ChoiceOf(request, payer) && holder.ExpiresAt > now) return new CheckoutStep(holder.Id);
            return BeingPaid.With("secondsToWait", Math.Max(1, (int)Math.Ceiling((FreeFrom(holder, payer) - now).TotalSeconds)));
        }
        if (quote.QuoteHash != request.QuoteHash) return QuoteChanged.With("quote", quote);

        if (request.Prepaid > 0 && payer.PayLinkId is not null) return PrepaidInsufficient;    // it is the owner's to use
        if (request.Prepaid > quote.PayableFen) return PrepaidAbovePrice;
        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == payer.HouseId, cancel);
        var address = payer.PayLinkId is null ? house.Code : Mask.House(house.Code);
        var perYuan = await points.Of(community, quote.HouseId, bills, Clock.DateOf(quote.At), cancel);
        var order = Order(quote, payer, account, perYuan, $"{community.Name} {address} 物业缴费", ChoiceOf(request, payer), request.Prepaid, now);
        var lines = Lines(order, quote, community.LateFeeFirst);
        db.Add(order);
        db.AddRange(lines);
        if (!await budgets.Reserve(quote, order.Id, payer.PersonId, cancel)) return QuoteChanged.With("quote", quote);
        if (!await prepaid.Hold(order, cancel)) return PrepaidInsufficient;
        if (order.PayableFen == 0) await SettleNothing(order, lines, cancel);
        else db.AddRange(bills.Select(bill => new BillHold { BillId = bill, OrderId = order.Id }));
        return new CheckoutStep(order.Id);
    }

    /// <summary>The account that the fee kinds carry, or else the community's first; it must belong to the mini-program in which the payer is.</summary>
    Task<MerchantAccount?> Account(MerchantChoice merchant, BillPayer payer, CancellationToken cancel) => db.MerchantAccounts.AsNoTracking()
        .Where(m => m.CommunityId == payer.CommunityId && m.AppId == payer.AppId && (merchant.AccountId == null || m.Id == merchant.AccountId)).OrderBy(m => m.Id)
        .FirstOrDefaultAsync(cancel);

    /// <summary>The open order that holds any of the bills; they are locked, so that nobody takes a hold meanwhile.</summary>
    Task<PaymentOrder?> Holding(IReadOnlyList<Guid> bills, CancellationToken cancel)
    {
        var (orders, holds) = (db.PaymentOrders, db.BillHolds);
        return orders.AsNoTracking().Where(o => holds.Any(h => h.OrderId == o.Id && bills.Contains(h.BillId))).OrderByDescending(o => o.ExpiresAt).FirstOrDefaultAsync(cancel);
    }

    PaymentOrder Order(
        BillQuote quote, BillPayer payer, MerchantAccount account, int pointsPerYuan, string description, string choice, long prepaidFen,
        DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        var expires = now.AddMinutes(settings.OrderMinutes);
        var payable = quote.PayableFen - prepaidFen;
        var free = payable == 0;
        var request = new JsapiOrderRequest
        {
            Appid = account.AppId, Mchid = account.MchId, Description = description.Length > 127 ? description[..127] : description, OutTradeNo = id.ToString("N"),
            TimeExpire = expires, NotifyUrl = MerchantAccounts.NotifyUrl(settings, account.Id), Amount = new OrderAmount(payable), Payer = new Payer(payer.OpenId),
        };
        return new PaymentOrder
        {
            Id = id, CommunityId = quote.CommunityId, HouseId = quote.HouseId, PartyId = quote.PartyId, MerchantAccountId = account.Id,
            WeChatUserId = payer.WeChatUserId, PersonId = payer.PersonId, OpenId = payer.OpenId, PayLinkId = payer.PayLinkId,
            PrincipalFen = quote.PrincipalFen, DiscountFen = quote.DiscountFen, LateFeeFen = quote.LateFeeFen, PrepaidFen = prepaidFen, PayableFen = payable,
            QuoteHash = quote.QuoteHash, Quote = quote.Canonical, ChoiceHash = choice,
            CreatedAt = quote.At, ExpiresAt = expires, PointsPerYuan = pointsPerYuan, EarnsGift = quote.Gifts.Count > 0, Request = free ? [] : request.ToBytes(),
            State = free ? OrderState.Paid : OrderState.Created, EndedAt = free ? now : null, NextAskAt = TimeProvider.System.GetUtcNow() + AskWeChat.Wait(0, settings),
        };
    }

    /// <summary>The lines that an order freezes of its quote, in the order of allocation.</summary>
    internal static List<OrderLine> Lines(PaymentOrder order, BillQuote quote, bool lateFeeFirst)
    {
        var offers = quote.Bills.SelectMany(b => b.Lines).ToDictionary(l => l.BillLineId,
            l => string.Join(',', l.Discounts.Select(d => OfferShare.Text(d))));
        return [.. quote.Parts(lateFeeFirst).Select((part, index) => new OrderLine
        {
            OrderId = order.Id, Number = index + 1, CommunityId = order.CommunityId, BillId = part.BillId, BillLineId = part.BillLineId,
            Fen = part.Fen, DiscountFen = part.DiscountFen, Offers = part.BillLineId is { } line ? offers[line] : "",
        })];
    }

    /// <summary>Nothing to pay: WeChat refuses orders of 0 fen, so it is settled here and now, with the same rows and a receipt.</summary>
    async Task SettleNothing(PaymentOrder order, List<OrderLine> lines, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);    // budgets look for the uses that were just reserved
        var by = new ArrivedBy(Payment.Nothing, order.OutTradeNo, Ledger.Accounts.Suspense, 0, 0, order.CreatedAt);
        await settle.Run(order.CommunityId, [new PaidOrder(Guid.CreateVersion7(), order, lines, lines, by)], cancel);
        await budgets.Use([order.Id], cancel);
    }

    /// <summary>Who pays what: the same choice of the same payer gets the same order again.</summary>
    static string ChoiceOf(CheckoutRequest request, BillPayer payer)
    {
        var parts = (request.Parts ?? []).OrderBy(part => part.BillId).Select(part => $"{part.BillId:N}={part.Fen.ToString(CultureInfo.InvariantCulture)}");
        var text = $"{payer.WeChatUserId:N}/{payer.HouseId:N}/{payer.PayLinkId:N}/{request.Merchant?.Beneficiary}:{request.Merchant?.AccountId:N}/"
            + $"{string.Join('/', request.BillIds.Select(b => b.ToString("N")).Order(StringComparer.Ordinal))}/{string.Join('/', parts)}"
            + (request.Prepaid == 0 ? "" : $"/prepaid:{request.Prepaid.ToString(CultureInfo.InvariantCulture)}")
            + (request.CouponIds is null ? "" : $"/coupons:{string.Join(',', request.CouponIds.Select(c => c.ToString("N")).Order(StringComparer.Ordinal))}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }
}
