using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>What became of a statement. <c>Read</c> = <c>Written</c> + <c>Unchanged</c> + <c>Skipped</c> + <c>Bad</c>, in rows.</summary>
/// <param name="ImportId">Null when nothing was stored, because rows were bad.</param>
/// <param name="Layout">By whose titles the file was read.</param>
/// <param name="Unchanged">Known from an earlier file.</param>
/// <param name="Skipped">Good rows that were not stored because others were bad.</param>
/// <param name="Settled">Of the written rows: booked to bills at once, by exact reference.</param>
/// <param name="Proposed">Of the written rows: a person is to accept what the rule proposes.</param>
/// <param name="Unknown">Of the written rows: nobody knows yet whose money it is.</param>
public sealed record StatementReport(
    Guid? ImportId, string Layout, int Read, int Written, int Unchanged, int Skipped, int Bad, int Settled, int Proposed, int Unknown,
        IReadOnlyList<RowFault> Faults);

/// <summary>Takes a bank statement over: all of its rows in one transaction, or none. Each row once, however often and by how many it is
/// imported.</summary>
/// <remarks>
/// Money in is booked to suspense the moment it is on the statement (1002 | 2241/suspense), so that the bank's balance is right whoever it belongs
/// to;
/// what is known by exact reference is then settled out of suspense at once, the rest waits for a person. Transfers that the counter accepted,
/// deposits
/// and collections end what was on its way. Errors: those of <see cref="StatementTable"/> and <see cref="StatementFile"/>;
/// <c>bank_account_not_found</c>.
/// </remarks>
public sealed class ImportStatement(
    OwnerPayDb db, BankPayers payers, ExpectedMoney expected, SettleBankRow settle, Books books, WorkItems workItems, Audit audit, Clock clock)
{
    public const string UnknownKind = "bank.unknown";
    const int MaxReported = 1_000, Page = 1_000;

    /// <summary>Payment companies pay out in sums; what is in them is reconciled against their own files.</summary>
    static readonly string[] PaymentCompanies = ["财付通支付科技", "支付宝（中国）", "支付宝(中国)", "银联商务", "拉卡拉支付", "通联支付"];

    public async Task<Result<StatementReport>> Run(string accountCode, string fileName, Stream file, IdempotencyKey key, StaffMember by,
        CancellationToken cancel)
    {
        var table = StatementTable.Read(file, cancel);
        if (table.Refusal is { } unreadable) return unreadable;
        var read = StatementFile.Of(table.Value, clock.Today());
        if (read.Refusal is { } unknown) return unknown;
        var statement = read.Value;
        if (statement.Read > StatementTable.MaxRows) return StatementTable.TooManyRows;
        var bad = statement.Read - statement.Rows.Count;
        if (bad > 0)
            return new StatementReport(null, statement.Layout, statement.Read, 0, 0, statement.Rows.Count, bad, 0, 0, 0,
                [.. statement.Faults.Take(MaxReported)]);
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
        var stored = await db.Once<StatementReport>(key, new { by.CommunityId, accountCode, hash }, () =>
            Store(accountCode, fileName, hash, statement, by, cancel), cancel);
        if (stored.Refusal is not null) return stored;
        return stored.Value with { Settled = await settle.Waiting(by.CommunityId, stored.Value.ImportId, cancel) };
    }

    async Task<Result<StatementReport>> Store(string code, string fileName, string hash, StatementFile statement, StaffMember by,
        CancellationToken cancel)
    {
        // The account's row makes two imports of the same statement wait for each other.
        var account = await db.BankAccounts.AsNoTracking().Where(a => a.CommunityId == by.CommunityId && a.Code == code && !a.Closed).ForUpdate()
            .SingleOrDefaultAsync(cancel);
        if (account is null) return KeepBankAccounts.NotFound;
        var known = await Known(account.Id, statement.Rows, cancel);
        var fresh = statement.Rows.Where(row => !known.Contains(BankRow.KeyOf(row.On, row.Reference, row.Fen, row.Sequence))).ToList();
        var matching = await payers.Of(by.CommunityId, cancel);
        await expected.Load(account, cancel);
        var import = new BankImport
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, BankAccountId = account.Id, FileName = fileName.Length > 190 ? fileName[..190]
                : fileName, FileHash = hash,
            RowsRead = statement.Read, RowsWritten = fresh.Count, RowsUnchanged = statement.Read - fresh.Count, By = by.StaffId, At = clock.Now(),
        };
        var rows = new List<BankRow>();
        foreach (var page in fresh.Chunk(Page))
        {
            foreach (var row in page)
            {
                var made = Row(import, account, row, matching);
                rows.Add(made);
                db.Add(made);
                if (Journal(made, account) is { } other)
                    books.Journal(made.CommunityId, BankRow.Source, made.Id, made.On, made.State == BankRowState.Known ? "在途款项到账" : "银行进账，待认领")
                        .Debit(Accounts.Bank(account.Code), made.AmountFen).Credit(other, made.AmountFen).Post();
            }
            await db.InsertAdded(cancel);
        }
        var (proposed, unknown) = (Waiting(rows, BankMatch.HouseCode) + Waiting(rows, BankMatch.AmountAndName), Waiting(rows, BankMatch.None));
        if (proposed + unknown > 0)
            await workItems.Open(by.CommunityId, UnknownKind, import.Id, StaffRole.Finance, "银行进账待认领",
                $"{account.Name} {statement.Rows.Min(r => r.On):yyyy-MM-dd} 至 {statement.Rows.Max(r => r.On):yyyy-MM-dd}：{proposed} 笔已找到可能的房屋，待确认；{unknown} 笔不知何人所付，待认领", cancel);
        db.Add(import);
        audit.Add(by, "bank.imported", import.Id, new { account.Code, hash, import.RowsRead, import.RowsWritten });
        return new StatementReport(import.Id, statement.Layout, statement.Read, fresh.Count, statement.Read - fresh.Count, 0, 0, 0, proposed,
            unknown, []);
    }

    static int Waiting(List<BankRow> rows, BankMatch match) => rows.Count(row => row.State == BankRowState.Waiting && row.Match == match);

    async Task<HashSet<string>> Known(Guid account, IReadOnlyList<StatementRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return [];
        var (from, to) = (rows.Min(row => row.On), rows.Max(row => row.On));
        return [.. await db.BankRows.Where(r => r.BankAccountId == account && r.On >= from && r.On <= to).Select(r => r.RowKey).ToListAsync(cancel)];
    }

    BankRow Row(BankImport import, BankAccount account, StatementRow row, BankMatching matching)
    {
        var (state, by, matched) = row.Fen < 0 ? (BankRowState.Out, null, new BankMatched(BankMatch.None, null))
            : expected.Take(row.Reference, row.Memo, row.Fen) is { } arrival ? (BankRowState.Known, (Guid?)arrival.Id,
                new BankMatched(BankMatch.Reference, null))
            : PaymentCompanies.Any(company => row.Payer.StartsWith(company, StringComparison.Ordinal))
                ? (BankRowState.PayOut, null, new BankMatched(BankMatch.None, null))
            : (BankRowState.Waiting, null, matching.For(new(new Fen(row.Fen), row.Reference, row.Memo, row.Payer)));
        return new BankRow
        {
            Id = Guid.CreateVersion7(), CommunityId = account.CommunityId, BankAccountId = account.Id, ImportId = import.Id,
            RowKey = BankRow.KeyOf(row.On, row.Reference, row.Fen, row.Sequence), On = row.On, AmountFen = row.Fen, Reference = row.Reference,
            Sequence = row.Sequence,
            Memo = row.Memo, Payer = row.Payer, PayerTail = row.PayerTail, Match = matched.Match, ProposedPartyId = matched.Payer is { } party
                ? Guid.ParseExact(party, "N") : null,
            State = state, SettledBy = by, DecidedAt = by is null ? null : import.At,
        };
    }

    /// <returns>The account that the row's money is credited to; null where the row books nothing.</returns>
    string? Journal(BankRow row, BankAccount account) => row.State switch
    {
        BankRowState.Waiting => Accounts.Suspense,
        BankRowState.Known => expected.AccountOf(row.SettledBy!.Value, account),
        BankRowState.PayOut or BankRowState.Out => null,
        _ => throw new InvalidOperationException($"A new row is never {row.State}"),
    };
}
