using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Benchmarks;

/// <summary>A house with its owner and his phone.</summary>
public sealed record Inhabited(Guid HouseId, Guid PersonId, Guid PartyId, Guid WeChatUserId, string OpenId);

/// <summary>Writes a large community straight into the database: what a workload is about goes through the service, the crowd around it need not.</summary>
/// <param name="appId">The mini-program that its owners use.</param>
public sealed class PeopledCommunity(IServiceProvider services, string appId)
{
    const int Page = 1000, HousesPerBuilding = 200;
    static readonly DateOnly Since = new(2020, 1, 1);

    public Guid CommunityId { get; } = Guid.CreateVersion7();

    /// <summary>The community's code, as imports and bindings name it.</summary>
    public string Code { get; } = "b" + Guid.CreateVersion7().ToString("N")[^10..];

    public async Task<IReadOnlyList<Inhabited>> Make(int houses, CancellationToken cancel)
    {
        List<Inhabited> made = [];
        await Save(db => db.Add(new Community { Id = CommunityId, Code = Code, Name = "测速小区" + Code, ContactPhone = "021-60000000", CreatedAt = Now() }), cancel);
        Guid building = default;
        for (var done = 0; done < houses;)
        {
            await Save(db =>
            {
                for (var end = Math.Min(houses, done + Page); done < end; done++)
                {
                    if (done % HousesPerBuilding == 0) building = Building(db, done / HousesPerBuilding + 1);
                    made.Add(House(db, building, done));
                }
            }, cancel);
        }
        return made;
    }

    Guid Building(OwnerPayDb db, int number)
    {
        var building = new Building { Id = Guid.CreateVersion7(), CommunityId = CommunityId, Code = $"{number}", Name = $"{number}号楼" };
        db.Add(building);
        return building.Id;
    }

    Inhabited House(OwnerPayDb db, Guid building, int number)
    {
        var house = new House
        {
            Id = Guid.CreateVersion7(), CommunityId = CommunityId, BuildingId = building, Code = $"{number / HousesPerBuilding + 1}-1-{number % HousesPerBuilding + 1:0000}",
            AreaHundredths = 8_950 + number % 60 * 100, HandedOverOn = Since,
        };
        var person = new Person { Id = Guid.CreateVersion7(), CommunityId = CommunityId, Name = $"业主{number + 1}", Kind = PersonKind.Human };
        var party = new LiableParty { Id = Guid.CreateVersion7(), CommunityId = CommunityId, HouseId = house.Id, Kind = PartyKind.Owners, From = Since };
        var user = new WeChatUser { Id = Guid.CreateVersion7(), AppId = appId, OpenId = $"o{Code}{number:0000000000000000}", CreatedAt = Now(), LastLoginAt = Now() };
        db.AddRange(house, person, party, user);
        db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = CommunityId, PersonId = person.Id, Number = $"199{number:00000000}" });
        db.Add(new Tenure { Id = Guid.CreateVersion7(), CommunityId = CommunityId, HouseId = house.Id, PersonId = person.Id, Kind = TenureKind.Owner, From = Since });
        db.Add(new Binding
        {
            Id = Guid.CreateVersion7(), CommunityId = CommunityId, WeChatUserId = user.Id, PersonId = person.Id, State = BindingState.Active,
            Proof = BindingProof.StaffCode, CreatedAt = Now(),
        });
        return new Inhabited(house.Id, person.Id, party.Id, user.Id, user.OpenId);
    }

    DateTimeOffset Now() => services.GetRequiredService<Clock>().Now();

    async Task Save(Action<OwnerPayDb> add, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        add(db);
        await db.SaveChangesAsync(cancel);
    }
}
