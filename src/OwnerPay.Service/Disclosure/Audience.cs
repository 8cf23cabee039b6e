using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <summary>For whom something is: everybody, one building, or one house.</summary>
public enum Audience { Community, Building, House }

/// <param name="BuildingId">Set for <c>Building</c> only.</param>
/// <param name="HouseId">Set for <c>House</c> only.</param>
public readonly record struct AudienceScope(Guid CommunityId, Audience Audience, Guid? BuildingId, Guid? HouseId);

/// <summary>Who belongs to an audience today: the people who live in or own its houses now. A former owner reads no notices any more; whoever only
/// pays for a house is told nothing, but may read.</summary>
public sealed class Residents(OwnerPayDb db, Clock clock)
{
    public static readonly Error BuildingUnknown = new(400, "audience_building_unknown", "没有这个楼栋") { Field = "buildingCode" };
    public static readonly Error HouseUnknown = new(400, "audience_house_unknown", "没有这套房屋") { Field = "houseCode" };
    public static readonly Error Incomplete = new(400, "audience_incomplete", "请写明楼栋或房屋")
    {
        Field = "audience",
        Detail = "发给一个楼栋时填 buildingCode，发给一套房屋时填 houseCode，发给全小区时都不填"
    };

    /// <returns>The building of the house; null when the member does not belong to it any more.</returns>
    public async Task<Guid?> BuildingOf(Member member, CancellationToken cancel)
    {
        var today = clock.Today();
        var (tenures, houses) = (db.Tenures, db.Houses);
        return await houses.Where(h => h.Id == member.HouseId
                && tenures.Any(t => t.HouseId == h.Id && t.PersonId == member.PersonId && t.From <= today && (t.To == null || t.To >= today)))
            .Select(h => (Guid?)h.BuildingId).SingleOrDefaultAsync(cancel);
    }

    /// <summary>The audience as staff write it, looked up in their community.</summary>
    public async Task<Result<AudienceScope>> Find(Guid community, Audience audience, string? buildingCode, string? houseCode,
        CancellationToken cancel)
    {
        if ((buildingCode is not null, houseCode is not null) != (audience == Audience.Building, audience == Audience.House)) return Incomplete;
        if (audience == Audience.Building)
            return await db.Buildings.Where(b => b.CommunityId == community && b.Code == buildingCode).Select(b => (Guid?)b.Id)
                .SingleOrDefaultAsync(cancel) is { } building
                ? new AudienceScope(community, audience, building, null) : BuildingUnknown;
        if (audience == Audience.House)
            return await db.Houses.Where(h => h.CommunityId == community && h.Code == houseCode).Select(h => (Guid?)h.Id)
                .SingleOrDefaultAsync(cancel) is { } house
                ? new AudienceScope(community, audience, null, house) : HouseUnknown;
        return new AudienceScope(community, audience, null, null);
    }

    public IQueryable<House> Houses(AudienceScope scope)
    {
        var houses = db.Houses.AsNoTracking().Where(h => h.CommunityId == scope.CommunityId);
        return scope switch
        {
            { Audience: Audience.Building, BuildingId: { } building } => houses.Where(h => h.BuildingId == building),
            { Audience: Audience.House, HouseId: { } house } => houses.Where(h => h.Id == house),
            _ => houses,
        };
    }

    /// <summary>Present relations of an audience: owners, tenants and the developer.</summary>
    public IQueryable<Tenure> Of(AudienceScope scope)
    {
        var today = clock.Today();
        return db.Tenures.AsNoTracking().Where(t => t.CommunityId == scope.CommunityId && t.Kind != TenureKind.Payer && t.From <= today
            && (t.To == null || t.To >= today))
            .Join(Houses(scope), t => t.HouseId, h => h.Id, (t, h) => t);
    }

    /// <summary>A page of the persons of an audience in the order of their ids, each with one of his houses.</summary>
    /// <param name="after">Last person of the page before.</param>
    public Task<List<Resident>> Page(AudienceScope scope, Guid? after, int size, CancellationToken cancel)
    {
        var all = Of(scope);
        if (after is { } last) all = all.Where(t => t.PersonId.CompareTo(last) > 0);
        return all.GroupBy(t => t.PersonId).OrderBy(g => g.Key).Take(size).Select(g => new Resident(g.Key, g.Min(t => t.HouseId)))
            .ToListAsync(cancel);
    }
}

public sealed record Resident(Guid PersonId, Guid HouseId);
