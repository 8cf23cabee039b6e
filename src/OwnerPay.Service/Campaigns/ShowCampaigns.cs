using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>What a person got of a campaign. <c>InboxOnly</c>: no phone is bound. <c>NoPermission</c>: a phone, but no message allowed; nothing is
/// broken. <c>Unknown</c>: WeChat gave no clear answer, the phone may have buzzed; the message is not sent again. <c>Skipped</c>: it concerned him no
/// longer. <c>HeldOut</c>: not told, so that the effect can be measured.</summary>
public enum CampaignResult { Sent, Unknown, Waiting, Failed, NoPermission, Cancelled, InboxOnly, Skipped, HeldOut }

/// <param name="State">Of a group notice; a bill run's campaign is done.</param>
/// <param name="StartAt">When it begins or began.</param>
/// <param name="Persons">How many were told, all of them in the inbox.</param>
/// <param name="ToTell">Persons who are still to be told.</param>
/// <param name="Skipped">Persons whom it concerned no longer when their turn came, or whom another campaign told that day.</param>
/// <param name="HeldOut">Persons who are not told, so that the effect can be measured.</param>
/// <param name="InboxOnly">Persons without a bound phone.</param>
/// <param name="Sent">Attempts: accepted by the channel. The next five are attempts too.</param>
/// <param name="Unknown">Perhaps sent: the channel gave no clear answer.</param>
public sealed record CampaignRow(
    Guid Id, string Kind, Guid SubjectId, string Title, CampaignState State, DateTimeOffset CreatedAt, DateTimeOffset StartAt,
        DateTimeOffset? EndedAt,
    int Persons, int ToTell, int Skipped, int HeldOut,
    int InboxOnly, int Sent, int Waiting, int NoPermission, int Failed, int Cancelled, int Unknown);

/// <param name="Body">What staff wrote; empty for a bill run.</param>
/// <param name="Audience">Whom it is for; null for a bill run.</param>
public sealed record CampaignView(CampaignRow Progress, string Body, Audience? Audience, int HoldOutShare, DateTimeOffset? StartedAt);

/// <param name="Name">Masked: 王**.</param>
/// <param name="Reason">WeChat's code or our own word: <c>no_grant</c>, <c>paid</c>, <c>outcome_unknown</c>, <c>changed</c>.</param>
public sealed record CampaignResultRow(Guid Id, string Name, string? HouseCode, CampaignResult State, string? Reason, DateTimeOffset At);

/// <summary>Campaigns of a community, how far they are, and their result, person by person.</summary>
/// <remarks>Errors: <c>campaign_not_found</c> 404.</remarks>
public sealed class ShowCampaigns(OwnerPayDb db)
{
    const int PageSize = 50;
    public static readonly Error NotFound = new(404, "campaign_not_found", "没有找到该群通知");
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        const string One = "/communities/{communityId:guid}/campaigns/{campaignId:guid}";
        doors.Staff.MapGet("/communities/{communityId:guid}/campaigns", GetList).WithName("listCampaigns").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(One, GetOne).WithName("showCampaign").ForStaff(Readers).CanFail(NotFound);
        doors.Staff.MapGet(One + "/results", GetResults).WithName("listCampaignResults").ForStaff(Readers).CanFail(NotFound, Cursor.Invalid);
    }

    static async Task<Results<Ok<Page<CampaignRow>>, ProblemHttpResult>> GetList(string? cursor, StaffMember staff, ShowCampaigns show,
        CancellationToken cancel) =>
        (await show.List(staff.CommunityId, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> GetOne(Guid campaignId, StaffMember staff, ShowCampaigns show,
        CancellationToken cancel) =>
        (await show.One(staff.CommunityId, campaignId, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<Page<CampaignResultRow>>, ProblemHttpResult>> GetResults(
        Guid campaignId, string? cursor, StaffMember staff, ShowCampaigns show, CancellationToken cancel) =>
        (await show.Results(staff.CommunityId, campaignId, cursor, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<Page<CampaignRow>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var query = db.Campaigns.AsNoTracking().Where(c => c.CommunityId == community);
        var found = await query.NewestFirst(after, c => new Cursor(c.CreatedAt, c.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, c => new Cursor(c.CreatedAt, c.Id));
        var rows = await Rows(page.Items, cancel);
        return page.Select(campaign => rows[campaign.Id]);
    }

    async Task<Result<CampaignView>> One(Guid community, Guid id, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.CommunityId == community, cancel);
        if (campaign is null) return NotFound;
        var audience = campaign.Audience.Length == 0 ? null : Audience.Read(campaign.Audience);
        return new CampaignView((await Rows([campaign], cancel))[id], campaign.Body, audience, campaign.HoldOutShare, campaign.StartedAt);
    }

    /// <summary>Progress, counted from the rows themselves.</summary>
    async Task<Dictionary<Guid, CampaignRow>> Rows(IReadOnlyList<Campaign> campaigns, CancellationToken cancel)
    {
        var ids = campaigns.Select(c => (Guid?)c.Id).ToList();
        var (messages, deliveries, members) = (db.Messages.AsNoTracking(), db.Deliveries.AsNoTracking(), db.CampaignMembers.AsNoTracking());
        var persons = await messages.Where(m => ids.Contains(m.CampaignId)).GroupBy(m => m.CampaignId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, cancel);
        var inboxOnly = await messages.Where(m => ids.Contains(m.CampaignId) && !deliveries.Any(d => d.MessageId == m.Id)).GroupBy(m => m.CampaignId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, cancel);
        var attempts = (await deliveries.Where(d => ids.Contains(d.CampaignId))
            .GroupBy(d => new { d.CampaignId, d.State, Unknown = d.Reason == SendDelivery.OutcomeUnknown })
            .Select(g => new { g.Key.CampaignId, g.Key.State, g.Key.Unknown, Count = g.Count() }).ToListAsync(cancel))
                .ToLookup(g => g.CampaignId!.Value);
        var audience = (await members.Where(m => ids.Contains(m.CampaignId)).GroupBy(m => new { m.CampaignId, m.State })
            .Select(g => new { g.Key.CampaignId, g.Key.State, Count = g.Count() }).ToListAsync(cancel)).ToLookup(g => g.CampaignId);
        return campaigns.ToDictionary(c => c.Id, c =>
        {
            int Count(CampaignResult result) => attempts[c.Id].Where(g => Meaning(g.State, g.Unknown) == result).Sum(g => g.Count);
            int Members(MemberState state) => audience[c.Id].Where(g => g.State == state).Sum(g => g.Count);
            return new CampaignRow(c.Id, c.Kind, c.SubjectId, c.Title, c.State, c.CreatedAt, c.StartAt, c.EndedAt,
                persons.GetValueOrDefault(c.Id), Members(MemberState.Waiting), Members(MemberState.Skipped), Members(MemberState.HeldOut),
                inboxOnly.GetValueOrDefault(c.Id), Count(CampaignResult.Sent), Count(CampaignResult.Waiting), Count(CampaignResult.NoPermission),
                Count(CampaignResult.Failed), Count(CampaignResult.Cancelled), Count(CampaignResult.Unknown));
        });
    }

    public async Task<bool> Exists(Guid community, Guid campaign, CancellationToken cancel) =>
        await db.Campaigns.AnyAsync(c => c.Id == campaign && c.CommunityId == community, cancel);

    public async Task<Result<Page<CampaignResultRow>>> Results(Guid community, Guid campaign, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        if (!await Exists(community, campaign, cancel)) return NotFound;
        var members = db.CampaignMembers;
        return await members.AnyAsync(m => m.CampaignId == campaign, cancel)
            ? await OfMembers(campaign, after, cancel) : await OfMessages(campaign, after, cancel);
    }

    /// <summary>A person of the list with his message, if he has one yet.</summary>
    sealed record Told(Guid Id, Guid? MessageId, DateTimeOffset At, string Name, string? Code, MemberState State, string? Reason);

    /// <summary>Of a group notice: all of its audience, also who was not told.</summary>
    async Task<Page<CampaignResultRow>> OfMembers(Guid campaign, Cursor? after, CancellationToken cancel)
    {
        var query = db.CampaignMembers.AsNoTracking().Where(m => m.CampaignId == campaign);
        var (persons, houses, messages) = (db.Persons, db.Houses, db.Messages);
        var found = await (
            from member in query.OldestFirst(after, m => new Cursor(m.CreatedAt, m.Id))
            join person in persons.AsNoTracking() on member.PersonId equals person.Id
            join house in houses.AsNoTracking() on member.HouseId equals house.Id
            join message in messages.AsNoTracking().Where(m => m.CampaignId == campaign)
                on new { member.PersonId, HouseId = (Guid?)member.HouseId } equals new { message.PersonId, message.HouseId } into told
            from message in told.DefaultIfEmpty()
            orderby member.CreatedAt, member.Id
            select new Told(member.Id, message == null ? null : message.Id, member.CreatedAt, person.Name, house.Code, member.State, member.Reason))
                .Take(PageSize + 1).ToListAsync(cancel);
        return await Shown(found, cancel);
    }

    async Task<Page<CampaignResultRow>> OfMessages(Guid campaign, Cursor? after, CancellationToken cancel)
    {
        var query = db.Messages.AsNoTracking().Where(m => m.CampaignId == campaign);
        var (persons, houses) = (db.Persons, db.Houses);
        var found = await (
            from message in query.OldestFirst(after, m => new Cursor(m.CreatedAt, m.Id))
            join person in persons.AsNoTracking() on message.PersonId equals person.Id
            join house in houses.AsNoTracking() on message.HouseId equals house.Id into at
            from house in at.DefaultIfEmpty()
            orderby message.CreatedAt, message.Id
            select new Told(message.Id, message.Id, message.CreatedAt, person.Name, house == null ? null : house.Code, MemberState.Told, null))
                .Take(PageSize + 1).ToListAsync(cancel);
        return await Shown(found, cancel);
    }

    async Task<Page<CampaignResultRow>> Shown(List<Told> found, CancellationToken cancel)
    {
        var page = Pages.Of(found, PageSize, row => new Cursor(row.At, row.Id));
        var ids = page.Items.Select(row => row.MessageId).OfType<Guid>().ToList();
        var deliveries = (await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.MessageId)).ToListAsync(cancel)).ToLookup(d => d.MessageId);
        return page.Select(row =>
        {
            // Of several phones the one that got furthest speaks for the person.
            var best = row.MessageId is { } message ? deliveries[message].OrderBy(Meaning).ThenBy(d => d.Id).FirstOrDefault() : null;
            var state = best is null ? Meaning(row.State) : Meaning(best);
            return new CampaignResultRow(row.Id, Mask.Name(row.Name), row.Code, state, best?.Reason ?? row.Reason, best?.DoneAt ?? row.At);
        });
    }

    /// <summary>Of somebody without any attempt.</summary>
    static CampaignResult Meaning(MemberState state) => state switch
    {
        MemberState.Waiting => CampaignResult.Waiting,
        MemberState.Told => CampaignResult.InboxOnly,
        MemberState.HeldOut => CampaignResult.HeldOut,
        MemberState.Skipped => CampaignResult.Skipped,
        MemberState.Cancelled => CampaignResult.Cancelled,
        _ => throw new InvalidOperationException($"No meaning for {state}"),
    };

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
