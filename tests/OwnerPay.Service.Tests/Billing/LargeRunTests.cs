using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>An estate of the size of a town.</summary>
public sealed class LargeRunTests(Servers servers)
{
    const int Houses = 30_000;

    [Theory, EachDatabase]
    [Trait("Incident", "23")]
    public async Task Thirty_thousand_houses_get_their_bills_at_once_and_a_confirmation_that_broke_off_is_repeated_under_its_key(Database database)
    {
        await using var installation = await servers.Own(database, 0);
        var commit = new BreaksOff();
        await installation.AddInstance(builder => builder.Services.AddSingleton<IInterceptor>(commit));
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.SetTariffs();
        await AddHouses(estate, Houses - 1);
        var preview = (await estate.Preview()).Done();
        Assert.Equal(Houses, preview["bills"].GetValue<int>());

        commit.Next = true;
        Assert.InRange((await estate.Confirm(preview, key: "the-long-run-1")).Status, 500, 599);
        Assert.Equal(0, await Bills(estate));
        var issued = (await estate.Confirm(preview, key: "the-long-run-1")).Done();

        Assert.Equal(Houses, issued["bills"].GetValue<int>());
        Assert.Equal(Houses, await Bills(estate));
        Assert.Empty(await estate.Verify());
    }

    static Task<int> Bills(Estate estate) => estate.Installation.Db(db => db.Bills.CountAsync(b => b.CommunityId == estate.CommunityId));

    static Task AddHouses(Estate estate, int houses) => estate.Installation.Db(async db =>
    {
        var (since, owner) = (new DateOnly(2020, 1, 1), estate.Houses[0].PersonId);    // one who bought them all
        await using var transaction = await db.Database.BeginTransactionAsync();
        var batch = (await BulkWriter.Begin(db, default)).NewBatch();
        var building = await db.Houses.Where(h => h.CommunityId == estate.CommunityId).Select(h => h.BuildingId).SingleAsync();
        for (var number = 1; number <= houses; number++)
        {
            var house = new House
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, BuildingId = building, Code = $"2-1-{number:00000}", AreaHundredths = 8_950 + number % 60 * 100,
                HandedOverOn = since,
            };
            batch.Add(house);
            batch.Add(new Tenure { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, PersonId = owner, Kind = TenureKind.Owner, From = since });
            batch.Add(new LiableParty { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, Kind = PartyKind.Owners, From = since });
        }
        await batch.Write(default);
        await transaction.CommitAsync();
        return houses;
    });

    /// <summary>The database is gone just when a run of minutes was to be committed.</summary>
    sealed class BreaksOff : DbTransactionInterceptor
    {
        public volatile bool Next;

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            var issuing = eventData.Context?.ChangeTracker.Entries<BillRun>().Any(run => run.Entity.State == BillRunState.Issued) == true;
            if (!Next || !issuing) return new(result);
            Next = false;
            throw new TimeoutException("the database does not answer");
        }
    }
}
