using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Callbacks that arrive at one moment share a commit; none of them may suffer from its neighbours.</summary>
public sealed class SettleTogetherTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Owners_who_pay_at_one_moment_are_booked_together_and_the_odd_ones_among_them_each_as_they_deserve(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 5);
        await estate.BillAll();
        var (first, second, wrong, told) = (await Ordered(estate, 0), await Ordered(estate, 1), await Ordered(estate, 2), await Ordered(estate, 3));
        var earlier = PaySteps.TransactionNumber();
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<SettlementQueue>();
        Assert.Equal(SettleOutcome.Settled, (await queue.Run(await Arrival(estate, told, earlier))).Outcome);
        Arrival[] arrivals =
        [
            await Arrival(estate, first), await Arrival(estate, second), await Arrival(estate, wrong, fen: 1), await Arrival(estate, told, earlier),
            await Arrival(estate, first, PaySteps.TransactionNumber()),
        ];

        var together = await scope.ServiceProvider.GetRequiredService<SettleTogether>().Run(estate.CommunityId, arrivals, default);
        Assert.Equal([SettleOutcome.Settled, SettleOutcome.Settled, null, null, null], together.Select(answer => answer?.Outcome));
        var alone = await Task.WhenAll(arrivals.Select(queue.Run));

        Assert.Equal(
            [SettleOutcome.Settled, SettleOutcome.Settled, SettleOutcome.Suspense, SettleOutcome.Settled, SettleOutcome.Prepaid], alone.Select(answer => answer.Outcome));
        Assert.Equal(together[0]!.PaymentId, alone[0].PaymentId);    // told again, the same payment
        Assert.Equal(5, (await estate.Booked()).Count);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Fifty_owners_of_two_estates_who_pay_at_once_each_find_their_money_booked_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 25);
        await using var other = await servers.Estate(database, houses: 25);
        List<Arrival> arrivals = [];
        foreach (var each in (Estate[])[estate, other])
        {
            await each.BillAll();
            for (var house = 0; house < 25; house++) arrivals.Add(await Arrival(each, await Ordered(each, house)));
        }
        var queue = estate.Installation.Services.GetRequiredService<SettlementQueue>();

        // Each is told twice, as WeChat does, and all at the same moment.
        var answers = await Task.WhenAll(arrivals.Concat(arrivals.Select(Repeated)).Select(queue.Run));

        Assert.All(answers, answer => Assert.Equal(SettleOutcome.Settled, answer.Outcome));
        Assert.Equal(50, answers.Select(answer => answer.PaymentId).Distinct().Count());
        Assert.Equal((25, 25), ((await estate.Booked()).Count, (await other.Booked()).Count));
        await estate.Clean();
        await other.Clean();
    }

    sealed record Waiting(Guid Order, string OpenId);

    static async Task<Waiting> Ordered(Estate estate, int house)
    {
        var owner = await estate.SignIn(estate.Houses[house]);
        return new(await owner.Order(), owner.OpenId);
    }

    static Arrival Repeated(Arrival first) => first with { Callback = Callback(first.Money) };

    static async Task<Arrival> Arrival(Estate estate, Waiting paid, string? transaction = null, long? fen = null)
    {
        var (account, payable) = await estate.Installation.Db(async db =>
        {
            var orders = db.PaymentOrders;
            var order = await orders.AsNoTracking().SingleAsync(o => o.Id == paid.Order);
            return (order.MerchantAccountId, order.PayableFen);
        });
        var merchant = await estate.Installation.Services.GetRequiredService<MerchantKeys>().Get(account, default);
        var money = new ArrivedMoney(merchant, merchant.AppId, paid.Order.ToString("N"), transaction ?? PaySteps.TransactionNumber(), paid.OpenId, fen ?? payable, "CNY", 0,
            estate.Installation.Clock.GetUtcNow());
        return new(money, Callback(money));
    }

    static WeChatCallback Callback(ArrivedMoney money) => new()
    {
        Id = Guid.CreateVersion7(), MchId = money.Merchant.MchId, NotificationId = Guid.CreateVersion7().ToString(), EventType = "TRANSACTION.SUCCESS",
        OutTradeNo = money.OutTradeNo, TransactionId = money.TransactionId, ReceivedAt = money.PaidAt,
    };
}
