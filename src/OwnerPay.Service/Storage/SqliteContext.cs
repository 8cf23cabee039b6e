using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace OwnerPay.Service.Storage;

/// <summary>OwnerPay on SQLite: the embedded default, one writing process.</summary>
public sealed class SqliteContext(DbContextOptions<SqliteContext> options) : OwnerPayDb(options)
{
    public override bool IsMariaDb => false;

    /// <summary>What the migration tools ask for; it never opens a database.</summary>
    public sealed class Design : IDesignTimeDbContextFactory<SqliteContext>
    {
        public SqliteContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteContext>().UseSqlite("Data Source=design.db").Options);
    }
}
