using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <param name="BillId">A bill that the payment settled; null: the part that went to prepaid money or to suspense.</param>
/// <param name="BillLineId">Its line; null: its late fee.</param>
/// <param name="Fen">Money to give back of it; null: all that is left, or its share of <c>amountFen</c>.</param>
public sealed record RefundLineRequest(Guid? BillId = null, Guid? BillLineId = null, [property: Range(1, long.MaxValue)] long? Fen = null);

/// <param name="PaymentId">The payment, or its order in <paramref name="OrderId"/> where that has one payment only.</param>
/// <param name="AmountFen">Money to give back; null: all that is left of what is chosen. Split over the chosen lines by what is left of each.</param>
/// <param name="Lines">The chosen lines; null: all of the payment.</param>
/// <param name="Channel">How it goes back; null: by the way it came, a transfer by a transfer.</param>
/// <param name="Payee">Whom a transfer goes to; needed with one.</param>
/// <param name="Reason">Kept; WeChat shows its beginning (80 bytes) to the payer.</param>
public sealed record RefundRequested(
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason, Guid? PaymentId = null, Guid? OrderId = null, long? AmountFen = null,
    [property: MinLength(1), MaxLength(200)] IReadOnlyList<RefundLineRequest>? Lines = null, RefundChannel? Channel = null, RefundPayee? Payee =
        null);

/// <param name="Account">The whole account number; kept encrypted, shown by its end.</param>
public sealed record RefundPayee(
    [property: Required, StringLength(60, MinimumLength = 1)] string Name, [property: Required, RegularExpression("^[0-9]{8,30}$")] string Account,
    [property: Required, StringLength(60, MinimumLength = 2)] string Bank);

public sealed record RefundAnswer(Guid RefundId, Guid ApprovalId, RefundState State, long AmountFen);

/// <summary>Finance asks for money to go back to the payer by the way it came. A manager decides. Bills that it had settled are opened again by a
/// reversing journal once WeChat accepts.</summary>
/// <remarks>Source: WeChat Pay v3, refunds: within 365 days, at most 50 parts, together at most the payment. Errors: <c>payment_not_found</c> 404;
/// <c>refund_line_unknown</c>, <c>refund_amount_invalid</c> 400; <c>refund_above_left</c>, <c>refund_too_old</c>, <c>refund_pending</c>,
/// <c>refund_too_many_parts</c>, <c>refund_prepaid_used</c>, <c>payment_not_refundable</c>, <c>payment_ambiguous</c> 409.</remarks>
public sealed class RequestRefund(
    OwnerPayDb db, RefundableParts parts, Approvals approvals, Audit audit, MasterKey master, ServiceSettings settings, Clock clock)
{
    const int MostParts = 50;
    static readonly TimeSpan Window = TimeSpan.FromDays(365);

    static readonly Error NotFound = new(404, "payment_not_found", "没有找到该笔付款");
    static readonly Error Ambiguous = new(409, "payment_ambiguous", "该订单有多笔付款，请指定其中一笔") { Field = "paymentId" };
    static readonly Error NotRefundable = new(409, "payment_not_refundable", "该笔付款没有收取款项，无款可退");
    static readonly Error WrongChannel = new(409, "refund_channel_wrong", "该笔付款不能以这种方式退款") { Field = "channel" };
    static readonly Error PayeeMissing = new(400, "refund_payee_missing", "银行转账退款须填写收款人户名、账号和开户银行") { Field = "payee" };
    static readonly Error LineUnknown = new(400, "refund_line_unknown", "所选明细不属于该笔付款") { Field = "lines" };
    static readonly Error AmountInvalid = new(400, "refund_amount_invalid", "退款金额有误，须大于 0 并与所选明细一致") { Field = "amountFen" };
    static readonly Error AboveLeft = new(409, "refund_above_left", "退款金额超过该笔付款的可退余额") { Field = "amountFen" };
    public static readonly Error TooOld = new(409, "refund_too_old", "付款已超过 365 天，微信不再支持原路退款") { Detail = "可改为银行转账退款，并留存转账凭证" };
    static readonly Error Pending = new(409, "refund_pending", "该笔付款还有一笔退款正在审批，请先处理");
    public static readonly Error TooManyParts = new(409, "refund_too_many_parts", "同一笔付款最多可分 50 次退款") { Detail = "可改为银行转账退款，并留存转账凭证" };
    public static readonly Error PrepaidUsed = new(409, "refund_prepaid_used", "预存余额已被使用，不足以退还这部分款项");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/refunds", Post).WithName("requestRefund").ForStaff(StaffRole.Finance)
        .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Ambiguous, NotRefundable, WrongChannel, PayeeMissing,
            LineUnknown, AmountInvalid,
            AboveLeft, TooOld, Pending, TooManyParts, PrepaidUsed);

    static async Task<Results<Created<RefundAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, RefundRequested request, RequestRefund refund, CancellationToken cancel) =>
        (await refund.Run(request, key, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/refunds/{done.RefundId}", done));

    public Task<Result<RefundAnswer>> Run(RefundRequested request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<RefundAnswer>(key, new { by.CommunityId, request }, async () =>
        {
            var meant = await db.Payments.Where(p => p.CommunityId == by.CommunityId
                    && (p.Id == request.PaymentId || request.PaymentId == null && request.OrderId != null && p.OrderId == request.OrderId))
                .Select(p => p.Id).Take(2).ToListAsync(cancel);
            if (meant.Count != 1) return meant.Count == 0 ? NotFound : Ambiguous;
            // The payment's row is the lock under which its refunds are counted, here and when one is approved or booked.
            var payment = await db.Payments.AsNoTracking().Where(p => p.Id == meant[0]).ForUpdate().SingleAsync(cancel);
            if (payment.TotalFen == 0) return NotRefundable;
            var channel = request.Channel ?? Usual(payment);
            if (channel == RefundChannel.WeChat && payment.Channel == Payment.WeChat && IsTooOld(payment, clock.Now())) return TooOld;
            if (await ChannelFault(payment, channel, cancel) is { } fault) return fault;
            if (channel == RefundChannel.Transfer && request.Payee is null) return PayeeMissing;
            if (await db.Refunds.AnyAsync(r => r.PaymentId == payment.Id && r.State == RefundState.Requested, cancel)) return Pending;
            if (channel == RefundChannel.WeChat && await HasTooManyParts(db, payment.Id, cancel)) return TooManyParts;
            var left = await parts.Of(payment, cancel);
            var chosen = Choose(request, left);
            return chosen.Refusal is { } refusal ? refusal : await Keep(request, channel, payment, left, chosen.Value, by, cancel);
        }, cancel);

    static RefundChannel Usual(Payment payment) => payment.Channel switch
    {
        Payment.WeChat => RefundChannel.WeChat,
        Payment.Cash => RefundChannel.Cash,
        Payment.Pos => RefundChannel.Pos,
        _ => RefundChannel.Transfer,
    };

    /// <summary>By the way it came. A transfer is for what came so, for cash and cards whose payer is not here, and for WeChat's money where WeChat
    /// takes no
    /// refund any more: after a year, after 50 parts, or because it refused one.</summary>
    async Task<Error?> ChannelFault(Payment payment, RefundChannel channel, CancellationToken cancel)
    {
        if (channel == Usual(payment)) return null;
        if (channel != RefundChannel.Transfer) return WrongChannel.At("channel", "只能原路退回，或改为银行转账");
        if (payment.Channel != Payment.WeChat || IsTooOld(payment, clock.Now()) || await HasTooManyParts(db, payment.Id, cancel)) return null;
        return await db.Refunds.AnyAsync(r => r.PaymentId == payment.Id && (r.State == RefundState.Closed || r.State == RefundState.Failed), cancel)
            ? null : WrongChannel.At("channel", "该笔付款可由微信原路退回，请先原路退款");
    }

    public static bool IsTooOld(Payment payment, DateTimeOffset now) => now > payment.PaidAt + Window;

    /// <summary>Those that WeChat took, whatever became of them, and those that it is about to get.</summary>
    public static async Task<bool> HasTooManyParts(OwnerPayDb db, Guid payment, CancellationToken cancel) =>
        await db.Refunds.CountAsync(r => r.PaymentId == payment && r.State != RefundState.Requested && r.State != RefundState.Rejected && r.State != RefundState.Failed,
            cancel) >= MostParts;

    /// <returns>Money to give back of each part, in the order of the parts.</returns>
    static Result<long[]> Choose(RefundRequested request, IReadOnlyList<RefundablePart> left)
    {
        if (request.AmountFen is <= 0) return AmountInvalid;
        var (weights, named) = (new long[left.Count], new long?[left.Count]);
        foreach (var line in request.Lines ?? [.. left.Select(part => new RefundLineRequest(part.BillId, part.BillLineId, null))])
        {
            var at = Enumerable.Range(0, left.Count).Where(n => left[n].BillId == line.BillId && left[n].BillLineId == line.BillLineId).ToList();
            if (at.Count == 0 || line.Fen is not null && at.Count > 1) return LineUnknown;
            foreach (var n in at) (weights[n], named[n]) = (left[n].LeftFen, line.Fen);
            if (line.Fen > left[at[0]].LeftFen) return Above(left);
        }
        if (named.Any(fen => fen is not null))
        {
            var each = weights.Select((weight, n) => named[n] ?? weight).ToArray();
            return request.AmountFen is { } wanted && wanted != each.Sum() || each.Sum() == 0 ? AmountInvalid : each;
        }
        var all = weights.Sum();
        if (all == 0) return Above(left);
        if (request.AmountFen is not { } amount) return weights;
        return amount > all ? Above(left) : Array.ConvertAll(Apportion.Split(new Fen(amount), (ReadOnlySpan<long>)weights), fen => fen.Value);
    }

    static Error Above(IReadOnlyList<RefundablePart> left) => AboveLeft.With("leftFen", left.Sum(part => part.LeftFen));

    async Task<Result<RefundAnswer>> Keep(
        RefundRequested request, RefundChannel channel, Payment payment, IReadOnlyList<RefundablePart> left, long[] fen, StaffMember by,
            CancellationToken cancel)
    {
        var (amount, last) = (fen.Sum(), fen.Sum() == left.Sum(part => part.LeftFen));
        var order = await db.PaymentOrders.AsNoTracking().Where(o => o.Id == payment.OrderId).Select(o => new { o.HouseId, o.PersonId }).SingleOrDefaultAsync(cancel);
        var id = Guid.CreateVersion7();
        var refund = new Refund
        {
            Id = id, CommunityId = payment.CommunityId, PaymentId = payment.Id, Channel = channel,
            MerchantAccountId = channel == RefundChannel.WeChat ? payment.MerchantAccountId : Guid.Empty, OrderId = payment.OrderId,
            HouseId = order?.HouseId, PersonId = order?.PersonId == Guid.Empty ? null : order?.PersonId, AmountFen = amount, CashFen =
                await Cash(payment, amount, last, cancel), Reason = request.Reason,
            RequestedBy = by.StaffId, RequestedAt = clock.Now(), State = RefundState.Requested, NextTryAt = TimeProvider.System.GetUtcNow(),
            Request = channel == RefundChannel.WeChat ? ForWeChat(id, payment, amount, request.Reason) : [],
            PayeeWrapped = channel == RefundChannel.Transfer ? master.Wrap(Refund.PayeePurpose,
                JsonSerializer.Serialize(request.Payee, Json.Options)) : null,
        };
        db.Add(refund);
        var number = 0;
        foreach (var (part, money) in left.Zip(fen))
        {
            var discount = money > 0 || last ? part.DiscountWith(money, last) : 0;
            if (money + discount == 0) continue;
            if (part.Kind == RefundLineKind.Prepaid
                && !await db.PrepaidBalances.AnyAsync(b => b.HouseId == part.HouseId && b.PartyId == part.PartyId && b.BalanceFen >= money, cancel)) return PrepaidUsed;
            db.Add(new RefundLine
            {
                RefundId = id, Number = ++number, CommunityId = payment.CommunityId, Kind = part.Kind, BillId = part.BillId, BillLineId = part.BillLineId,
                HouseId = part.HouseId, PartyId = part.PartyId, Fen = money + discount, DiscountFen = discount,
            });
        }
        var approval = approvals.Propose(payment.CommunityId, ApproveRefund.ApprovalKind, id, by.StaffId, $"退款 {new Fen(amount).InYuan()} 元：{Refund.ForPayer(request.Reason)}");
        audit.Add(by, "refund.requested", id, new { refund.PaymentId, refund.Channel, refund.AmountFen, refund.Reason });
        return new RefundAnswer(id, approval.Id, refund.State, amount);
    }

    byte[] ForWeChat(Guid id, Payment payment, long amount, string reason) => new WeChat.Pay.RefundRequest
    {
        TransactionId = payment.TransactionId, OutRefundNo = id.ToString("N"), Reason = Refund.ForPayer(reason),
        NotifyUrl = MerchantAccounts.RefundNotifyUrl(settings, payment.MerchantAccountId), Amount = new RefundRequestAmount(amount, payment.TotalFen),
    }.ToBytes();

    /// <summary>The part of an amount that leaves our account: in proportion where a coupon of ours paid a part, over all refunds exactly what we received.</summary>
    async Task<long> Cash(Payment payment, long amount, bool last, CancellationToken cancel)
    {
        if (payment.OwnCouponFen == 0) return amount;
        var before = await db.Refunds.Where(r => r.PaymentId == payment.Id && Refund.Standing.Contains(r.State))
            .GroupBy(r => r.PaymentId).Select(g => new { Amount = g.Sum(r => r.AmountFen), Cash = g.Sum(r => r.CashFen) }).SingleOrDefaultAsync(cancel);
        var (amountBefore, cashBefore) = (before?.Amount ?? 0, before?.Cash ?? 0);
        return last && amountBefore + amount == payment.TotalFen ? payment.ReceivedFen - cashBefore
            : Math.Clamp((long)((Int128)payment.ReceivedFen * (amountBefore + amount) / payment.TotalFen) - cashBefore, 0, amount);
    }
}
