using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="BillIds">Chosen bills of one liable party; none: all of the money is prepaid money.</param>
/// <param name="QuoteHash">Of the quote that the payer was shown; needed with bills.</param>
/// <param name="AmountFen">Money that stays here. Null: exactly the quote's price. More: the rest is prepaid money. Less: part payment, where the
/// community allows it.</param>
/// <param name="TenderedFen">Cash handed over; the rest is change. Null: the exact amount.</param>
/// <param name="Terminal">Number of the card terminal; needed with a card.</param>
/// <param name="Reference">Number of the card slip or of the transfer; needed with both.</param>
/// <param name="BankAccountId">Where a transfer goes; needed with a transfer.</param>
/// <param name="PartyId">Whose prepaid money it is where no bill is chosen; null: of who owes the fees today.</param>
/// <param name="Merchant">The merchant for which the quote was, where the bills pay several.</param>
/// <param name="CloseOpenOrders">Close an order of 90 seconds or more that holds the bills on somebody's phone, after asking WeChat about it.</param>
public sealed record CounterPaymentRequest(
    Guid HouseId, CounterWay Way, [property: MaxLength(50)] IReadOnlyList<Guid>? BillIds = null, string? QuoteHash = null,
    [property: Range(1, 100_000_000_000)] long? AmountFen = null, [property: Range(1, 100_000_000_000)] long? TenderedFen = null,
    [property: RegularExpression("^[A-Za-z0-9-]{1,24}$")] string? Terminal = null,
    [property: RegularExpression("^[A-Za-z0-9-]{4,64}$")] string? Reference = null,
    Guid? BankAccountId = null, Guid? PartyId = null, MerchantChoice? Merchant = null, bool CloseOpenOrders = false);

/// <param name="ReceiptNumber">Given on the spot: <c>2026-000123</c>.</param>
/// <param name="PaidFen">What the bills got in money.</param>
/// <param name="PrepaidFen">What went to the prepaid balance.</param>
/// <param name="ChangeFen">To hand back.</param>
public sealed record CounterPaymentAnswer(
    Guid PaymentId, Guid OrderId, string ReceiptNumber, long AmountFen, long PaidFen, long DiscountFen, long PrepaidFen, long TenderedFen,
        long ChangeFen);

/// <summary>A cashier takes money at the counter or on the doorstep: bills at the price that the payer was shown, the rest prepaid, a receipt with
/// its number on the spot, all in one transaction under the cashier's open shift.</summary>
/// <remarks>Errors besides those of a quote: <c>no_open_shift</c>, <c>quote_changed</c>, <c>bill_being_paid</c>, <c>part_payment_refused</c>,
/// <c>slip_known</c>, <c>transfer_on_statement</c>, <c>top_up_above_limit</c>, <c>receipt_book_full</c> 409; <c>house_not_found</c>, <c>bank_account_not_found</c> 404; <c>counter_payment_invalid</c>,
/// <c>tendered_too_little</c> 400.</remarks>
public sealed class TakePayment(
    OwnerPayDb db, Shifts shifts, CounterQuotes quotes, ReceiptBooks books, OpenOrders orders, QuoteAmount amounts, OpenBills openBills,
    PartyPeople people, SettleNow settle, Audit audit, Clock clock)
{
    static readonly Error Invalid = new(400, "counter_payment_invalid", "收款信息不完整");
    static readonly Error TooLittle = new(400, "tendered_too_little", "实收现金少于应收金额") { Field = "tenderedFen" };
    static readonly Error PartRefused = new(409, "part_payment_refused", "金额少于所选账单应缴金额，本小区不接受该部分缴费") { Field = "amountFen" };
    static readonly Error SlipKnown = new(409, "slip_known", "该凭证号已用于另一笔收款，请核对") { Field = "reference" };
    static readonly Error OnStatement = new(409, "transfer_on_statement", "该笔转账已在银行流水中，请财务在进账认领中处理，勿重复收款") { Field = "reference" };
    static readonly Error BookFull = new(409, "receipt_book_full", "本年收据号段已用完，暂不能开具收据") { Detail = "请财务在“收据号段”中领用新号段后再收款；也可请业主改用手机缴费" };

    public static readonly Error[] Errors =
    [
        Shifts.NoneOpen, CounterQuotes.HouseNotFound, KeepBankAccounts.NotFound, Invalid, TooLittle, PartRefused, SlipKnown, OnStatement, BookFull,
        StartCheckout.QuoteChanged, StartCheckout.BeingPaid, StartTopUp.AboveLimit, .. QuoteBills.Errors,
    ];

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/counter/payments", Post).WithName("takePayment")
        .ForStaff(StaffRole.Cashier)
        .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, .. Errors]);

    static async Task<Results<Created<CounterPaymentAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, CounterPaymentRequest request, TakePayment take, CancellationToken cancel) =>
            (await take.Run(request, key, by, cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/counter/payments/{done.PaymentId}/receipt", done));

    public async Task<Result<CounterPaymentAnswer>> Run(CounterPaymentRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        if (Fault(request) is { } fault) return fault;
        await orders.MakeRoom(by.CommunityId, request.HouseId, request.BillIds ?? [], request.CloseOpenOrders, cancel);
        await db.BeginSeries(NumberReceipts.Kind, by.CommunityId, NumberReceipts.Period(clock.Today().Year), cancel);
        try
        {
            return await db.Once<CounterPaymentAnswer>(key, new { by.CommunityId, request }, () => Book(request, by, cancel), cancel);
        }
        catch (Exception failure) when (WriteFailure.Violates(failure, "CounterPayments", "CommunityId", "OnceKey")) { return SlipKnown; }
    }

    static Error? Fault(CounterPaymentRequest request) => request.Way switch
    {
        CounterWay.Cash => null,
        CounterWay.Pos when request.Terminal is null => Invalid.At("terminal", "刷卡收款须填写终端号"),
        CounterWay.Transfer when request.BankAccountId is null => Invalid.At("bankAccountId", "转账收款须选择收款账户"),
        CounterWay.Pos or CounterWay.Transfer when request.Reference is null => Invalid.At("reference", "须填写刷卡凭证号或转账流水号"),
        CounterWay.Pos or CounterWay.Transfer when request.TenderedFen is not null => Invalid.At("tenderedFen", "只有现金收款需要填写实收现金"),
        CounterWay.Pos or CounterWay.Transfer => null,
        _ => throw new InvalidOperationException($"No rule for {request.Way}"),
    };

    /// <summary>Which price the money pays, and how much of the money is for it.</summary>
    sealed record Priced(BillQuote Quote, long AmountFen);

    async Task<Result<CounterPaymentAnswer>> Book(CounterPaymentRequest request, StaffMember by, CancellationToken cancel)
    {
        var shift = await shifts.OpenOf(by, cancel);
        if (shift is null) return Shifts.NoneOpen;
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == by.CommunityId, cancel);
        var bank = request.Way != CounterWay.Transfer ? null
            : await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == request.BankAccountId && a.CommunityId == by.CommunityId
                && !a.Closed, cancel);
        if (request.Way == CounterWay.Transfer && bank is null) return KeepBankAccounts.NotFound;
        if (bank is not null && await db.BankRows.AnyAsync(r => r.BankAccountId == bank.Id && r.State == BankRowState.Waiting
            && r.Reference == request.Reference, cancel)) return OnStatement;
        var now = clock.Now();
        var priced = request.BillIds is { Count: > 0 } bills ? await Bills(request, bills, community, now, cancel)
            : await TopUp(request, community, now, cancel);
        if (priced.Refusal is { } refusal) return refusal;
        var (quote, amount) = (priced.Value.Quote, priced.Value.AmountFen);
        var tendered = request.TenderedFen ?? amount;
        if (tendered < amount) return TooLittle.With("amountFen", amount);
        if (await AboveLimit(quote, amount - quote.PayableFen, community, cancel) is { } above) return above;

        // The series is the last lock but those of settlement, which a counter's payer waits for with nobody else.
        var year = Clock.DateOf(now).Year;
        var number = await db.NextNumber(NumberReceipts.Kind, community.Id, NumberReceipts.Period(year), cancel);
        if (number > await books.LastReceipt(community.Id, year, cancel)) return BookFull;
        var reference = request.Reference ?? Guid.CreateVersion7().ToString("N");
        var (channel, account) = request.Way switch
        {
            CounterWay.Cash => (Payment.Cash, Accounts.Cash(by.StaffId)),
            CounterWay.Pos => (Payment.Pos, Accounts.Pos(request.Terminal!)),
            CounterWay.Transfer => (Payment.Transfer, Accounts.TransferInTransit(bank!.Code)),
            _ => throw new InvalidOperationException($"No account for {request.Way}"),
        };
        var arrived = new ArrivedBy(channel, Guid.CreateVersion7().ToString("N"), account, amount, 0, now, amount - quote.PayableFen, number);
        var settled = await settle.Run(community, new(quote, OrderWay.Counter, await people.FirstOf(quote.HouseId, quote.PartyId, cancel), arrived),
            cancel);
        if (settled is null) return StartCheckout.QuoteChanged.With("quote", quote);
        db.Add(new CounterPayment
        {
            Id = settled.PaymentId, CommunityId = community.Id, ShiftId = shift.Id, Way = request.Way, AmountFen = amount, TenderedFen = tendered,
            Terminal = request.Way == CounterWay.Pos ? request.Terminal : null, Reference = request.Reference, BankAccountId = bank?.Id,
            OnceKey = request.Way == CounterWay.Cash ? null : $"{request.Way}/{bank?.Code ?? request.Terminal}/{reference}", At = now,
        });
        audit.Add(by, "counter.payment", settled.PaymentId, new { request.HouseId, request.Way, amount, receipt = ShowReceipt.Text(year, number) });
        return new CounterPaymentAnswer(settled.PaymentId, settled.Order.Id, ShowReceipt.Text(year, number), amount, quote.PayableFen,
            quote.DiscountFen,
            amount - quote.PayableFen, tendered, tendered - amount);
    }

    async Task<Result<Priced>> Bills(CounterPaymentRequest request, IReadOnlyList<Guid> bills, Community community, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (!await quotes.Knows(community.Id, request.HouseId, cancel)) return CounterQuotes.HouseNotFound;
        await db.LockBills(bills, cancel);
        var priced = await quotes.Quote(community.Id, request.HouseId, new(bills, null, request.Merchant), now, cancel);
        if (priced.Refusal is { } refusal) return refusal;
        var quote = priced.Value;
        if (await orders.SecondsToWait(bills, now, cancel) is { } seconds) return StartCheckout.BeingPaid.With("secondsToWait", seconds);
        if (quote.QuoteHash != request.QuoteHash) return StartCheckout.QuoteChanged.With("quote", quote);
        if (request.AmountFen is not { } amount || amount >= quote.PayableFen) return new Priced(quote, request.AmountFen ?? quote.PayableFen);
        if (request.Merchant is not null) return Invalid.At("merchant", "部分缴费请只选择同一收款账户的账单");
        if (!community.AllowsPartPayment) return PartRefused.With("payableFen", quote.PayableFen);
        if (amount < community.PartPaymentMinFen)
            return PartRefused.With("leastFen", community.PartPaymentMinFen).With("payableFen", quote.PayableFen);
        var open = await openBills.Of(request.HouseId, [quote.PartyId], bills, cancel);
        return new Priced(await amounts.For(open, amount, community.LateFeeFirst, now, cancel), amount);
    }

    /// <summary>Prepaid money is kept within the community's limit.</summary>
    async Task<Error?> AboveLimit(BillQuote quote, long prepaidFen, Community community, CancellationToken cancel)
    {
        if (prepaidFen <= 0) return null;
        var balance = await db.PrepaidBalances.Where(b => b.HouseId == quote.HouseId && b.PartyId == quote.PartyId).SumAsync(b => b.BalanceFen, cancel);
        return balance + prepaidFen > community.PrepaidMaxFen
            ? StartTopUp.AboveLimit.With("leftFen", Math.Max(0, community.PrepaidMaxFen - balance)) : null;
    }

    async Task<Result<Priced>> TopUp(CounterPaymentRequest request, Community community, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await quotes.Knows(community.Id, request.HouseId, cancel)) return CounterQuotes.HouseNotFound;
        if (request.AmountFen is not { } amount) return Invalid.At("amountFen", "预存须填写金额");
        var today = Clock.DateOf(now);
        var parties = await people.Of(request.HouseId, cancel);
        var party = parties.FirstOrDefault(p => request.PartyId is { } wanted ? p.Id == wanted : p.From <= today && (p.To is null || p.To >= today));
        return party is null ? Invalid.At("partyId", "没有找到该房屋的责任方") : new Priced(QuoteAmount.Nothing(community.Id, request.HouseId, party.Id, now),
            amount);
    }
}
