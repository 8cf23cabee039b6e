using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Adjustments against their approvals, what they did to their bills, the prepaid money that they gave back, and their journals.</summary>
public sealed class CheckAdjustments : IVerifyCheck
{
    const int PageSize = 500;
    static readonly string[] Sources = [ReductionKinds.Adjustment, ReductionKinds.Credit, ReductionKinds.Unwaived];

    public string Name => "adjustments";

    sealed record Facts(
        BillAdjustment Adjustment, Bill? Bill, IReadOnlyList<BillAdjustmentLine> Lines, IReadOnlyDictionary<Guid, string> FeeKinds, IReadOnlyList<BillReduction> Reductions,
        IReadOnlyList<PrepaidEntry> Prepaid, IReadOnlyList<Posting> Postings, Approval? Approval)
    {
        public long Sum(string kind, Guid? line) => Reductions.Where(r => r.SourceKind == kind && r.BillLineId == line).Sum(r => r.Fen);
    }

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var facts in All(scope.Db, scope.CommunityId, cancel))
            foreach (var fault in facts.Bill is null ? ["没有对应的账单"] : Faults(facts, facts.Bill)) yield return new(Name, $"BillAdjustments/{facts.Adjustment.Id:N}", fault);

        var (db, community) = (scope.Db, scope.CommunityId);
        var (adjustments, bills) = (db.BillAdjustments, db.Bills.Where(b => community == null || b.CommunityId == community));
        var found = new List<(string Table, IQueryable<Guid> Ids)>
        {
            ("Bills", bills.Where(b => b.State == BillState.Voided
                && !adjustments.Any(a => a.BillId == b.Id && a.Kind == AdjustmentKind.Void && a.State == AdjustmentState.Applied)).Select(b => b.Id)),
            ("BillAdjustmentLines", db.BillAdjustmentLines.Where(l => (community == null || l.CommunityId == community)
                && !adjustments.Any(a => a.Id == l.AdjustmentId && a.CommunityId == l.CommunityId)).Select(l => l.AdjustmentId)),
            ("BillReductions", db.BillReductions.Where(r => (community == null || r.CommunityId == community)
                && Sources.Contains(r.SourceKind) && !adjustments.Any(a => a.Id == r.SourceId && a.BillId == r.BillId)).Select(r => r.Id)),
            ("PrepaidEntries", db.PrepaidEntries.Where(e => (community == null || e.CommunityId == community)
                && e.SourceKind == BillAdjustment.Source && !adjustments.Any(a => a.Id == e.SourceId)).Select(e => e.Id)),
            ("Journals", db.Journals.Where(j => (community == null || j.CommunityId == community)
                && j.SourceKind == BillAdjustment.Source && !adjustments.Any(a => a.Id == j.SourceId)).Select(j => j.Id)),
        };
        foreach (var (table, ids) in found)
            foreach (var id in await ids.Take(1000).ToListAsync(cancel)) yield return new(Name, $"{table}/{id:N}", "没有对应的更正或作废");
    }

    static async IAsyncEnumerable<Facts> All(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        Guid? after = null;
        while (true)
        {
            var page = await db.BillAdjustments.AsNoTracking().Where(a => (community == null || a.CommunityId == community) && (after == null || a.Id.CompareTo(after.Value) > 0))
                .OrderBy(a => a.Id).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) yield break;
            after = page[^1].Id;
            var (ids, billIds, kinds, billLines) = (page.ConvertAll(a => a.Id), page.ConvertAll(a => a.BillId), db.FeeKinds, db.BillLines);
            var bills = await db.Bills.AsNoTracking().Where(b => billIds.Contains(b.Id)).ToDictionaryAsync(b => b.Id, cancel);
            var lines = (await db.BillAdjustmentLines.AsNoTracking().Where(l => ids.Contains(l.AdjustmentId)).OrderBy(l => l.Number).ToListAsync(cancel)).ToLookup(l => l.AdjustmentId);
            var codes = await (from line in billLines
                               where billIds.Contains(line.BillId)
                               join kind in kinds on line.FeeKindId equals kind.Id
                               select new { line.Id, kind.Code }).ToDictionaryAsync(l => l.Id, l => l.Code, cancel);
            var reductions = (await db.BillReductions.AsNoTracking().Where(r => billIds.Contains(r.BillId) && Sources.Contains(r.SourceKind)).ToListAsync(cancel)).ToLookup(r => r.SourceId);
            var prepaid = (await db.PrepaidEntries.AsNoTracking().Where(e => e.SourceKind == BillAdjustment.Source && ids.Contains(e.SourceId)).ToListAsync(cancel)).ToLookup(e => e.SourceId);
            var approvals = await db.Approvals.AsNoTracking().Where(a => a.Kind == DecideAdjustment.ApprovalKind && ids.Contains(a.SubjectId)).ToDictionaryAsync(a => a.SubjectId, cancel);
            var postings = (await (from journal in db.Journals.AsNoTracking()
                                   where journal.SourceKind == BillAdjustment.Source && ids.Contains(journal.SourceId)
                                   join posting in db.Postings.AsNoTracking() on new { journal.CommunityId, journal.Id } equals new { posting.CommunityId, Id = posting.JournalId }
                                   where posting.Commodity == Posting.Yuan
                                   select new { journal.SourceId, posting }).ToListAsync(cancel)).ToLookup(r => r.SourceId, r => r.posting);
            foreach (var row in page)
                yield return new(row, bills.GetValueOrDefault(row.BillId), [.. lines[row.Id]], codes, [.. reductions[row.Id]], [.. prepaid[row.Id]], [.. postings[row.Id]],
                    approvals.GetValueOrDefault(row.Id));
        }
    }

    static IEnumerable<string> Faults(Facts facts, Bill bill)
    {
        var row = facts.Adjustment;
        var wanted = row.State switch
        {
            AdjustmentState.Proposed => ApprovalState.Proposed,
            AdjustmentState.Applied => ApprovalState.Approved,
            AdjustmentState.Rejected => ApprovalState.Rejected,
            _ => ApprovalState.Withdrawn,
        };
        if (facts.Approval?.State != wanted || facts.Approval.DecidedBy != row.DecidedBy || facts.Approval.ProposedBy != row.ProposedBy) yield return $"状态 {row.State}，与审批不符";
        if (facts.Lines.Where((line, at) => line.Number != at + 1).Any()) yield return "更正明细序号不连续";
        var applied = row.State == AdjustmentState.Applied;
        if (applied != row.AppliedOn is not null || facts.Lines.Any(l => applied != l.NetFen is not null)) yield return $"状态 {row.State}，生效日期或不含税金额不符";
        if (applied && row.Kind == AdjustmentKind.Void && bill.State != BillState.Voided) yield return $"作废已批准，账单状态却是 {bill.State}";
        if (!applied)
        {
            if (facts.Reductions.Count + facts.Postings.Count + facts.Prepaid.Count > 0 || row.CreditFen != 0) yield return "尚未生效，却已有账务记录";
            yield break;
        }
        var ids = facts.Lines.Select(l => (Guid?)l.BillLineId).ToHashSet();
        if (facts.Lines.Any(l => facts.Sum(ReductionKinds.Adjustment, l.BillLineId) != -l.Fen)
            || facts.Reductions.Any(r => r.BillLineId is not null && !ids.Contains(r.BillLineId) || r.BillLineId is null && r.SourceKind != ReductionKinds.Credit || r.On != row.AppliedOn))
            yield return "账单记录与更正明细不符";
        var credits = facts.Reductions.Where(r => r.SourceKind == ReductionKinds.Credit).ToList();
        var (cash, lateFee) = (-credits.Sum(r => r.Fen - r.DiscountFen), -credits.Where(r => r.BillLineId is null).Sum(r => r.Fen));
        if (row.CreditFen != cash || row.LateFeeCreditFen != lateFee || facts.Prepaid.Sum(e => e.DeltaFen) != cash
            || facts.Prepaid.Any(e => e.HouseId != bill.HouseId || e.PartyId != bill.PartyId))
            yield return $"转预存 {row.CreditFen} 分（违约金 {row.LateFeeCreditFen} 分），按账单记录应为 {cash} 分（{lateFee} 分），预存流水 {facts.Prepaid.Sum(e => e.DeltaFen)} 分";
        if (!Journal(facts, bill, credits)) yield return "更正凭证与更正明细不符";
    }

    static bool Journal(Facts facts, Bill bill, List<BillReduction> credits)
    {
        var (row, sides) = (facts.Adjustment, new Dictionary<string, long>());
        void Add(string account, long fen) => sides[account] = sides.GetValueOrDefault(account) + fen;
        // Accounts of discounts are also those of the line itself: they are compared as one sum.
        static string Known(string account) => Accounts.IsDiscount(account) ? "2204 and discounts" : account;
        foreach (var line in facts.Lines)
            Add(Known(bill.Beneficiary switch { Beneficiary.Company => Accounts.PendingTax, Beneficiary.Agency => Accounts.Agency, _ => Accounts.OwnersFund }), -line.Fen);
        var (unwaived, principal) = (facts.Reductions.Where(r => r.SourceKind == ReductionKinds.Unwaived).Sum(r => r.Fen), facts.Reductions.Where(r => r.BillLineId is not null));
        Add(Accounts.Receivable(bill.HouseId, bill.PartyId), -principal.Sum(r => r.Fen));
        Add(Accounts.Prepaid(bill.HouseId, bill.PartyId), -row.CreditFen);
        Add(Accounts.LateFeeIncome, row.LateFeeCreditFen);
        Add(Accounts.Concession, unwaived);
        Add(Known(Accounts.PendingTax), credits.Sum(r => r.DiscountFen));
        var booked = facts.Postings.GroupBy(p => Known(p.Account)).ToDictionary(g => g.Key, g => g.Sum(p => p.Amount));
        var discounted = credits.Any(r => r.DiscountFen != 0);
        return sides.Keys.Union(booked.Keys).All(account => sides.GetValueOrDefault(account) == booked.GetValueOrDefault(account))
            && (discounted || bill.Beneficiary != Beneficiary.Company || facts.Lines.GroupBy(l => facts.FeeKinds.GetValueOrDefault(l.BillLineId) ?? "?").All(kind =>
                facts.Postings.Where(p => p.Account == Accounts.ContractLiability(kind.Key)).Sum(p => p.Amount) == -kind.Sum(l => l.NetFen)));
    }
}
