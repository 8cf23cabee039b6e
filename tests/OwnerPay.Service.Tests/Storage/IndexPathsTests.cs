using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

/// <summary>A bill run that lets the planner choose reads whole tables for each page of houses, and finance waits for minutes instead of seconds.</summary>
public sealed class IndexPathsTests(Servers servers)
{
    const int NoSuchKey = 1176;

    [Theory, EachDatabase]
    public async Task A_query_along_an_index_finds_what_it_finds_without(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 5);

        var (free, bound) = await estate.Installation.Db(async db =>
        {
            var parties = db.LiableParties;
            var query = db.Houses.Where(h => h.CommunityId == estate.CommunityId).Join(parties, h => h.Id, p => p.HouseId, (_, party) => party.Id);
            return (await query.ToListAsync(), await query.Along(parties, nameof(LiableParty.HouseId)).Along(db.Houses, nameof(House.CommunityId), nameof(House.Code)).ToListAsync());
        });

        Assert.Equal(5, free.Count);
        Assert.Equal(free.Order(), bound.Order());
    }

    [Fact]
    public async Task The_server_is_bound_to_the_index_that_the_query_names()
    {
        await using var estate = await servers.Estate(Database.MariaDb, houses: 1);

        var refused = await Assert.ThrowsAsync<MySqlException>(() =>
            estate.Installation.Db(db => db.Houses.TagWith("reads along Houses IX_of_nothing").ToListAsync()));

        Assert.Equal(NoSuchKey, refused.Number);
    }

    [Fact]
    public async Task Nobody_can_name_an_index_that_the_table_does_not_have()
    {
        await using var estate = await servers.Estate(Database.Sqlite, houses: 1);

        await estate.Installation.Db(db => Task.FromResult(Assert.Throws<InvalidOperationException>(() => db.Houses.Along(db.Houses, nameof(House.AreaHundredths)))));
    }
}
