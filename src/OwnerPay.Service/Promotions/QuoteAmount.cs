using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>Prices a sum of money against bills: which of them it pays, whole or in part, oldest due date first, without offers, which are for whole
/// bills.</summary>
/// <remarks>Source: Civil Code 560 and 561, the community's order of principal and late fee. Example: 300 yuan against two bills of 250.88 yuan
/// pay the first and 49.12 yuan of the second.</remarks>
public sealed class QuoteAmount(OwnerPayDb db)
{
    /// <param name="bills">Open bills of one liable party.</param>
    /// <param name="fen">Money, above 0; what the bills do not need is left over.</param>
    /// <param name="at">Business instant; its Shanghai date decides the late fee.</param>
    /// <returns>A quote of the parts that the money pays: its payable is the money, or less where the bills ask for less.</returns>
    public async Task<BillQuote> For(IReadOnlyList<BillWithLines> bills, long fen, bool lateFeeFirst, DateTimeOffset at, CancellationToken cancel)
    {
        var today = Clock.DateOf(at);
        var kindIds = bills.SelectMany(b => b.Lines).Select(l => l.FeeKindId).Distinct().ToList();
        var kinds = await db.FeeKinds.AsNoTracking().Where(k => kindIds.Contains(k.Id)).ToDictionaryAsync(k => k.Id, cancel);
        var given = Allocation.Of(lateFeeFirst ? AllocationOrder.LawOrder : AllocationOrder.PrincipalFirst, new Fen(fen),
            [.. bills.Select(b => new OpenBill(
                b.Bill.Id.ToString("N"), b.Bill.DueOn, [.. b.Lines.Select(l => new OpenLine(l.Id.ToString("N"), new Fen(l.OpenFen)))],
                new Fen(b.LateFeeOn(today))))]).Entries;
        var principal = given.Where(e => e.To == AllocatedTo.Line).ToDictionary(e => e.Id, e => e.Amount.Value);
        var late = given.Where(e => e.To == AllocatedTo.LateFee).ToDictionary(e => e.Bill, e => e.Amount.Value);
        var paid = bills.Where(b => late.ContainsKey(b.Bill.Id.ToString("N")) || b.Lines.Any(l => principal.ContainsKey(l.Id.ToString("N"))))
            .Select(b => (b.Bill, Open: b.Bill.OpenFen + b.LateFeeOn(today), LateFee: late.GetValueOrDefault(b.Bill.Id.ToString("N")),
                Lines: b.Lines.Select(l => (Line: l, Kind: kinds[l.FeeKindId], Fen: principal.GetValueOrDefault(l.Id.ToString("N")))).ToList()))
                    .ToList();
        // As in a quote of whole bills, the late fee of a bill rides on its first line.
        var quote = Quote.For([.. paid.SelectMany(b => b.Lines.Select((l, index) => new QuoteLine(l.Line.Id.ToString("N"), l.Kind.Code,
            false, new Fen(l.Fen), new Fen(index == 0 ? b.LateFee : 0), new DateRange(l.Line.From, l.Line.To))))], [], at);
        var (first, kind) = (bills[0].Bill, kinds[bills[0].Lines[0].FeeKindId]);
        return Of(quote, first.CommunityId, first.HouseId, first.PartyId, new(kind.Beneficiary, kind.MerchantAccountId), [.. paid.Select(b => new QuotedBill(
            b.Bill.Id, b.Bill.PeriodFrom, b.Bill.PeriodTo, b.Bill.DueOn,
            [.. b.Lines.Select(l => new QuotedLine(l.Line.Id, l.Line.Number, l.Kind.Code, l.Line.Title, l.Line.From, l.Line.To, l.Fen, 0, []))],
            b.LateFee, b.LateFee + b.Lines.Sum(l => l.Fen) < b.Open))]);
    }

    /// <summary>The price of no bill at all: all money that comes for it is prepaid money of the party.</summary>
    public static BillQuote Nothing(Guid community, Guid house, Guid party, DateTimeOffset at) =>
        Of(Quote.For([], [], at), community, house, party, new(Beneficiary.Company, null), []);

    static BillQuote Of(Quote quote, Guid community, Guid house, Guid party, MerchantChoice merchant, IReadOnlyList<QuotedBill> bills) => new(
        house, quote.At, merchant, bills, [], [], [], [], bills.SelectMany(b => b.Lines).Sum(l => l.PrincipalFen), 0, bills.Sum(b => b.LateFeeFen),
            quote.Payable.Value, quote.Hash)
    {
        CommunityId = community, PartyId = party, Canonical = quote.Canonical,
    };
}
