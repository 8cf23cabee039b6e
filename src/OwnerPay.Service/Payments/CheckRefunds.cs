using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Points;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Refunds against their payments, approvals, journals, bills, prepaid money, points and receipts.</summary>
public sealed class CheckRefunds : IVerifyCheck
{
    public string Name => "refunds";

    const int PageSize = 500;

    /// <summary>All about the refunds of one payment.</summary>
    sealed record Facts(
        Payment Payment, IReadOnlyList<Refund> Refunds, ILookup<Guid, RefundLine> Lines, ILookup<Guid, BillReduction> Reductions, ILookup<Guid, PrepaidEntry> Prepaid,
        ILookup<(string Kind, Guid Source), Posting> Postings, IReadOnlyList<PointsEntry> Points, IReadOnlyList<Approval> Approvals, bool Voided)
    {
        public long Booked => Refunds.Where(r => Refund.Booked.Contains(r.State)).Sum(r => r.AmountFen);
        public bool IsWhole => Booked == Payment.TotalFen;
    }

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var facts in All(scope.Db, scope.CommunityId, cancel))
        {
            foreach (var fault in PaymentFaults(facts)) yield return new(Name, $"Payments/{facts.Payment.Id:N}", fault);
            foreach (var refund in facts.Refunds)
                foreach (var fault in Faults(facts, refund)) yield return new(Name, $"Refunds/{refund.OutRefundNo}", fault);
        }
        await foreach (var finding in Strays(scope, cancel)) yield return finding;
        await foreach (var finding in Accounted(scope, cancel)) yield return finding;
    }

    static async IAsyncEnumerable<Facts> All(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (refunds, receipts) = (db.Refunds, db.Receipts);
        Guid? after = null;
        while (true)
        {
            var page = await db.Payments.AsNoTracking().Where(p => (community == null || p.CommunityId == community) && (after == null || p.Id.CompareTo(after.Value) > 0)
                    && (refunds.Any(r => r.PaymentId == p.Id) || receipts.Any(r => r.PaymentId == p.Id && r.VoidedAt != null)))
                .OrderBy(p => p.Id).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) yield break;
            after = page[^1].Id;
            var payments = page.ConvertAll(p => p.Id);
            var rows = await refunds.AsNoTracking().Where(r => payments.Contains(r.PaymentId)).OrderBy(r => r.Id).ToListAsync(cancel);
            var ids = rows.ConvertAll(r => r.Id);
            string[] sources = [Refund.Source, Refund.DoneSource, Refund.ClosedSource, Refund.HeldSource, Refund.FreedSource];
            var lines = (await db.RefundLines.AsNoTracking().Where(l => ids.Contains(l.RefundId)).OrderBy(l => l.Number).ToListAsync(cancel)).ToLookup(l => l.RefundId);
            var reductions = (await db.BillReductions.AsNoTracking().Where(r => sources.Contains(r.SourceKind) && ids.Contains(r.SourceId)).ToListAsync(cancel)).ToLookup(r => r.SourceId);
            var prepaid = (await db.PrepaidEntries.AsNoTracking().Where(e => sources.Contains(e.SourceKind) && ids.Contains(e.SourceId)).ToListAsync(cancel)).ToLookup(e => e.SourceId);
            var points = await db.PointsEntries.AsNoTracking().Where(e => e.SourceKind == Payment.Source && payments.Contains(e.SourceId)
                || (e.SourceKind == TakeBackPoints.Taken || e.SourceKind == TakeBackPoints.Restored) && ids.Contains(e.SourceId)).ToListAsync(cancel);
            var approvals = await db.Approvals.AsNoTracking().Where(a => a.Kind == ApproveRefund.ApprovalKind && ids.Contains(a.SubjectId)).ToListAsync(cancel);
            var voided = await receipts.Where(r => payments.Contains(r.PaymentId) && r.VoidedAt != null).Select(r => r.PaymentId).ToListAsync(cancel);
            var postings = (await (from journal in db.Journals.AsNoTracking()
                                   where sources.Contains(journal.SourceKind) && ids.Contains(journal.SourceId) || journal.SourceKind == Payment.Source && payments.Contains(journal.SourceId)
                                   join posting in db.Postings.AsNoTracking() on new { journal.CommunityId, journal.Id } equals new { posting.CommunityId, Id = posting.JournalId }
                                   where posting.Commodity == Posting.Yuan
                                   select new { journal.SourceKind, journal.SourceId, posting }).ToListAsync(cancel)).ToLookup(r => (r.SourceKind, r.SourceId), r => r.posting);
            foreach (var payment in page)
            {
                List<Refund> own = [.. rows.Where(r => r.PaymentId == payment.Id)];
                yield return new(payment, own, lines, reductions, prepaid, postings,
                    [.. points.Where(e => e.SourceId == payment.Id || own.Exists(r => r.Id == e.SourceId))], approvals, voided.Contains(payment.Id));
            }
        }
    }

    static IEnumerable<string> PaymentFaults(Facts facts)
    {
        var (payment, standing) = (facts.Payment, facts.Refunds.Where(r => Refund.Standing.Contains(r.State)).ToList());
        if (standing.Sum(r => r.AmountFen) > payment.TotalFen || standing.Sum(r => r.CashFen) > payment.ReceivedFen)
            yield return $"退款合计 {standing.Sum(r => r.AmountFen)} 分（支出 {standing.Sum(r => r.CashFen)} 分），超过付款 {payment.TotalFen} 分（实收 {payment.ReceivedFen} 分）";
        if (facts.IsWhole && facts.Refunds.Where(r => Refund.Booked.Contains(r.State)).Sum(r => r.CashFen) != payment.ReceivedFen) yield return "全额退款的支出合计与实收不符";
        if (facts.Voided != facts.IsWhole && (facts.Voided || payment.Outcome != PaymentOutcome.Suspense)) yield return facts.Voided ? "收据已作废，但付款未全额退款" : "付款已全额退款，但收据未作废";
        var journals = facts.Refunds.SelectMany(r => facts.Postings[(Refund.Source, r.Id)].Concat(facts.Postings[(Refund.ClosedSource, r.Id)]));
        foreach (var account in facts.Postings[(Payment.Source, payment.Id)].Concat(journals).Where(p => BookRefund.IsDiscount(p.Account)).GroupBy(p => p.Account))
            if (account.Sum(p => p.Amount) is var left && (left < 0 || facts.IsWhole && left != 0)) yield return $"优惠科目 {account.Key} 冲回后余 {left} 分";
        var (earned, taken) = (facts.Points.Where(e => e.SourceId == payment.Id).Sum(e => e.Delta), -facts.Points.Where(e => e.SourceId != payment.Id).Sum(e => e.Delta));
        if (taken < 0 || taken > earned || facts.IsWhole && taken != earned || facts.Booked == 0 && taken != 0) yield return $"付款获得 {earned} 积分，退款收回 {taken} 积分，已退 {facts.Booked} 分";
    }

    static IEnumerable<string> Faults(Facts facts, Refund refund)
    {
        List<RefundLine> lines = [.. facts.Lines[refund.Id]];
        if (lines.Sum(l => l.Fen - l.DiscountFen) != refund.AmountFen) yield return $"退款 {refund.AmountFen} 分，明细合计 {lines.Sum(l => l.Fen - l.DiscountFen)} 分";
        if (lines.Where((line, at) => line.Number != at + 1).Any()) yield return "退款明细序号不连续";
        var wanted = refund.State switch { RefundState.Requested => ApprovalState.Proposed, RefundState.Rejected => ApprovalState.Rejected, _ => ApprovalState.Approved };
        if (facts.Approvals.SingleOrDefault(a => a.SubjectId == refund.Id)?.State != wanted) yield return $"退款状态 {refund.State}，审批状态不符";
        var accepted = refund.State is RefundState.Accepted or RefundState.Done or RefundState.Abnormal or RefundState.Closed;
        if (refund.AcceptedAt is not null != accepted) yield return $"退款状态 {refund.State}，受理时间 {refund.AcceptedAt:yyyy-MM-dd HH:mm:ss}";
        foreach (var fault in JournalFaults(facts, refund, lines, accepted)) yield return fault;
        var opened = facts.Reductions[refund.Id].Where(r => r.SourceKind == Refund.Source).Select(r => (r.BillId, r.BillLineId, r.Fen, r.DiscountFen)).ToHashSet();
        var due = lines.Where(l => accepted && l.Kind == RefundLineKind.Bill).Select(l => (l.BillId!.Value, l.BillLineId, -l.Fen, -l.DiscountFen)).ToHashSet();
        if (!opened.SetEquals(due)) yield return "账单重开记录与退款明细不符";
        var held = facts.Prepaid[refund.Id].Where(e => e.SourceKind == Refund.Source).Sum(e => -e.DeltaFen);
        var (prepaid, sent) = (lines.Where(l => l.Kind == RefundLineKind.Prepaid).Sum(l => l.Fen), refund.State is not (RefundState.Requested or RefundState.Rejected));
        if (held != (sent ? prepaid : 0)) yield return $"应扣预存 {(sent ? prepaid : 0)} 分，实扣 {held} 分";
        var freed = facts.Prepaid[refund.Id].Where(e => e.SourceKind == Refund.FreedSource).Sum(e => e.DeltaFen);
        if (freed != (refund.State == RefundState.Failed ? prepaid : 0)) yield return $"退款未受理，应退回预存 {prepaid} 分，实退 {freed} 分";
    }

    static IEnumerable<string> JournalFaults(Facts facts, Refund refund, List<RefundLine> lines, bool accepted)
    {
        var sides = new Dictionary<string, long>();
        void Add(string account, long fen) => sides[account] = sides.GetValueOrDefault(account) + fen;
        if (accepted)
        {
            foreach (var line in lines) Add(BookRefund.AccountOf(line), line.Fen);
            Add(refund.Channel == RefundChannel.WeChat ? Accounts.RefundInTransit : refund.PaidAccount ?? "", -refund.CashFen);
            Add(Accounts.WeChatDiscount, refund.CashFen - refund.AmountFen);
            Add("discount", -lines.Sum(l => l.DiscountFen));
        }
        if (!Same(sides, facts.Postings[(Refund.Source, refund.Id)])) yield return "退款受理凭证与退款明细不符";
        var cleared = facts.Postings[(Refund.DoneSource, refund.Id)].Where(p => p.Account == Accounts.RefundInTransit).Sum(p => p.Amount);
        var inTransit = refund.State == RefundState.Done && refund.Channel == RefundChannel.WeChat ? refund.CashFen : 0;
        if (cleared != inTransit) yield return $"退款到账凭证 {cleared} 分，应为 {inTransit} 分";
        if (refund.PaidAccount is not null != (refund.State == RefundState.Done
            && refund.Channel != RefundChannel.WeChat)) yield return $"退款状态 {refund.State}，付款登记不符";
        var undone = new Dictionary<string, long>();
        var again = facts.Reductions[refund.Id].Where(r => r.SourceKind == Refund.ClosedSource).ToList();
        if (refund.State == RefundState.Closed)
        {
            undone[Accounts.RefundInTransit] = refund.CashFen;
            undone[Accounts.WeChatDiscount] = refund.AmountFen - refund.CashFen;
            undone["discount"] = again.Sum(r => r.DiscountFen);
            foreach (var row in again)
            {
                var line = lines.Find(l => l.Kind == RefundLineKind.Bill && l.BillId == row.BillId && l.BillLineId == row.BillLineId);
                if (line is null || row.Fen > line.Fen || row.DiscountFen > line.DiscountFen) yield return $"账单 {row.BillId:N} 恢复已缴 {row.Fen} 分，退款明细只有 {line?.Fen ?? 0} 分";
                else undone[BookRefund.AccountOf(line)] = undone.GetValueOrDefault(BookRefund.AccountOf(line)) - row.Fen;
            }
            foreach (var entry in facts.Prepaid[refund.Id].Where(e => e.SourceKind == Refund.ClosedSource)) undone[Accounts.Prepaid(entry.HouseId, entry.PartyId)] = -entry.DeltaFen;
            undone[Accounts.Suspense] = -lines.Where(l => l.Kind == RefundLineKind.Suspense).Sum(l => l.Fen);
        }
        if (!Same(undone, facts.Postings[(Refund.ClosedSource, refund.Id)])) yield return "退款关闭凭证与明细不符";
    }

    static bool Same(Dictionary<string, long> expected, IEnumerable<Posting> postings)
    {
        var booked = postings.GroupBy(p => BookRefund.IsDiscount(p.Account) ? "discount" : p.Account).ToDictionary(g => g.Key, g => g.Sum(p => p.Amount));
        return expected.Keys.Union(booked.Keys).All(account => expected.GetValueOrDefault(account) == booked.GetValueOrDefault(account));
    }

    async IAsyncEnumerable<Finding> Strays(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (refunds, payments) = (db.Refunds, db.Payments);
        string[] sources = [Refund.Source, Refund.DoneSource, Refund.ClosedSource, Refund.HeldSource, Refund.FreedSource];
        var found = new List<(string Table, IQueryable<Guid> Ids)>
        {
            ("Refunds", refunds.Where(r => (community == null || r.CommunityId == community) && !payments.Any(p => p.Id == r.PaymentId && p.CommunityId == r.CommunityId)).Select(r => r.Id)),
            ("RefundLines", db.RefundLines.Where(l => (community == null || l.CommunityId == community)
                && !refunds.Any(r => r.Id == l.RefundId && r.CommunityId == l.CommunityId)).Select(l => l.RefundId)),
            ("BillReductions", db.BillReductions.Where(x => (community == null || x.CommunityId == community)
                && sources.Contains(x.SourceKind) && !refunds.Any(r => r.Id == x.SourceId)).Select(x => x.Id)),
            ("PrepaidEntries", db.PrepaidEntries.Where(x => (community == null || x.CommunityId == community)
                && sources.Contains(x.SourceKind) && !refunds.Any(r => r.Id == x.SourceId)).Select(x => x.Id)),
            ("Journals", db.Journals.Where(x => (community == null || x.CommunityId == community)
                && sources.Contains(x.SourceKind) && !refunds.Any(r => r.Id == x.SourceId)).Select(x => x.Id)),
        };
        foreach (var (table, ids) in found)
            foreach (var id in await ids.Take(1000).ToListAsync(cancel)) yield return new(Name, $"{table}/{id:N}", "没有对应的退款");
    }

    /// <summary>What is in transit is what WeChat accepted and has not ended; what is held is what it was asked for and has not accepted.</summary>
    async IAsyncEnumerable<Finding> Accounted(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (refunds, lines) = (db.Refunds.Where(r => community == null || r.CommunityId == community), db.RefundLines);
        var transit = await refunds.Where(r => r.State == RefundState.Accepted || r.State == RefundState.Abnormal).GroupBy(r => r.CommunityId)
            .Select(g => new { g.Key, Fen = g.Sum(r => r.CashFen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        var held = await (from r in refunds
                          join l in lines on r.Id equals l.RefundId
                          where r.State == RefundState.Approved && l.Kind == RefundLineKind.Prepaid
                          group l by r.CommunityId into g
                          select new { g.Key, Fen = g.Sum(l => l.Fen) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
        foreach (var (account, expected) in ((string, Dictionary<Guid, long>)[])[(Accounts.RefundInTransit, transit), (Accounts.RefundHeld, held)])
        {
            var booked = await db.Postings.Where(p => (community == null || p.CommunityId == community) && p.Account == account && p.Commodity == Posting.Yuan)
                .GroupBy(p => p.CommunityId).Select(g => new { g.Key, Fen = -g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen, cancel);
            foreach (var id in booked.Keys.Union(expected.Keys).Order())
                if (booked.GetValueOrDefault(id) != expected.GetValueOrDefault(id))
                    yield return new(Name, $"Postings/{account}/{id:N}", $"科目余额 {booked.GetValueOrDefault(id)} 分，按退款应为 {expected.GetValueOrDefault(id)} 分");
        }
    }
}
