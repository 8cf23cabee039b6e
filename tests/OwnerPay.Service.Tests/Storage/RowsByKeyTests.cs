using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

public sealed class RowsByKeyTests(Servers servers)
{
    // Settlement reads past LINQ: what it reads must be what everybody else reads, to the last column.
    [Theory, EachDatabase]
    public async Task Rows_read_by_key_are_those_that_LINQ_reads_but_for_what_was_left_out(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        await estate.Offer();
        foreach (var house in estate.Houses) await (await estate.SignIn(house)).Order();

        // One snapshot: the chase goes on meanwhile.
        await estate.Installation.Db(async db =>
        {
            await db.BeginReadSnapshot(default);
            await Compare(db, estate.CommunityId);
            await db.Database.RollbackTransactionAsync();
            await db.Database.CloseConnectionAsync();
            return 0;
        });
    }

    static async Task Compare(OwnerPayDb db, Guid community)
    {
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.CommunityId == community).OrderBy(o => o.Id).ToListAsync();
        var bills = await db.Bills.AsNoTracking().Where(b => b.CommunityId == community).OrderBy(b => b.Id).ToListAsync();
        var lines = await db.BillLines.AsNoTracking().Where(l => l.CommunityId == community).OrderBy(l => l.Id).ToListAsync();
        Guid[] ids = [.. orders.Select(o => o.Id), Guid.CreateVersion7()];

        Same(orders, await db.RowsByKey<PaymentOrder>("Id", ids, locked: false, default));
        Same(bills, await db.RowsByKey<Bill>("Id", [.. bills.Select(b => b.Id)], locked: false, default));
        Same(lines, await db.RowsByKey<BillLine>("BillId", [.. bills.Select(b => b.Id)], locked: false, default));
        var shorter = await db.RowsByKey<PaymentOrder>("Id", ids, locked: false, default, "Quote", "Request");
        Assert.All(shorter, order => Assert.Equal(("{}", 0), (order.Quote, order.Request.Length)));
        Assert.Equal(orders.Select(o => (o.Id, o.PayableFen, o.State, o.ExpiresAt, o.EndedAt)), shorter.Select(o => (o.Id, o.PayableFen, o.State, o.ExpiresAt, o.EndedAt)));
        Assert.Empty(await db.RowsByKey<Bill>("Id", [], locked: true, default));
    }

    static void Same<T>(IEnumerable<T> expected, IEnumerable<T> read) => Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(read));
}
