using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>A stored person with what an import says about him: his phones are the ones of all his rows together.</summary>
sealed class KnownPerson(Person person)
{
    public Person Person => person;
    public List<PersonPhone> Phones { get; } = [];

    /// <summary>ID number in plain text, as far as it was needed.</summary>
    public string? IdNumber { get; set; }

    /// <summary>Numbers that the file gives him; null as long as no row speaks of his phones.</summary>
    public HashSet<string>? Said { get; set; }
    public bool Changed { get; set; }
    public bool IsNew { get; init; }
}

/// <summary>The roster of one community as tracked rows, found by what a clerk writes: codes, names, phones.</summary>
sealed class RosterStore
{
    public const string IdNumberPurpose = "person-id-number";

    public required Guid Community { get; init; }
    public Dictionary<string, Building> Buildings { get; private init; } = [];
    public Dictionary<string, House> Houses { get; private init; } = [];
    public Dictionary<string, ParkingSpace> Spaces { get; private init; } = [];
    public Dictionary<Guid, KnownPerson> Persons { get; private init; } = [];
    public Dictionary<Guid, List<Tenure>> Tenures { get; private init; } = [];
    public Dictionary<Guid, List<LiableParty>> Parties { get; private init; } = [];

    /// <summary>Reads it all in the transaction of the import; the community's row is locked before, so nobody else imports meanwhile.</summary>
    public static async Task<RosterStore> Load(OwnerPayDb db, Guid community, CancellationToken cancel)
    {
        var persons = (await db.Persons.Where(p => p.CommunityId == community).ToListAsync(cancel)).ToDictionary(p => p.Id, p => new KnownPerson(p));
        foreach (var phone in await db.PersonPhones.Where(p => p.CommunityId == community).ToListAsync(cancel))
            persons[phone.PersonId].Phones.Add(phone);
        return new RosterStore
        {
            Community = community,
            Buildings = await db.Buildings.Where(b => b.CommunityId == community).ToDictionaryAsync(b => b.Code, cancel),
            Houses = await db.Houses.Where(h => h.CommunityId == community).ToDictionaryAsync(h => h.Code, cancel),
            Spaces = await db.ParkingSpaces.Where(s => s.CommunityId == community).ToDictionaryAsync(s => s.Code, cancel),
            Persons = persons,
            Tenures = ByHouse(await db.Tenures.Where(t => t.CommunityId == community).ToListAsync(cancel), tenure => tenure.HouseId),
            Parties = ByHouse(await db.LiableParties.Where(p => p.CommunityId == community).ToListAsync(cancel), party => party.HouseId),
        };
    }

    static Dictionary<Guid, List<T>> ByHouse<T>(IEnumerable<T> rows, Func<T, Guid> house) =>
        rows.GroupBy(house).ToDictionary(group => group.Key, group => group.ToList());

    /// <summary>What a file is judged against.</summary>
    public RosterKnown Known()
    {
        var codes = Houses.Values.ToDictionary(house => house.Id, house => house.Code);
        return new(
            Buildings.Keys.ToHashSet(), Houses.ToDictionary(pair => pair.Key, pair => pair.Value.HandedOverOn),
            Tenures.Values.SelectMany(tenures => tenures).Select(tenure => new KnownTenure(
                codes[tenure.HouseId], Persons[tenure.PersonId].Person.Name, tenure.Kind, tenure.ShareHundredths, tenure.From, tenure.To)).ToList());
    }
}
