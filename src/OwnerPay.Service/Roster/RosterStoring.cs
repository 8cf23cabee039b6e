using OwnerPay.Domain.Roster;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>A value of a stored thing that an import changed; phones and names are masked.</summary>
/// <param name="Action">Stable verb phrase for the audit log, such as <c>house.changed</c>.</param>
sealed record RosterEdit(string Action, Guid Subject, object Detail);

/// <summary>Writes good rows over what is stored, row by row, and remembers which rows changed anything. Nothing is ever deleted but a phone
/// number.</summary>
/// <remarks>Who is who: a row that repeats a stored relation (house, name, kind, first day) is about the same person; else the ID number decides,
/// else the name together with one common phone; else it is a new person. So one owner of three homes is one person, and two 王伟 are two.</remarks>
sealed class RosterStoring(OwnerPayDb db, MasterKey master, RosterStore store)
{
    readonly Dictionary<RosterRow, KnownPerson?> personOfRow = new(ReferenceEqualityComparer.Instance);
    readonly HashSet<RosterRow> changed = new(ReferenceEqualityComparer.Instance);
    readonly HashSet<Guid> touchedHouses = [];
    readonly HashSet<Guid> holders = [.. store.Tenures.Values.SelectMany(tenures => tenures).Select(tenure => tenure.PersonId)];
    readonly Dictionary<(string Name, string Phone), KnownPerson> byPhone = [];
    readonly Dictionary<string, KnownPerson> byIdNumber = [];

    /// <summary>Changes of things that were stored before.</summary>
    public List<RosterEdit> Edits { get; } = [];

    /// <summary>Persons who lost a phone number: whoever was bound by it must be asked again.</summary>
    public List<Guid> PhoneChanged { get; } = [];

    /// <returns>Rows that changed something, and rows that said what was known already.</returns>
    public (int Written, int Unchanged) Store(IReadOnlyList<RosterRow> rows)
    {
        Index(readIdNumbers: rows.Any(row => row is TenureRow { IdNumber: not null }));
        foreach (var row in rows)
        {
            var isChanged = row switch
            {
                BuildingRow building => Store(building),
                HouseRow house => Store(house),
                TenureRow tenure => Store(tenure),
                ParkingRow space => Store(space),
                _ => throw new ArgumentException($"no roster row: {row.GetType()}", nameof(rows)),
            };
            if (isChanged) changed.Add(row);
        }
        foreach (var person in store.Persons.Values) StorePhones(person);
        foreach (var house in touchedHouses) DeriveParties(house);
        var written = rows.Count(row => changed.Contains(row) || personOfRow.GetValueOrDefault(row) is { Changed: true });
        return (written, rows.Count - written);
    }

    void Index(bool readIdNumbers)
    {
        foreach (var known in store.Persons.Values.OrderBy(known => known.Person.Id))
        {
            foreach (var phone in known.Phones) byPhone.TryAdd((known.Person.Name, phone.Number), known);
            if (!readIdNumbers || known.Person.IdNumberWrapped is not { } wrapped) continue;
            known.IdNumber = master.UnwrapText(RosterStore.IdNumberPurpose, wrapped);
            byIdNumber.TryAdd(known.IdNumber, known);
        }
    }

    bool Store(BuildingRow row)
    {
        if (!store.Buildings.TryGetValue(row.Code, out var building))
        {
            building = new() { Id = Guid.CreateVersion7(), CommunityId = store.Community, Code = row.Code, Name = row.Name ?? $"{row.Code}号楼" };
            store.Buildings[row.Code] = building;
            db.Add(building);
            return true;
        }
        if (row.Name is null || row.Name == building.Name) return false;
        Edit("building.changed", building.Id, new { building.Code, name = Change(building.Name, row.Name) });
        building.Name = row.Name;
        return true;
    }

    bool Store(HouseRow row)
    {
        var building = store.Buildings[row.Building].Id;
        var vacant = row.State != HouseState.Occupied;
        if (!store.Houses.TryGetValue(row.Code, out var house))
        {
            store.Houses[row.Code] = house = new()
            {
                Id = Guid.CreateVersion7(), CommunityId = store.Community, BuildingId = building, Code = row.Code, AreaHundredths = row.Area,
                HandedOverOn = row.HandedOver, Vacant = vacant,
            };
            db.Add(house);
            return true;
        }
        if (house.BuildingId == building && house.AreaHundredths == row.Area && house.HandedOverOn == row.HandedOver && house.Vacant == vacant)
            return false;
        Edit("house.changed", house.Id, new
        {
            house.Code, building = Change(house.BuildingId, building), areaHundredths = Change(house.AreaHundredths, row.Area),
            handedOverOn = Change(house.HandedOverOn, row.HandedOver), vacant = Change(house.Vacant, vacant),
        });
        (house.BuildingId, house.AreaHundredths, house.HandedOverOn, house.Vacant) = (building, row.Area, row.HandedOver, vacant);
        return true;
    }

    bool Store(TenureRow row)
    {
        var house = store.Houses[row.House];
        if (!store.Tenures.TryGetValue(house.Id, out var tenures)) store.Tenures[house.Id] = tenures = [];
        var tenure = tenures.Find(t => t.Kind == row.Kind && t.From == row.From && store.Persons[t.PersonId].Person.Name == row.Name);
        var person = tenure is null ? Known(row) ?? New(row.Name, row.Kind == TenureKind.Developer) : store.Persons[tenure.PersonId];
        Remember(row, person);
        if (tenure is null)
        {
            tenure = new()
            {
                Id = Guid.CreateVersion7(), CommunityId = store.Community, HouseId = house.Id, PersonId = person.Person.Id, Kind = row.Kind,
                ShareHundredths = row.Share, From = row.From, To = row.To,
            };
            tenures.Add(tenure);
            db.Add(tenure);
            touchedHouses.Add(house.Id);
            return true;
        }
        // The column of the shares may be missing altogether, so an empty cell takes no share away.
        var share = row.Share ?? tenure.ShareHundredths;
        if (tenure.To == row.To && tenure.ShareHundredths == share) return false;
        Edit("tenure.changed", tenure.Id, new
        {
            house = house.Code, to = Change(tenure.To, row.To),
            shareHundredths = Change(tenure.ShareHundredths, share)
        });
        (tenure.To, tenure.ShareHundredths) = (row.To, share);
        touchedHouses.Add(house.Id);
        return true;
    }

    KnownPerson? Known(TenureRow row)
    {
        if (row.IdNumber is { } id && byIdNumber.TryGetValue(id, out var known)) return known;
        foreach (var phone in row.Phones)
            // Another ID number is another human, even with the same name and the family's phone.
            if (byPhone.TryGetValue((row.Name, phone), out known) && (row.IdNumber is null || known.IdNumber is null)) return known;
        return null;
    }

    KnownPerson New(string name, bool isFirm)
    {
        var person = new Person
        {
            Id = Guid.CreateVersion7(), CommunityId = store.Community, Name = name,
            Kind = isFirm || LooksLikeFirm(name) ? PersonKind.Firm : PersonKind.Human,
        };
        db.Add(person);
        return store.Persons[person.Id] = new KnownPerson(person) { IsNew = true, Changed = true };
    }

    static readonly string[] FirmEndings = ["公司", "厂", "中心", "委员会", "合作社", "事务所"];

    static bool LooksLikeFirm(string name) => name.Length > 4 && FirmEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    void Remember(TenureRow row, KnownPerson person)
    {
        personOfRow[row] = person;
        person.Said ??= [];
        person.Said.UnionWith(row.Phones);
        foreach (var phone in row.Phones) byPhone.TryAdd((row.Name, phone), person);
        if (row.IdNumber is not { } id || id == person.IdNumber) return;
        if (!person.IsNew) Edit("person.changed", person.Person.Id, new { idNumber = person.IdNumber is null ? "added" : "replaced" });
        person.Person.IdNumberWrapped = master.Wrap(RosterStore.IdNumberPurpose, id);
        person.IdNumber = id;
        byIdNumber[id] = person;
        person.Changed = true;
    }

    bool Store(ParkingRow row)
    {
        store.Spaces.TryGetValue(row.Code, out var space);
        Guid? house = row.House is null ? null : store.Houses[row.House].Id;
        var holder = house is null ? Holder(row, space) : null;
        personOfRow[row] = holder;
        if (space is null)
        {
            store.Spaces[row.Code] = space = new()
            {
                Id = Guid.CreateVersion7(), CommunityId = store.Community, Code = row.Code, Kind = row.Kind, HouseId = house,
                PersonId = holder?.Person.Id,
                From = row.From, To = row.To,
            };
            db.Add(space);
            return true;
        }
        var person = holder?.Person.Id;
        if (space.Kind == row.Kind && space.HouseId == house && space.PersonId == person && space.From == row.From && space.To == row.To)
            return false;
        Edit("parking-space.changed", space.Id, new
        {
            space.Code, kind = Change(space.Kind, row.Kind), house = Change(space.HouseId, house), person = Change(space.PersonId, person),
            from = Change(space.From, row.From), to = Change(space.To, row.To),
        });
        (space.Kind, space.HouseId, space.PersonId, space.From, space.To) = (row.Kind, house, person, row.From, row.To);
        return true;
    }

    /// <summary>The person to whom a space without house belongs. A known holder of the same name with another number has a new number.</summary>
    KnownPerson Holder(ParkingRow row, ParkingSpace? space)
    {
        var before = space?.PersonId is { } id && store.Persons[id] is var known && known.Person.Name == row.Name ? known : null;
        var person = before ?? byPhone.GetValueOrDefault((row.Name!, row.Phone!)) ?? New(row.Name!, isFirm: false);
        byPhone.TryAdd((row.Name!, row.Phone!), person);
        // Rows about homes say all the phones of a person; a space only adds its one, unless it is all that we know of him.
        if (person.Said is null && before is null) person.Said = [.. person.Phones.Select(phone => phone.Number)];
        person.Said ??= holders.Contains(person.Person.Id) ? [.. person.Phones.Select(phone => phone.Number)] : [];
        person.Said.Add(row.Phone!);
        return person;
    }

    void StorePhones(KnownPerson known)
    {
        if (known.Said is null) return;
        var gone = known.Phones.Where(phone => !known.Said.Contains(phone.Number)).ToList();
        var added = known.Said.Except(known.Phones.Select(phone => phone.Number)).ToList();
        if (gone.Count == 0 && added.Count == 0) return;
        db.RemoveRange(gone);
        foreach (var number in added)
            db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = store.Community, PersonId = known.Person.Id, Number = number });
        known.Changed = true;
        if (known.IsNew) return;
        Edit("person.changed", known.Person.Id, new
        {
            phonesAdded = added.ConvertAll(Mask.Phone),
            phonesGone = gone.ConvertAll(phone => Mask.Phone(phone.Number))
        });
        if (gone.Count > 0) PhoneChanged.Add(known.Person.Id);
    }

    /// <summary>Brings the liable parties of a house in line with its tenures. A party keeps its id as long as its first day stands, for bills name
    /// it.</summary>
    void DeriveParties(Guid house)
    {
        if (!store.Parties.TryGetValue(house, out var parties)) store.Parties[house] = parties = [];
        var left = parties.ToList();
        foreach (var stretch in LiablePartyRows.Wanted(store.Tenures[house]))
        {
            var kind = LiablePartyRows.KindOf(stretch);
            var party = parties.Find(p => p.Kind == kind && p.From == stretch.From);
            if (party is null)
            {
                party = new() { Id = Guid.CreateVersion7(), CommunityId = store.Community, HouseId = house, Kind = kind, From = stretch.From };
                parties.Add(party);
                db.Add(party);
            }
            party.To = stretch.To;
            left.Remove(party);
        }
        foreach (var party in left) party.To = LiablePartyRows.Never(party);
    }

    void Edit(string action, Guid subject, object detail) => Edits.Add(new(action, subject, detail));

    /// <summary>Before and after, or null where nothing changed.</summary>
    static object? Change<T>(T before, T after) => EqualityComparer<T>.Default.Equals(before, after) ? null : new { before, after };
}

/// <summary>How liable parties are made from tenures; the import writes them so, <c>verify</c> recomputes them so.</summary>
static class LiablePartyRows
{
    public static IReadOnlyList<LiableStretch> Wanted(IEnumerable<Tenure> tenures) => LiableStretches.Of(tenures
        .Where(tenure => tenure.Kind is TenureKind.Owner or TenureKind.JointOwner or TenureKind.Developer)
        .Select(tenure => new Holding(
            tenure.PersonId, tenure.Kind == TenureKind.Developer ? HolderKind.Developer : HolderKind.Owner, tenure.From, tenure.To))
        .ToList());

    public static PartyKind KindOf(LiableStretch stretch) => stretch.Kind switch
    {
        HolderKind.Owner => PartyKind.Owners,
        HolderKind.Developer => PartyKind.Developer,
        _ => throw new ArgumentOutOfRangeException(nameof(stretch)),
    };

    /// <summary>The end of a party that a correction of the tenures took away: the day before its first. The row stays, bills may name it.</summary>
    public static DateOnly Never(LiableParty party) => party.From.AddDays(-1);
}
