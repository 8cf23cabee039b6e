using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>What a group notice is: news of the property office (通知), or information about open bills (账单信息).</summary>
public enum NoticeKind { Notice, Bills }

public static class NoticeKinds
{
    /// <summary>The message kind, with its template; the campaign's kind is the word behind the dot.</summary>
    public static string MessageKind(this NoticeKind kind) => kind switch
    {
        NoticeKind.Notice => "campaign.notice",
        NoticeKind.Bills => "campaign.bills",
        _ => throw new InvalidOperationException($"No message kind for {kind}"),
    };

    /// <summary>As the campaign stores it.</summary>
    public static string Name(this NoticeKind kind) => kind.MessageKind()["campaign.".Length..];

    /// <summary>Null for a bill run's campaign, which staff did not write.</summary>
    public static NoticeKind? Of(string name) => name switch { "notice" => NoticeKind.Notice, "bills" => NoticeKind.Bills, _ => null };
}

/// <summary>The message of a group notice: what staff wrote, with the facts of the house at the moment of sending.</summary>
public abstract class GroupMessage(OwnerPayDb db, FindAudience audiences, NoticeKind notice) : IMessageKind
{
    protected OwnerPayDb Db => db;

    public string Kind => notice.MessageKind();

    public abstract MessagePurpose Purpose { get; }

    public MessageText WithoutTemplate => new("物业通知", "您有一条新的物业通知，请联系物业服务中心了解详情。");

    public virtual IReadOnlyDictionary<string, string> Sample { get; } = new Dictionary<string, string>
    {
        ["community"] = "阳光花园第二期住宅小区", ["house"] = "12-3-2801", ["title"] = "关于小区供水管网检修的温馨通知",
        ["text"] = "因管网检修，十二月十二日九时至十七时停水，请提前储水", ["date"] = "2026年12月31日", ["contact"] = "021-60000000-801",
    };

    /// <summary>Whoever left the audience meanwhile (he paid, he sold) is not told, and nobody is while the campaign is over.</summary>
    public async Task<string?> Unwanted(Message message, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.Id == message.CampaignId, cancel);
        if (campaign.State is not (CampaignState.Running or CampaignState.Paused or CampaignState.Done)) return "cancelled";
        var party = await db.CampaignMembers.Where(m => m.CampaignId == campaign.Id && m.HouseId == message.HouseId && m.PersonId == message.PersonId)
            .Select(m => m.PartyId).SingleAsync(cancel);
        var house = message.HouseId!.Value;
        var meant = await audiences.StillMeant(message.CommunityId, Kind, Audience.Read(campaign.Audience), [house], cancel);
        return meant.Contains((house, party, message.PersonId)) ? null : "changed";
    }

    public virtual async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var (campaigns, houses, communities) = (db.Campaigns, db.Houses, db.Communities);
        var found = await (
            from campaign in campaigns.AsNoTracking()
            where campaign.Id == message.CampaignId
            join community in communities.AsNoTracking() on campaign.CommunityId equals community.Id
            join house in houses.AsNoTracking() on message.HouseId equals house.Id
            select new { campaign.Title, campaign.Body, campaign.StartAt, house.Code, community.Name, community.ContactPhone }).SingleAsync(cancel);
        return new Dictionary<string, string>
        {
            ["community"] = found.Name, ["house"] = found.Code, ["title"] = found.Title, ["text"] = found.Body,
            ["date"] = Day(Clock.DateOf(found.StartAt)), ["contact"] = found.ContactPhone,
        };
    }

    public virtual Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyCollection<Guid>?>(null);

    protected static string Day(DateOnly day) => day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
}

/// <summary>News of the property office to many.</summary>
public sealed class NoticeMessage(OwnerPayDb db, FindAudience audiences) : GroupMessage(db, audiences, NoticeKind.Notice)
{
    public override MessagePurpose Purpose => MessagePurpose.Notice;
}

/// <summary>Information about what is open at a house. It counts as a reminder: nobody is pressed more often than the limits allow.</summary>
public sealed class BillsMessage(OwnerPayDb db, FindAudience audiences, Clock clock) : GroupMessage(db, audiences, NoticeKind.Bills)
{
    public override MessagePurpose Purpose => MessagePurpose.Reminder;

    public override IReadOnlyDictionary<string, string> Sample =>
        new Dictionary<string, string>(base.Sample) { ["open"] = "99999999.99", ["dueDate"] = "2026年12月31日", ["stage"] = "已过期限" };

    public override async Task<IReadOnlyCollection<Guid>?> Debtors(Message message, CancellationToken cancel)
    {
        var party = await Party(message, cancel);
        return [.. (await PartyMembers.Of(Db, [party], cancel))[party]];
    }

    Task<Guid> Party(Message message, CancellationToken cancel) => Db.CampaignMembers
        .Where(m => m.CampaignId == message.CampaignId && m.HouseId == message.HouseId && m.PersonId == message.PersonId).Select(m => m.PartyId)
            .SingleAsync(cancel);

    public override async Task<IReadOnlyDictionary<string, string>> Values(Message message, CancellationToken cancel)
    {
        var party = await Party(message, cancel);
        var open = await Db.Bills.AsNoTracking().Where(b => b.HouseId == message.HouseId && b.PartyId == party && b.State == BillState.Open)
            .Select(b => new { b.OpenFen, b.DueOn }).ToListAsync(cancel);
        var due = open.Count == 0 ? clock.Today() : open.Min(b => b.DueOn);
        return new Dictionary<string, string>(await base.Values(message, cancel))
        {
            ["open"] = new Fen(open.Sum(b => b.OpenFen)).InYuan(), ["dueDate"] = Day(due), ["stage"] = BillIssuedMessage.Stage(due, clock.Today()),
        };
    }
}
