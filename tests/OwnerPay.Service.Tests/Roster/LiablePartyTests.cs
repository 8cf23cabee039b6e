using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.DemoEstate;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;
using L = OwnerPay.Service.Roster.RosterLayout;

namespace OwnerPay.Service.Tests.Roster;

public sealed class LiablePartyTests(Servers servers)
{
    static readonly DateOnly First = new(2026, 1, 1);

    sealed record Spell(string House, string Name, bool IsDeveloper, int From, int? To);

    /// <summary>A random life of a house: the developer, then owners one after the other, some of them two together, some days nobody's.</summary>
    static IEnumerable<Spell> Life(string house, Random random)
    {
        var day = random.Next(0, 20);
        if (random.Next(2) == 0) yield return new(house, "阳光置业有限公司", true, day, random.Next(3) == 0 ? null : day + random.Next(0, 30));
        day += random.Next(0, 15);
        for (var owner = 1; owner <= random.Next(0, 4); owner++)
        {
            int? end = random.Next(4) == 0 ? null : day + random.Next(0, 25);
            yield return new(house, $"业主{house}{owner}", false, day, end);
            if (random.Next(2) == 0) yield return new(house, $"共有人{house}{owner}", false, day + random.Next(0, 5), end is null ? null : end + 3);
            if (end is null) yield break;
            day = end.Value + 1 + random.Next(0, 6);
        }
    }

    /// <summary>The definition, restated without any of our code: names of those who are liable on a day.</summary>
    static string Liable(IEnumerable<Spell> spells, int day)
    {
        var there = spells.Where(spell => spell.From <= day && (spell.To is null || day <= spell.To)).ToList();
        var owners = there.Where(spell => !spell.IsDeveloper).ToList();
        return string.Join('、', (owners.Count > 0 ? owners : there).Select(spell => spell.Name).Order(StringComparer.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task Whatever_the_order_of_the_imports_each_day_has_the_party_of_its_owners(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        var random = new Random(20261123);
        var lives = Enumerable.Range(1, 40).Select(number => $"8-{number:000}").ToDictionary(house => house, house => Life(house, random).ToList());
        var spells = lives.Values.SelectMany(life => life).ToList();
        // Three clerks each bring a random part; what comes late is joined to what is there.
        var parts = spells.GroupBy(_ => random.Next(3)).OrderBy(part => part.Key).Select(part => part.ToList()).ToList();
        foreach (var part in parts) Assert.Equal("done", (await estate.Import(Book(lives.Keys, part)))["state"].GetValue<string>());

        var parties = await estate.Installation.Db(async db =>
        {
            var houses = db.Houses;
            return await (from party in db.LiableParties.AsNoTracking()
                          join house in houses on party.HouseId equals house.Id
                          where party.CommunityId == estate.CommunityId
                          select new { house.Code, party.Id, party.Kind, party.From, party.To }).ToListAsync();
        });
        foreach (var (house, life) in lives)
        {
            Dictionary<Guid, string> members = [];
            for (var day = 0; day < 160; day++)
            {
                var date = First.AddDays(day);
                var found = parties.Where(p => p.Code == house && p.From <= date && (p.To is null || date <= p.To)).ToList();
                var liable = Liable(life, day);
                Assert.Equal(liable.Length == 0 ? 0 : 1, found.Count);
                if (liable.Length == 0) continue;
                Assert.Equal(liable.StartsWith("阳光", StringComparison.Ordinal) ? PartyKind.Developer : PartyKind.Owners, found[0].Kind);
                if (!members.TryAdd(found[0].Id, liable)) Assert.Equal(members[found[0].Id], liable);    // one party, always the same people
            }
        }
        Assert.Empty(await estate.Verify());
    }

    static byte[] Book(IEnumerable<string> houses, IEnumerable<Spell> spells)
    {
        var book = new RosterBook();
        book.Add(L.Buildings, (L.BuildingCode, "8"));
        foreach (var house in houses) book.Add(L.Houses, (L.HouseBuilding, "8"), (L.HouseCode, house), (L.HouseArea, 90m), (L.HouseState, "在住"));
        foreach (var spell in spells)
            book.Add(L.Tenures, (L.TenureHouse, spell.House), (L.TenureName, spell.Name), (L.TenureKind, spell.IsDeveloper ? "开发商" : "共有人"),
                (L.TenureFrom, First.AddDays(spell.From)), (L.TenureTo, spell.To is { } to ? First.AddDays(to) : null));
        return book.Write();
    }

    [Theory, EachDatabase]
    public async Task An_import_whose_instance_died_is_closed_as_failed_and_a_running_one_is_left_alone(Database database)
    {
        var estate = await servers.Estate(database, houses: 0);
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<OwnerPayDb>(), scope.ServiceProvider.GetRequiredService<Clock>().Now());
        RosterImport Begun(DateTimeOffset at) => new()
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, FileName = "roster.xlsx", FileHash = new string('0', 64),
            StartedBy = Guid.CreateVersion7(), StartedAt = at,
        };
        var (lost, young, running) = (Begun(now.AddHours(-2)), Begun(now), Begun(now.AddHours(-2)));
        scope.ServiceProvider.GetRequiredService<ImportProgress>().Tell(running.Id, 1000);
        db.AddRange(lost, young, running);
        await db.SaveChangesAsync();

        await scope.ServiceProvider.GetRequiredService<CloseLostImports>().Run(default);

        async Task<string> State(RosterImport import) => (await estate.Clerk.Get($"{estate.Path}/roster/imports/{import.Id}"))
            .Done()["state"].GetValue<string>();
        Assert.Equal(("failed", "running"), (await State(lost), await State(young)));
        if (database == Database.Sqlite) Assert.Equal("running", await State(running));    // two instances: the other one does not see it run
    }
}
