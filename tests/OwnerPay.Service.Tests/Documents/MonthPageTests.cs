using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>The page that finance signs at the end of a month.</summary>
public sealed class MonthPageTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Finance_signs_a_month_that_shows_each_day_its_sums_and_every_difference(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "15:00"), Mornings.JobsSleep);
        await using var estate = await installation.BilledEstate(houses: 2);
        var orders = await (await estate.SignInAll()).EachPays();
        await estate.Plant("2026-12-10", "drop", orders[1].ToString("N"));
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "11:00"));
        (await estate.Run("2026-12-10")).Done();

        var page = (await estate.Fetch(estate.Finance, estate.Print("/reconciliation/months/2026-12"))).Done().Text;

        foreach (var words in new[] { "微信支付月度对账表", "12-10", "502.04", "250.88", "我方已入账，微信账单中没有", "未关账", "财务负责人", "1 笔，其中未处理 1 笔" })
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains("本月没有差异", (await estate.Fetch(estate.Finance, estate.Print("/reconciliation/months/2026-11"))).Done().Text, StringComparison.Ordinal);
        Assert.Equal(400, (await estate.Fetch(estate.Finance, estate.Print("/reconciliation/months/2026-13"))).Status);
        Assert.Equal(403, (await estate.Fetch(estate.Clerk, estate.Print("/reconciliation/months/2026-12"))).Status);
    }
}
