using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Applies an approved adjustment to its bill, inside the caller's transaction: what is open, what becomes prepaid money, the reversing journal.</summary>
/// <remarks>A lowered line takes first from what is open. What had been settled already goes back by the way it came: money to the prepaid balance, discounts and
/// waivers to their accounts, in proportion. A voided bill is lowered to nothing and its months can be billed again. Locks: bill, prepaid, ledger.</remarks>
public sealed class CorrectBill(OwnerPayDb db, IEnumerable<IHoldsBills> holders, PrepaidMoney prepaid, BillClaims claims, Books books, Messages messages, Clock clock)
{
    public static readonly Error Voided = new(409, "bill_voided", "账单已作废");
    public static readonly Error BelowZero = new(409, "adjustment_below_zero", "更正后金额不能小于 0") { Field = "lines" };
    public static readonly Error ToZero = new(409, "adjustment_to_zero", "更正后账单金额为 0，请改为作废该账单") { Field = "lines" };

    /// <summary>What happens to one line.</summary>
    /// <param name="Fen">Change of its worth.</param>
    /// <param name="NetFen">Its part without tax.</param>
    /// <param name="OpenFen">Change of what is open.</param>
    /// <param name="CashFen">Paid money that is credited.</param>
    /// <param name="DiscountFen">Discount that is no longer given.</param>
    /// <param name="WaivedFen">Waiver that is undone.</param>
    sealed record Change(BillLine Line, string FeeKind, long Fen, long NetFen, long OpenFen, long CashFen, long DiscountFen, long WaivedFen);

    /// <returns>Why it cannot be done now, or null when it was.</returns>
    public async Task<Error?> Run(BillAdjustment adjustment, CancellationToken cancel)
    {
        var bill = await db.Bills.Where(b => b.Id == adjustment.BillId && b.CommunityId == adjustment.CommunityId).ForUpdate().SingleAsync(cancel);
        if (bill.State == BillState.Voided) return Voided;
        if (await holders.Holding([bill.Id], cancel) is { } held) return held;
        var lines = await db.BillLines.Where(l => l.BillId == bill.Id).OrderBy(l => l.Number).ToListAsync(cancel);
        var reductions = await db.BillReductions.AsNoTracking().Where(r => r.BillId == bill.Id).ToListAsync(cancel);
        var wanted = await Wanted(adjustment, lines, cancel);
        foreach (var row in wanted)
            if (lines.Single(l => l.Id == row.BillLineId) is var line && line.WorthFen + row.Fen < 0) return BelowZero.With("worthFen", line.WorthFen);
        if (adjustment.Kind == AdjustmentKind.Correction && bill.WorthFen + wanted.Sum(row => row.Fen) == 0) return ToZero;

        var changes = await Changes(wanted, lines, reductions, cancel);
        Apply(adjustment, bill, changes, reductions);
        var stops = bill.OpenFen > 0 ? BillStops.None : await BillStops.LoadOne(db, bill.Id, lines, cancel);
        var lateFee = CreditLateFee(adjustment, bill, lines, reductions, stops);
        (adjustment.State, adjustment.AppliedOn) = (AdjustmentState.Applied, clock.Today());
        (adjustment.CreditFen, adjustment.LateFeeCreditFen) = (changes.Sum(c => c.CashFen) + lateFee, lateFee);
        if (adjustment.CreditFen > 0)
            await prepaid.Add(bill.CommunityId, bill.HouseId, bill.PartyId, adjustment.CreditFen, BillAdjustment.Source, adjustment.Id, cancel);
        await Journal(adjustment, bill, changes, reductions, cancel);
        if (adjustment.Kind == AdjustmentKind.Void)
        {
            await claims.Release(bill, lines, cancel);
            await messages.CancelUnsent([bill.Id], BillReminders.Kinds, "voided", cancel);
        }
        else if (bill.State == BillState.Paid) await messages.CancelUnsent([bill.Id], BillReminders.Kinds, "paid", cancel);
        return null;
    }

    /// <summary>Its rows; for a voided bill they are made here, from what is left of each line now.</summary>
    async Task<IReadOnlyList<BillAdjustmentLine>> Wanted(BillAdjustment adjustment, List<BillLine> lines, CancellationToken cancel)
    {
        if (adjustment.Kind == AdjustmentKind.Correction)
            return await db.BillAdjustmentLines.Where(l => l.AdjustmentId == adjustment.Id).OrderBy(l => l.Number).ToListAsync(cancel);
        List<BillAdjustmentLine> all = [.. lines.Where(l => l.WorthFen > 0).Select((line, at) => new BillAdjustmentLine
        {
            AdjustmentId = adjustment.Id, Number = at + 1, CommunityId = adjustment.CommunityId, BillLineId = line.Id, Fen = -line.WorthFen,
        })];
        db.AddRange(all);
        return all;
    }

    async Task<List<Change>> Changes(
        IReadOnlyList<BillAdjustmentLine> wanted, List<BillLine> lines, IReadOnlyList<BillReduction> reductions, CancellationToken cancel)
    {
        var kindIds = lines.Select(l => l.FeeKindId).Distinct().ToList();
        var codes = await db.FeeKinds.Where(k => kindIds.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => k.Code, cancel);
        var changes = new List<Change>();
        foreach (var row in wanted)
        {
            var line = lines.Single(l => l.Id == row.BillLineId);
            // From sum to sum, so that the net parts of many adjustments never drift from the net of what the line is worth.
            var net = (Tax.Split(new Fen(line.WorthFen + row.Fen), line.TaxRatePerMillion).Net - Tax.Split(new Fen(line.WorthFen), line.TaxRatePerMillion).Net).Value;
            row.NetFen = net;
            var open = row.Fen > 0 ? row.Fen : -Math.Min(-row.Fen, line.OpenFen);
            var back = Standing(reductions.Where(r => r.BillLineId == line.Id)) is var standing && open == row.Fen
                ? new Fen[3] : Apportion.Split(new Fen(open - row.Fen), (ReadOnlySpan<long>)standing);
            changes.Add(new(line, codes[line.FeeKindId], row.Fen, net, open, back[0].Value, back[1].Value, back[2].Value));
        }
        return changes;
    }

    /// <summary>What settles a line: money, discounts, waivers.</summary>
    static long[] Standing(IEnumerable<BillReduction> reductions)
    {
        var standing = new long[3];
        foreach (var row in reductions)
            if (ReductionKinds.IsMoney(row.SourceKind)) (standing[0], standing[1]) = (standing[0] + row.Fen - row.DiscountFen, standing[1] + row.DiscountFen);
            else if (row.SourceKind != ReductionKinds.Adjustment) standing[2] += row.Fen;
        return standing;
    }

    void Apply(BillAdjustment adjustment, Bill bill, List<Change> changes, List<BillReduction> reductions)
    {
        foreach (var change in changes)
        {
            var line = change.Line;
            (line.AdjustedFen, line.AdjustedNetFen, line.OpenFen) = (line.AdjustedFen + change.Fen, line.AdjustedNetFen + change.NetFen, line.OpenFen + change.OpenFen);
            Add(adjustment, reductions, line.Id, ReductionKinds.Adjustment, -change.Fen, 0);
            Add(adjustment, reductions, line.Id, ReductionKinds.Credit, -change.CashFen - change.DiscountFen, -change.DiscountFen);
            Add(adjustment, reductions, line.Id, ReductionKinds.Unwaived, -change.WaivedFen, 0);
        }
        bill.AdjustedFen += changes.Sum(c => c.Fen);
        bill.OpenFen += changes.Sum(c => c.OpenFen);
        bill.State = adjustment.Kind == AdjustmentKind.Void ? BillState.Voided : bill.OpenFen == 0 ? BillState.Paid : BillState.Open;
        bill.PaidOn = bill.State == BillState.Paid ? ReductionKinds.PaidOn(reductions) : null;
    }

    void Add(BillAdjustment adjustment, List<BillReduction> reductions, Guid? line, string kind, long fen, long discount)
    {
        if (fen == 0) return;
        var standing = reductions.Where(r => r.BillLineId == line && r.DiscountFen != 0).ToList();
        var own = new BillPart(adjustment.BillId, line, 0, standing.Sum(r => r.DiscountFen), standing.Sum(r => r.OwnDiscountFen)).OwnOf(-discount);
        var row = new BillReduction
        {
            Id = Guid.CreateVersion7(), CommunityId = adjustment.CommunityId, BillId = adjustment.BillId, BillLineId = line, Fen = fen, DiscountFen = discount,
            OwnDiscountFen = -own, SourceKind = kind, SourceId = adjustment.Id, On = clock.Today(),
        };
        db.Add(row);
        reductions.Add(row);
    }

    /// <summary>Late fee that was paid on an amount that was never owed. While principal is open the fee still grows and uses up what was paid of it.</summary>
    /// <returns>Fen.</returns>
    long CreditLateFee(BillAdjustment adjustment, Bill bill, List<BillLine> lines, List<BillReduction> reductions, BillStops stops)
    {
        if (bill.OpenFen > 0) return 0;
        var fees = reductions.Where(r => r.BillLineId is null).ToList();
        var grown = bill.State == BillState.Voided ? 0 : BillLateFee.Grown(bill, lines, reductions, stops, clock.Today());
        var credit = Math.Clamp(fees.Sum(r => r.Fen) - grown, 0, fees.Where(r => ReductionKinds.IsMoney(r.SourceKind)).Sum(r => r.Fen));
        Add(adjustment, reductions, null, ReductionKinds.Credit, -credit, 0);
        return credit;
    }

    async Task Journal(BillAdjustment adjustment, Bill bill, List<Change> changes, List<BillReduction> reductions, CancellationToken cancel)
    {
        var journal = books.Journal(bill.CommunityId, BillAdjustment.Source, adjustment.Id, clock.Today(), adjustment.Kind == AdjustmentKind.Void ? "账单作废" : "账单更正");
        foreach (var change in changes)
            BillPosting.Owed(journal, bill.Beneficiary, change.FeeKind, change.Fen, change.NetFen);
        journal.Debit(Accounts.Receivable(bill.HouseId, bill.PartyId), changes.Sum(c => c.OpenFen))
            .Debit(Accounts.LateFeeIncome, adjustment.LateFeeCreditFen).Credit(Accounts.Prepaid(bill.HouseId, bill.PartyId), adjustment.CreditFen)
            .Credit(Accounts.Concession, changes.Sum(c => c.WaivedFen));
        var discounted = changes.Where(c => c.DiscountFen > 0).ToList();
        foreach (var (account, fen) in await Discounts(discounted, reductions, cancel)) journal.Credit(account, fen);
        journal.Post();
    }

    /// <summary>Takes discounts back from the accounts on which the payments that gave them had booked them, in proportion.</summary>
    async Task<IEnumerable<(string Account, long Fen)>> Discounts(List<Change> changes, List<BillReduction> reductions, CancellationToken cancel)
    {
        if (changes.Count == 0) return [];
        var lines = changes.ConvertAll(c => (Guid?)c.Line.Id);
        var payments = reductions.Where(r => r.DiscountFen > 0 && lines.Contains(r.BillLineId)).Select(r => r.SourceId).Distinct().ToList();
        var journals = db.Journals.Where(j => payments.Contains(j.SourceId)).Select(j => j.Id);
        var booked = await db.Postings.Where(p => p.Commodity == Posting.Yuan && p.Amount > 0 && journals.Contains(p.JournalId))
            .GroupBy(p => p.Account).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToListAsync(cancel);
        var accounts = booked.Where(a => Accounts.IsDiscount(a.Key)).OrderBy(a => a.Key, StringComparer.Ordinal).ToList();
        return accounts.Zip(Apportion.Split(new Fen(changes.Sum(c => c.DiscountFen)), (ReadOnlySpan<long>)[.. accounts.Select(a => a.Fen)]), (a, fen) => (a.Key, fen.Value));
    }
}
