using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;

namespace OwnerPay.Service.Messaging;

/// <summary>The count of every grant is the sum of its entries, and every entry belongs to a count.</summary>
public sealed class GrantsAddUp : IVerifyCheck
{
    public string Name => "grants-add-up";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (grants, entries, bindings) = (scope.Db.MessageGrants, scope.Db.GrantEntries, scope.Db.Bindings);
        var users = bindings.Where(b => b.CommunityId == scope.CommunityId).Select(b => b.WeChatUserId);
        // Users are of the whole installation; of one community those are looked at who are bound there.
        var counts = (await grants.AsNoTracking().Where(g => scope.CommunityId == null || users.Contains(g.WeChatUserId)).ToListAsync(cancel))
            .ToDictionary(g => (g.WeChatUserId, g.WeChatTemplateId), g => g.Count);
        var sums = (await entries.AsNoTracking().Where(e => scope.CommunityId == null || users.Contains(e.WeChatUserId))
                .GroupBy(e => new { e.WeChatUserId, e.WeChatTemplateId }).Select(g => new { g.Key, Sum = g.Sum(e => e.Delta) }).ToListAsync(cancel))
            .ToDictionary(g => (g.Key.WeChatUserId, g.Key.WeChatTemplateId), g => g.Sum);
        foreach (var key in counts.Keys.Union(sums.Keys).Order())
        {
            var (count, sum) = (counts.GetValueOrDefault(key), sums.GetValueOrDefault(key));
            if (count != sum)
                yield return new Finding(Name, $"MessageGrants/{key.WeChatUserId:N}/{key.WeChatTemplateId}", $"订阅次数为 {count}，按流水应为 {sum}");
        }
    }
}

/// <summary>What was counted of the accepts is what the better of two witnesses told, and WeChat's telling is all there.</summary>
public sealed class AcceptsCountOnce : IVerifyCheck
{
    public string Name => "accepts-count-once";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (grants, entries, events, bindings) = (scope.Db.MessageGrants, scope.Db.GrantEntries, scope.Db.SubscriptionEvents, scope.Db.Bindings);
        var users = bindings.Where(b => b.CommunityId == scope.CommunityId).Select(b => b.WeChatUserId);
        var told = await grants.AsNoTracking().Where(g => scope.CommunityId == null || users.Contains(g.WeChatUserId)).ToListAsync(cancel);
        var counted = (await entries.AsNoTracking().Where(e => e.Reason == GrantReason.Accepted)
                .Where(e => scope.CommunityId == null || users.Contains(e.WeChatUserId))
                .GroupBy(e => new { e.WeChatUserId, e.WeChatTemplateId }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel))
            .ToDictionary(g => (g.Key.WeChatUserId, g.Key.WeChatTemplateId), g => g.Count);
        var pushed = (await events.AsNoTracking().Where(e => e.Kind == SubscriptionEventKind.Accepted)
                .Where(e => scope.CommunityId == null || users.Contains(e.WeChatUserId))
                .GroupBy(e => new { e.WeChatUserId, e.WeChatTemplateId }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel))
            .ToDictionary(g => (g.Key.WeChatUserId, g.Key.WeChatTemplateId), g => g.Count);
        foreach (var grant in told)
        {
            var key = (grant.WeChatUserId, grant.WeChatTemplateId);
            var (accepts, seen) = (counted.GetValueOrDefault(key), pushed.GetValueOrDefault(key));
            if (accepts == Math.Max(grant.Reported, grant.Pushed) && seen == grant.Pushed) continue;
            yield return new Finding(Name, $"MessageGrants/{key.WeChatUserId:N}/{key.WeChatTemplateId}",
                $"小程序上报 {grant.Reported} 次，微信推送登记 {grant.Pushed} 次、应为 {seen} 次，已计 {accepts} 次");
        }
    }
}

/// <summary>Every message that left used exactly one grant, none left twice, and what did not leave holds none.</summary>
public sealed class DeliveriesUseOneGrant : IVerifyCheck
{
    public string Name => "deliveries-use-one-grant";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (deliveries, entries) = (scope.Db.Deliveries, scope.Db.GrantEntries);
        var twice = await deliveries.AsNoTracking()
            .Where(d => d.State == DeliveryState.Sent && (scope.CommunityId == null || d.CommunityId == scope.CommunityId))
            .GroupBy(d => new { d.SubjectId, d.Kind, d.Channel, d.AddressId }).Where(g => g.Count() > 1).Select(g => g.Key).ToListAsync(cancel);
        foreach (var key in twice)
            yield return new Finding(Name, $"Deliveries/{key.SubjectId:N}/{key.Kind}", $"同一地址 {key.AddressId:N} 收到两次相同的消息");
        var held = entries.Where(e => e.Reason == GrantReason.Reserved || e.Reason == GrantReason.Returned);
        var off = await deliveries.AsNoTracking().Where(d => scope.CommunityId == null || d.CommunityId == scope.CommunityId)
            .Select(d => new
            {
                d.Id, d.State, d.Channel, d.ReservedTemplateId, Held = held.Where(e => e.SourceId == d.Id).Sum(e => (int?)e.Delta)
                ?? 0
            })
            .Where(d => d.ReservedTemplateId == null && d.Held != 0 || d.ReservedTemplateId != null && d.Held != -1
                || d.State == DeliveryState.Sent && d.Channel == MessageChannel.Subscription && d.Held != -1)
            .ToListAsync(cancel);
        foreach (var delivery in off)
            yield return new Finding(Name, $"Deliveries/{delivery.Id:N}",
                $"状态 {delivery.State}，占用订阅次数 {-delivery.Held}，登记为 {(delivery.ReservedTemplateId is null ? 0 : 1)}");
    }
}

/// <summary>What a delivery cost is what its kept text cost; a delivery without kept text cost nothing.</summary>
public sealed class MessageCostsAddUp : IVerifyCheck
{
    public string Name => "message-costs-add-up";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (deliveries, texts) = (scope.Db.Deliveries, scope.Db.SentTexts);
        var off = await (
            from delivery in deliveries.AsNoTracking()
            where delivery.Channel == MessageChannel.Sms || delivery.Channel == MessageChannel.Letter
            where scope.CommunityId == null || delivery.CommunityId == scope.CommunityId
            join text in texts.AsNoTracking() on delivery.Id equals text.Id into kept
            from text in kept.DefaultIfEmpty()
            let cost = text == null ? 0 : text.Parts * text.PartFen
            where delivery.CostFen != cost
            select new { delivery.Id, delivery.CostFen, cost }).ToListAsync(cancel);
        foreach (var row in off) yield return new Finding(Name, $"Deliveries/{row.Id:N}", $"发送费用登记为 {row.CostFen} 分，按留存内容应为 {row.cost} 分");
    }
}

/// <summary>Whoever was reminded on a day has that day counted, by the message that reminded him.</summary>
public sealed class RemindersKeepLimits(MessageKinds kinds) : IVerifyCheck
{
    public string Name => "reminders-keep-limits";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var counted = kinds.All.Where(kind => kind.Purpose is MessagePurpose.Reminder or MessagePurpose.Promotion).Select(kind => kind.Kind).ToList();
        var (deliveries, messages, days) = (scope.Db.Deliveries, scope.Db.Messages, scope.Db.ReminderDays);
        var off = await (
            from delivery in deliveries.AsNoTracking()
            where delivery.State == DeliveryState.Sent && counted.Contains(delivery.Kind)
            where scope.CommunityId == null || delivery.CommunityId == scope.CommunityId
            join message in messages.AsNoTracking() on delivery.MessageId equals message.Id
            where !days.Any(d => d.PersonId == message.PersonId && d.MessageId == message.Id)
            select delivery.Id).ToListAsync(cancel);
        foreach (var id in off) yield return new Finding(Name, $"Deliveries/{id:N}", "已发送的提醒没有计入该业主当天的提醒次数");
    }
}
