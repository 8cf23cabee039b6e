using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>Begins the campaigns whose time has come and tells their people, page after page, on any instance. What one instance does is one
/// transaction behind the rows of the community's campaigns: killed in the middle, it has told nobody of its page; two instances never tell the
/// same page.</summary>
/// <remarks>Messages are made only as fast as they leave, so that a receipt never waits behind a campaign, a pause stops nearly all of it, and who
/// pays meanwhile is not even told in the inbox.</remarks>
public sealed class RunCampaigns(
    OwnerPayDb db, FindAudience audiences, Messages messages, MessageHours hours, ServiceSettings settings, Clock clock) : IJob
{
    const int Page = 200;

    /// <summary>Messages of one campaign that may be on their way, in seconds of the pace.</summary>
    const int SecondsAhead = 4;

    int Window => (int)Math.Clamp((long)settings.MessagesPerSecond * SecondsAhead, Page, 5_000);

    public async Task<string> Run(CancellationToken cancel)
    {
        var (now, told) = (clock.Now(), 0);
        var due = await db.Campaigns.AsNoTracking()
            .Where(c => c.State == CampaignState.Running || c.State == CampaignState.Scheduled && c.StartAt <= now)
            .OrderBy(c => c.StartAt).ThenBy(c => c.Id).Select(c => new { c.Id, c.CommunityId, c.State }).ToListAsync(cancel);
        foreach (var campaign in due)
        {
            if (!await hours.AreOpen(campaign.CommunityId, cancel)) continue;
            if (campaign.State == CampaignState.Scheduled) await Begin(campaign.Id, cancel);
            while (!cancel.IsCancellationRequested && await TellPage(campaign.CommunityId, campaign.Id, cancel) is > 0 and var page) told += page;
        }
        return $"{due.Count} campaigns, told {told}";
    }

    /// <summary>Freezes the audience.</summary>
    Task<bool> Begin(Guid id, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var (campaigns, now) = (db.Campaigns, clock.Now());
        var campaign = await campaigns.Where(c => c.Id == id && c.State == CampaignState.Scheduled).ForUpdate().AsNoTracking()
            .SingleOrDefaultAsync(cancel);
        if (campaign is null) return false;    // another instance was quicker, or it was cancelled
        var notice = NoticeKinds.Of(campaign.Kind)!.Value;
        var audience = await audiences.Run(campaign.CommunityId, notice.MessageKind(), Audience.Read(campaign.Audience), null, asFrozen: false,
            cancel);
        // News is told once to a person of several houses; what is open is told of each house.
        if (notice == NoticeKind.Notice) audience = [.. audience.DistinctBy(m => m.PersonId)];
        var writer = await BulkWriter.Begin(db, cancel);
        foreach (var page in audience.Chunk(5_000))
        {
            var batch = writer.NewBatch();
            foreach (var member in page)
            {
                var held = HoldOut.Holds(id, member.HouseId, campaign.HoldOutShare);
                batch.Add(new CampaignMember
                {
                    Id = Guid.CreateVersion7(), CommunityId = campaign.CommunityId, CampaignId = id, HouseId = member.HouseId,
                    PartyId = member.PartyId,
                    PersonId = member.PersonId, HeldOut = held, State = held ? MemberState.HeldOut : MemberState.Waiting, CreatedAt = now,
                });
            }
            await batch.Write(cancel);
        }
        await campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.State, CampaignState.Running).SetProperty(c => c.StartedAt, now), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }, cancel);

    /// <returns>How many members were dealt with; 0 when none is left, enough is on its way, or the campaign stands still.</returns>
    Task<int> TellPage(Guid community, Guid id, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var (campaigns, members) = (db.Campaigns, db.CampaignMembers);
        // All that run in the community, one page at a time: of two that mean the same person today, the second sees whom the first has told.
        var running = await campaigns.Where(c => c.CommunityId == community && c.State == CampaignState.Running).OrderBy(c => c.Id).ForUpdate()
            .AsNoTracking().ToListAsync(cancel);
        if (running.Find(c => c.Id == id) is not { } campaign) return 0;
        var onTheWay = await OnTheWay(id, cancel);
        if (onTheWay >= Window) return 0;
        var page = await members.AsNoTracking().Where(m => m.CampaignId == id && m.State == MemberState.Waiting).OrderBy(m => m.Id).Take(Page)
            .ToListAsync(cancel);
        if (page.Count > 0) await Tell(campaign, page, cancel);
        else if (onTheWay == 0 && !await Unfinished(id, cancel)) await Finish(id, cancel);
        await transaction.CommitAsync(cancel);
        db.ChangeTracker.Clear();
        return page.Count;
    }, cancel);

    async Task Tell(Campaign campaign, List<CampaignMember> page, CancellationToken cancel)
    {
        var kind = NoticeKinds.Of(campaign.Kind)!.Value.MessageKind();
        var meant = await audiences.StillMeant(
            campaign.CommunityId, kind, Audience.Read(campaign.Audience), [.. page.Select(m => m.HouseId).Distinct()], cancel);
        var elsewhere = await ToldElsewhere(campaign, [.. page.Select(m => m.PersonId).Distinct()], cancel);
        var (gone, twice, told) = (new List<Guid>(), new List<Guid>(), new List<CampaignMember>());
        foreach (var member in page)
            if (!meant.Contains((member.HouseId, member.PartyId, member.PersonId))) gone.Add(member.Id);
            else if (elsewhere.Contains(member.PersonId)) twice.Add(member.Id);
            else told.Add(member);
        await messages.TellAll(kind, campaign.CommunityId,
            [.. told.Select(m => new Recipient(m.PersonId, SubjectOf(campaign.Id, m.HouseId), m.HouseId))], campaign.Id, cancel);
        await db.InsertAdded(cancel);
        await Close(gone, MemberState.Skipped, "changed", cancel);
        await Close(twice, MemberState.Skipped, "told-today", cancel);
        await Close(told.ConvertAll(m => m.Id), MemberState.Told, null, cancel);
    }

    Task<int> Close(List<Guid> ids, MemberState state, string? reason, CancellationToken cancel)
    {
        if (ids.Count == 0) return Task.FromResult(0);
        var (members, now) = (db.CampaignMembers, clock.Now());
        return members.Where(m => ids.Contains(m.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, state).SetProperty(m => m.Reason, reason).SetProperty(m => m.DoneAt, now), cancel);
    }

    /// <summary>Persons whom another campaign told today.</summary>
    async Task<HashSet<Guid>> ToldElsewhere(Campaign campaign, List<Guid> persons, CancellationToken cancel)
    {
        var since = Clock.StartOf(clock.Today());
        return (await db.CampaignMembers.Where(m => persons.Contains(m.PersonId) && m.CampaignId != campaign.Id && m.State == MemberState.Told
            && m.DoneAt >= since)
            .Select(m => m.PersonId).Distinct().ToListAsync(cancel)).ToHashSet();
    }

    /// <summary>What could leave at once; what waits for another day keeps nothing up.</summary>
    Task<int> OnTheWay(Guid id, CancellationToken cancel)
    {
        var (deliveries, now) = (db.Deliveries, clock.Now());
        return deliveries.CountAsync(d => d.CampaignId == id && (d.State == DeliveryState.Claimed || d.State == DeliveryState.Waiting
            && d.NotBefore <= now), cancel);
    }

    Task<bool> Unfinished(Guid id, CancellationToken cancel)
    {
        var (deliveries, all) = (db.Deliveries, db.Messages);
        return deliveries.Where(d => d.CampaignId == id && (d.State == DeliveryState.Claimed || d.State == DeliveryState.Waiting)).Select(d => d.Id)
            .Concat(all.Where(m => m.CampaignId == id && m.ChainDue).Select(m => m.Id)).AnyAsync(cancel);
    }

    Task<int> Finish(Guid id, CancellationToken cancel)
    {
        var (campaigns, now) = (db.Campaigns, clock.Now());
        return campaigns.Where(c => c.Id == id && c.State == CampaignState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.State, CampaignState.Done).SetProperty(c => c.EndedAt, now), cancel);
    }

    /// <summary>What a message of a campaign is about: the campaign at one house, so that a phone of two owners buzzes once.</summary>
    public static Guid SubjectOf(Guid campaign, Guid house)
    {
        Span<byte> ids = stackalloc byte[32];
        campaign.TryWriteBytes(ids[..16], bigEndian: true, out _);
        house.TryWriteBytes(ids[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[System.Security.Cryptography.SHA256.HashSizeInBytes];
        System.Security.Cryptography.SHA256.HashData(ids, hash);
        return new Guid(hash[16..], bigEndian: true);
    }
}
