using System.Text;
using OwnerPay.Service.Tests.Payments.Bank;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;
using static OwnerPay.Service.Tests.Crash.Writes.MoneyFlows;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The flows of money that comes another way than through WeChat.</summary>
static class CounterFlows
{
    public static readonly IReadOnlyList<MoneyFlow> All =
    [
        new("take cash at the counter", async estate =>
        {
            await estate.BillNow();
            await estate.OpenShift();
            var house = estate.Houses[0];
            var bills = await estate.BillsAtCounter(house);
            var (hash, key) = (await estate.HashAtCounter(house, bills), Key());
            return host => host.Staff(estate.Cashier, estate.Path + "/counter/payments", new { houseId = house.Id, way = "cash", billIds = bills, quoteHash = hash }, key);
        }),
        new("close a shift", async estate =>
        {
            var shift = await WithCash(estate);
            var key = Key();
            return host => host.Staff(estate.Cashier, $"{estate.Path}/counter/shifts/{shift}/close", new { countedFen = 75_000, note = "少 0.88 元，待查" }, key);
        }) { Killable = false },
        new("take the cash to the bank", async estate =>
        {
            var bank = await estate.AddBankAccount();
            var shift = await WithCash(estate);
            (await estate.Count(shift, 75_088)).Done();
            (await estate.Confirm(shift, 75_088)).Done();
            var (key, on) = (Key(), Text(estate.Today()));
            return host => host.Staff(estate.Finance, $"{estate.Path}/counter/shifts/{shift}/deposit", new { bankAccountId = bank, slip = "JK001", on }, key);
        }) { Killable = false },
        new("import a bank statement", async estate =>
        {
            await estate.BillNow();
            await estate.AddBankAccount();
            var code = await estate.TransferCode(estate.Houses[0]);
            var on = Text(estate.Today());
            var file = Encoding.UTF8.GetBytes(BankSteps.Statement($"{on},A001,250.88,,物业费 {code},业主1,6222000011112222", $"{on},A002,88.00,,谢谢,陌生人,6222000011114444"));
            var key = Key();
            return host => host.Upload(estate.Finance, estate.Path + "/bank/statements?account=icbc-01", file, "statement.csv", key);
        }),
        new("match a bank row", async estate =>
        {
            await estate.BillNow();
            await estate.AddBankAccount();
            (await estate.ImportStatement(BankSteps.Statement($"{Text(estate.Today())},A001,300.00,,谢谢,陌生人,"))).Done();
            var row = (await estate.BankRows()).Single();
            var key = Key();
            return host => host.Staff(estate.Finance, $"{estate.Path}/bank/rows/{row.Id}/claim", new { houseId = estate.Houses[0].Id }, key);
        }) { Killable = false },
    ];

    /// <returns>An open shift with 500.00 yuan of its float and 250.88 that were paid.</returns>
    static async Task<Guid> WithCash(Estate estate)
    {
        await estate.BillNow();
        var shift = await estate.OpenShift();
        (await estate.Take(estate.Houses[0])).Done();
        return shift;
    }
}
