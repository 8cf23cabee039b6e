using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Billing;

/// <summary>How a bill stands in the books: the receivable of house and party against what is owed for it.</summary>
static class BillPosting
{
    /// <summary>Fees of the company: net to the contract liability of their kind, tax to pending tax. Money for others: gross to what is collected for them.</summary>
    public static Books.Draft Of(Bill bill, IEnumerable<(string FeeKind, long AmountFen, long NetFen)> lines, Books.Draft journal)
    {
        foreach (var (account, fen) in Sides(bill, lines)) journal.Debit(account, fen);
        return journal;
    }

    /// <summary>What is owed for a line against its receivable changes by an adjustment: the same accounts, the same split.</summary>
    /// <param name="fen">With tax; above 0: more is owed.</param>
    public static void Owed(Books.Draft journal, Beneficiary beneficiary, string feeKind, long fen, long netFen)
    {
        if (beneficiary == Beneficiary.Company) journal.Credit(Accounts.ContractLiability(feeKind), netFen).Credit(Accounts.PendingTax, fen - netFen);
        else journal.Credit(beneficiary == Beneficiary.Agency ? Accounts.Agency : Accounts.OwnersFund, fen);
    }

    /// <summary>The postings of a bill by account, debit positive; the sum is 0.</summary>
    public static IReadOnlyDictionary<string, long> Sides(Bill bill, IEnumerable<(string FeeKind, long AmountFen, long NetFen)> lines)
    {
        var sides = new Dictionary<string, long>();
        void Add(string account, long fen)
        {
            if (fen != 0) sides[account] = checked(sides.GetValueOrDefault(account) + fen);
        }
        Add(Accounts.Receivable(bill.HouseId, bill.PartyId), bill.AmountFen);
        foreach (var (kind, amount, net) in lines)
            switch (bill.Beneficiary)
            {
                case Beneficiary.Company:
                    Add(Accounts.ContractLiability(kind), -net);
                    Add(Accounts.PendingTax, net - amount);
                    break;
                case Beneficiary.Agency: Add(Accounts.Agency, -amount); break;
                case Beneficiary.OwnersFund: Add(Accounts.OwnersFund, -amount); break;
                default: throw new InvalidOperationException($"Beneficiary {bill.Beneficiary} has no account");
            }
        return sides;
    }
}
