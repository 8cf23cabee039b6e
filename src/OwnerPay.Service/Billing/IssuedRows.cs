using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using UUIDNext;

namespace OwnerPay.Service.Billing;

/// <summary>Turns the drafts of a page into rows: bills, lines, claims, journals, and the use of prepaid money. It never asks the database: what it
/// needs to know comes with the page.</summary>
/// <remarks>The ids of a run ascend strictly, those of one millisecond too: a database that gets its keys in order fills its pages one behind the other.</remarks>
/// <param name="prepaid">Fen by house and party that these bills may use.</param>
sealed class IssuedRows(BillRun run, Books books, Clock clock, IBulkBatch batch, IReadOnlyDictionary<(Guid House, Guid Party), long> prepaid)
{
    readonly Dictionary<(Guid House, Guid Party), long> left = new(prepaid);
    readonly List<PrepaidEntry> used = [];
    readonly DateOnly today = clock.Today();
    readonly DateTimeOffset now = clock.Now();

    public IBulkBatch Batch => batch;

    /// <summary>What was taken from prepaid balances; the entries are in the batch, the balances are still to be lowered.</summary>
    public IReadOnlyList<PrepaidEntry> Prepaid => used;

    /// <summary>A day that an agreement set is over since the preview: nobody gets a bill that is overdue at birth.</summary>
    public bool HasOverdue { get; private set; }

    public void Add(BillDraft draft)
    {
        var (house, party, dueOn) = (draft.House.Id, draft.PartyId, draft.DueOn ?? run.DueOn);
        HasOverdue |= dueOn < today;
        var fen = draft.House.UsesPrepaid ? Math.Min(draft.AmountFen, left.GetValueOrDefault((house, party))) : 0;
        if (fen > 0) left[(house, party)] -= fen;
        var bill = new Bill
        {
            Id = Uuid.NewSequential(), CommunityId = run.CommunityId, HouseId = house, PartyId = party, RunId = run.Id,
            Beneficiary = draft.Beneficiary, PeriodFrom = draft.Days.From, PeriodTo = draft.Days.To, DueOn = dueOn, IssuedOn = today, AmountFen = draft.AmountFen,
            OpenFen = draft.AmountFen - fen, State = fen == draft.AmountFen ? BillState.Paid : BillState.Open,
            PaidOn = fen == draft.AmountFen ? today : null, CreatedAt = now,
        };
        var lines = new List<BillLine>(draft.Lines.Count);
        foreach (var line in draft.Lines) lines.Add(Line(bill, lines.Count + 1, line));
        if (fen > 0) UsePrepaid(bill, lines, fen, draft.House.Code);
        batch.Add(bill);
        foreach (var line in lines) batch.Add(line);
        var journal = books.Journal(bill.CommunityId, IssueBills.BillJournal, bill.Id, today,
            $"{draft.House.Code} {bill.PeriodFrom:yyyy-MM-dd} 至 {bill.PeriodTo:yyyy-MM-dd} 出账");
        BillPosting.Of(bill, draft.Lines.Select(l => (l.Kind.Code, l.AmountFen, l.Tax.Net.Value)), journal).Post(batch);
    }

    static BillLine Line(Bill bill, int number, LineDraft draft) => new()
    {
        Id = Uuid.NewSequential(), CommunityId = bill.CommunityId, BillId = bill.Id, Number = number, FeeKindId = draft.Kind.Id,
        TariffId = draft.Tariff.Id, ParkingSpaceId = draft.Space?.Id, Title = draft.Title, QuantityHundredths = draft.QuantityHundredths, UnitPrice = draft.UnitPrice,
        From = draft.Days.From, To = draft.Days.To, AmountFen = draft.AmountFen, NetFen = draft.Tax.Net.Value, TaxFen = draft.Tax.Tax.Value,
        TaxCode = draft.Kind.TaxCode, TaxRatePerMillion = draft.Kind.TaxRatePerMillion, LateFeePerMillion = draft.Kind.LateFeePerMillion,
        GraceDays = draft.Kind.GraceDays, LateFeeCapPercent = draft.Kind.LateFeeCapPercent, LateFeeAfterDemand = draft.Kind.LateFeeAfterDemand,
        Formula = draft.Formula, OpenFen = draft.AmountFen,
        MeterId = draft.Usage?.Of.Meter.Id, FromReadingId = draft.Usage?.Of.From.Id, ToReadingId = draft.Usage?.Of.To.Id,
        UsageThousandths = draft.Usage?.Usage ?? 0, UsedBeforeThousandths = draft.Usage?.UsedBefore ?? 0, ApportionmentId = draft.Apportionment?.Id,
        VacantRateId = draft.Vacant?.Id, PricePercent = draft.Vacant?.Percent ?? 100,
    };

    /// <summary>Uses the party's prepaid money on a bill that is just being issued: nobody can have an order for it yet.</summary>
    void UsePrepaid(Bill bill, List<BillLine> lines, long fen, string houseCode)
    {
        var entry = new PrepaidEntry
        {
            Id = Uuid.NewSequential(), CommunityId = bill.CommunityId, HouseId = bill.HouseId, PartyId = bill.PartyId, DeltaFen = -fen,
            SourceKind = "bill", SourceId = bill.Id, At = now,
        };
        used.Add(entry);
        batch.Add(entry);
        books.Journal(bill.CommunityId, IssueBills.PrepaidJournal, entry.Id, bill.IssuedOn, $"{houseCode} 预存款抵扣账单")
            .Debit(Accounts.Prepaid(bill.HouseId, bill.PartyId), fen).Credit(Accounts.Receivable(bill.HouseId, bill.PartyId), fen).Post(batch);
        var rest = fen;
        foreach (var line in lines)
        {
            var part = Math.Min(rest, line.OpenFen);
            if (part == 0) continue;
            (line.OpenFen, rest) = (line.OpenFen - part, rest - part);
            batch.Add(new BillReduction
            {
                Id = Uuid.NewSequential(), CommunityId = bill.CommunityId, BillId = bill.Id, BillLineId = line.Id, Fen = part, OwnDiscountFen = 0,
                SourceKind = "prepaid", SourceId = entry.Id, On = bill.IssuedOn,
            });
        }
    }

    public void Add(House house, ClaimedMonth claim) => batch.Add(new BillClaim
    {
        Id = Uuid.NewSequential(), CommunityId = run.CommunityId, HouseId = house.Id, FeeKindId = claim.FeeKindId, Slot = claim.Slot,
        ParkingSpaceId = claim.SpaceId, ServiceMonth = claim.Month, SourceId = claim.SourceId, RunId = run.Id,
        LiveKey = BillClaim.KeyOf(house.Id, claim.FeeKindId, claim.Slot, claim.SpaceId, claim.Month, claim.SourceId),
    });
}
