using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Reconciliation;

/// <summary>The steps of reconciliation stories: evenings at which owners pay and mornings at which finance looks.</summary>
static class Mornings
{
    /// <summary>Jobs that sleep all day: nothing happens that a test does not ask for.</summary>
    public const string JobsSleep = "--OwnerPay:JobPace=300";

    /// <summary>Jobs that are woken several times a second; half an hour's wait takes four seconds.</summary>
    public const string JobsHurry = "--OwnerPay:JobPace=0.002";

    public static DateTimeOffset At(string day, string time) =>
        DateTimeOffset.Parse($"{day}T{time}:00+08:00", System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<Estate> BilledEstate(this Installation installation, int houses)
    {
        var estate = await Estate.Create(installation, houses);
        await estate.SetTariffs();
        await estate.IssueBills();
        return estate;
    }

    /// <summary>Each owner in turn checks out and pays.</summary>
    /// <returns>Their orders, in the order of payment.</returns>
    public static async Task<List<Guid>> EachPays(this IEnumerable<TestOwner> owners)
    {
        var orders = new List<Guid>();
        foreach (var owner in owners) orders.Add(await owner.PayAll());
        return orders;
    }

    public static Task<Answer> Run(this Estate estate, string day) => estate.Finance.Post(estate.Path + "/reconciliation/run", new { day });

    public static async Task<Answer> Day(this Estate estate, string day) => (await estate.Finance.Get($"{estate.Path}/reconciliation/days/{day}"))
        .Done();

    public static Task<Answer> Close(this Estate estate, string day) => estate.Finance.Post($"{estate.Path}/reconciliation/days/{day}/close");

    public static async Task<JsonArray> Days(this Estate estate) => (await estate.Finance.Get(estate.Path + "/reconciliation/days"))
        .Done()["items"].AsArray();

    /// <summary>Waits until the night's job has reconciled these days.</summary>
    public static Task UntilReconciled(this Estate estate, params string[] days) => Estate.Eventually(
        async () => days.All((await estate.Days()).Select(day => day!["day"]!.GetValue<string>()).Contains), "reconciled: " + string.Join(' ', days),
            seconds: 40);

    /// <summary>Plants a difference in WeChat's bill.</summary>
    public static Task Plant(this Estate estate, string day, string kind, string outTradeNo, long fen = 0) =>
        estate.EmulatorPost($"/admin/bills/{day}/changes", new { kind, outTradeNo, fen });

    /// <summary>What WeChat knows of an order.</summary>
    public static async Task<JsonNode> AtWeChat(this Estate estate, Guid order) =>
        (await estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonNode>($"/admin/orders/{order:N}"))!["order"]!;

    public static async Task<string> TransactionOf(this Estate estate, Guid order) =>
        (await estate.AtWeChat(order))["transactionId"]!.GetValue<string>();

    /// <summary>Cause and reference of each difference, sorted.</summary>
    public static string[] Named(this Answer day) =>
        [.. day["differences"].AsArray().Select(d => $"{d!["cause"]} {d["reference"]} {d["state"]}").Order(StringComparer.Ordinal)];

    public static async Task<string[]> OpenWork(this Estate estate) =>
        [.. (await estate.Finance.Get(estate.Path + "/work-items?state=open")).Done()["items"].AsArray()
            .Select(item => item!["kind"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    public static long Fen(this JsonNode node, string name) => node[name]!.GetValue<long>();
}
