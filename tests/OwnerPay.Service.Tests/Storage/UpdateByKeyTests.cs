using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Storage;

public sealed class UpdateByKeyTests(Servers servers)
{
    // Settlement writes past LINQ: a state or a date spelled in another way than LINQ does would be lost to everybody who looks for it.
    [Theory, EachDatabase]
    public async Task Rows_changed_by_key_are_found_by_LINQ_and_those_in_another_state_stay_as_they_were(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.BillAll();
        var day = new DateOnly(2026, 12, 9);

        var (changed, none, paid, open, lines, holds) = await estate.Installation.Db(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();    // given up: the books stay right
            var bills = await db.Bills.Where(b => b.CommunityId == estate.CommunityId).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync();
            Task<int> Pay(params Guid[] ids) => db.UpdateByKey<Bill>("Id", ids, new("State", BillState.Open),
                [new("OpenFen", 0L), new("State", BillState.Paid), new("PaidOn", day)], default);
            var two = await Pay(bills[0], bills[1], Guid.CreateVersion7());
            var again = await Pay(bills[0], bills[1]);
            var closed = await db.UpdateByKey<BillLine>("BillId", [bills[0]], new("OpenFen", 0L, Is: ">"), [new("OpenFen", 0L)], default);
            db.Add(new BillHold { BillId = bills[2], OrderId = bills[2] });
            await db.SaveChangesAsync();
            var removed = await db.DeleteByKey<BillHold>("OrderId", [bills[2], bills[1]], default);
            return (two, again,
                await db.Bills.CountAsync(b => b.CommunityId == estate.CommunityId && b.State == BillState.Paid && b.PaidOn == day && b.OpenFen == 0),
                await db.Bills.CountAsync(b => b.CommunityId == estate.CommunityId && b.State == BillState.Open && b.PaidOn == null && b.OpenFen > 0),
                closed == await db.BillLines.CountAsync(l => l.BillId == bills[0] && l.OpenFen == 0), removed);
        });

        Assert.Equal((2, 0, 2, 1, true, 1), (changed, none, paid, open, lines, holds));
        Assert.Equal(0, await estate.Installation.Db(db => db.UpdateByKey<Bill>("Id", [], new("State", BillState.Open), [], default)));
    }
}
