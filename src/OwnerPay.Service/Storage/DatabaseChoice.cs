using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Caching.Memory;
using MySqlConnector;

namespace OwnerPay.Service.Storage;

/// <summary>Which database an installation runs on: SQLite in its data folder, or the MariaDB named by a connection string.</summary>
/// <param name="DataDirectory">Folder of the installation: master key, SQLite file, lock file.</param>
/// <param name="MariaDb">MariaDB connection string, or null for SQLite.</param>
public sealed record DatabaseChoice(string DataDirectory, string? MariaDb)
{
    /// <summary>Models and translated queries of the process, ten units a query. The framework's own room is for a thousand; ours are more, and each that is
    /// pushed out is translated again at its next use: some 10 ms of a processor.</summary>
    static readonly MemoryCache Compiled = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>Seconds for a statement, at least: more than the server waits for a lock (50 s). Its refusal is an answer after which the act may begin anew, a
    /// statement that was broken off is none.</summary>
    const uint Patience = 75;

    public bool IsMariaDb => MariaDb is not null;

    /// <summary>For verbs that only read: the SQLite file is opened read-only and never made.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The SQLite file; it exists only where no MariaDB is named.</summary>
    public string SqliteFile => Path.Combine(DataDirectory, "ownerpay.db");

    public void Configure(DbContextOptionsBuilder options, IEnumerable<IInterceptor> interceptors)
    {
        if (MariaDb is null)
        {
            var sqlite = new SqliteConnectionStringBuilder
            {
                DataSource = SqliteFile, DefaultTimeout = 60, Mode = ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            };
            options.UseSqlite(sqlite.ToString());
            options.AddInterceptors(SqlitePoolDoor.Instance, SqlitePragmas.Instance, new SqliteWriteGate(SqliteFile));
        }
        else
        {
            // Ids are compared and ordered as 16 bytes; updates report matched rows, so that 0 always means "was not there". Connections are not reset
            // when they are taken again: nothing here leaves anything in a session, and the reset is a round trip for each use. Local infile is for our own
            // streams; a file that a server asks for by name the driver refuses.
            var maria = new MySqlConnectionStringBuilder(MariaDb)
            {
                GuidFormat = MySqlGuidFormat.Binary16, UseAffectedRows = false, ConnectionReset = false, AllowLoadLocalInfile = true,
            };
            if (maria.DefaultCommandTimeout is > 0 and < Patience) maria.DefaultCommandTimeout = Patience;
            options.UseMySql(maria.ToString(), MySqlContext.Version, mysql => mysql.ExecutionStrategy(dependencies => new AloneAgain(dependencies)));
            options.AddInterceptors(RowLocks.Instance, IndexPaths.Instance);
        }
        options.AddInterceptors(interceptors);
        options.UseMemoryCache(Compiled);
        // Whether the model has changed since the last migration is asked when the sources are checked; at each start it would build the model twice more.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning, RelationalEventId.PendingModelChangesWarning));
    }
}
