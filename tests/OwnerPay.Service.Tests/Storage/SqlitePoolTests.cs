using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Storage;

public sealed class SqlitePoolTests : IDisposable
{
    const int Waves = 1_500, AtOnce = 16;
    readonly string folder = Directory.CreateTempSubdirectory("ownerpay-pool-").FullName;

    // Two requests once got one handle of SQLite: the transaction of one could not begin, and could have ended the other's.
    [Fact]
    public void However_many_open_the_database_at_once_no_two_share_a_connection_of_it()
    {
        using var together = new Barrier(AtOnce);
        var contexts = Enumerable.Range(0, AtOnce).Select(_ => Open()).ToArray();
        var shared = 0;
        var threads = Enumerable.Range(0, AtOnce).Select(at => new Thread(() =>
        {
            for (var wave = 0; wave < Waves; wave++)
            {
                together.SignalAndWait();
                contexts[at].Database.OpenConnection();
                together.SignalAndWait();
                if (at == 0 && contexts.Select(db => ((SqliteConnection)db.Database.GetDbConnection()).Handle).Distinct().Count() < AtOnce) shared++;
                together.SignalAndWait();
                contexts[at].Database.CloseConnection();
                together.SignalAndWait();
                if (at == 0 && wave % 3 == 0) SqliteConnection.ClearPool((SqliteConnection)contexts[0].Database.GetDbConnection());
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        foreach (var db in contexts) db.Dispose();

        Assert.Equal(0, shared);
    }

    SqliteContext Open()
    {
        var options = new DbContextOptionsBuilder<SqliteContext>();
        new DatabaseChoice(folder, null).Configure(options, []);
        return new SqliteContext(options.Options);
    }

    public void Dispose()
    {
        using (var db = Open()) SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        Directory.Delete(folder, recursive: true);
    }
}
