using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <param name="AmountFen">From 1 yuan on.</param>
public sealed record TopUpRequest([property: Range(100, 100_000_000)] long AmountFen);

/// <summary>An owner pays money in advance that belongs to no bill yet (预存): an order of its own, whose money goes to his prepaid balance.</summary>
/// <remarks>Errors besides those of placing: <c>top_up_not_liable</c> 409 for who owes nothing for the house now; <c>top_up_above_limit</c> 409;
/// <c>payments_paused</c> 503; <c>merchant_account_missing</c> 409.</remarks>
public sealed class StartTopUp(OwnerPayDb db, PlaceOrder place, ServiceSettings settings, Clock clock)
{
    static readonly Error NotLiable = new(409, "top_up_not_liable", "您目前不是该房屋的责任方，不能预存");
    public static readonly Error AboveLimit = new(409, "top_up_above_limit", "预存余额将超过本小区上限") { Field = "amountFen" };
    static readonly TimeSpan TooLate = TimeSpan.FromMinutes(2);

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/prepaid/top-ups", Post).WithName("startTopUp").ForOwners()
        .CanFail([Problems.Validation, Member.HouseNotFound, NotLiable, AboveLimit, StartCheckout.NoAccount, PausePayments.Paused, IdempotencyKey.Missing,
            IdempotencyKey.Reused, .. PlaceOrder.Errors]);

    static async Task<Results<Created<CheckoutAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, TopUpRequest request, StartTopUp topUp, CancellationToken cancel) =>
        (await topUp.Run(request, key, member, cancel)).ToHttp(
            answer => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/payments/{answer.OrderId}", answer));

    public async Task<Result<CheckoutAnswer>> Run(TopUpRequest request, IdempotencyKey key, Member member, CancellationToken cancel)
    {
        var step = await db.Once<CheckoutStep>(key, new { member.HouseId, request }, () => Freeze(request, member, cancel), cancel);
        return step.Refusal is { } refusal ? refusal : await place.Run(step.Value.OrderId, cancel);
    }

    async Task<Result<CheckoutStep>> Freeze(TopUpRequest request, Member member, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == member.CommunityId, cancel);
        var account = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == member.CommunityId && m.AppId == member.AppId).OrderBy(m => m.Id).FirstOrDefaultAsync(cancel);
        if (account is null) return StartCheckout.NoAccount;
        if (community.PaymentsPaused || account.Paused || await db.PaymentPauses.AnyAsync(p => p.Paused, cancel)) return PausePayments.Paused;
        var (now, today, parties) = (clock.Now(), clock.Today(), member.PartyIds);
        var party = await db.LiableParties.AsNoTracking().Where(p => parties.Contains(p.Id) && p.From <= today && (p.To == null || p.To >= today))
            .OrderByDescending(p => p.From).FirstOrDefaultAsync(cancel);
        if (party is null) return NotLiable;
        // The house's row is the lock under which open top-ups are counted.
        var house = await db.Houses.AsNoTracking().Where(h => h.Id == member.HouseId).ForUpdate().SingleAsync(cancel);
        var balance = await db.PrepaidBalances.Where(b => b.HouseId == house.Id && b.PartyId == party.Id).SumAsync(b => b.BalanceFen, cancel);
        var open = await db.PaymentOrders.AsNoTracking().Where(o => o.HouseId == house.Id && o.PartyId == party.Id && o.TopUpFen > 0
            && (o.State == OrderState.Created || o.State == OrderState.Placed)).ToListAsync(cancel);
        var choice = Choice(request, member);
        if (open.Find(o => o.ChoiceHash == choice && o.ExpiresAt - now >= TooLate) is { } same) return new CheckoutStep(same.Id);
        if (balance + open.Sum(o => o.TopUpFen) + request.AmountFen > community.PrepaidMaxFen) return AboveLimit.With("leftFen", Math.Max(0, community.PrepaidMaxFen - balance));

        var order = Order(request.AmountFen, member, party, account, $"{community.Name} {house.Code} 预存", choice, now);
        db.Add(order);
        return new CheckoutStep(order.Id);
    }

    PaymentOrder Order(long fen, Member member, LiableParty party, MerchantAccount account, string description, string choice, DateTimeOffset now)
    {
        var (id, expires, quote) = (Guid.CreateVersion7(), now.AddMinutes(settings.OrderMinutes), Quote.For([], [], now));
        var request = new JsapiOrderRequest
        {
            Appid = account.AppId, Mchid = account.MchId, Description = description.Length > 127 ? description[..127] : description, OutTradeNo = id.ToString("N"),
            TimeExpire = expires, NotifyUrl = MerchantAccounts.NotifyUrl(settings, account.Id), Amount = new OrderAmount(fen), Payer = new Payer(member.OpenId),
        };
        return new PaymentOrder
        {
            Id = id, CommunityId = member.CommunityId, HouseId = member.HouseId, PartyId = party.Id, MerchantAccountId = account.Id,
            WeChatUserId = member.WeChatUserId, PersonId = member.PersonId, OpenId = member.OpenId, TopUpFen = fen, PayableFen = fen,
            QuoteHash = quote.Hash, Quote = quote.Canonical, ChoiceHash = choice, CreatedAt = now, ExpiresAt = expires, Request = request.ToBytes(),
            State = OrderState.Created, NextAskAt = TimeProvider.System.GetUtcNow() + AskWeChat.Wait(0, settings),
        };
    }

    static string Choice(TopUpRequest request, Member member) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"top-up/{member.WeChatUserId:N}/{member.HouseId:N}/{request.AmountFen}"))));
}
