namespace OwnerPay.Service.Storage;

/// <summary>SQLite is for one writing process: the second one is refused by an operating-system lock on a file beside the database.</summary>
public sealed class SingleWriter : IDisposable
{
    readonly FileStream? held;

    SingleWriter(FileStream? held) => this.held = held;

    /// <summary>Takes the lock for SQLite; MariaDB needs none.</summary>
    /// <exception cref="IOException">Another process writes to this data folder.</exception>
    public static SingleWriter Take(DatabaseChoice database)
    {
        if (database.IsMariaDb) return new SingleWriter(null);
        Directory.CreateDirectory(database.DataDirectory);
        try
        {
            return new SingleWriter(new FileStream(
                Path.Combine(database.DataDirectory, "ownerpay.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new IOException($"另一个进程正在使用数据目录 {database.DataDirectory}；SQLite 只允许一个写入进程。", taken);
        }
    }

    public void Dispose() => held?.Dispose();
}
