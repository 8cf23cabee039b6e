using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

public sealed class BulkWriterTests(Servers servers)
{
    static readonly string[] Codes = ["3-2-1101", "tab\tbackslash\\end\\", "\\N", "line\nline\rline", "汉字😀 ' \" ` ;", "\0", " "];

    public static TheoryData<Database, bool> Ways() => new() { { Database.Sqlite, true }, { Database.MariaDb, true }, { Database.MariaDb, false } };

    [Theory, MemberData(nameof(Ways))]
    public async Task Whatever_stands_in_a_row_is_stored_as_it_is_and_sealed_as_if_it_were_saved_alone(Database database, bool localInfile)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var houses = Codes.Select((code, at) => House(estate, code, at)).ToList();

        await Write(estate, localInfile, houses);

        var seal = (RowSeal)estate.Installation.Services.GetService(typeof(RowSeal))!;
        await estate.Installation.Db(async db =>
        {
            var ids = houses.ConvertAll(h => h.Id);
            var stored = await db.Houses.Where(h => ids.Contains(h.Id)).ToListAsync();
            Assert.Equal(houses.Select(Columns).Order(), stored.Select(Columns).Order());
            Assert.All(stored, house => Assert.Equal(seal.Of(db.Entry((object)house)), house.Seal));
            return await db.Houses.Where(h => ids.Contains(h.Id)).ExecuteDeleteAsync();
        });
    }

    static (Guid, string, long, DateOnly?, bool) Columns(House house) => (house.Id, house.Code, house.AreaHundredths, house.HandedOverOn, house.Vacant);

    // What all rows of a batch have in common is sent once.
    [Theory, MemberData(nameof(Ways))]
    public async Task What_many_rows_have_in_common_stands_in_each_of_them(Database database, bool localInfile)
    {
        const int Many = 40;
        await using var estate = await servers.Estate(database, houses: 1);
        foreach (var (name, at) in Codes.Select((name, at) => (name, at)))
        {
            var buildings = Enumerable.Range(0, Many).Select(number =>
                new Building { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Code = $"{at}-{number}", Name = name }).ToList();
            var common = IdThatNeedsCare(at);
            var houses = Enumerable.Range(0, Many).Select(number => new House
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, BuildingId = common, Code = $"T{at}-{number}", AreaHundredths = 9_000,
                HandedOverOn = at % 2 == 0 ? new DateOnly(2020, 2, 29) : null, Vacant = true,
            }).ToList();

            await Write(estate, localInfile, [.. buildings, .. houses]);

            await estate.Installation.Db(async db =>
            {
                var (ids, houseIds) = (buildings.ConvertAll(b => b.Id), houses.ConvertAll(h => h.Id));
                var stored = await db.Buildings.Where(b => ids.Contains(b.Id)).ToListAsync();
                Assert.Equal(buildings.Select(b => (b.Id, b.CommunityId, b.Code, name)).Order(), stored.Select(b => (b.Id, b.CommunityId, b.Code, b.Name)).Order());
                var inThem = await db.Houses.Where(h => houseIds.Contains(h.Id)).ToListAsync();
                Assert.Equal(houses.Select(Columns).Order(), inThem.Select(Columns).Order());
                Assert.All(inThem, house => Assert.Equal(common, house.BuildingId));
                return 0;
            });
        }
    }

    // MariaDB only warns of a row that LOAD DATA leaves out.
    [Theory, MemberData(nameof(Ways))]
    public async Task A_row_that_stands_already_is_refused_by_the_name_of_its_key_and_none_is_left_out_silently(Database database, bool localInfile)
    {
        await using var estate = await servers.Estate(database, houses: 1);

        var refused = await Record.ExceptionAsync(() => Write(estate, localInfile, [House(estate, "9-9-1", 1), House(estate, estate.Houses[0].Code, 2)]));

        Assert.NotNull(refused);
        Assert.True(WriteFailure.Violates(refused, "Houses", "CommunityId", "Code"), refused.ToString());
        Assert.Equal(1, await estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_row_that_a_rule_of_its_table_forbids_is_refused(Database database, bool localInfile)
    {
        await using var estate = await servers.Estate(database, houses: 1);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Write(estate, localInfile, [House(estate, "9-9-1", -9_999)]));

        Assert.Equal(1, await estate.Installation.Db(db => db.Houses.CountAsync(h => h.CommunityId == estate.CommunityId)));
    }

    // Each of the bytes that need care stands in it.
    static Guid IdThatNeedsCare(int number) => new([(byte)(number + 120), 0, 9, 10, 13, 92, 39, 34, .. Guid.CreateVersion7().ToByteArray()[8..]]);

    static House House(Estate estate, string code, int number) => new()
    {
        Id = IdThatNeedsCare(number), CommunityId = estate.CommunityId,
        BuildingId = Guid.CreateVersion7(), Code = code, AreaHundredths = 9_000 + number, HandedOverOn = number % 2 == 0 ? new DateOnly(2020, 2, 29) : null, Vacant = number % 3 == 0,
    };

    static Task<int> Write(Estate estate, bool localInfile, IReadOnlyList<object> rows) => estate.Installation.Db(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var batch = (await BulkWriter.Begin(db, default, localInfile)).NewBatch();
        foreach (var row in rows) batch.Add(row);
        await batch.Write(default);
        await transaction.CommitAsync();
        return rows.Count;
    });
}
