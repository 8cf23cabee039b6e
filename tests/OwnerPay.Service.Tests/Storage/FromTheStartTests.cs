using Microsoft.Data.Sqlite;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

public sealed class FromTheStartTests(Servers servers)
{
    static readonly SqliteException Busy = new("database is locked", 5), Broken = new("constraint failed", 19);

    [Theory, EachDatabase]
    public async Task Who_loses_two_dead_locks_is_served_at_the_third_try_with_nothing_left_of_the_first_two(Database database)
    {
        var installation = await servers.Shared(database);
        var (tries, tracked) = (0, new List<int>());

        var answer = await installation.Db(db => db.AgainFromTheStart(() =>
        {
            tracked.Add(db.ChangeTracker.Entries().Count());
            db.Add(new Service.Platform.OnceKey { Id = [(byte)tries] });
            return ++tries < 3 ? throw Busy : Task.FromResult("served");
        }, default));

        Assert.Equal(("served", 3), (answer, tries));
        Assert.Equal([0, 0, 0], tracked);
    }

    [Theory, EachDatabase]
    public async Task What_fails_for_another_reason_or_for_ever_is_told_and_not_tried_on_and_on(Database database)
    {
        var installation = await servers.Shared(database);
        async Task<int> Tries(Exception failure)
        {
            var tries = 0;
            await Assert.ThrowsAsync<SqliteException>(() => installation.Db(db => db.AgainFromTheStart<int>(() =>
            {
                tries++;
                throw failure;
            }, default)));
            return tries;
        }

        Assert.Equal((1, 3), (await Tries(Broken), await Tries(Busy)));    // each wait for a lock is long
    }
}
