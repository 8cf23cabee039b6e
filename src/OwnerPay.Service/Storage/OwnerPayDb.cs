using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OwnerPay.Service.Storage;

/// <summary>The one database of OwnerPay. It names no table itself: each slice hangs its own tables on it as extension properties.</summary>
public abstract class OwnerPayDb : DbContext
{
    protected OwnerPayDb(DbContextOptions options) : base(options)
    {
        // Once sets the one savepoint that is needed; a savepoint around every SaveChanges costs two round trips each.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>True on MariaDB and MySQL, false on SQLite.</summary>
    public abstract bool IsMariaDb { get; }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OwnerPayDb).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        // SQLite cannot sort DateTimeOffset; Unix milliseconds sort, index and compare alike on both databases.
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(24);
        conventions.Properties<string>().HaveMaxLength(190);
    }

    sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
}
