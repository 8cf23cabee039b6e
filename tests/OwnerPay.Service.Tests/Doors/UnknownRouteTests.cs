using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class UnknownRouteTests(Servers servers)
{
    // A wrong character in a notify URL must not look like a delivered notice.
    [Theory, EachDatabase]
    [Trait("Incident", "3")]
    public async Task A_call_to_an_address_that_does_not_exist_is_answered_404_and_not_200(Database database)
    {
        var installation = await servers.Shared(database);
        using var api = new Api(installation.Addresses[0], "", null);

        var answer = await api.Post("/wechat/pay/transactoins", new { id = "1" });

        Assert.Equal(404, answer.Status);
        Assert.Equal("not_found", answer.Code);
        Assert.Equal("没有找到", answer["title"].GetValue<string>());
    }
}
