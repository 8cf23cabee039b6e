using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Storage;

public sealed class SqliteWriteGateTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ownerpay-gate-").FullName;

    [Fact]
    public async Task A_write_that_failed_in_any_way_keeps_no_later_one_waiting()
    {
        await using (var db = Open())
        {
            await db.Database.EnsureCreatedAsync();
            db.Add(new WorkItem { Id = Guid.CreateVersion7(), Kind = "taken" });
            await db.SaveChangesAsync();
        }

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(Lost);
        await NextIsNotKept();
        await Assert.ThrowsAsync<DbUpdateException>(Refused);
        await NextIsNotKept();
        await Assert.ThrowsAsync<InvalidOperationException>(Broken);
        await NextIsNotKept();
    }

    // One owner left the page in the very moment in which his write had its turn, and from then on nobody could write any more.
    [Fact]
    public async Task Who_gives_up_in_the_moment_of_his_turn_keeps_nobody_waiting()
    {
        using var gone = new CancellationTokenSource();
        var options = new DbContextOptionsBuilder<SqliteContext>();
        new DatabaseChoice(folder, null).Configure(options, [new GivesUp(gone)]);
        var pool = new PooledDbContextFactory<SqliteContext>(options.Options);
        await using (var db = await pool.CreateDbContextAsync()) await db.Database.EnsureCreatedAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var db = await pool.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync(gone.Token);
            db.Add(Entry());
            await db.SaveChangesAsync(gone.Token);
        });

        await NextIsNotKept();
    }

    /// <summary>Comes behind the gate.</summary>
    sealed class GivesUp(CancellationTokenSource gone) : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
        {
            if (cancellationToken.CanBeCanceled) await gone.CancelAsync();
            return result;
        }
    }

    async Task Lost()
    {
        await using var db = Open();
        var item = await db.Set<WorkItem>().FirstAsync();
        item.State = WorkItemState.Done;
        db.Add(Entry());
        await using (var other = Open()) await other.Set<WorkItem>().ExecuteUpdateAsync(set => set.SetProperty(i => i.State, WorkItemState.Done));
        await db.SaveChangesAsync();
    }

    async Task Refused()
    {
        await using var db = Open();
        db.AddRange(Entry(), new WorkItem { Id = Guid.CreateVersion7(), Kind = "taken" });
        await db.SaveChangesAsync();
    }

    async Task Broken()
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        throw new InvalidOperationException("in the middle");
    }

    async Task NextIsNotKept()
    {
        await using var db = Open();
        db.AddRange(Entry(), Entry());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await db.SaveChangesAsync(patience.Token);
    }

    static AuditEntry Entry() => new() { Id = Guid.CreateVersion7() };

    SqliteContext Open()
    {
        var options = new DbContextOptionsBuilder<SqliteContext>();
        new DatabaseChoice(folder, null).Configure(options, []);
        return new SqliteContext(options.Options);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
