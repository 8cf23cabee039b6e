using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>Somebody who stands in a relation to a house now or later; name and phones are masked.</summary>
public sealed record HousePerson(Guid PersonId, string Name, TenureKind Kind, IReadOnlyList<string> Phones, DateOnly From, DateOnly? To);

/// <param name="AreaHundredths">Area in 0.01 m².</param>
/// <param name="People">Those whose relation has not ended, in the order of its beginning.</param>
public sealed record HouseLine(
    Guid HouseId, string Code, string Building, long AreaHundredths, DateOnly? HandedOverOn, bool Vacant, IReadOnlyList<HousePerson> People);

/// <summary>The houses of a community for staff, a page at a time in the order of their codes.</summary>
public sealed class ListHouses(OwnerPayDb db, Clock clock)
{
    const int PageSize = 100;

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/houses", Get).WithName("listHouses")
        .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);

    static async Task<Results<Ok<Page<HouseLine>>, ProblemHttpResult>> Get(
        string? building, string? code, string? cursor, StaffMember staff, ListHouses list, CancellationToken cancel) =>
        (await list.Run(staff.CommunityId, building, code, cursor, cancel)).ToHttp(TypedResults.Ok);

    /// <param name="building">Code of a building, or null for all.</param>
    /// <param name="code">Beginning of a house code, or null.</param>
    public async Task<Result<Page<HouseLine>>> Run(Guid community, string? building, string? code, string? cursor, CancellationToken cancel)
    {
        if (!TryRead(cursor, out var after)) return Cursor.Invalid;
        var (buildings, today) = (db.Buildings, clock.Today());
        var query = from house in db.Houses.AsNoTracking()
                    join inBuilding in buildings on house.BuildingId equals inBuilding.Id
                    where house.CommunityId == community
                    select new { house, Building = inBuilding.Code };
        if (building is not null) query = query.Where(line => line.Building == building);
        if (code is not null) query = query.Where(line => line.house.Code.StartsWith(code));
        if (after is not null) query = query.Where(line => line.house.Code.CompareTo(after) > 0);
        var lines = await query.OrderBy(line => line.house.Code).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(lines, PageSize, line => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(line.house.Code)));
        var people = await People([.. page.Items.Select(line => line.house.Id)], today, cancel);
        return page.Select(line => new HouseLine(line.house.Id, line.house.Code, line.Building, line.house.AreaHundredths, line.house.HandedOverOn,
            line.house.Vacant, [.. people[line.house.Id]]));
    }

    async Task<ILookup<Guid, HousePerson>> People(List<Guid> houses, DateOnly today, CancellationToken cancel)
    {
        var persons = db.Persons;
        var tenures = await (from tenure in db.Tenures.AsNoTracking()
                             join person in persons on tenure.PersonId equals person.Id
                             where houses.Contains(tenure.HouseId) && (tenure.To == null || tenure.To >= today)
                             select new { tenure, person.Name }).ToListAsync(cancel);
        var ids = tenures.Select(row => row.tenure.PersonId).Distinct().ToList();
        var phones = (await db.PersonPhones.AsNoTracking().Where(p => ids.Contains(p.PersonId)).OrderBy(p => p.Number).ToListAsync(cancel))
            .ToLookup(p => p.PersonId);
        return tenures.OrderBy(row => row.tenure.From).ThenBy(row => row.tenure.Id).ToLookup(row => row.tenure.HouseId, row => new HousePerson(
            row.tenure.PersonId, Mask.Name(row.Name), row.tenure.Kind, [.. phones[row.tenure.PersonId].Select(phone => Mask.Phone(phone.Number))],
            row.tenure.From, row.tenure.To));
    }

    /// <summary>The cursor is the last code of the page before, in hex.</summary>
    static bool TryRead(string? cursor, out string? code)
    {
        code = null;
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > 256 || cursor.Length % 2 != 0 || !cursor.All(char.IsAsciiHexDigit)) return false;
        code = Encoding.UTF8.GetString(Convert.FromHexString(cursor));
        return true;
    }
}
