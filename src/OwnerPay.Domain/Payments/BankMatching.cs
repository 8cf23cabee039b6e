namespace OwnerPay.Domain.Payments;

/// <summary>How surely a row of a bank statement is known, the surest first.</summary>
public enum BankMatch
{
    /// <summary>The memo or the reference holds the party's transfer code: booked without asking anybody.</summary>
    Reference,

    /// <summary>The memo names one house of the community: a person looks at it.</summary>
    HouseCode,

    /// <summary>The payer's name and the very amount fit one party only: a person looks at it.</summary>
    AmountAndName,

    /// <summary>Nothing fits, or more than one does: staff find out whose it is.</summary>
    None,
}

/// <summary>Money on a bank statement.</summary>
/// <param name="Reference">The bank's number, or what the payer gave as one.</param>
/// <param name="Memo">What the payer wrote.</param>
/// <param name="Name">The payer's name as the bank has it.</param>
public sealed record BankMoney(Fen Amount, string Reference, string Memo, string Name);

/// <summary>A liable party that money may be for.</summary>
/// <param name="Id">Of the party.</param>
/// <param name="House">Code of its house, <c>3-2-1101</c>.</param>
/// <param name="TransferCode">Its code for memos, if it has one.</param>
/// <param name="Names">Of its members.</param>
/// <param name="Amounts">What it may be expected to pay: all that is open, all that is due, each with its late fee and without.</param>
/// <param name="Current">It owes the house's fees now: a house code means this one of the house's parties.</param>
public sealed record BankPayer(string Id, string House, string? TransferCode, IReadOnlyList<string> Names, IReadOnlyList<Fen> Amounts, bool Current);

/// <param name="Payer">Id of the party; null when nothing fits.</param>
public readonly record struct BankMatched(BankMatch Match, string? Payer);

/// <summary>Finds out whose money a bank statement's row is: by exact reference, then by a house code in the memo, then by amount and name; else a
/// person does.</summary>
/// <remarks>Source: requirement C3. A step that fits more than one party decides nothing, and the later steps are not asked: money is never guessed.
/// Example: memo “3-2-1101物业费” → that house's present party, to be accepted by a person.</remarks>
public sealed class BankMatching
{
    readonly Dictionary<string, string> byCode = new(StringComparer.Ordinal);
    readonly Dictionary<string, string?> byHouse = new(StringComparer.Ordinal);
    readonly Dictionary<(string Name, Fen Amount), string?> byMoney = [];

    public BankMatching(IEnumerable<BankPayer> payers)
    {
        foreach (var payer in payers)
        {
            if (payer.TransferCode is { } code && !byCode.TryAdd(code, payer.Id)) throw RuleRefusal.Duplicate("transfer code", code);
            if (payer.Current) Note(byHouse, payer.House.ToUpperInvariant(), payer.Id);
            foreach (var name in payer.Names.Select(MatchText.Name).Where(name => name.Length > 0).Distinct())
                foreach (var amount in payer.Amounts.Where(amount => amount > Fen.Zero).Distinct()) Note(byMoney, (name, amount), payer.Id);
        }
    }

    // The second one of the same makes it nobody's.
    static void Note<TKey>(Dictionary<TKey, string?> by, TKey key, string payer) where TKey : notnull => by[key] = by.TryGetValue(key, out var other)
        && other != payer ? null : payer;

    public BankMatched For(BankMoney money)
    {
        var codes = TransferCode.In(money.Memo + " | " + money.Reference).Where(byCode.ContainsKey).ToList();
        if (codes.Count > 0) return codes.Count == 1 ? new(BankMatch.Reference, byCode[codes[0]]) : new(BankMatch.None, null);
        var houses = MatchText.HouseCodes(money.Memo).Where(byHouse.ContainsKey).Select(code => byHouse[code]).Distinct().ToList();
        if (houses.Count > 0) return houses is [{ } party] ? new(BankMatch.HouseCode, party) : new(BankMatch.None, null);
        return byMoney.TryGetValue((MatchText.Name(money.Name), money.Amount), out var payer) && payer is not null
            ? new(BankMatch.AmountAndName, payer) : new(BankMatch.None, null);
    }
}
