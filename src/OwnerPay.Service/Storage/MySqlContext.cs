using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace OwnerPay.Service.Storage;

/// <summary>OwnerPay on MariaDB (or MySQL, by intention): production, several instances on one database.</summary>
public sealed class MySqlContext(DbContextOptions<MySqlContext> options) : OwnerPayDb(options)
{
    /// <summary>Named rather than detected, so that migrations can be written without a server.</summary>
    public static readonly ServerVersion Version = new MariaDbServerVersion(new Version(10, 11));

    public override bool IsMariaDb => true;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // Binary collation: codes and ids compare ordinally, as on SQLite and in C#.
        modelBuilder.UseCollation("utf8mb4_bin", DelegationModes.ApplyToAll);
        base.OnModelCreating(modelBuilder);
    }

    /// <summary>What the migration tools ask for; it never opens a connection.</summary>
    public sealed class Design : IDesignTimeDbContextFactory<MySqlContext>
    {
        public MySqlContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<MySqlContext>().UseMySql("Server=localhost;GuidFormat=Binary16", Version).Options);
    }
}
