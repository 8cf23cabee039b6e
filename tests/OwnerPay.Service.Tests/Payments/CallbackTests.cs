using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

public sealed class CallbackTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_owner_who_pays_gets_bills_closed_points_and_a_numbered_receipt(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);

        var order = await owner.PayAll();

        Assert.Empty(await owner.OpenBills());
        var points = (await owner.Api.Get(owner.Path + "/points")).Done();
        Assert.Equal(250, points["balance"].GetValue<long>());
        await Estate.Eventually(async () => (await owner.Api.Get($"{owner.Path}/payments/{order}/receipt")).Done()["numbered"].GetValue<bool>(), "the receipt has its number");
        var receipt = (await owner.Api.Get($"{owner.Path}/payments/{order}/receipt")).Done();
        Assert.Equal("2026-000001", receipt["number"].GetValue<string>());
        Assert.Equal("贰佰伍拾元捌角捌分", receipt["amountInWords"].GetValue<string>());
        var page = (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done();
        Assert.Equal("缴费成功", page["text"].GetValue<string>());
        Assert.Single((await owner.Api.Get(owner.Path + "/payments")).Done()["items"].AsArray());
        await estate.Clean();
    }

    // WeChat repeats what was answered well, and one user's table got the payment several times.
    [Theory, EachDatabase]
    [Trait("Incident", "11")]
    public async Task A_callback_that_comes_again_and_ten_times_at_once_books_the_money_once(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });

        var first = await estate.TellAgain(order, new { times = 10 });
        var later = await estate.TellAgain(order);

        Assert.All(first.Concat(later), status => Assert.Equal(204, status));
        var payment = Assert.Single(await estate.Booked());
        Assert.Equal((PaymentOutcome.Settled, 25_088), (payment.Outcome, payment.ReceivedFen));
        Assert.Equal(250, (await owner.Api.Get(owner.Path + "/points")).Done()["balance"].GetValue<long>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_callback_with_a_broken_signature_or_a_stale_timestamp_changes_nothing_and_is_asked_for_again(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });

        Assert.Equal(401, Assert.Single(await estate.TellAgain(order, new { badSignature = true })));
        Assert.Equal(401, Assert.Single(await estate.TellAgain(order, new { timestampOffsetSeconds = -600 })));
        Assert.Empty(await estate.Booked());

        Assert.Equal(204, Assert.Single(await estate.TellAgain(order)));
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }
}
