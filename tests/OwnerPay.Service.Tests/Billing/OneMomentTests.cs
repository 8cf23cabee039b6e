using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>What somebody reads while somebody else pays.</summary>
public sealed class OneMomentTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_owner_who_asks_for_a_price_in_the_moment_in_which_his_wife_pays_gets_the_price_or_a_refusal_and_no_fault(Database database)
    {
        await using var installation = await servers.Own(database, 1);
        var between = new BetweenBillsAndLines();
        await installation.AddInstance(builder => builder.Services.AddSingleton<IInterceptor>(between));
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        await estate.OpenShift();
        var owner = await estate.SignIn(estate.Houses[0], instance: 1);
        var bills = await owner.OpenBillIds();

        between.Act = async () => (await estate.Take(estate.Houses[0])).Done();
        var quote = (await owner.Quote(bills)).Done();

        Assert.Null(between.Act);    // she has paid in between
        Assert.Equal(25_088, quote["payableFen"].GetValue<long>());    // as it was when he asked
        Assert.Equal("bill_not_open", (await owner.Quote(bills)).Code);
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }

    /// <summary>Something happens after bills were read and before their lines are.</summary>
    sealed class BetweenBillsAndLines : DbCommandInterceptor
    {
        public Func<Task>? Act { get; set; }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (Act is not { } act || !command.CommandText.Contains("BillLines", StringComparison.Ordinal)) return result;
            Act = null;
            await act();
            return result;
        }
    }
}
