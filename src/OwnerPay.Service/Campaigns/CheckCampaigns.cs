using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>Campaigns against their approvals, their frozen audience and their messages: chance and nobody else held out whom it did, nobody was told
/// twice, and exactly the paused ones stand still.</summary>
public sealed class CheckCampaigns : IVerifyCheck
{
    public string Name => "campaigns";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var campaigns = await db.Campaigns.AsNoTracking().Where(c => (community == null || c.CommunityId == community) && c.ProposedBy != null)
            .OrderBy(c => c.Id).ToListAsync(cancel);
        var approvals = await db.Approvals.AsNoTracking().Where(a => a.Kind == ProposeCampaign.ApprovalKind && (community == null
            || a.CommunityId == community))
            .ToDictionaryAsync(a => a.SubjectId, a => a.State, cancel);
        var held = (await db.MessageHolds.Where(h => community == null || h.CommunityId == community).Select(h => h.CampaignId).ToListAsync(cancel))
            .ToHashSet();
        foreach (var campaign in campaigns)
        {
            ApprovalState? approval = approvals.TryGetValue(campaign.Id, out var state) ? state : null;
            if (!Fits(campaign, approval)) yield return new(Name, $"Campaigns/{campaign.Id:N}", $"状态 {campaign.State}，与审批 {approval} 或起止时间不符");
            if (held.Remove(campaign.Id) != (campaign.State == CampaignState.Paused))
                yield return new(Name, $"Campaigns/{campaign.Id:N}", "暂停状态与消息的停发不符");
            await foreach (var finding in Members(db, campaign, cancel)) yield return finding;
        }
        foreach (var stray in held) yield return new(Name, $"MessageHolds/{stray:N}", "没有对应的已暂停群通知");
    }

    static bool Fits(Campaign campaign, ApprovalState? approval)
    {
        var decided = approval is null or ApprovalState.Approved;
        var begun = campaign.StartedAt is not null;
        return campaign.State switch
        {
            CampaignState.Proposed => approval == ApprovalState.Proposed && !begun,
            CampaignState.Scheduled => decided && !begun,
            CampaignState.Running or CampaignState.Paused => decided && begun && campaign.EndedAt is null,
            CampaignState.Done => decided && begun && campaign.EndedAt is not null,
            CampaignState.Rejected => approval == ApprovalState.Rejected && !begun,
            CampaignState.Cancelled => (decided || approval == ApprovalState.Withdrawn && !begun) && campaign.EndedAt is not null,
            _ => false,
        };
    }

    async IAsyncEnumerable<Finding> Members(OwnerPayDb db, Campaign campaign, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (members, messages) = (db.CampaignMembers, db.Messages);
        var wrong = new List<Guid>();
        await foreach (var member in members.AsNoTracking().Where(m => m.CampaignId == campaign.Id)
            .Select(m => new { m.Id, m.HouseId, m.HeldOut, m.State }).AsAsyncEnumerable().WithCancellation(cancel))
            if (member.HeldOut != HoldOut.Holds(campaign.Id, member.HouseId, campaign.HoldOutShare)
                || member.HeldOut != (member.State == MemberState.HeldOut))
                wrong.Add(member.Id);
        foreach (var id in wrong) yield return new(Name, $"CampaignMembers/{id:N}", "是否属于对照组与规则不符");
        var told = members.Where(m => m.CampaignId == campaign.Id && m.State == MemberState.Told);
        foreach (var id in await told.Where(m => !messages.Any(s => s.CampaignId == campaign.Id && s.PersonId == m.PersonId
            && s.HouseId == m.HouseId))
            .Select(m => m.Id).Take(1_000).ToListAsync(cancel))
            yield return new(Name, $"CampaignMembers/{id:N}", "标记为已通知，却没有消息");
        foreach (var id in await messages.Where(s => s.CampaignId == campaign.Id && !told.Any(m => m.PersonId == s.PersonId
            && m.HouseId == s.HouseId))
            .Select(s => s.Id).Take(1_000).ToListAsync(cancel))
            yield return new(Name, $"Messages/{id:N}", "消息的收件人不在已通知名单内");
    }
}

/// <summary>Every reminder belongs to a policy that was in force, at one of its steps, and to the day of that step.</summary>
public sealed class CheckReminders : IVerifyCheck
{
    public string Name => "reminders";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var policies = await db.ReminderPolicies.AsNoTracking().Where(p => community == null || p.CommunityId == community).ToListAsync(cancel);
        foreach (var two in policies.Where(p => p.State == PolicyState.Active).GroupBy(p => p.CommunityId).Where(g => g.Count() > 1))
            yield return new(Name, $"Communities/{two.Key:N}", "同时有多个生效的提醒策略");
        var steps = policies.Where(p => p.State is PolicyState.Active or PolicyState.Superseded).ToDictionary(p => p.Id, p => p.Read());
        var (reminders, bills) = (db.Reminders, db.Bills);
        var wrong = new List<Guid>();
        await foreach (var row in (
            from reminder in reminders.AsNoTracking()
            where community == null || reminder.CommunityId == community
            join bill in bills.AsNoTracking() on reminder.BillId equals bill.Id into at
            from bill in at.DefaultIfEmpty()
            select new { reminder, Due = bill == null ? (DateOnly?)null : bill.DueOn }).AsAsyncEnumerable().WithCancellation(cancel))
            if (row.Due is not { } due || !steps.TryGetValue(row.reminder.PolicyId, out var of) || row.reminder.MadeOn < row.reminder.DueOn
                || !of.Any(step => step.Stage == row.reminder.Stage && due.AddDays(step.FromDay) == row.reminder.DueOn))
                wrong.Add(row.reminder.Id);
        foreach (var id in wrong) yield return new(Name, $"Reminders/{id:N}", "与提醒策略或账单到期日不符");
    }
}
