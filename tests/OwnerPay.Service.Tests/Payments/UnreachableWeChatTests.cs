using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

public sealed class UnreachableWeChatTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task While_WeChat_cannot_be_reached_an_owner_is_told_so_keeps_his_bills_and_pays_by_the_same_tap_when_it_is_back(Database database)
    {
        var nobody = Ports.Free();
        await using var installation = await servers.Own(database, 1, null, $"--OwnerPay:WeChatPayUrl=http://127.0.0.1:{nobody}");
        await using var estate = await Estate.Create(installation, 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var (bills, key) = (await owner.OpenBillIds(), Guid.CreateVersion7().ToString("N"));

        var refused = await owner.Checkout(bills, key);

        Assert.Equal((503, "wechat_busy", "暂时连不上微信支付，请稍后重试"), (refused.Status, refused.Code, refused["title"].GetValue<string>()));
        Assert.Equal("没有扣款，账单仍为待缴；重试不会重复下单", refused["detail"].GetValue<string>());
        Assert.Equal(bills, await owner.OpenBillIds());
        var order = refused["orderId"].GetValue<Guid>();
        Assert.Contains("请勿重复支付", (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done()["text"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(503, (await owner.Checkout(bills, key)).Status);
        await estate.Clean();

        await installation.AddInstance();    // it finds the way
        using var back = new Api(installation.Addresses[1], "/api/owner/v1", owner.Api.Token);
        var again = (await new TestOwner(estate, owner.House, owner.OpenId, back).Checkout(bills, key)).Done();
        Assert.Equal((order, "placed"), (again["orderId"].GetValue<Guid>(), again["state"].GetValue<string>()));
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }
}
