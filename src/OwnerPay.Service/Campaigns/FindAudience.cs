using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>A person of an audience, as a member of the liable party that the house has today.</summary>
public sealed record AudienceMember(Guid HouseId, string HouseCode, Guid PartyId, Guid PersonId);

/// <summary>Who belongs to an audience now. The same question is asked before sending, when it is frozen, and once more for each person.</summary>
public sealed class FindAudience(OwnerPayDb db, Clock clock)
{
    sealed record Party(Guid HouseId, string HouseCode, Guid PartyId, PartyKind Kind);

    /// <summary>All of it, ordered by house code and person.</summary>
    /// <param name="kind">The message kind, for the condition about grants.</param>
    /// <param name="houses">Only these houses; null: all of the community.</param>
    /// <param name="asFrozen">Leaves grants out: the very message in hand has used one up.</param>
    public async Task<List<AudienceMember>> Run(
        Guid community, string kind, Audience audience, IReadOnlyCollection<Guid>? houses, bool asFrozen, CancellationToken cancel)
    {
        var parties = await Parties(community, audience, houses, cancel);
        if (audience.AsksForOpen || audience.Paid is not null) parties = await ByBills(community, audience, parties, houses, cancel);
        var members = await Members(community, parties, houses, cancel);
        if (audience.HasGrant is { } wanted && !asFrozen)
        {
            var granted = await Granted(community, kind, cancel);
            members.RemoveAll(member => granted.Contains(member.PersonId) != wanted);
        }
        return members;
    }

    /// <summary>Those of some members who still belong to it: who paid is not reminded, who sold is not told.</summary>
    public async Task<HashSet<(Guid House, Guid Party, Guid Person)>> StillMeant(
        Guid community, string kind, Audience audience, IReadOnlyCollection<Guid> houses, CancellationToken cancel) =>
        (await Run(community, kind, audience, houses, asFrozen: true, cancel)).Select(m => (m.HouseId, m.PartyId, m.PersonId)).ToHashSet();

    /// <summary>Houses that meet the conditions about houses, with the party that is liable today.</summary>
    async Task<List<Party>> Parties(Guid community, Audience audience, IReadOnlyCollection<Guid>? among, CancellationToken cancel)
    {
        var today = clock.Today();
        var houses = db.Houses.AsNoTracking().Where(h => h.CommunityId == community);
        if (among is not null) houses = houses.Where(h => among.Contains(h.Id));
        if (audience.Buildings is { } codes)
        {
            var buildings = db.Buildings.Where(b => b.CommunityId == community && codes.Contains(b.Code)).Select(b => b.Id);
            houses = houses.Where(h => buildings.Contains(h.BuildingId));
        }
        if (audience.Tag is { } tag)
        {
            var tagged = db.HouseTags.Where(t => t.CommunityId == community && t.Tag == tag).Select(t => t.HouseId);
            houses = houses.Where(h => tagged.Contains(h.Id));
        }
        var parties = db.LiableParties;
        return await (
            from house in houses
            join party in parties.AsNoTracking() on house.Id equals party.HouseId
            where party.From <= today && (party.To == null || party.To >= today)
            orderby house.Code, party.Id
            select new Party(house.Id, house.Code, party.Id, party.Kind)).ToListAsync(cancel);
    }

    async Task<List<Party>> ByBills(
        Guid community, Audience audience, List<Party> parties, IReadOnlyCollection<Guid>? among, CancellationToken cancel)
    {
        Guid? feeKind = audience.FeeKind is { } code
            ? await db.FeeKinds.Where(k => k.CommunityId == community && k.Code == code).Select(k => k.Id).SingleAsync(cancel) : null;
        var kept = parties.AsEnumerable();
        if (audience.AsksForOpen)
        {
            var open = (await Open(community, feeKind, among, cancel)).ToLookup(bill => bill.PartyId);
            kept = kept.Where(party => Meets(audience, [.. open[party.PartyId]]));
        }
        if (audience.Paid is { } paid)
        {
            var inPeriod = (await InPeriod(community, feeKind, audience, among, cancel)).ToLookup(bill => bill.PartyId, bill => bill.IsPaid);
            kept = kept.Where(party => inPeriod[party.PartyId] is var bills && bills.Any()
                && bills.All(isPaid => isPaid) == (paid == PaidInPeriod.Paid));
        }
        return [.. kept];
    }

    /// <summary>An open bill, or what is open of one fee kind in it.</summary>
    sealed record OpenPart(Guid PartyId, Guid BillId, DateOnly DueOn, long OpenFen);

    bool Meets(Audience audience, List<OpenPart> open)
    {
        if (open.Count == 0) return false;
        var (sum, late) = (open.Sum(part => part.OpenFen), clock.Today().DayNumber - open.Min(part => part.DueOn).DayNumber);
        return sum >= (audience.MinOpenFen ?? 1) && sum <= (audience.MaxOpenFen ?? long.MaxValue)
            && late >= (audience.MinDaysLate ?? int.MinValue) && late <= (audience.MaxDaysLate ?? int.MaxValue);
    }

    async Task<List<OpenPart>> Open(Guid community, Guid? feeKind, IReadOnlyCollection<Guid>? among, CancellationToken cancel)
    {
        var bills = db.Bills.AsNoTracking().Where(b => b.CommunityId == community && b.State == BillState.Open && b.OpenFen > 0);
        if (among is not null) bills = bills.Where(b => among.Contains(b.HouseId));
        var lines = db.BillLines.AsNoTracking();
        var found = feeKind is null
            ? await bills.Select(b => new OpenPart(b.PartyId, b.Id, b.DueOn, b.OpenFen)).ToListAsync(cancel)
            : await (from bill in bills
                     join line in lines on bill.Id equals line.BillId
                     where line.FeeKindId == feeKind && line.OpenFen > 0
                     select new OpenPart(bill.PartyId, bill.Id, bill.DueOn, line.OpenFen)).ToListAsync(cancel);
        var stopped = await Stopped(community, [.. found.Select(part => part.BillId)], cancel);
        found.RemoveAll(part => stopped.Contains(part.BillId));
        return found;
    }

    /// <summary>Open bills that nobody is late with today: disputed, put off, paid by instalments.</summary>
    async Task<HashSet<Guid>> Stopped(Guid community, HashSet<Guid> open, CancellationToken cancel)
    {
        var paused = (await db.LateFeePauses.Where(p => p.CommunityId == community).Select(p => p.BillId).Distinct().ToListAsync(cancel))
            .Where(open.Contains).ToList();
        var today = clock.Today();
        return [.. (await BillStops.Load(db, paused, [], cancel)).Where(bill => bill.Value.PutOffOn(today) || bill.Value.DisputedOn(today))
            .Select(bill => bill.Key)];
    }

    async Task<List<(Guid PartyId, bool IsPaid)>> InPeriod(
        Guid community, Guid? feeKind, Audience audience, IReadOnlyCollection<Guid>? among, CancellationToken cancel)
    {
        var (from, to) = (audience.PeriodFrom!.Value, audience.PeriodTo!.Value);
        var bills = db.Bills.AsNoTracking().Where(b => b.CommunityId == community && b.State != BillState.Voided && b.PeriodFrom >= from
            && b.PeriodTo <= to);
        if (among is not null) bills = bills.Where(b => among.Contains(b.HouseId));
        var lines = db.BillLines.AsNoTracking();
        var rows = feeKind is null
            ? await bills.Select(b => new { b.PartyId, b.OpenFen }).ToListAsync(cancel)
            : await (from bill in bills
                     join line in lines on bill.Id equals line.BillId
                     where line.FeeKindId == feeKind
                     select new { bill.PartyId, line.OpenFen }).ToListAsync(cancel);
        return rows.ConvertAll(row => (row.PartyId, row.OpenFen == 0));
    }

    /// <summary>The owners who belong to these parties today.</summary>
    async Task<List<AudienceMember>> Members(Guid community, List<Party> parties, IReadOnlyCollection<Guid>? among, CancellationToken cancel)
    {
        var today = clock.Today();
        var query = db.Tenures.AsNoTracking().Where(t => t.CommunityId == community && t.From <= today && (t.To == null || t.To >= today)
            && (t.Kind == TenureKind.Owner || t.Kind == TenureKind.JointOwner || t.Kind == TenureKind.Developer));
        if (among is not null) query = query.Where(t => among.Contains(t.HouseId));
        var tenures = (await query.Select(t => new { t.HouseId, t.PersonId, t.Kind }).ToListAsync(cancel)).ToLookup(t => t.HouseId);
        return [.. from party in parties
                   from person in tenures[party.HouseId].Where(t => (t.Kind == TenureKind.Developer) == (party.Kind == PartyKind.Developer))
                       .Select(t => t.PersonId).Distinct().Order()
                   select new AudienceMember(party.HouseId, party.HouseCode, party.PartyId, person)];
    }

    /// <summary>Persons of whom a phone allows a message of the template in force.</summary>
    async Task<HashSet<Guid>> Granted(Guid community, string kind, CancellationToken cancel)
    {
        var template = await db.MessageTemplates.Where(t => t.CommunityId == community && t.Kind == kind && t.State == TemplateState.Active)
            .OrderByDescending(t => t.Version).Select(t => t.WeChatTemplateId).FirstOrDefaultAsync(cancel);
        if (string.IsNullOrEmpty(template)) return [];
        var (bindings, grants) = (db.Bindings, db.MessageGrants);
        return (await bindings.Where(b => b.CommunityId == community && b.State == BindingState.Active
                && grants.Any(g => g.WeChatUserId == b.WeChatUserId && g.WeChatTemplateId == template && g.Count > 0))
            .Select(b => b.PersonId).Distinct().ToListAsync(cancel)).ToHashSet();
    }
}
