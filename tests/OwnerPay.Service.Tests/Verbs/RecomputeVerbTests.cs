using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

[Collection("SQLite has one writing process: these take turns")]
public sealed class RecomputeVerbTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task The_price_of_a_paid_order_comes_out_the_same_again_and_is_explained_beside_the_running_service(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        await estate.Offer(percent: "8.00");    // a later version changes no price of before

        var (exitCode, output, complaint) = await CommandLine.Run(null, ["recompute", order.ToString("N"), .. estate.Installation.Of()]);
        Assert.True(exitCode == 0, output + complaint);
        foreach (var part in new[] { "本金 250.88 元", "减 12.54 元：早缴优惠（early-bird 第 1 版）", "应付 238.34 元", "结论：一致" }) Assert.Contains(part, output,
            StringComparison.Ordinal);

        var answer = (await estate.Finance.Get($"{estate.Path}/payments/{order}/recompute")).Done();
        Assert.True(answer["isEqual"].GetValue<bool>());
        Assert.Equal(answer["hashThen"].GetValue<string>(), answer["hashNow"].GetValue<string>());
        Assert.Equal((23_834L, 23_834L), (answer["payableFenThen"].GetValue<long>(), answer["payableFenNow"].GetValue<long>()));
        Assert.Empty(answer["differences"].AsArray());
        Assert.Equal(200, (await estate.Manager.Get($"{estate.Path}/payments/{order}/recompute")).Status);
        Assert.Equal(403, (await estate.Clerk.Get($"{estate.Path}/payments/{order}/recompute")).Status);
        Assert.Equal("order_not_found", (await estate.Finance.Get($"{estate.Path}/payments/{Guid.CreateVersion7()}/recompute")).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_fen_that_somebody_changed_in_a_stored_quote_is_told_whether_it_stood_in_the_bill_or_in_the_price(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        var order = await (await estate.SignIn(estate.Houses[0])).PayAll();
        var frozen = await estate.Installation.Db(db => db.Set<PaymentOrder>().Where(o => o.Id == order).Select(o => o.Quote).SingleAsync());

        var inTheBill = await Recompute(frozen.Replace("\"principalFen\":25088", "\"principalFen\":25089", StringComparison.Ordinal));
        Assert.Contains("重算的指纹与当时的指纹不同", inTheBill, StringComparison.Ordinal);
        Assert.Contains("订单本金 250.88 元，重算为 250.89 元", inTheBill, StringComparison.Ordinal);
        // The hash is of input and result together, computed from the input: a changed result alone does not move it.
        var inThePrice = await Recompute(frozen.Replace("\"payableFen\":23834", "\"payableFen\":23833", StringComparison.Ordinal));
        Assert.Contains("冻结的第 1 行应付 238.33 元，重算为 238.34 元", inThePrice, StringComparison.Ordinal);
        var inTheShare = await Recompute(frozen.Replace("\"fen\":1254", "\"fen\":1255", StringComparison.Ordinal));
        Assert.Contains("优惠的分摊", inTheShare, StringComparison.Ordinal);
        Assert.Contains("无法读取", await Recompute("{}"), StringComparison.Ordinal);

        async Task<string> Recompute(string quote)
        {
            Assert.NotEqual(frozen, quote);
            await estate.Installation.Db(db => db.Set<PaymentOrder>().Where(o => o.Id == order).ExecuteUpdateAsync(set => set.SetProperty(o =>
                o.Quote, quote)));
            var (exitCode, output, complaint) = await CommandLine.Run(null, ["recompute", order.ToString("N"), .. estate.Installation.Of()]);
            Assert.True(exitCode == 1, output + complaint);
            Assert.Contains("结论：不一致", output, StringComparison.Ordinal);
            return output;
        }
    }
}
