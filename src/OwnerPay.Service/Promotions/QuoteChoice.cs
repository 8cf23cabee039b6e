using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>A bill that is paid in part, where the community allows it. Offers are given for whole bills only.</summary>
/// <param name="Fen">Of its principal and late fee together, less than all that is open.</param>
public sealed record PartPayment(Guid BillId, long Fen);

/// <summary>Which merchant's part of the chosen bills: one order pays one merchant account, and never mixes whose money it is.</summary>
/// <param name="AccountId">The fee kinds' merchant account; null: the community's first.</param>
public sealed record MerchantChoice(Beneficiary Beneficiary, Guid? AccountId);

/// <param name="BillIds">Bills of one house.</param>
/// <param name="Parts">Those of them that are paid in part only; null: none.</param>
/// <param name="Merchant">Only what of them goes to this merchant; null: all, which must then be one merchant's.</param>
/// <param name="CouponIds">The coupons that may be used; null: whatever makes the price lowest, empty: none.</param>
public sealed record QuoteRequest(
    IReadOnlyList<Guid> BillIds, IReadOnlyList<PartPayment>? Parts = null, MerchantChoice? Merchant = null, IReadOnlyList<Guid>? CouponIds = null);

/// <summary>For whom bills are priced.</summary>
/// <param name="PartyIds">Liable parties whose bills the payer may pay; a bill of any other does not exist for him.</param>
/// <param name="PersonId">Whose coupons count; null for somebody who is not of the house.</param>
public sealed record PricedFor(Guid CommunityId, Guid HouseId, IReadOnlyList<Guid> PartyIds, Guid? PersonId);

/// <summary>A fee kind as quotes know it.</summary>
/// <param name="IsCompanys">Else it is money that is passed through.</param>
sealed record KnownKind(string Code, bool Promotable, bool IsCompanys, MerchantChoice Merchant);

/// <summary>A bill's share of a choice: what of its lines and its late fee is to be paid.</summary>
/// <param name="Lines">Each with the principal to pay of it, by number.</param>
/// <param name="LateFeeFen">Late fee to pay with them.</param>
/// <param name="IsPart">Less than what is open: no offer touches it.</param>
sealed record ChosenBill(BillWithLines Of, IReadOnlyList<(BillLine Line, long Fen)> Lines, long LateFeeFen, bool IsPart)
{
    public Bill Bill => Of.Bill;
}

/// <summary>What a payer chose, cut by merchants.</summary>
static class QuoteChoice
{
    public static readonly Error PartNotAllowed = new(409, "part_payment_not_allowed", "本小区暂不支持部分缴纳，请缴清整张账单") { Field = "parts" };
    public static readonly Error PartBelowMinimum = new(400, "part_below_minimum", "部分缴纳的金额低于最低限额") { Field = "parts" };
    public static readonly Error PartAboveOpen = new(400, "part_above_open", "部分缴纳的金额超过账单未缴金额") { Field = "parts" };
    public static readonly Error PartUnknown = new(400, "part_unknown", "部分缴纳的账单不在所选账单之中") { Field = "parts" };

    public static readonly Error[] Errors = [PartNotAllowed, PartBelowMinimum, PartAboveOpen, PartUnknown];

    /// <summary>The merchants that bills pay, each once, by beneficiary and account.</summary>
    public static IReadOnlyList<MerchantChoice> Merchants(IEnumerable<BillWithLines> bills, Dictionary<Guid, KnownKind> kinds, DateOnly today) =>
        [.. bills.SelectMany(bill => bill.Lines.Where(line => line.OpenFen > 0).Concat(bill.LateFeeOn(today) > 0 ? bill.Lines.Take(1) : []))
            .Select(line => kinds[line.FeeKindId].Merchant).Distinct().OrderBy(m => m.Beneficiary).ThenBy(m => m.AccountId)];

    /// <summary>What of the bills goes to one merchant. The late fee of a bill goes with its first line.</summary>
    public static Result<IReadOnlyList<ChosenBill>> Of(
        QuoteRequest request, IReadOnlyList<BillWithLines> bills, MerchantChoice merchant, Dictionary<Guid, KnownKind> kinds, PartRules rules, DateOnly today)
    {
        var parts = request.Parts ?? [];
        if (parts.Count > 0 && !rules.Allowed) return PartNotAllowed;
        if (parts.Any(part => !request.BillIds.Contains(part.BillId)) || parts.Select(p => p.BillId).Distinct().Count() != parts.Count) return PartUnknown;
        var chosen = new List<ChosenBill>();
        foreach (var bill in bills)
        {
            bool IsOf(BillLine line) => kinds[line.FeeKindId].Merchant == merchant;
            List<(BillLine Line, long Fen)> lines = [.. bill.Lines.Where(IsOf).Select(line => (line, line.OpenFen))];
            if (lines.Count == 0) continue;
            var lateFee = IsOf(bill.Lines[0]) ? bill.LateFeeOn(today) : 0;
            var open = lines.Sum(line => line.Fen) + lateFee;
            if (open == 0) continue;
            if (parts.FirstOrDefault(part => part.BillId == bill.Bill.Id) is not { } part) chosen.Add(new(bill, lines, lateFee, IsPart: false));
            else if (part.Fen > open) return PartAboveOpen;
            else if (part.Fen == open) chosen.Add(new(bill, lines, lateFee, IsPart: false));
            else if (part.Fen <= 0 || part.Fen < rules.MinFen) return PartBelowMinimum.With("minFen", rules.MinFen);
            else chosen.Add(Part(bill, lines, lateFee, new Fen(part.Fen), rules.LateFeeFirst));
        }
        return chosen;
    }

    /// <summary>Spreads the part over the bill as every payment is spread.</summary>
    static ChosenBill Part(BillWithLines bill, List<(BillLine Line, long Fen)> lines, long lateFee, Fen part, bool lateFeeFirst)
    {
        var spread = Allocation.Of(lateFeeFirst ? AllocationOrder.LawOrder : AllocationOrder.PrincipalFirst, part,
            [new OpenBill("bill", bill.Bill.DueOn, [.. lines.Select(line => new OpenLine(line.Line.Id.ToString("N"), new Fen(line.Fen)))], new Fen(lateFee))]).Entries;
        var given = spread.Where(entry => entry.To == AllocatedTo.Line).ToDictionary(entry => entry.Id, entry => entry.Amount.Value);
        return new(bill, [.. lines.Select(line => (line.Line, given.GetValueOrDefault(line.Line.Id.ToString("N"))))],
            spread.Where(entry => entry.To == AllocatedTo.LateFee).Select(entry => entry.Amount).Sum().Value, IsPart: true);
    }
}

/// <param name="MinFen">Least part of a bill.</param>
sealed record PartRules(bool Allowed, long MinFen, bool LateFeeFirst);
