using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What a payment wants to settle of one bill line, or of one bill's late fee.</summary>
/// <param name="BillLineId">Null: the bill's late fee.</param>
/// <param name="Fen">Principal (or late fee) to settle.</param>
/// <param name="DiscountFen">The part of <paramref name="Fen"/> that offers give; the rest is money.</param>
public sealed record BillPart(Guid BillId, Guid? BillLineId, long Fen, long DiscountFen);

/// <summary>What was settled of a part, with what journals and points need to know about it.</summary>
/// <param name="DueOn">Due date of the bill: points are for principal paid by then.</param>
/// <param name="FeeKind">Code, for <c>2204/…</c>; null for a late fee.</param>
/// <param name="TaxRatePerMillion">By which a discount of the line is split into net and tax.</param>
/// <param name="Fen">Settled: the part's amount, or less if meanwhile less was open.</param>
/// <param name="DiscountFen">Part of <paramref name="Fen"/> that offers gave. Money goes first: a part that shrank uses less of its discount.</param>
public sealed record SettledPart(
    Guid BillId, Guid? BillLineId, Guid HouseId, Guid PartyId, DateOnly DueOn, DateOnly ServiceFrom, DateOnly ServiceTo, string? FeeKind,
    Beneficiary Beneficiary, bool Promotable, int TaxRatePerMillion, long Fen, long DiscountFen)
{
    /// <summary>Fen of money in it.</summary>
    public long CashFen => Fen - DiscountFen;
}

/// <param name="Parts">What was really settled, in the order asked for; parts of which nothing was open are left out.</param>
/// <param name="PaidBills">Bills whose principal this paid to the end: their unsent reminders are pointless now.</param>
public sealed record ReducedBills(IReadOnlyList<SettledPart> Parts, IReadOnlyList<Guid> PaidBills)
{
    /// <summary>Fen of money that found something to settle; the rest of what came belongs in the prepaid balance.</summary>
    public long CashFen => Parts.Sum(part => part.CashFen);

    public long DiscountFen => Parts.Sum(part => part.DiscountFen);

    /// <summary>Fen of late fee among it.</summary>
    public long LateFeeFen => Parts.Where(part => part.BillLineId is null).Sum(part => part.Fen);
}

/// <summary>Lowers bills by a payment or by prepaid money, inside the caller's transaction: locks them in id order, writes the reductions, lowers what is open.</summary>
/// <remarks>It never takes more than is open now, whatever was frozen before: a bill that somebody else paid meanwhile keeps its state and the money stays over.</remarks>
public sealed class ReduceBills(OwnerPayDb db)
{
    sealed record KnownKind(string Code, bool Promotable);

    /// <param name="sourceKind"><c>payment</c> or <c>prepaid</c>; with <paramref name="sourceId"/> unique for each line.</param>
    /// <param name="on">Shanghai date for which the price holds: it lowers the principal for the late fee from the next day on, and late fee is
    /// settled up to what is due on it. For an order that is the day of its quote, so that who types his password past midnight owes nothing more.</param>
    /// <exception cref="InvalidOperationException">A bill or line is unknown in this community: orders freeze only what exists.</exception>
    public async Task<ReducedBills> Run(
        Guid community, IReadOnlyList<BillPart> parts, string sourceKind, Guid sourceId, DateOnly on, CancellationToken cancel)
    {
        var ids = parts.Select(part => part.BillId).Distinct().ToList();
        if (ids.Count == 0) return new([], []);
        var bills = await db.Bills.AsNoTracking().Where(b => ids.Contains(b.Id) && b.CommunityId == community).OrderBy(b => b.Id).ForUpdate().ToDictionaryAsync(b => b.Id, cancel);
        var lines = await db.BillLines.AsNoTracking().Where(l => ids.Contains(l.BillId)).OrderBy(l => l.BillId).ThenBy(l => l.Number).ToListAsync(cancel);
        var kindIds = lines.Select(l => l.FeeKindId).Distinct().ToList();
        var kinds = await db.FeeKinds.Where(k => kindIds.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => new KnownKind(k.Code, k.Promotable), cancel);

        var open = lines.ToDictionary(l => l.Id, l => l.OpenFen);
        var lateFees = parts.Any(part => part.BillLineId is null) ? await LateFees(bills, lines, on, cancel) : [];
        var settled = new List<SettledPart>();
        foreach (var part in parts)
        {
            if (!bills.TryGetValue(part.BillId, out var bill)) throw new InvalidOperationException($"Bill {part.BillId:N} is not in community {community:N}");
            var done = part.BillLineId is { } id ? SettleLine(part, bill, lines.Single(l => l.Id == id && l.BillId == bill.Id), kinds, open) : SettleLateFee(part, bill, lateFees);
            if (done.Fen == 0) continue;
            settled.Add(done);
            db.Add(new BillReduction
            {
                Id = Guid.CreateVersion7(), CommunityId = community, BillId = bill.Id, BillLineId = part.BillLineId, Fen = done.Fen,
                DiscountFen = done.DiscountFen, SourceKind = sourceKind, SourceId = sourceId, On = on,
            });
        }
        await LowerLines(lines, open, cancel);
        return new(settled, await LowerBills(bills, lines, open, on, cancel));
    }

    static SettledPart SettleLine(BillPart part, Bill bill, BillLine line, Dictionary<Guid, KnownKind> kinds, Dictionary<Guid, long> open)
    {
        var fen = bill.State == BillState.Voided ? 0 : Math.Min(part.Fen, open[line.Id]);
        open[line.Id] -= fen;
        var kind = kinds[line.FeeKindId];
        return new(bill.Id, line.Id, bill.HouseId, bill.PartyId, bill.DueOn, line.From, line.To, kind.Code, bill.Beneficiary, kind.Promotable,
            line.TaxRatePerMillion, fen, Math.Max(0, fen - (part.Fen - part.DiscountFen)));
    }

    static SettledPart SettleLateFee(BillPart part, Bill bill, Dictionary<Guid, long> due)
    {
        var fen = Math.Min(part.Fen, due[bill.Id]);
        due[bill.Id] -= fen;
        return new(bill.Id, null, bill.HouseId, bill.PartyId, bill.DueOn, bill.PeriodFrom, bill.PeriodTo, null, bill.Beneficiary, Promotable: false, 0, fen, 0);
    }

    async Task<Dictionary<Guid, long>> LateFees(Dictionary<Guid, Bill> bills, List<BillLine> lines, DateOnly on, CancellationToken cancel)
    {
        var ids = bills.Keys.ToList();
        var reductions = (await db.BillReductions.AsNoTracking().Where(r => ids.Contains(r.BillId)).ToListAsync(cancel)).ToLookup(r => r.BillId);
        return bills.Values.ToDictionary(b => b.Id, b => BillLateFee.AsOf(b, [.. lines.Where(l => l.BillId == b.Id)], [.. reductions[b.Id]], on));
    }

    /// <summary>The bills are locked, so that nobody else moves these lines; the conditions still say what is expected, and what does not hold is a bug.</summary>
    async Task LowerLines(List<BillLine> lines, Dictionary<Guid, long> open, CancellationToken cancel)
    {
        var lowered = lines.Where(l => open[l.Id] < l.OpenFen).ToList();
        var closed = lowered.Where(l => open[l.Id] == 0).Select(l => l.Id).ToList();
        if (closed.Count > 0)
            Expect(closed.Count, await db.BillLines.Where(l => closed.Contains(l.Id) && l.OpenFen > 0)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.OpenFen, 0L), cancel), "lines");
        foreach (var line in lowered.Where(l => open[l.Id] > 0))
        {
            var (before, after) = (line.OpenFen, open[line.Id]);
            Expect(1, await db.BillLines.Where(l => l.Id == line.Id && l.OpenFen == before).ExecuteUpdateAsync(set => set.SetProperty(l => l.OpenFen, after), cancel), "line");
        }
    }

    async Task<IReadOnlyList<Guid>> LowerBills(Dictionary<Guid, Bill> bills, List<BillLine> lines, Dictionary<Guid, long> open, DateOnly on, CancellationToken cancel)
    {
        var left = lines.GroupBy(l => l.BillId).ToDictionary(g => g.Key, g => g.Sum(l => open[l.Id]));
        var lowered = bills.Values.Where(b => left[b.Id] < b.OpenFen).ToList();
        var paid = lowered.Where(b => left[b.Id] == 0).Select(b => b.Id).ToList();
        if (paid.Count > 0)
            Expect(paid.Count, await db.Bills.Where(b => paid.Contains(b.Id) && b.State == BillState.Open).ExecuteUpdateAsync(
                set => set.SetProperty(b => b.OpenFen, 0L).SetProperty(b => b.State, BillState.Paid).SetProperty(b => b.PaidOn, on), cancel), "bills");
        foreach (var bill in lowered.Where(b => left[b.Id] > 0))
        {
            var (before, after) = (bill.OpenFen, left[bill.Id]);
            Expect(1, await db.Bills.Where(b => b.Id == bill.Id && b.OpenFen == before).ExecuteUpdateAsync(set => set.SetProperty(b => b.OpenFen, after), cancel), "bill");
        }
        return paid;
    }

    static void Expect(int expected, int changed, string what)
    {
        if (changed != expected) throw new InvalidOperationException($"{expected} {what} should have been lowered, {changed} were: they changed under their lock");
    }
}
