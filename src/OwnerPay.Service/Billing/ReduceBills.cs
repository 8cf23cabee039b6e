using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What a payment wants to settle of one bill line, or of one bill's late fee.</summary>
/// <param name="BillLineId">Null: the bill's late fee.</param>
/// <param name="Fen">Principal (or late fee) to settle.</param>
/// <param name="DiscountFen">The part of <paramref name="Fen"/> that offers give; the rest is money.</param>
/// <param name="OwnDiscountFen">The part of <paramref name="DiscountFen"/> that the company bears; null: all of it.</param>
public sealed record BillPart(Guid BillId, Guid? BillLineId, long Fen, long DiscountFen, long? OwnDiscountFen = null)
{
    /// <summary>What the company bears of as much of the discount.</summary>
    public long OwnOf(long discountFen) => discountFen == 0 || OwnDiscountFen is not { } own ? discountFen
        : Apportion.Split(new Fen(discountFen), (ReadOnlySpan<long>)[own, DiscountFen - own])[0].Value;
}

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

/// <summary>One payment's wish to settle parts of bills.</summary>
/// <param name="SourceId">The payment; unique with its kind for each line.</param>
/// <param name="On">Shanghai date for which the price holds: it lowers the principal for the late fee from the next day on, and late fee is
/// settled up to what is due on it. For an order that is the day of its quote, so that who types his password past midnight owes nothing more.</param>
public sealed record Reduction(Guid SourceId, DateOnly On, IReadOnlyList<BillPart> Parts);

/// <summary>Lowers bills by payments or by prepaid money, inside the caller's transaction: locks them in id order, writes the reductions, lowers what is open.</summary>
/// <remarks>It never takes more than is open now, whatever was frozen before: a bill that somebody else paid meanwhile keeps its state and the money stays over.
/// The number of statements does not grow with the number of payments, but for bills that are paid in part.</remarks>
public sealed class ReduceBills(OwnerPayDb db)
{
    sealed record KnownKind(string Code, bool Promotable);

    /// <summary>What is read of the bills, and what is still open of them while the payments take their parts one after another.</summary>
    sealed record Books(Dictionary<Guid, Bill> Bills, List<BillLine> Lines, Dictionary<Guid, KnownKind> Kinds,
        ILookup<Guid, BillReduction> Reductions, IReadOnlyDictionary<Guid, BillStops> Stops)
    {
        public Dictionary<Guid, BillLine> ById { get; } = Lines.ToDictionary(l => l.Id);
        public Dictionary<Guid, long> Open { get; } = Lines.ToDictionary(l => l.Id, l => l.OpenFen);
        public Dictionary<Guid, DateOnly> LoweredOn { get; } = [];
        public Dictionary<Guid, long> LateFeesTaken { get; } = [];
    }

    /// <param name="sourceKind"><c>payment</c> or <c>prepaid</c>.</param>
    /// <returns>What became of each, in the order given. A bill that two of them paid to the end is among the paid ones of the later.</returns>
    /// <exception cref="InvalidOperationException">A bill or line is unknown in this community: orders freeze only what exists.</exception>
    public async Task<IReadOnlyList<ReducedBills>> Run(Guid community, string sourceKind, IReadOnlyList<Reduction> reductions, CancellationToken cancel)
    {
        var parts = reductions.SelectMany(reduction => reduction.Parts).ToList();
        if (parts.Count == 0) return [.. reductions.Select(_ => new ReducedBills([], []))];
        var books = await Read(community, parts, cancel);
        var settled = reductions.Select(reduction => Take(community, sourceKind, reduction, books)).ToList();
        await LowerLines(books, cancel);
        var paid = await LowerBills(books, cancel);
        var last = settled.SelectMany((taken, at) => taken.Select(part => (part.BillId, at))).GroupBy(p => p.BillId).ToDictionary(g => g.Key, g => g.Max(p => p.at));
        return [.. settled.Select((taken, at) => new ReducedBills(taken, [.. paid.Where(bill => last[bill] == at)]))];
    }

    async Task<Books> Read(Guid community, List<BillPart> parts, CancellationToken cancel)
    {
        var ids = parts.Select(part => part.BillId).Distinct().ToList();
        var question = new RowsByKey(db);
        var locked = question.Of<Bill>(nameof(Bill.Id), ids, locked: true);
        var ofBills = question.Of<BillLine>(nameof(BillLine.BillId), ids, locked: false, nameof(BillLine.Formula));
        var ofCommunity = question.Of<FeeKind>(nameof(FeeKind.CommunityId), [community], locked: false);
        await question.Run(cancel);
        var bills = locked.Where(b => b.CommunityId == community).ToDictionary(b => b.Id);
        List<BillLine> lines = [.. ofBills.OrderBy(l => l.BillId).ThenBy(l => l.Number)];
        var kinds = ofCommunity.ToDictionary(k => k.Id, k => new KnownKind(k.Code, k.Promotable));
        var late = parts.Where(part => part.BillLineId is null).Select(part => part.BillId).Distinct().ToList();
        List<BillReduction> before = late.Count == 0 ? [] : await db.BillReductions.AsNoTracking().Where(r => late.Contains(r.BillId)).ToListAsync(cancel);
        var stops = late.Count == 0 ? new Dictionary<Guid, BillStops>()
            : await BillStops.Load(db, late, lines.Where(l => late.Contains(l.BillId)), cancel);
        return new Books(bills, lines, kinds, before.ToLookup(r => r.BillId), stops);
    }

    List<SettledPart> Take(Guid community, string sourceKind, Reduction reduction, Books books)
    {
        var settled = new List<SettledPart>();
        foreach (var part in reduction.Parts)
        {
            if (!books.Bills.TryGetValue(part.BillId, out var bill)) throw new InvalidOperationException($"Bill {part.BillId:N} is not in community {community:N}");
            var done = part.BillLineId is { } id ? SettleLine(part, bill, id, books) : SettleLateFee(part, bill, reduction.On, books);
            if (done.Fen == 0) continue;
            settled.Add(done);
            books.LoweredOn[bill.Id] = reduction.On;
            db.Add(new BillReduction
            {
                Id = Guid.CreateVersion7(), CommunityId = community, BillId = bill.Id, BillLineId = part.BillLineId, Fen = done.Fen,
                DiscountFen = done.DiscountFen, OwnDiscountFen = part.OwnOf(done.DiscountFen), SourceKind = sourceKind, SourceId = reduction.SourceId, On = reduction.On,
            });
        }
        return settled;
    }

    static SettledPart SettleLine(BillPart part, Bill bill, Guid lineId, Books books)
    {
        if (!books.ById.TryGetValue(lineId, out var line) || line.BillId != bill.Id) throw new InvalidOperationException($"Line {lineId:N} is not of bill {bill.Id:N}");
        var fen = bill.State == BillState.Voided ? 0 : Math.Min(part.Fen, books.Open[line.Id]);
        books.Open[line.Id] -= fen;
        var kind = books.Kinds[line.FeeKindId];
        return new(bill.Id, line.Id, bill.HouseId, bill.PartyId, bill.DueOn, line.From, line.To, kind.Code, bill.Beneficiary, kind.Promotable,
            line.TaxRatePerMillion, fen, Math.Max(0, fen - (part.Fen - part.DiscountFen)));
    }

    static SettledPart SettleLateFee(BillPart part, Bill bill, DateOnly on, Books books)
    {
        var due = BillLateFee.AsOf(bill, [.. books.Lines.Where(l => l.BillId == bill.Id)], [.. books.Reductions[bill.Id]],
            books.Stops.GetValueOrDefault(bill.Id, BillStops.None), on);
        var taken = books.LateFeesTaken.GetValueOrDefault(bill.Id);
        var fen = Math.Clamp(due - taken, 0, part.Fen);
        books.LateFeesTaken[bill.Id] = taken + fen;
        return new(bill.Id, null, bill.HouseId, bill.PartyId, bill.DueOn, bill.PeriodFrom, bill.PeriodTo, null, bill.Beneficiary, Promotable: false, 0, fen, 0);
    }

    /// <summary>The bills are locked, so that nobody else moves these lines; the conditions still say what is expected, and what does not hold is a bug.</summary>
    async Task LowerLines(Books books, CancellationToken cancel)
    {
        var lowered = books.Lines.Where(l => books.Open[l.Id] < l.OpenFen).ToList();
        var closed = lowered.Where(l => books.Open[l.Id] == 0).Select(l => l.Id).ToList();
        if (closed.Count > 0)
            Expect(closed.Count, await db.UpdateByKey<BillLine>(nameof(BillLine.Id), closed, new(nameof(BillLine.OpenFen), 0L, Is: ">"),
                [new(nameof(BillLine.OpenFen), 0L)], cancel), "lines");
        foreach (var line in lowered.Where(l => books.Open[l.Id] > 0))
        {
            var (before, after) = (line.OpenFen, books.Open[line.Id]);
            Expect(1, await db.BillLines.Where(l => l.Id == line.Id && l.OpenFen == before).ExecuteUpdateAsync(set => set.SetProperty(l => l.OpenFen, after), cancel), "line");
        }
    }

    async Task<IReadOnlyList<Guid>> LowerBills(Books books, CancellationToken cancel)
    {
        var left = books.Lines.GroupBy(l => l.BillId).ToDictionary(g => g.Key, g => g.Sum(l => books.Open[l.Id]));
        var lowered = books.Bills.Values.Where(b => left[b.Id] < b.OpenFen).ToList();
        List<Guid> paid = [];
        foreach (var (on, bills) in lowered.Where(b => left[b.Id] == 0).GroupBy(b => books.LoweredOn[b.Id]).Select(day => (day.Key, day.Select(b => b.Id).ToList())))
        {
            Expect(bills.Count, await db.UpdateByKey<Bill>(nameof(Bill.Id), bills, new(nameof(Bill.State), BillState.Open),
                [new(nameof(Bill.OpenFen), 0L), new(nameof(Bill.State), BillState.Paid), new(nameof(Bill.PaidOn), on)], cancel), "bills");
            paid.AddRange(bills);
        }
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
