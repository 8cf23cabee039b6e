using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>What a person got of a campaign. <c>InboxOnly</c>: no phone is bound. <c>NoPermission</c>: a phone, but no message allowed; nothing is
/// broken. <c>Unknown</c>: WeChat gave no clear answer, the phone may have buzzed; the message is not sent again.</summary>
public enum CampaignResult { Sent, Unknown, Waiting, Failed, NoPermission, Cancelled, InboxOnly }

/// <param name="Persons">How many were told, all of them in the inbox.</param>
/// <param name="InboxOnly">Persons without a bound phone.</param>
/// <param name="Sent">Phones: accepted by WeChat. The next five are phones too.</param>
/// <param name="Unknown">Perhaps sent: WeChat gave no clear answer.</param>
public sealed record CampaignRow(
    Guid Id, string Kind, Guid SubjectId, string Title, DateTimeOffset CreatedAt,
    int Persons, int InboxOnly, int Sent, int Waiting, int NoPermission, int Failed, int Cancelled, int Unknown);

/// <param name="Name">Masked: 王**.</param>
/// <param name="Reason">WeChat's code or our own word: <c>no_grant</c>, <c>paid</c>, <c>outcome_unknown</c>.</param>
public sealed record CampaignResultRow(Guid MessageId, string Name, string? HouseCode, CampaignResult State, string? Reason, DateTimeOffset At);

/// <summary>Campaigns of a community and their result, person by person.</summary>
/// <remarks>Errors: <c>campaign_not_found</c> 404.</remarks>
public sealed class ShowCampaigns(OwnerPayDb db)
{
    const int PageSize = 50;
    static readonly Error NotFound = new(404, "campaign_not_found", "没有找到该群通知");

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/campaigns", GetList).WithName("listCampaigns")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/campaigns/{campaignId:guid}/results", GetResults).WithName("listCampaignResults")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound, Cursor.Invalid);
    }

    static async Task<Results<Ok<Page<CampaignRow>>, ProblemHttpResult>> GetList(string? cursor, StaffMember staff, ShowCampaigns show,
        CancellationToken cancel) =>
        (await show.List(staff.CommunityId, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<Page<CampaignResultRow>>, ProblemHttpResult>> GetResults(
        Guid campaignId, string? cursor, StaffMember staff, ShowCampaigns show, CancellationToken cancel) =>
        (await show.Results(staff.CommunityId, campaignId, cursor, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<Page<CampaignRow>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var query = db.Campaigns.AsNoTracking().Where(c => c.CommunityId == community);
        var found = await query.NewestFirst(after, c => new Cursor(c.CreatedAt, c.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, c => new Cursor(c.CreatedAt, c.Id));
        var ids = page.Items.Select(c => (Guid?)c.Id).ToList();
        var (messages, deliveries) = (db.Messages.AsNoTracking(), db.Deliveries.AsNoTracking());
        var persons = await messages.Where(m => ids.Contains(m.CampaignId)).GroupBy(m => m.CampaignId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, cancel);
        var inboxOnly = await messages.Where(m => ids.Contains(m.CampaignId) && !deliveries.Any(d => d.MessageId == m.Id)).GroupBy(m => m.CampaignId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, cancel);
        var phones = (await (
            from message in messages
            where ids.Contains(message.CampaignId)
            join delivery in deliveries on message.Id equals delivery.MessageId
            group delivery by new { message.CampaignId, delivery.State, Unknown = delivery.Reason == SendDelivery.OutcomeUnknown } into g
            select new { g.Key.CampaignId, g.Key.State, g.Key.Unknown, Count = g.Count() }).ToListAsync(cancel)).ToLookup(g => g.CampaignId!.Value);
        return page.Select(campaign =>
        {
            int Count(CampaignResult result) => phones[campaign.Id].Where(g => Meaning(g.State, g.Unknown) == result).Sum(g => g.Count);
            return new CampaignRow(campaign.Id, campaign.Kind, campaign.SubjectId, campaign.Title, campaign.CreatedAt,
                persons.GetValueOrDefault(campaign.Id), inboxOnly.GetValueOrDefault(campaign.Id), Count(CampaignResult.Sent), Count(CampaignResult.Waiting),
                Count(CampaignResult.NoPermission), Count(CampaignResult.Failed), Count(CampaignResult.Cancelled), Count(CampaignResult.Unknown));
        });
    }

    public async Task<Result<Page<CampaignResultRow>>> Results(Guid community, Guid campaign, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        if (!await db.Campaigns.AnyAsync(c => c.Id == campaign && c.CommunityId == community, cancel)) return NotFound;
        var query = db.Messages.AsNoTracking().Where(m => m.CampaignId == campaign);
        var (persons, houses) = (db.Persons, db.Houses);
        var found = await (
            from message in query.OldestFirst(after, m => new Cursor(m.CreatedAt, m.Id))
            join person in persons.AsNoTracking() on message.PersonId equals person.Id
            join house in houses.AsNoTracking() on message.HouseId equals house.Id into at
            from house in at.DefaultIfEmpty()
            orderby message.CreatedAt, message.Id
            select new { message.Id, message.CreatedAt, person.Name, Code = house == null ? null : house.Code }).Take(PageSize + 1)
                .ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, row => new Cursor(row.CreatedAt, row.Id));
        var ids = page.Items.Select(row => row.Id).ToList();
        var deliveries = (await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.MessageId)).ToListAsync(cancel)).ToLookup(d => d.MessageId);
        return page.Select(row =>
        {
            // Of several phones the one that got furthest speaks for the person.
            var best = deliveries[row.Id].OrderBy(Meaning).ThenBy(d => d.Id).FirstOrDefault();
            var state = best is null ? CampaignResult.InboxOnly : Meaning(best);
            return new CampaignResultRow(row.Id, Mask.Name(row.Name), row.Code, state, best?.Reason, best?.DoneAt ?? row.CreatedAt);
        });
    }

    static CampaignResult Meaning(Delivery delivery) => Meaning(delivery.State, delivery.Reason == SendDelivery.OutcomeUnknown);

    static CampaignResult Meaning(DeliveryState state, bool unknown) => state switch
    {
        DeliveryState.Sent => CampaignResult.Sent,
        DeliveryState.Waiting or DeliveryState.Claimed or DeliveryState.ToPost => CampaignResult.Waiting,
        DeliveryState.NoPermission => CampaignResult.NoPermission,
        DeliveryState.Failed => unknown ? CampaignResult.Unknown : CampaignResult.Failed,
        DeliveryState.Cancelled => CampaignResult.Cancelled,
        _ => throw new InvalidOperationException($"No meaning for {state}"),
    };
}
