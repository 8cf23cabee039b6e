using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Collection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <summary>Waivers against their approvals, what they did to their bills and their journals; pauses of late fee against what granted them.</summary>
public sealed class CheckCollection : IVerifyCheck
{
    const int PageSize = 500;
    static readonly string[] Sources = [ReductionKinds.Waiver, ReductionKinds.WaiverReversed];

    public string Name => "collection";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        await foreach (var finding in Waivers(db, community, cancel)) yield return finding;
        await foreach (var finding in Deferrals(db, community, cancel)) yield return finding;
        await foreach (var finding in Plans(db, community, cancel)) yield return finding;
        await foreach (var finding in Disputes(db, community, cancel)) yield return finding;
        var (waivers, deferrals, plans, disputes) = (db.Waivers, db.Deferrals, db.InstalmentPlans, db.Disputes);
        var strays = new List<(string Table, IQueryable<Guid> Ids)>
        {
            ("BillReductions", db.BillReductions.Where(r => (community == null || r.CommunityId == community) && Sources.Contains(r.SourceKind)
                && !waivers.Any(w => w.Id == r.SourceId && w.BillId == r.BillId)).Select(r => r.Id)),
            ("Journals", db.Journals.Where(j => (community == null || j.CommunityId == community) && Sources.Contains(j.SourceKind)
                && !waivers.Any(w => w.Id == j.SourceId)).Select(j => j.Id)),
            ("LateFeePauses", db.LateFeePauses.Where(p => (community == null || p.CommunityId == community)
                && !deferrals.Any(d => d.Id == p.SourceId) && !plans.Any(d => d.Id == p.SourceId) && !disputes.Any(d => d.Id == p.SourceId))
                    .Select(p => p.Id)),
            ("PlanParts", db.PlanParts.Where(p => (community == null || p.CommunityId == community) && !plans.Any(d => d.Id == p.PlanId))
                .Select(p => p.PlanId)),
        };
        foreach (var (table, ids) in strays)
            foreach (var id in await ids.Take(1000).ToListAsync(cancel)) yield return new(Name, $"{table}/{id:N}", "没有对应的减免、缓交、分期或异议");
    }

    async IAsyncEnumerable<Finding> Waivers(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = Guid.Empty; ;)
        {
            var last = after;
            var page = await db.Waivers.AsNoTracking().Where(w => (community == null || w.CommunityId == community) && w.Id.CompareTo(last) > 0)
                .OrderBy(w => w.Id)
                .Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) yield break;
            after = page[^1].Id;
            var (ids, billIds) = (page.ConvertAll(w => w.Id), page.ConvertAll(w => w.BillId));
            var bills = await db.Bills.AsNoTracking().Where(b => billIds.Contains(b.Id)).ToDictionaryAsync(b => b.Id, cancel);
            var rows = (await db.BillReductions.AsNoTracking().Where(r => billIds.Contains(r.BillId) && Sources.Contains(r.SourceKind))
                .ToListAsync(cancel))
                .ToLookup(r => r.SourceId);
            var approvals = await db.Approvals.AsNoTracking().Where(a => a.Kind == "waiver" && ids.Contains(a.SubjectId))
                .ToDictionaryAsync(a => a.SubjectId, cancel);
            var postings = (await (from journal in db.Journals.AsNoTracking()
                                   where Sources.Contains(journal.SourceKind) && ids.Contains(journal.SourceId)
                                   join posting in db.Postings.AsNoTracking() on new { journal.CommunityId, journal.Id }
                                       equals new { posting.CommunityId, Id = posting.JournalId }
                                   select new { journal.SourceId, journal.SourceKind, posting.Account, posting.Amount }).ToListAsync(cancel))
                .ToLookup(p => p.SourceId, p => (p.SourceKind, p.Account, p.Amount));
            foreach (var waiver in page)
                foreach (var fault in Faults(waiver, bills.GetValueOrDefault(waiver.BillId), [.. rows[waiver.Id]], [.. postings[waiver.Id]],
                    approvals.GetValueOrDefault(waiver.Id))) yield return new(Name, $"Waivers/{waiver.Id:N}", fault);
        }
    }

    static IEnumerable<string> Faults(Waiver waiver, Bill? bill, List<BillReduction> rows, List<(string Kind, string Account, long Amount)> postings,
        Approval? approval)
    {
        if (bill is null)
        {
            yield return "没有对应的账单";
            yield break;
        }
        if (!Fits(waiver.State, approval) || approval!.DecidedBy != waiver.DecidedBy) yield return $"状态 {waiver.State}，与审批不符";
        foreach (var (kind, sign) in (IReadOnlyList<(string, int)>)[(ReductionKinds.Waiver, 1), (ReductionKinds.WaiverReversed, -1)])
        {
            var stands = kind == ReductionKinds.Waiver ? waiver.State is GrantState.Granted or GrantState.Reversed
                : waiver.State == GrantState.Reversed;
            var (principal, lateFee) = stands ? (sign * waiver.PrincipalFen, sign * waiver.LateFeeFen) : (0, 0);
            var of = rows.Where(r => r.SourceKind == kind).ToList();
            if (of.Where(r => r.BillLineId is not null).Sum(r => r.Fen) != principal
                || of.Where(r => r.BillLineId is null).Sum(r => r.Fen) != lateFee)
                yield return $"账单记录与减免的本金 {principal} 分、违约金 {lateFee} 分不符";
            var booked = postings.Where(p => p.Kind == kind).GroupBy(p => p.Account).ToDictionary(g => g.Key, g => g.Sum(p => p.Amount));
            if (booked.Count != (principal == 0 ? 0 : 2) || booked.GetValueOrDefault(Accounts.Concession) != principal
                || booked.GetValueOrDefault(Accounts.Receivable(bill.HouseId, bill.PartyId)) != -principal) yield return $"减免凭证与本金 {principal} 分不符";
        }
        if (waiver.State is GrantState.Granted or GrantState.Reversed != waiver.GrantedOn is not null
            || rows.Exists(r => r.SourceKind == ReductionKinds.Waiver && r.On != waiver.GrantedOn)) yield return "减免的生效日期不符";
    }

    static bool Fits(GrantState state, Approval? approval) => approval?.State == state switch
    {
        GrantState.Proposed => ApprovalState.Proposed,
        GrantState.Rejected => ApprovalState.Rejected,
        GrantState.Withdrawn => ApprovalState.Withdrawn,
        _ => ApprovalState.Approved,
    };

    async IAsyncEnumerable<Finding> Deferrals(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var all = await db.Deferrals.AsNoTracking().Where(d => community == null || d.CommunityId == community).OrderBy(d => d.Id).ToListAsync(cancel);
        var known = await Facts(db, "deferral", all.ConvertAll(d => d.Id), cancel);
        foreach (var deferral in all)
        {
            var facts = known[deferral.Id];
            var inForce = deferral.State is GrantState.Granted or GrantState.Reversed;
            if (!Fits(deferral.State, facts.Approval) || facts.Approval!.DecidedBy != deferral.DecidedBy || inForce != deferral.From is not null)
                yield return new(Name, $"Deferrals/{deferral.Id:N}", $"状态 {deferral.State}，与审批或生效日期不符");
            if (!facts.Match(inForce, PauseKind.Deferral, deferral.From) || facts.Pauses.Exists(p => p.To is null || p.To > deferral.Until
                    || deferral.State == GrantState.Granted && p.To != deferral.Until))
                yield return new(Name, $"Deferrals/{deferral.Id:N}", "停计违约金的日期与缓交不符");
        }
    }

    async IAsyncEnumerable<Finding> Plans(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var all = await db.InstalmentPlans.AsNoTracking().Where(p => community == null || p.CommunityId == community).OrderBy(p => p.Id).ToListAsync(cancel);
        var known = await Facts(db, "instalment-plan", all.ConvertAll(p => p.Id), cancel);
        var (partsOf, completed) = (new Dictionary<Guid, List<PlanPart>>(), new Dictionary<Guid, PlanFacts>());
        foreach (var page in all.Chunk(PageSize))
        {
            var ids = page.Select(p => p.Id).ToList();
            var parts = await db.PlanParts.AsNoTracking().Where(p => ids.Contains(p.PlanId)).OrderBy(p => p.Number).ToListAsync(cancel);
            foreach (var of in parts.GroupBy(p => p.PlanId)) partsOf[of.Key] = [.. of];
            foreach (var (id, of) in await BillStops.Plans(db, [.. page.Where(p => p.State == GrantState.Completed).Select(p => p.Id)], cancel)) completed[id] = of;
        }
        foreach (var plan in all)
        {
            var (facts, parts) = (known[plan.Id], partsOf.GetValueOrDefault(plan.Id, []));
            var inForce = plan.State is GrantState.Granted or GrantState.Reversed or GrantState.Completed or GrantState.Missed;
            if (!Fits(plan.State, facts.Approval) || facts.Approval!.DecidedBy != plan.DecidedBy || inForce != plan.From is not null)
                yield return new(Name, $"InstalmentPlans/{plan.Id:N}", $"状态 {plan.State}，与审批或生效日期不符");
            if (parts.Sum(p => p.Fen) != plan.TotalFen
                || parts.Where((p, at) => p.Number != at + 1 || at > 0 && p.DueOn <= parts[at - 1].DueOn).Any())
                yield return new(Name, $"InstalmentPlans/{plan.Id:N}", $"各期合计 {parts.Sum(p => p.Fen)} 分，分期总额 {plan.TotalFen} 分，或序号、日期有误");
            if (!facts.Match(inForce, PauseKind.Plan, plan.From) || facts.Pauses.Exists(p => p.GraceDays != plan.GraceDays
                    || p.To != (plan.State == GrantState.Reversed ? plan.EndedOn : null)))
                yield return new(Name, $"InstalmentPlans/{plan.Id:N}", "停计违约金的日期与分期不符");
            var ended = plan.State is GrantState.Reversed or GrantState.Completed or GrantState.Missed;
            var standing = plan.State == GrantState.Completed && plan.EndedOn is { } on ? completed[plan.Id].AsOf(on) : default;
            if (ended != plan.EndedOn is not null || plan.State == GrantState.Missed && parts.TrueForAll(p => p.DueOn != plan.EndedOn)
                || plan.State == GrantState.Completed && (standing.State, standing.On) != (InstalmentState.Completed, plan.EndedOn))
                yield return new(Name, $"InstalmentPlans/{plan.Id:N}", $"状态 {plan.State}，与各期缴纳情况不符");
        }
    }

    async IAsyncEnumerable<Finding> Disputes(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var pauses = db.LateFeePauses;
        var rows = await db.Disputes.AsNoTracking().Where(d => community == null || d.CommunityId == community).OrderBy(d => d.Id)
            .Select(d => new
            {
                Dispute = d,
                Pause = pauses.FirstOrDefault(p => p.SourceId == d.Id && p.BillId == d.BillId && p.Kind == PauseKind.Dispute)
            }).ToListAsync(cancel);
        foreach (var row in rows)
        {
            var (open, day) = (row.Dispute.State == DisputeState.Open,
                (DateOnly?)(row.Dispute.ClosedAt is { } at ? Platform.Clock.DateOf(at) : null));
            if (row.Pause is null || row.Pause.From != Platform.Clock.DateOf(row.Dispute.OpenedAt) || row.Pause.To != day
                || open == row.Dispute.Outcome is not null
                || row.Dispute.OpenBillId != (open ? row.Dispute.BillId : null))
                yield return new(Name, $"Disputes/{row.Dispute.Id:N}", "停计违约金的日期与异议不符");
        }
    }

    sealed record GrantFacts(Approval? Approval, List<Guid> Bills, List<LateFeePause> Pauses)
    {
        /// <summary>Each of its bills has its pause from the day of the grant, and nothing else has; before, none has.</summary>
        public bool Match(bool inForce, PauseKind kind, DateOnly? from) => inForce
            ? Pauses.Count == Bills.Count && Pauses.TrueForAll(p => p.Kind == kind && p.From == from && Bills.Contains(p.BillId)) : Pauses.Count == 0;
    }

    /// <summary>What stands beside grants of a kind, a page at a time.</summary>
    static async Task<Dictionary<Guid, GrantFacts>> Facts(OwnerPayDb db, string kind, List<Guid> subjects, CancellationToken cancel)
    {
        var facts = new Dictionary<Guid, GrantFacts>();
        foreach (var ids in subjects.Chunk(PageSize).Select(page => page.ToList()))
        {
            var approvals = await db.Approvals.AsNoTracking().Where(a => a.Kind == kind && ids.Contains(a.SubjectId)).ToDictionaryAsync(a => a.SubjectId, cancel);
            var bills = (await db.GrantedBills.AsNoTracking().Where(b => ids.Contains(b.SubjectId)).ToListAsync(cancel)).ToLookup(b => b.SubjectId, b => b.BillId);
            var pauses = (await db.LateFeePauses.AsNoTracking().Where(p => ids.Contains(p.SourceId)).ToListAsync(cancel)).ToLookup(p => p.SourceId);
            foreach (var id in ids) facts[id] = new(approvals.GetValueOrDefault(id), [.. bills[id]], [.. pauses[id]]);
        }
        return facts;
    }
}
