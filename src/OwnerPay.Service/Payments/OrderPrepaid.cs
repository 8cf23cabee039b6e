using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Prepaid money that a payer puts into an order: held at checkout so that nothing else can use it, used on the bills at settlement, given back on
/// close. Always inside the caller's transaction, together with the order's own state.</summary>
/// <remarks>What it settles stands apart from the payment that WeChat brings: a refund gives back the payment, prepaid money stays used on its bill.</remarks>
public sealed class OrderPrepaid(OwnerPayDb db, PrepaidMoney prepaid, ReduceBills reduce, Books books, Clock clock)
{
    /// <summary>Kinds of prepaid entries and journals, with the order's id: held, given back on close, held again for an order that was paid after its
    /// close, and what its bills no longer needed. Reductions of bills have the first.</summary>
    public const string Held = "order-prepaid", Freed = "order-prepaid-freed", Again = "order-prepaid-again", Rest = "order-prepaid-rest";

    /// <summary>The kind of the journal that books its use.</summary>
    public const string Used = "order-prepaid-used";

    public static readonly string[] Entries = [Held, Freed, Again, Rest];

    /// <returns>False when the balance does not hold so much: nothing was taken.</returns>
    public async Task<bool> Hold(PaymentOrder order, CancellationToken cancel) =>
        order.PrepaidFen == 0 || await Take(order, order.PrepaidFen, Held, cancel) == order.PrepaidFen;

    /// <summary>The order is closed. Harmless when repeated.</summary>
    public async Task Free(Guid orderId, CancellationToken cancel)
    {
        var order = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Id == orderId, cancel);
        if (order.PrepaidFen == 0 || await StillHeld(order, cancel) is not (> 0 and var held)) return;
        await Give(order, held, Freed, cancel);
        books.Journal(order.CommunityId, Freed, order.Id, clock.Today(), "订单关闭，预存款退回")
            .Debit(Accounts.OrderHeld, held).Credit(Accounts.Prepaid(order.HouseId, order.PartyId), held).Post();
    }

    /// <summary>Which part of each line prepaid money pays, by line number: the first lines in the order of allocation, after their discounts.</summary>
    public static IReadOnlyDictionary<int, long> Shares(PaymentOrder order, IReadOnlyList<OrderLine> lines)
    {
        var (left, shares) = (order.PrepaidFen, new Dictionary<int, long>());
        foreach (var line in lines.OrderBy(l => l.Number))
        {
            var part = Math.Min(left, line.Fen - line.DiscountFen);
            (shares[line.Number], left) = (part, left - part);
        }
        return shares;
    }

    /// <summary>The order is paid: what is held goes to its lines. An order that was closed takes it again as far as it is still there; the rest of those
    /// lines stays open. What the bills no longer need goes back to the balance.</summary>
    public async Task Use(PaidOrder paid, CancellationToken cancel)
    {
        var order = paid.Order;
        if (order.PrepaidFen == 0 || paid.Usable.Count == 0) return;
        var held = await StillHeld(order, cancel);
        if (held == 0) held = await Take(order, order.PrepaidFen, Again, cancel);
        if (held == 0) return;
        await db.SaveChangesAsync(cancel);    // what the payment itself took of late fee must be seen
        var (left, shares, parts) = (held, Shares(order, paid.Lines), new List<BillPart>());
        foreach (var line in paid.Usable.OrderBy(l => l.Number))
        {
            var fen = Math.Min(left, shares[line.Number]);
            if (fen == 0) continue;
            parts.Add(new(line.BillId, line.BillLineId, fen, 0));
            left -= fen;
        }
        var used = (await reduce.Run(order.CommunityId, Held, [new Reduction(order.Id, paid.PriceDate, parts)], cancel))[0];
        var journal = books.Journal(order.CommunityId, Used, order.Id, Clock.DateOf(paid.By.PaidAt), "预存款抵扣账单").Debit(Accounts.OrderHeld, held);
        foreach (var part in used.Parts)
            journal.Credit(part.BillLineId is null ? Accounts.LateFeeIncome : Accounts.Receivable(part.HouseId, part.PartyId), part.Fen);
        var rest = held - used.CashFen;
        if (rest > 0) await Give(order, rest, Rest, cancel);
        journal.Credit(Accounts.Prepaid(order.HouseId, order.PartyId), rest).Post();
    }

    /// <summary>Fen that were taken for the order and neither used nor given back.</summary>
    async Task<long> StillHeld(PaymentOrder order, CancellationToken cancel)
    {
        var moved = await db.PrepaidEntries.Where(e => e.SourceId == order.Id && Entries.Contains(e.SourceKind)).SumAsync(e => e.DeltaFen, cancel);
        var used = await db.BillReductions.Where(r => r.SourceKind == Held && r.SourceId == order.Id).SumAsync(r => r.Fen, cancel);
        return -moved - used;
    }

    /// <summary>Takes up to so much of the balance, and into the account of held money.</summary>
    async Task<long> Take(PaymentOrder order, long most, string kind, CancellationToken cancel)
    {
        var balance = await db.PrepaidBalances.AsNoTracking().Where(b => b.HouseId == order.HouseId && b.PartyId == order.PartyId).ForUpdate().SingleOrDefaultAsync(cancel);
        var fen = Math.Min(most, balance?.BalanceFen ?? 0);
        if (fen == 0 || kind == Held && fen < most) return 0;
        await prepaid.Add(order.CommunityId, order.HouseId, order.PartyId, -fen, kind, order.Id, cancel);
        books.Journal(order.CommunityId, kind, order.Id, clock.Today(), "预存款用于缴费")
            .Debit(Accounts.Prepaid(order.HouseId, order.PartyId), fen).Credit(Accounts.OrderHeld, fen).Post();
        return fen;
    }

    Task<Guid> Give(PaymentOrder order, long fen, string kind, CancellationToken cancel) =>
        prepaid.Add(order.CommunityId, order.HouseId, order.PartyId, fen, kind, order.Id, cancel);
}
