using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

/// <param name="BillIds">Whole bills of the house.</param>
/// <param name="QuoteHash">Of the quote that the payer saw.</param>
public sealed record CheckoutRequest(IReadOnlyList<Guid> BillIds, string QuoteHash);

/// <summary>What the transaction of a checkout left: an order. The call to WeChat comes after it.</summary>
public sealed record CheckoutStep(Guid OrderId);

/// <summary>An owner pays: bills locked, priced, held for this order, budgets reserved, everything frozen and committed; only then is WeChat asked for the order.</summary>
/// <remarks>Errors besides those of the quote and of placing: <c>quote_changed</c> 409 with the new quote; <c>bill_being_paid</c> 409 with the seconds to wait;
/// <c>payments_paused</c> 503; <c>merchant_account_missing</c> 409.</remarks>
public sealed class StartCheckout(
    OwnerPayDb db, QuoteBills quotes, OfferBudgets budgets, SettleOrders settle, PlaceOrder place, AskWeChat ask, ServiceSettings settings, Clock clock)
{
    public static readonly Error QuoteChanged = new(409, "quote_changed", "价格已变化，请确认新的金额后再支付");
    public static readonly Error BeingPaid = new(409, "bill_being_paid", "账单正在支付中，请稍后再试");
    public static readonly Error NoAccount = new(409, "merchant_account_missing", "本小区尚未开通线上缴费");

    /// <summary>With less time than this left an order is made anew instead of being shown again.</summary>
    static readonly TimeSpan TooLate = TimeSpan.FromMinutes(2);

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/payments", Post).WithName("startCheckout").ForOwners()
        .CanFail([QuoteChanged, BeingPaid, NoAccount, PausePayments.Paused, Member.HouseNotFound, IdempotencyKey.Missing, IdempotencyKey.Reused, .. QuoteBills.Errors, .. PlaceOrder.Errors]);

    static async Task<Results<Created<CheckoutAnswer>, ProblemHttpResult>> Post(
        CheckoutRequest request, IdempotencyKey key, Member member, StartCheckout checkout, CancellationToken cancel) =>
        (await checkout.Run(request, key, member, cancel)).ToHttp(
            answer => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/payments/{answer.OrderId}", answer));

    public async Task<Result<CheckoutAnswer>> Run(CheckoutRequest request, IdempotencyKey key, Member member, CancellationToken cancel)
    {
        var hash = key.Hash();
        var repeated = await db.Set<OnceKey>().AnyAsync(k => k.Id == hash, cancel);
        if (!repeated) await MakeRoom(request, member, cancel);
        var step = await db.Once<CheckoutStep>(key, new { member.HouseId, request.BillIds, request.QuoteHash }, () => Freeze(request, member, cancel), cancel);
        return step.Refusal is { } refusal ? refusal : await place.Run(step.Value.OrderId, cancel);
    }

    /// <summary>Before the transaction, because WeChat is asked: gives up the payer's own open order for another choice, and orders whose time is over.</summary>
    async Task MakeRoom(CheckoutRequest request, Member member, CancellationToken cancel)
    {
        var (orders, holds, chosen, now) = (db.PaymentOrders, db.BillHolds, request.BillIds, clock.Now());
        var choice = ChoiceOf(member, chosen);
        var holding = await orders.AsNoTracking().Where(o => o.HouseId == member.HouseId && holds.Any(h => h.OrderId == o.Id && chosen.Contains(h.BillId))).ToListAsync(cancel);
        foreach (var order in holding.Where(o => o.ExpiresAt <= now || o.WeChatUserId == member.WeChatUserId && (o.ChoiceHash != choice || o.ExpiresAt - now < TooLate)))
            await ask.GiveUp(order, cancel);
    }

    async Task<Result<CheckoutStep>> Freeze(CheckoutRequest request, Member member, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == member.CommunityId, cancel);
        var account = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == member.CommunityId && m.AppId == member.AppId).OrderBy(m => m.Id).FirstOrDefaultAsync(cancel);
        if (account is null) return NoAccount;
        if (community.PaymentsPaused || account.Paused || await db.PaymentPauses.AnyAsync(p => p.Paused, cancel)) return PausePayments.Paused;

        var chosen = request.BillIds;
        await db.Bills.AsNoTracking().Where(b => chosen.Contains(b.Id) && b.HouseId == member.HouseId).OrderBy(b => b.Id).ForUpdate().Select(b => new { b.Id }).ToListAsync(cancel);
        var now = clock.Now();
        var priced = await quotes.For(member.CommunityId, member.HouseId, member.PartyIds, chosen, now, cancel);
        if (priced.Refusal is { } refusal) return refusal;
        var quote = priced.Value;
        if (await Holding(chosen, cancel) is { } holder)
        {
            if (holder.WeChatUserId == member.WeChatUserId && holder.ChoiceHash == ChoiceOf(member, chosen) && holder.ExpiresAt > now) return new CheckoutStep(holder.Id);
            return BeingPaid.With("secondsToWait", Math.Max(1, (int)Math.Ceiling((holder.ExpiresAt - now).TotalSeconds)));
        }
        if (quote.QuoteHash != request.QuoteHash) return QuoteChanged.With("quote", quote);

        var house = await db.Houses.AsNoTracking().SingleAsync(h => h.Id == member.HouseId, cancel);
        var order = Order(quote, member, account, community, $"{community.Name} {house.Code} 物业缴费", now);
        var lines = Lines(order, quote, community.LateFeeFirst);
        db.Add(order);
        db.AddRange(lines);
        if (!await budgets.Reserve(quote, order.Id, cancel)) return QuoteChanged.With("quote", quote);
        if (order.PayableFen == 0) await SettleNothing(order, lines, cancel);
        else db.AddRange(chosen.Select(bill => new BillHold { BillId = bill, OrderId = order.Id }));
        return new CheckoutStep(order.Id);
    }

    /// <summary>The open order that holds any of the bills; they are locked, so that nobody takes a hold meanwhile.</summary>
    Task<PaymentOrder?> Holding(IReadOnlyList<Guid> bills, CancellationToken cancel)
    {
        var (orders, holds) = (db.PaymentOrders, db.BillHolds);
        return orders.AsNoTracking().Where(o => holds.Any(h => h.OrderId == o.Id && bills.Contains(h.BillId))).OrderByDescending(o => o.ExpiresAt).FirstOrDefaultAsync(cancel);
    }

    PaymentOrder Order(BillQuote quote, Member member, MerchantAccount account, Community community, string description, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        var expires = now.AddMinutes(settings.OrderMinutes);
        var free = quote.PayableFen == 0;
        var request = new JsapiOrderRequest
        {
            Appid = account.AppId, Mchid = account.MchId, Description = description.Length > 127 ? description[..127] : description, OutTradeNo = id.ToString("N"),
            TimeExpire = expires, NotifyUrl = MerchantAccounts.NotifyUrl(settings, account.Id), Amount = new OrderAmount(quote.PayableFen), Payer = new Payer(member.OpenId),
        };
        return new PaymentOrder
        {
            Id = id, CommunityId = quote.CommunityId, HouseId = quote.HouseId, PartyId = quote.PartyId, MerchantAccountId = account.Id,
            WeChatUserId = member.WeChatUserId, PersonId = member.PersonId, OpenId = member.OpenId,
            PrincipalFen = quote.PrincipalFen, DiscountFen = quote.DiscountFen, LateFeeFen = quote.LateFeeFen, PayableFen = quote.PayableFen,
            QuoteHash = quote.QuoteHash, Quote = quote.Canonical, ChoiceHash = ChoiceOf(member, [.. quote.Bills.Select(b => b.BillId)]),
            CreatedAt = quote.At, ExpiresAt = expires, PointsPerYuan = community.PointsPerYuan, Request = free ? [] : request.ToBytes(),
            State = free ? OrderState.Paid : OrderState.Created, EndedAt = free ? now : null, NextAskAt = TimeProvider.System.GetUtcNow() + AskWeChat.Wait(0, settings),
        };
    }

    /// <summary>The lines that an order freezes of its quote, in the order of allocation.</summary>
    internal static List<OrderLine> Lines(PaymentOrder order, BillQuote quote, bool lateFeeFirst)
    {
        var offers = quote.Bills.SelectMany(b => b.Lines).ToDictionary(l => l.BillLineId,
            l => string.Join(',', l.Discounts.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Code}={d.Fen}"))));
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

    static string ChoiceOf(Member member, IReadOnlyList<Guid> bills) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        $"{member.WeChatUserId:N}/{member.HouseId:N}/{string.Join('/', bills.Select(b => b.ToString("N")).Order(StringComparer.Ordinal))}")));
}
