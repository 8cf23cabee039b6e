using System.Text.Json.Nodes;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>An owner with a phone: signed in, bound to a house, paying through the emulator.</summary>
public sealed class TestOwner(Estate estate, TestHouse house, string openId, Api api)
{
    public Estate Estate => estate;
    public TestHouse House => house;
    public string OpenId => openId;
    public Api Api => api;
    public string Path => $"/houses/{house.Id}";

    public async Task<JsonArray> OpenBills() => (await api.Get(Path + "/bills?state=open")).Done()["items"].AsArray();

    public async Task<Guid[]> OpenBillIds() => [.. (await OpenBills()).Select(bill => bill!["billId"]!.GetValue<Guid>())];

    public Task<Answer> Quote(params Guid[] bills) => api.Post(Path + "/quotes", new { billIds = bills });

    /// <summary>Checks out the bills at the price that is shown now.</summary>
    public async Task<Answer> Checkout(Guid[] bills, string? key = null)
    {
        var quote = (await Quote(bills)).Done();
        return await api.Post(Path + "/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>() }, key);
    }

    /// <summary>Types the password on WeChat's pay sheet.</summary>
    public Task<JsonNode> TypePassword(Guid orderId, object? wish = null) => estate.EmulatorPost($"/admin/orders/{orderId:N}/pay", wish);

    public async Task<string> OrderState(Guid orderId) => (await api.Get($"{Path}/payments/{orderId}")).Done()["state"].GetValue<string>();

    /// <summary>Pays all that is open and waits until it is booked.</summary>
    /// <returns>The order's id.</returns>
    public async Task<Guid> PayAll()
    {
        var order = (await Checkout(await OpenBillIds())).Done()["orderId"].GetValue<Guid>();
        await TypePassword(order);
        await UntilPaid(order);
        return order;
    }

    public Task UntilPaid(Guid order) => Estate.Eventually(async () => await OrderState(order) == "paid", $"order {order:N} is paid");
}
