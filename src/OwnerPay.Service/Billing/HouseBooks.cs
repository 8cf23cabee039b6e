using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Kinds">Codes of fee kinds.</param>
/// <param name="Slots">Slots of tariffs.</param>
sealed record FeeNames(IReadOnlyDictionary<Guid, string> Kinds, IReadOnlyDictionary<Guid, string> Slots);

/// <summary>All of Billing's rows about a page of houses, with the books about them.</summary>
sealed class HouseBooks
{
    required public IReadOnlyList<Bill> Bills { get; init; }
    required public ILookup<Guid, BillLine> Lines { get; init; }
    required public ILookup<Guid, BillReduction> Reductions { get; init; }
    required public IReadOnlyList<BillClaim> Claims { get; init; }
    required public IReadOnlyList<PrepaidBalance> Balances { get; init; }
    required public IReadOnlyList<PrepaidEntry> Entries { get; init; }

    /// <summary>Postings by the source of their journal.</summary>
    required public ILookup<(string Kind, Guid Source), Posting> Journals { get; init; }

    /// <summary>Balances of the accounts 1122 and 2203 of these houses and parties, debit positive.</summary>
    required public IReadOnlyDictionary<string, long> Ledger { get; init; }

    public static async Task<HouseBooks> Load(OwnerPayDb db, Guid community, List<Guid> houses, CancellationToken cancel)
    {
        var bills = await db.Bills.AsNoTracking().Where(b => houses.Contains(b.HouseId)).OrderBy(b => b.Id).ToListAsync(cancel);
        var ids = bills.ConvertAll(b => b.Id);
        var entries = await db.PrepaidEntries.AsNoTracking().Where(e => houses.Contains(e.HouseId)).OrderBy(e => e.Id).ToListAsync(cancel);
        var balances = await db.PrepaidBalances.AsNoTracking().Where(b => houses.Contains(b.HouseId)).ToListAsync(cancel);
        var accounts = bills.Select(b => (b.HouseId, b.PartyId)).Concat(entries.Select(e => (e.HouseId, e.PartyId))).Concat(balances.Select(b => (b.HouseId, b.PartyId)))
            .Distinct().SelectMany(p => (string[])[Accounts.Receivable(p.HouseId, p.PartyId), Accounts.Prepaid(p.HouseId, p.PartyId)]).ToList();
        var sources = ids.Concat(entries.Select(e => e.Id)).ToList();
        var postings = db.Postings;
        return new HouseBooks
        {
            Bills = bills,
            Lines = (await db.BillLines.AsNoTracking().Where(l => ids.Contains(l.BillId)).OrderBy(l => l.Number).ToListAsync(cancel)).ToLookup(l => l.BillId),
            Reductions = (await db.BillReductions.AsNoTracking().Where(r => ids.Contains(r.BillId)).ToListAsync(cancel)).ToLookup(r => r.BillId),
            Claims = await db.BillClaims.AsNoTracking().Where(c => houses.Contains(c.HouseId)).ToListAsync(cancel),
            Balances = balances,
            Entries = entries,
            Journals = (await (from journal in db.Journals.AsNoTracking()
                               where (journal.SourceKind == IssueBills.BillJournal || journal.SourceKind == IssueBills.PrepaidJournal) && sources.Contains(journal.SourceId)
                               join posting in postings.AsNoTracking() on new { journal.CommunityId, journal.Id } equals new { posting.CommunityId, Id = posting.JournalId }
                               select new { journal.SourceKind, journal.SourceId, posting }).ToListAsync(cancel))
                .ToLookup(row => (row.SourceKind, row.SourceId), row => row.posting),
            Ledger = await postings.Where(p => p.CommunityId == community && p.Commodity == Posting.Yuan && accounts.Contains(p.Account))
                .GroupBy(p => p.Account).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel),
        };
    }

    public IEnumerable<Finding> Findings(string check, FeeNames names)
    {
        foreach (var bill in Bills)
            foreach (var fault in Faults(bill, [.. Lines[bill.Id]], [.. Reductions[bill.Id]], names))
                yield return new(check, $"Bills/{bill.Id:N}", fault);
        foreach (var (subject, fault) in LedgerFaults().Concat(PrepaidFaults()).Concat(ClaimFaults(names))) yield return new(check, subject, fault);
    }

    IEnumerable<string> Faults(Bill bill, List<BillLine> lines, List<BillReduction> reductions, FeeNames names)
    {
        if (lines.Sum(l => l.AmountFen) != bill.AmountFen) yield return $"账单金额 {bill.AmountFen} 分，明细合计 {lines.Sum(l => l.AmountFen)} 分";
        if (lines.Sum(l => l.OpenFen) != bill.OpenFen) yield return $"账单未缴 {bill.OpenFen} 分，明细未缴合计 {lines.Sum(l => l.OpenFen)} 分";
        if (lines.Sum(l => l.AdjustedFen) != bill.AdjustedFen) yield return $"账单更正 {bill.AdjustedFen} 分，明细更正合计 {lines.Sum(l => l.AdjustedFen)} 分";
        if (bill.State == BillState.Voided && (bill.OpenFen, bill.WorthFen, bill.PaidOn) != (0, 0, null)) yield return $"已作废，但还有金额 {bill.WorthFen} 分、未缴 {bill.OpenFen} 分";
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            if (line.Number != index + 1) yield return $"明细序号 {line.Number} 不连续";
            if (line.To < line.From || Proration.Amount(line.QuantityHundredths, line.UnitPrice, new DateRange(line.From, line.To)).Value != line.AmountFen)
                yield return $"明细 {line.Number} 金额 {line.AmountFen} 分与数量、单价、天数不符";
            else if (Tax.Split(new Fen(line.AmountFen), line.TaxRatePerMillion) != new TaxSplit(new Fen(line.NetFen), new Fen(line.TaxFen)))
                yield return $"明细 {line.Number} 不含税 {line.NetFen} 分、税 {line.TaxFen} 分与税率不符";
            var settled = reductions.Where(r => r.BillLineId == line.Id).Sum(r => r.Fen);
            var adjusted = -reductions.Where(r => r.BillLineId == line.Id && r.SourceKind == ReductionKinds.Adjustment).Sum(r => r.Fen);
            if (line.AdjustedFen != adjusted) yield return $"明细 {line.Number} 更正合计 {line.AdjustedFen} 分，按更正记录应为 {adjusted} 分";
            else if (line.NetFen + line.AdjustedNetFen != Tax.Split(new Fen(line.WorthFen), line.TaxRatePerMillion).Net.Value)
                yield return $"明细 {line.Number} 更正后不含税 {line.NetFen + line.AdjustedNetFen} 分与税率不符";
            if (line.OpenFen != line.AmountFen - settled) yield return $"明细 {line.Number} 未缴 {line.OpenFen} 分，按缴费记录应为 {line.AmountFen - settled} 分";
        }
        foreach (var stray in reductions.Where(r => r.BillLineId is { } id && lines.TrueForAll(l => l.Id != id))) yield return $"缴费记录 {stray.Id:N} 不属于任何明细";
        if (bill.State != BillState.Voided)
        {
            var paidOn = bill.OpenFen == 0 ? ReductionKinds.PaidOn(reductions) : null;
            if (bill.State == BillState.Paid != (bill.OpenFen == 0)) yield return $"状态 {bill.State} 与未缴 {bill.OpenFen} 分不符";
            if (bill.PaidOn != paidOn) yield return $"缴清日期 {bill.PaidOn:yyyy-MM-dd} 与缴费记录 {paidOn:yyyy-MM-dd} 不符";
        }
        var expected = BillPosting.Sides(bill, lines.Select(l => (names.Kinds.GetValueOrDefault(l.FeeKindId) ?? "?", l.AmountFen, l.NetFen)));
        if (!Same(expected, Journals[(IssueBills.BillJournal, bill.Id)])) yield return "出账凭证与账单明细不符";
    }

    IEnumerable<(string Subject, string Fault)> LedgerFaults()
    {
        var parties = Bills.Select(b => (b.HouseId, b.PartyId)).Concat(Balances.Select(b => (b.HouseId, b.PartyId)))
            .Concat(Entries.Select(e => (e.HouseId, e.PartyId))).Distinct();
        foreach (var (house, party) in parties)
        {
            var open = Bills.Where(b => b.HouseId == house && b.PartyId == party && b.State != BillState.Voided).Sum(b => b.OpenFen);
            var receivable = Ledger.GetValueOrDefault(Accounts.Receivable(house, party));
            if (open != receivable) yield return ($"Postings/{Accounts.Receivable(house, party)}", $"应收 {receivable} 分，账单未缴 {open} 分");
            var balance = Balances.Where(b => b.HouseId == house && b.PartyId == party).Sum(b => b.BalanceFen);
            var moved = Entries.Where(e => e.HouseId == house && e.PartyId == party).Sum(e => e.DeltaFen);
            var booked = -Ledger.GetValueOrDefault(Accounts.Prepaid(house, party));
            if (balance != moved || balance != booked) yield return ($"PrepaidBalances/{house:N}/{party:N}", $"预存余额 {balance} 分，流水合计 {moved} 分，账上 {booked} 分");
        }
    }

    /// <summary>Prepaid money that was used: what left the balance is what its bill was lowered by, and is booked so.</summary>
    IEnumerable<(string Subject, string Fault)> PrepaidFaults()
    {
        var used = Reductions.SelectMany(r => r).Where(r => r.SourceKind == "prepaid").GroupBy(r => r.SourceId).ToDictionary(g => g.Key, g => g.Sum(r => r.Fen));
        foreach (var entry in Entries.Where(e => e.SourceKind == "bill"))
        {
            if (used.GetValueOrDefault(entry.Id) != -entry.DeltaFen)
                yield return ($"PrepaidEntries/{entry.Id:N}", $"预存支出 {-entry.DeltaFen} 分，账单抵扣 {used.GetValueOrDefault(entry.Id)} 分");
            var sides = new Dictionary<string, long>
            {
                [Accounts.Prepaid(entry.HouseId, entry.PartyId)] = -entry.DeltaFen, [Accounts.Receivable(entry.HouseId, entry.PartyId)] = entry.DeltaFen,
            };
            if (!Same(sides, Journals[(IssueBills.PrepaidJournal, entry.Id)])) yield return ($"PrepaidEntries/{entry.Id:N}", "预存抵扣凭证与流水不符");
        }
        foreach (var source in used.Keys.Except(Entries.Where(e => e.SourceKind == "bill").Select(e => e.Id)))
            yield return ($"BillReductions/{source:N}", "预存抵扣没有对应的预存流水");
    }

    /// <summary>Each month of each live line is claimed once, and nothing else is.</summary>
    IEnumerable<(string Subject, string Fault)> ClaimFaults(FeeNames names)
    {
        var claimed = new HashSet<Charged>();
        foreach (var claim in Claims.Where(c => c.LiveKey is not null))
        {
            if (!claim.LiveKey.AsSpan().SequenceEqual(BillClaim.KeyOf(claim.HouseId, claim.FeeKindId, claim.Slot, claim.ParkingSpaceId, claim.ServiceMonth)))
                yield return ($"BillClaims/{claim.Id:N}", $"计费月份 {claim.ServiceMonth} 的唯一键与内容不符");
            claimed.Add(new(claim.HouseId, claim.RunId, new(claim.FeeKindId, claim.Slot, claim.ParkingSpaceId, claim.ServiceMonth)));
        }
        var charged = new HashSet<Charged>();
        foreach (var bill in Bills.Where(b => b.State != BillState.Voided))
            foreach (var line in Lines[bill.Id])
                foreach (var month in new DateRange(line.From, line.To).Months())
                    charged.Add(new(bill.HouseId, bill.RunId, new(
                        line.FeeKindId, names.Slots.GetValueOrDefault(line.TariffId) ?? "?", line.ParkingSpaceId, month.Year * 100 + month.Month)));
        foreach (var missing in charged.Except(claimed))
            yield return ($"BillClaims/{missing.HouseId:N}", $"{missing.Claim.Slot} {missing.Claim.Month} 已出账但没有占用记录");
        foreach (var extra in claimed.Except(charged))
            yield return ($"BillClaims/{extra.HouseId:N}", $"{extra.Claim.Slot} {extra.Claim.Month} 有占用记录但没有账单");
    }

    readonly record struct Charged(Guid HouseId, Guid RunId, ClaimedMonth Claim);

    static bool Same(IReadOnlyDictionary<string, long> expected, IEnumerable<Posting> postings)
    {
        var booked = postings.Where(p => p.Commodity == Posting.Yuan).GroupBy(p => p.Account).ToDictionary(g => g.Key, g => g.Sum(p => p.Amount));
        return booked.Count == expected.Count && expected.All(side => booked.GetValueOrDefault(side.Key) == side.Value);
    }
}
