using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Benchmarks;

/// <summary>A community that waits for its bills: houses with owners, two fee kinds, a clerk and somebody of finance. Written past the service: what is
/// measured is the run.</summary>
/// <param name="ClerkToken">Who previews.</param>
/// <param name="FinanceToken">Who confirms.</param>
public sealed record BillRunCommunity(Guid Id, int Houses, string ClerkToken, string FinanceToken)
{
    const int Page = 5_000, HousesPerBuilding = 200;
    static readonly DateOnly Since = new(2020, 1, 1);

    public static async Task<BillRunCommunity> Make(IServiceProvider services, int houses, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var now = scope.ServiceProvider.GetRequiredService<Clock>().Now();
        var id = Guid.CreateVersion7();
        var code = "b" + id.ToString("N")[^10..];
        db.Add(new Community { Id = id, Code = code, Name = "测速小区" + code, ContactPhone = "021-60000000", CreatedAt = now });
        AddPrice(db, id, "elevator", "电梯费", TariffFormula.Fixed, 150_000);
        AddPrice(db, id, "property", "物业费", TariffFormula.AreaPrice, 28_000);
        var tokens = new[] { StaffRole.Clerk, StaffRole.Finance }.Select(role => AddStaff(db, id, role, code, now)).ToList();
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var writer = await BulkWriter.Begin(db, cancel);
        Guid building = default;
        for (var done = 0; done < houses;)
        {
            var batch = writer.NewBatch();
            for (var end = Math.Min(houses, done + Page); done < end; done++)
            {
                var number = done / HousesPerBuilding + 1;
                if (done % HousesPerBuilding == 0) batch.Add(new Building { Id = building = Guid.CreateVersion7(), CommunityId = id, Code = $"{number:0000}", Name = $"{number}号楼" });
                var house = new House
                {
                    Id = Guid.CreateVersion7(), CommunityId = id, BuildingId = building, Code = $"{number:0000}-1-{done % HousesPerBuilding + 1:0000}",
                    AreaHundredths = 8_950 + done % 60 * 100, HandedOverOn = Since,
                };
                batch.Add(house);
                batch.Add(new LiableParty { Id = Guid.CreateVersion7(), CommunityId = id, HouseId = house.Id, Kind = PartyKind.Owners, From = Since });
            }
            await batch.Write(cancel);
        }
        await transaction.CommitAsync(cancel);
        return new(id, houses, tokens[0], tokens[1]);
    }

    static void AddPrice(OwnerPayDb db, Guid community, string code, string name, TariffFormula formula, long price)
    {
        var kind = new FeeKind
        {
            Id = Guid.CreateVersion7(), CommunityId = community, Code = code, Name = name, Beneficiary = Beneficiary.Company, Promotable = true,
            TaxCode = "3040801010000000000", TaxRatePerMillion = 60_000, LateFeePerMillion = 500,
        };
        db.Add(kind);
        db.Add(new Tariff
        {
            Id = Guid.CreateVersion7(), CommunityId = community, FeeKindId = kind.Id, Slot = "base", Version = 1, Name = name, Formula = formula, UnitPrice = price,
            Scope = TariffScope.Community, From = Since, State = TariffState.Active,
        });
    }

    static string AddStaff(OwnerPayDb db, Guid community, StaffRole role, string suffix, DateTimeOffset now)
    {
        var account = new StaffAccount { Id = Guid.CreateVersion7(), Login = $"{role}-{suffix}".ToLowerInvariant(), Name = role.ToString(), PasswordHash = "", CreatedAt = now };
        var token = "opt_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 40);
        db.Add(account);
        db.Add(new RoleGrant
        {
            Id = Guid.CreateVersion7(), StaffId = account.Id, Role = role, CommunityId = community, State = RoleGrantState.Granted, ProposedBy = account.Id, CreatedAt = now,
        });
        db.Add(new StaffToken
        {
            Id = Guid.CreateVersion7(), StaffId = account.Id, Hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), Label = "benchmark",
            CreatedAt = TimeProvider.System.GetUtcNow(), ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
        });
        return token;
    }
}
