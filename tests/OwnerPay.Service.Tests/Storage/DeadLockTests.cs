using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

/// <summary>Dead-locks of MariaDB made on purpose, the same each time: one transaction holds what the other needs and asks for more when that one waits.</summary>
public sealed class DeadLockTests(Servers servers)
{
    [Fact]
    public async Task An_update_on_its_own_that_loses_a_dead_lock_is_run_again_and_its_caller_sees_nothing()
    {
        var installation = await servers.Shared(Database.MariaDb);
        var keys = Enumerable.Range(0, 8).Select(number => (byte[])[(byte)number, .. Guid.CreateVersion7().ToByteArray(), .. new byte[15]]).ToList();
        List<byte[]> contested = [keys[0], keys[1]], others = keys[2..];
        await installation.Db(db => db.InsertUnlessThere<OnceKey>([.. keys.Select(key => new OnceKey { Id = key, InputHash = new byte[32], CreatedAt = TimeProvider.System.GetUtcNow() })], default));

        var updated = await installation.Db(async holder =>
        {
            await using var transaction = await holder.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            await Answer(holder, others, "held");    // who has changed more is let live
            await Answer(holder, [contested[1]], "held");
            var alone = installation.Db(db => Answer(db, contested, "alone"));
            await Waits(alone, holder);
            await Answer(holder, [contested[0]], "held");
            await transaction.CommitAsync();
            return await alone;
        });

        Assert.Equal(2, updated);
        Assert.Equal(["alone", "alone"], await installation.Db(db => db.Set<OnceKey>().Where(k => contested.Contains(k.Id)).Select(k => k.Answer).ToListAsync()));
    }

    // A statement that is broken off tells nothing of its transaction; one that waited too long for a lock may begin anew.
    [Fact]
    public async Task A_statement_that_waits_for_a_lock_is_given_up_by_the_server_before_the_service_breaks_it_off()
    {
        var installation = await servers.Shared(Database.MariaDb);

        var (waits, patience) = await installation.Db(async db => (
            await db.Database.SqlQuery<long>($"SELECT CAST(@@innodb_lock_wait_timeout AS SIGNED) AS Value").SingleAsync(),
            db.Database.GetDbConnection().CreateCommand().CommandTimeout));

        Assert.True(patience > waits, $"The server waits {waits} s for a lock, the service {patience} s for an answer");
    }

    static Task<int> Answer(OwnerPayDb db, List<byte[]> keys, string answer) =>
        db.Set<OnceKey>().Where(k => keys.Contains(k.Id)).ExecuteUpdateAsync(set => set.SetProperty(k => k.Answer, answer));

    // Settlement holds the row and moves its entry in the house's index: a checkout that had locked the entry first would kill one of the two.
    [Fact]
    public async Task Who_checks_out_bills_that_another_settles_waits_for_them_and_kills_nobody()
    {
        await using var estate = await servers.Estate(Database.MariaDb, houses: 16);
        await estate.BillAll();
        await estate.BillAll("2027-01-01", "2027-01-31", "2027-01-31");
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();

        var answer = await estate.Installation.Db(async settling =>
        {
            await using var transaction = await settling.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            await settling.LockBills(bills, default);
            var checkout = owner.Checkout(bills);
            await Waits(checkout, settling);
            await settling.Bills.Where(b => bills.Contains(b.Id)).ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BillState.Paid));
            await transaction.RollbackAsync();
            return await checkout;
        });

        answer.Done();    // what the other did was undone
    }

    static async Task Waits<T>(Task<T> act, OwnerPayDb holder)
    {
        await Estate.Eventually(async () => act.IsCompleted || await Blocks(holder), "somebody waits for what this transaction holds");
        if (act.IsCompleted) Assert.Fail($"It did not wait: {await act} {(await act as Answer)?.Fault}");
    }

    static async Task<bool> Blocks(OwnerPayDb holder)
    {
        await Task.Delay(200);    // who looks more often than each 100 ms is shown what was seen before
        return await holder.Database.SqlQuery<int>($"""
            SELECT COUNT(*) AS Value FROM information_schema.INNODB_LOCK_WAITS w JOIN information_schema.INNODB_TRX t ON t.trx_id = w.blocking_trx_id
            WHERE t.trx_mysql_thread_id = CONNECTION_ID()
            """).SingleAsync() > 0;
    }
}
