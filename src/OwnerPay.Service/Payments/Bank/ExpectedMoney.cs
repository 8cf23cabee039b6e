using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Payments.Entrusted;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>Money that other doors booked already and whose row on the statement is still to come.</summary>
/// <param name="Id">Of the counter's payment, the deposit or the collection.</param>
/// <param name="Account">What its row ends; null where the bank's account has it already.</param>
public sealed record ExpectedArrival(Guid Id, string Reference, long Fen, string? Account);

/// <summary>Knows again on a statement what the counter accepted as a transfer what finance paid in as cash and what the bank collected: by exact
/// reference and amount, each once.</summary>
public sealed class ExpectedMoney(OwnerPayDb db)
{
    readonly List<ExpectedArrival> waiting = [];
    readonly Dictionary<Guid, string?> accounts = [];

    public async Task Load(BankAccount account, CancellationToken cancel)
    {
        waiting.Clear();
        accounts.Clear();
        var (rows, transfers, deposits) = (db.BankRows, db.CounterPayments, db.CashDeposits);
        waiting.AddRange((await transfers.AsNoTracking().Where(p => p.CommunityId == account.CommunityId && p.BankAccountId == account.Id
            && p.Way == CounterWay.Transfer
                && !rows.Any(r => r.SettledBy == p.Id)).ToListAsync(cancel))
            .Select(p => new ExpectedArrival(p.Id, p.Reference!, p.AmountFen, Accounts.TransferInTransit(account.Code))));
        waiting.AddRange((await deposits.AsNoTracking().Where(d => d.CommunityId == account.CommunityId && d.BankAccountId == account.Id
            && !rows.Any(r => r.SettledBy == d.Id))
            .ToListAsync(cancel)).Select(d => new ExpectedArrival(d.Id, d.Slip, d.AmountFen, null)));
        var (batches, items) = (db.CollectionBatches, db.CollectionItems);
        waiting.AddRange((await batches.Where(b => b.CommunityId == account.CommunityId && b.BankAccountId == account.Id
            && !rows.Any(r => r.SettledBy == b.Id))
                .Select(b => new
                {
                    b.Id, b.Code, Fen = items.Where(i => i.BatchId == b.Id && i.State == ItemState.Collected)
                    .Sum(i => (long?)i.AmountFen) ?? 0
                })
                .Where(b => b.Fen > 0).ToListAsync(cancel))
            .Select(b => new ExpectedArrival(b.Id, b.Code, b.Fen, Accounts.CollectionInTransit(account.Code))));
        foreach (var arrival in waiting) accounts[arrival.Id] = arrival.Account;
    }

    /// <summary>The arrival that a row is, taken out so that no second row is it too.</summary>
    public ExpectedArrival? Take(string reference, string memo, long fen)
    {
        var found = waiting.Find(arrival => arrival.Fen == fen && (arrival.Reference == reference || Names(memo, arrival.Reference)));
        if (found is not null) waiting.Remove(found);
        return found;
    }

    public string? AccountOf(Guid arrival, BankAccount account) =>
        accounts.TryGetValue(arrival, out var known) ? known
            : throw new InvalidOperationException($"Nothing {arrival:N} is expected on {account.Code}");

    /// <summary>The memo holds the reference as a word of its own.</summary>
    static bool Names(string memo, string reference)
    {
        for (var at = memo.IndexOf(reference, StringComparison.Ordinal); at >= 0; at = memo.IndexOf(reference, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !char.IsAsciiLetterOrDigit(memo[at - 1])) && (at + reference.Length == memo.Length
                || !char.IsAsciiLetterOrDigit(memo[at + reference.Length])))
                return true;
        return false;
    }
}
