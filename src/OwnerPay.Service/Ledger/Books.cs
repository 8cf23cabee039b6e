using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using UUIDNext;

namespace OwnerPay.Service.Ledger;

/// <summary>Posts journals. A journal is added to the transaction of the state that it explains; there is no other way into the books.</summary>
public sealed class Books(OwnerPayDb db, Clock clock)
{
    /// <summary>Begins a journal; it is added to the transaction when <see cref="Draft.Post()"/> is called.</summary>
    /// <param name="sourceKind">Kind of the row that it explains, unique together with its id.</param>
    public Draft Journal(Guid community, string sourceKind, Guid sourceId, DateOnly businessDate, string summary) =>
        new(db, new Journal
        {
            Id = Uuid.NewSequential(), CommunityId = community, SourceKind = sourceKind, SourceId = sourceId,
            BusinessDate = businessDate, At = clock.Now(), Summary = summary,
        });

    public sealed class Draft(OwnerPayDb db, Journal journal)
    {
        readonly List<(string Account, string Commodity, long Amount)> lines = [];

        /// <param name="amount">Fen or points, may be 0 (left out) or negative (a credit).</param>
        public Draft Debit(string account, long amount, string commodity = Posting.Yuan)
        {
            if (amount == 0) return this;
            var at = lines.FindIndex(line => line.Account == account && line.Commodity == commodity && Math.Sign(line.Amount) == Math.Sign(amount));
            if (at < 0) lines.Add((account, commodity, amount));
            else lines[at] = (account, commodity, checked(lines[at].Amount + amount));
            return this;
        }

        public Draft Credit(string account, long amount, string commodity = Posting.Yuan) => Debit(account, checked(-amount), commodity);

        /// <summary>Adds the journal. One without lines is left out: an effect of nothing needs no journal.</summary>
        /// <exception cref="InvalidOperationException">Debits and credits of a commodity differ: a bug of the caller, stopped before it is written.</exception>
        public void Post() => Post(row => db.Add(row));

        /// <summary>The same into a bulk batch of the same transaction.</summary>
        public void Post(IBulkBatch batch) => Post(batch.Add);

        void Post(Action<object> add)
        {
            foreach (var commodity in lines.GroupBy(line => line.Commodity))
                if (commodity.Sum(line => line.Amount) is not 0 and var off)
                    throw new InvalidOperationException($"Journal {journal.SourceKind}/{journal.SourceId:N} is off by {off} {commodity.Key}");
            if (lines.Count == 0) return;
            add(journal);
            var number = 0;
            foreach (var (account, commodity, amount) in lines)
                add(new Posting { CommunityId = journal.CommunityId, JournalId = journal.Id, Line = ++number, Account = account, Commodity = commodity, Amount = amount });
        }
    }
}
