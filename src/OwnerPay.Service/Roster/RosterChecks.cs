using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>Something that is broken in the roster.</summary>
/// <param name="Check">Name of the check that found it.</param>
/// <param name="Subject">Table and id of the broken thing.</param>
/// <param name="Message">What is, and what would be right, in Chinese.</param>
public sealed record RosterFinding(string Check, string Subject, string Message);

/// <summary>Recomputes what in the roster follows from something else. <c>verify</c>'s frame lives beside this room, so it is hung in there from
/// above.</summary>
public static class RosterChecks
{
    /// <param name="community">Null: all communities.</param>
    public static async IAsyncEnumerable<RosterFinding> Run(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var check in (Func<OwnerPayDb, Guid?, CancellationToken, IAsyncEnumerable<RosterFinding>>[])[Tenures, Rows, Imports])
            await foreach (var finding in check(db, community, cancel)) yield return finding;
    }

    /// <summary>Liable parties are exactly what the tenures say, day by day, and no tenure ends before it begins or shares out more than the
    /// whole.</summary>
    static async IAsyncEnumerable<RosterFinding> Tenures(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        // A building at a time: what is in memory does not grow with the estate.
        var buildings = await db.Buildings.AsNoTracking().Where(b => community == null || b.CommunityId == community)
            .Select(b => b.Id).ToListAsync(cancel);
        foreach (var building in buildings)
        {
            var houses = await db.Houses.AsNoTracking().Where(h => h.BuildingId == building).Select(h => new { h.Id, h.Code }).ToListAsync(cancel);
            var ids = houses.ConvertAll(house => house.Id);
            var tenures = (await db.Tenures.AsNoTracking().Where(t => ids.Contains(t.HouseId)).ToListAsync(cancel)).ToLookup(t => t.HouseId);
            var parties = (await db.LiableParties.AsNoTracking().Where(p => ids.Contains(p.HouseId)).ToListAsync(cancel)).ToLookup(p => p.HouseId);
            foreach (var house in houses)
                foreach (var message in Wrong([.. tenures[house.Id]], [.. parties[house.Id]]))
                    yield return new("roster-tenures", $"Houses {house.Id:N}", $"房屋 {house.Code}：{message}");
        }
    }

    /// <summary>What is wrong with one house, in Chinese.</summary>
    static IEnumerable<string> Wrong(List<Tenure> tenures, List<LiableParty> parties)
    {
        foreach (var tenure in tenures.Where(tenure => tenure.To < tenure.From))
            yield return $"关系 {tenure.Id:N} 的终止日期 {tenure.To:yyyy-MM-dd} 早于起始日期 {tenure.From:yyyy-MM-dd}";
        var owners = tenures.FindAll(tenure => tenure.Kind is TenureKind.Owner or TenureKind.JointOwner);
        foreach (var day in owners.Select(owner => owner.From).Distinct())
            if (owners.Where(owner => owner.From <= day && (owner.To is null || day <= owner.To))
                .Sum(owner => owner.ShareHundredths ?? 0) is > 100_00 and var shares)
                yield return $"{day:yyyy-MM-dd} 的份额合计 {shares / 100m:0.##}%，应不超过 100%";
        var stored = parties.Where(party => party.To is null || party.To >= party.From).Select(party => (party.Kind, party.From, party.To)).Order()
            .ToList();
        var wanted = LiablePartyRows.Wanted(tenures).Select(stretch => (LiablePartyRows.KindOf(stretch), stretch.From, stretch.To)).Order().ToList();
        if (!stored.SequenceEqual(wanted)) yield return $"责任方为 {Text(stored)}，按房屋关系应为 {Text(wanted)}";
    }

    static string Text(List<(PartyKind Kind, DateOnly From, DateOnly? To)> parties) => parties.Count == 0
        ? "无"
        : string.Join("、", parties.Select(party =>
            $"{(party.Kind == PartyKind.Owners ? "业主" : "开发商")} {party.From:yyyy-MM-dd}–{party.To:yyyy-MM-dd}"));

    /// <summary>The parts of the roster belong together: areas are positive, phones are phones, nothing names a house or a person that is not
    /// there.</summary>
    static async IAsyncEnumerable<RosterFinding> Rows(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (buildings, houses, persons, parties) = (db.Buildings, db.Houses, db.Persons, db.LiableParties);
        var tenures = db.Tenures.AsNoTracking().Where(t => community == null || t.CommunityId == community);
        var phones = db.PersonPhones.AsNoTracking().Where(p => community == null || p.CommunityId == community);
        var spaces = db.ParkingSpaces.AsNoTracking().Where(s => community == null || s.CommunityId == community);
        var inScope = houses.AsNoTracking().Where(h => community == null || h.CommunityId == community);

        await foreach (var id in Ids(inScope.Where(h => h.AreaHundredths <= 0).Select(h => h.Id)).WithCancellation(cancel))
            yield return Found("Houses", id, "建筑面积应大于 0");
        await foreach (var id in Ids(inScope.Where(h => !buildings.Any(b => b.Id == h.BuildingId && b.CommunityId == h.CommunityId))
            .Select(h => h.Id)).WithCancellation(cancel))
            yield return Found("Houses", id, "所在楼栋不存在");
        await foreach (var id in Ids(tenures.Where(t => !houses.Any(h => h.Id == t.HouseId && h.CommunityId == t.CommunityId)
                || !persons.Any(p => p.Id == t.PersonId && p.CommunityId == t.CommunityId)).Select(t => t.Id)).WithCancellation(cancel))
            yield return Found("Tenures", id, "所指的房屋或人员不存在");
        await foreach (var id in Ids(parties.AsNoTracking().Where(p => community == null || p.CommunityId == community)
                .Where(p => !houses.Any(h => h.Id == p.HouseId && h.CommunityId == p.CommunityId)).Select(p => p.Id)).WithCancellation(cancel))
            yield return Found("LiableParties", id, "所指的房屋不存在");
        await foreach (var id in Ids(spaces.Where(s => (s.HouseId != null && !houses.Any(h => h.Id == s.HouseId && h.CommunityId == s.CommunityId))
                || (s.PersonId != null && !persons.Any(p => p.Id == s.PersonId && p.CommunityId == s.CommunityId))).Select(s => s.Id))
                    .WithCancellation(cancel))
            yield return Found("ParkingSpaces", id, "所指的房屋或人员不存在");
        await foreach (var id in Ids(phones.Where(p => p.Number.Length != 11 || !EF.Functions.Like(p.Number, "1%")
                || !persons.Any(person => person.Id == p.PersonId && person.CommunityId == p.CommunityId)).Select(p => p.Id))
                    .WithCancellation(cancel))
            yield return Found("PersonPhones", id, "应为某人的 11 位手机号");
    }

    static IAsyncEnumerable<Guid> Ids(IQueryable<Guid> broken) => broken.AsAsyncEnumerable();

    static RosterFinding Found(string table, Guid id, string message) => new("roster-rows", $"{table} {id:N}", message);

    /// <summary>Every import accounts for every row it read.</summary>
    static async IAsyncEnumerable<RosterFinding> Imports(OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var wrong = db.RosterImports.AsNoTracking().Where(i => community == null || i.CommunityId == community)
            .Where(i => i.RowsRead != i.RowsWritten + i.RowsUnchanged + i.RowsSkipped + i.RowsBad)
            .Select(i => new { i.Id, i.RowsRead, Sum = i.RowsWritten + i.RowsUnchanged + i.RowsSkipped + i.RowsBad });
        await foreach (var import in wrong.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new("roster-imports", $"RosterImports {import.Id:N}", $"读取 {import.RowsRead} 行，写入、未变、跳过与有误合计 {import.Sum} 行，应相等");
    }
}
