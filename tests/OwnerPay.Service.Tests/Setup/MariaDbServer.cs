using System.Diagnostics;
using MySqlConnector;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>A real MariaDB for the tests: the one that <c>tests/run</c> started, or one of this run's own in a temporary folder. There is no run without it.</summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    readonly Process? process;
    readonly string? folder;

    MariaDbServer(string connection, Process? process, string? folder) => (Connection, this.process, this.folder) = (connection, process, folder);

    /// <summary>Where data of tests lives: in memory if the machine has such a place. Processes are killed here, machines are not.</summary>
    public static string FastFolder => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>Connection string without a database.</summary>
    public string Connection { get; }

    /// <summary>Processor time that the server has used so far; zero for one that somebody else started.</summary>
    public TimeSpan ProcessorTime()
    {
        process?.Refresh();
        return process?.TotalProcessorTime ?? TimeSpan.Zero;
    }

    public string ConnectionTo(string database) => new MySqlConnectionStringBuilder(Connection) { Database = database }.ToString();

    /// <exception cref="InvalidOperationException">MariaDB is not installed or does not start.</exception>
    public static async Task<MariaDbServer> Start() =>
        Environment.GetEnvironmentVariable("OWNERPAY_TEST_MARIADB") is { Length: > 0 } given
            ? new MariaDbServer(given, null, null)
            : await Start(FastFolder);

    /// <summary>A server of the caller's own.</summary>
    /// <param name="root">Where its folder is made: on a disk where durability is measured, in memory where it is not.</param>
    /// <exception cref="InvalidOperationException">MariaDB is not installed or does not start.</exception>
    public static async Task<MariaDbServer> Start(string root)
    {
        var folder = Path.Combine(root, "ownerpay-mariadb-" + Guid.CreateVersion7().ToString("N")[^12..]);
        Directory.CreateDirectory(folder);
        var user = Environment.UserName;
        var install = Process.Start(new ProcessStartInfo("mariadb-install-db",
            $"--no-defaults --datadir={folder}/data --user={user} --auth-root-authentication-method=normal --skip-test-db")
        { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("mariadb-install-db is missing: install mariadb-server, or call tests/run, which does.");
        await install.StandardOutput.ReadToEndAsync();
        await install.WaitForExitAsync();
        var process = Process.Start(new ProcessStartInfo("mariadbd",
            $"--no-defaults --user={user} --datadir={folder}/data --socket={folder}/s.sock --pid-file={folder}/pid --skip-networking "
            + "--innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=256M --max-connections=2000 --character-set-server=utf8mb4")
        { RedirectStandardError = true, RedirectStandardOutput = true }) ?? throw new InvalidOperationException("mariadbd did not start");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var connection = $"Server={folder}/s.sock;ConnectionProtocol=unix;User=root;Maximum Pool Size=80;Connection Idle Timeout=10";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var probe = new MySqlConnection(connection);
                await probe.OpenAsync();
                return new MariaDbServer(connection, process, folder);
            }
            catch (MySqlException) when (attempt < 150 && !process.HasExited) { await Task.Delay(200); }
        }
    }

    public async Task Drop(string database)
    {
        await using var connection = new MySqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = new MySqlCommand($"DROP DATABASE IF EXISTS `{database}`", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        MySqlConnection.ClearAllPools();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        Directory.Delete(folder!, recursive: true);
    }
}
