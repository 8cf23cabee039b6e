using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>Two instances behind one address, on one MariaDB: neither holds anything that the other lacks.</summary>
public sealed class TwoInstancesTests(Servers servers)
{
    const int Owners = 12;

    [Fact]
    public async Task An_owner_who_pays_through_one_instance_is_booked_by_the_other_that_WeChat_happens_to_call()
    {
        await using var board = await Switchboard.Start();
        await using var estate = await Billed(board);
        board.Targets = [estate.Installation.Addresses[1]];

        var orders = await PayAll(estate, board, answers: Owners);

        Assert.All(board.Answers, status => Assert.Equal(204, status));
        await EachBookedOnce(estate, orders);
    }

    [Fact]
    [Trait("Incident", "10")]
    public async Task An_owner_is_not_booked_twice_when_both_instances_hear_of_his_payment_at_the_same_moment()
    {
        await using var board = await Switchboard.Start();
        await using var estate = await Billed(board);
        board.Targets = [.. estate.Installation.Addresses];

        var orders = await PayAll(estate, board, answers: 2 * Owners);

        Assert.All(board.Answers, status => Assert.Equal(204, status));
        await EachBookedOnce(estate, orders);
        var told = await estate.Installation.Db(db =>
        {
            var callbacks = db.WeChatCallbacks;
            return callbacks.AsNoTracking().ToListAsync();
        });
        Assert.Equal(Owners, told.Count);
        Assert.All(told, callback => Assert.True(callback.Times >= 2, $"told {callback.Times} times"));
        Assert.All(told, callback => Assert.Contains(callback.Outcome, (string?[])["settled", "already-settled"]));    // the chase may have been faster
    }

    async Task<Estate> Billed(Switchboard board)
    {
        var installation = await servers.Own(Database.MariaDb, instances: 2, args: ["--public-url", board.Address.GetLeftPart(UriPartial.Authority)]);
        var estate = (await Estate.Create(installation, Owners)).WithServers();
        await estate.BillAll();
        return estate;
    }

    /// <summary>Everybody pays at once through the first instance. Nobody looks at his order's page: that would ask WeChat, and the call would come too late.</summary>
    static async Task<Guid[]> PayAll(Estate estate, Switchboard board, int answers)
    {
        var orders = await Task.WhenAll((await estate.SignInAll()).Select(async owner =>
        {
            var order = await owner.Order();
            await owner.TypePassword(order, new { callback = "beforeAnswering" });
            return order;
        }));
        await Estate.Eventually(() => Task.FromResult(board.Answers.Count >= answers), "every call of WeChat is answered");
        return orders;
    }

    static async Task EachBookedOnce(Estate estate, Guid[] orders)
    {
        var booked = await estate.Booked();
        Assert.Equal(orders.Order(), booked.Select(payment => payment.OrderId!.Value).Order());
        Assert.All(booked, payment => Assert.Equal(PaymentOutcome.Settled, payment.Outcome));
        var taken = await estate.Installation.PaidOrders();
        Assert.Equal(taken.Values.Order(StringComparer.Ordinal), booked.Select(payment => payment.TransactionId).Order(StringComparer.Ordinal));
        await estate.Clean();
    }
}
