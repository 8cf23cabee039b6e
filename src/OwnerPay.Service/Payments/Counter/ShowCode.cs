using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;
using QRCoder;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="BillIds">Whole bills of one liable party of the house.</param>
/// <param name="QuoteHash">Of the quote that the payer was shown.</param>
/// <param name="Merchant">The merchant for which the quote was, where the bills pay several.</param>
/// <param name="CloseOpenOrders">Close an order of 90 seconds or more that holds the bills elsewhere, after asking WeChat about it.</param>
public sealed record CodeRequest(
    Guid HouseId, IReadOnlyList<Guid> BillIds, string QuoteHash, MerchantChoice? Merchant = null, bool CloseOpenOrders = false);

/// <param name="CodeUrl">What the code says; for a screen that draws it itself. Null once paid.</param>
/// <param name="PngBase64">The code as a picture. Null once paid.</param>
/// <param name="ReceiptNumber">Once paid and numbered.</param>
/// <param name="Text">What to tell the payer, in Chinese.</param>
public sealed record CodeAnswer(
    Guid OrderId, OrderState State, string Text, long PayableFen, DateTimeOffset ExpiresAt, string? CodeUrl, string? PngBase64, Guid? PaymentId,
        string? ReceiptNumber);

/// <summary>A code on a live screen at the counter or on a cashier's phone that anybody scans with WeChat to pay chosen bills; settled like every
/// WeChat order.</summary>
/// <remarks>Errors besides those of the quote and of placing: <c>quote_changed</c>, <c>bill_being_paid</c>, <c>merchant_account_missing</c> 409;
/// <c>payments_paused</c> 503; <c>nothing_to_pay</c> 409; <c>order_not_found</c>, <c>house_not_found</c> 404.</remarks>
public sealed class ShowCode(
    OwnerPayDb db, CounterQuotes quotes, OfferBudgets budgets, OpenOrders orders, PlaceOrder place, PartyPeople people, PointsRate points, AskWeChat ask, Audit audit,
        ServiceSettings settings,
    Clock clock)
{
    static readonly Error NothingToPay = new(409, "nothing_to_pay", "优惠后应缴 0 元，无需扫码，请直接按现金 0 元收款");

    /// <summary>However many screens ask, WeChat is asked at most so often about an order.</summary>
    static readonly TimeSpan AskGap = TimeSpan.FromSeconds(3);

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/counter/codes", Post).WithName("showPaymentCode").ForStaff(StaffRole.Cashier).CanFail([
            StartCheckout.QuoteChanged, StartCheckout.BeingPaid, StartCheckout.NoAccount, PausePayments.Paused, NothingToPay,
                CounterQuotes.HouseNotFound,
            IdempotencyKey.Missing, IdempotencyKey.Reused, .. QuoteBills.Errors, .. PlaceOrder.Errors]);
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/codes/{id:guid}", Get).WithName("pollPaymentCode").ForStaff(StaffRole.Cashier)
            .CanFail(ShowOrder.NotFound);
    }

    static async Task<Results<Created<CodeAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, CodeRequest request, ShowCode show, CancellationToken cancel) =>
            (await show.Run(request, key, by, cancel))
            .ToHttp(made => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/counter/codes/{made.OrderId}", made));

    static async Task<Results<Ok<CodeAnswer>, ProblemHttpResult>> Get(Guid id, StaffMember by, ShowCode show, CancellationToken cancel) =>
        await show.Poll(id, by, cancel) is { } answer ? TypedResults.Ok(answer) : ShowOrder.NotFound.ToProblem();

    public async Task<Result<CodeAnswer>> Run(CodeRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        await orders.MakeRoom(by.CommunityId, request.HouseId, request.BillIds, request.CloseOpenOrders, cancel);
        var step = await db.Once<CheckoutStep>(key, new { by.CommunityId, request }, () => Freeze(request, by, cancel), cancel);
        if (step.Refusal is { } refusal) return refusal;
        var placed = await place.Place(step.Value.OrderId, cancel);
        return placed.Refusal is { } notPlaced ? notPlaced : await Answer(placed.Value, cancel);
    }

    async Task<Result<CheckoutStep>> Freeze(CodeRequest request, StaffMember by, CancellationToken cancel)
    {
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == by.CommunityId, cancel);
        if (await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.Id == request.HouseId && h.CommunityId == by.CommunityId,
            cancel) is not { } house)
            return CounterQuotes.HouseNotFound;
        var (bills, now) = (request.BillIds, clock.Now());
        await db.LockBills(bills, cancel);
        var priced = await quotes.Quote(by.CommunityId, house.Id, new(bills, null, request.Merchant), now, cancel);
        if (priced.Refusal is { } refusal) return refusal;
        var (quote, choice) = (priced.Value, SettleNow.ChoiceOf(OrderWay.Native, house.Id, bills));
        var merchant = quote.Merchant.AccountId;
        var account = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == by.CommunityId && (merchant == null || m.Id == merchant))
            .OrderBy(m => m.Id).FirstOrDefaultAsync(cancel);
        if (account is null) return StartCheckout.NoAccount;
        if (community.PaymentsPaused || account.Paused || await db.PaymentPauses.AnyAsync(p => p.Paused, cancel)) return PausePayments.Paused;
        if (await orders.Same(choice, bills, now, cancel) is { } shown) return new CheckoutStep(shown);    // two screens, one order
        if (await orders.SecondsToWait(bills, now, cancel) is { } seconds) return StartCheckout.BeingPaid.With("secondsToWait", seconds);
        if (quote.QuoteHash != request.QuoteHash) return StartCheckout.QuoteChanged.With("quote", quote);
        if (quote.PayableFen == 0) return NothingToPay;
        var perYuan = await points.Of(community, house.Id, bills, Clock.DateOf(quote.At), cancel);
        var order = Order(quote, account, community, perYuan, house, choice, await people.FirstOf(house.Id, quote.PartyId, cancel), now);
        db.Add(order);
        db.AddRange(StartCheckout.Lines(order, quote, community.LateFeeFirst));
        if (!await budgets.Reserve(quote, order.Id, order.PersonId, cancel)) return StartCheckout.QuoteChanged.With("quote", quote);
        db.AddRange(quote.Bills.Select(bill => new BillHold { BillId = bill.BillId, OrderId = order.Id }));
        audit.Add(by, "counter.code", order.Id, new { request.HouseId, order.PayableFen });
        return new CheckoutStep(order.Id);
    }

    PaymentOrder Order(BillQuote quote, MerchantAccount account, Community community, int pointsPerYuan, House house, string choice, Guid person, DateTimeOffset now)
    {
        var (id, expires, description) = (Guid.CreateVersion7(), now.AddMinutes(settings.OrderMinutes), $"{community.Name} {house.Code} 物业缴费");
        var request = new NativeOrderRequest
        {
            Appid = account.AppId, Mchid = account.MchId, Description = description.Length > 127 ? description[..127] : description,
            OutTradeNo = id.ToString("N"), TimeExpire = expires, NotifyUrl = MerchantAccounts.NotifyUrl(settings, account.Id),
            Amount = new OrderAmount(quote.PayableFen),
        };
        return new PaymentOrder
        {
            Id = id, CommunityId = quote.CommunityId, HouseId = quote.HouseId, PartyId = quote.PartyId, Way = OrderWay.Native,
            MerchantAccountId = account.Id, PersonId = person, EarnsGift = quote.Gifts.Count > 0,
            PrincipalFen = quote.PrincipalFen, DiscountFen = quote.DiscountFen, LateFeeFen = quote.LateFeeFen, PayableFen = quote.PayableFen,
            QuoteHash = quote.QuoteHash, Quote = quote.Canonical, ChoiceHash = choice, CreatedAt = quote.At, ExpiresAt = expires,
            PointsPerYuan = pointsPerYuan, Request = request.ToBytes(), State = OrderState.Created, NextAskAt = TimeProvider.System.GetUtcNow() + AskWeChat.Wait(0, settings),
        };
    }

    async Task<CodeAnswer?> Poll(Guid id, StaffMember by, CancellationToken cancel)
    {
        var known = db.PaymentOrders.AsNoTracking().Where(o => o.Id == id && o.CommunityId == by.CommunityId && o.Way == OrderWay.Native);
        if (await known.SingleOrDefaultAsync(cancel) is not { } order) return null;
        if (order.IsOpen)
        {
            await ask.About(id, AskGap, chase: false, cancel);
            order = await known.SingleAsync(cancel);
        }
        return await Answer(order, cancel);
    }

    async Task<CodeAnswer> Answer(PaymentOrder order, CancellationToken cancel)
    {
        var (payments, receipts) = (db.Payments, db.Receipts);
        var paid = await payments.AsNoTracking().Where(p => p.OrderId == order.Id).OrderBy(p => p.BookedAt).Select(p => new
        {
            p.Id, p.Outcome, Receipt = receipts.Where(r => r.PaymentId == p.Id).Select(r => new { r.Year, r.Number }).FirstOrDefault(),
        }).FirstOrDefaultAsync(cancel);
        var code = order.State == OrderState.Placed && order.ExpiresAt > clock.Now() ? order.PrepayId : null;
        return new CodeAnswer(order.Id, order.State, order.State switch
        {
            _ when paid?.Outcome == PaymentOutcome.Suspense => "款项已收到，财务正在核实，请勿重复支付",
            OrderState.Paid => "缴费成功",
            OrderState.Closed => "收款码已失效，未产生扣款，请重新出码",
            _ when code is null => "收款码已过期，正在向微信确认，请勿重复支付",
            _ => "请用微信扫码支付",
        }, order.PayableFen, order.ExpiresAt, code, code is null ? null : Picture(code), paid?.Id,
            paid?.Receipt is { Number: { } number } receipt ? ShowReceipt.Text(receipt.Year, number) : null);
    }

    static string Picture(string code)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(data);
        return Convert.ToBase64String(png.GetGraphic(8));
    }
}
