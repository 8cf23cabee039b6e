using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.Benchmarks;

/// <summary>An order that waits for its payment.</summary>
public sealed record OpenOrder(Guid Id, string OpenId, long PayableFen);

/// <summary>A community whose owners all stand before WeChat's pay sheet: bills issued by a real run of two lines each, orders made by real checkouts.</summary>
public sealed class SettlementEstate
{
    const int CheckoutsAtOnce = 8, OrderMinutes = 110;
    readonly string[] args;
    readonly EmulatorHost emulator;

    SettlementEstate(string[] args, EmulatorHost emulator) => (this.args, this.emulator) = (args, emulator);

    public IReadOnlyList<OpenOrder> Orders { get; private set; } = [];

    public Guid MerchantAccountId { get; private set; }

    /// <param name="args">Command line of the installation: data folder and database.</param>
    public static async Task<SettlementEstate> Prepare(string[] args, EmulatorHost emulator, int orders, CancellationToken cancel)
    {
        var estate = new SettlementEstate(args, emulator);
        await using var app = estate.Build();
        await estate.Do<OwnerPayDb>(app, db => db.Migrate(cancel));
        var community = new PeopledCommunity(app.Services, emulator.Merchant.Appid);
        var houses = await community.Make(orders, cancel);
        await estate.Do<OwnerPayDb>(app, db => estate.AddMerchantAndTariffs(app, db, community.CommunityId, cancel));
        await estate.IssueBills(app, community.CommunityId, cancel);
        var open = new System.Collections.Concurrent.ConcurrentBag<OpenOrder>();
        await Parallel.ForEachAsync(houses, new ParallelOptions { MaxDegreeOfParallelism = CheckoutsAtOnce, CancellationToken = cancel },
            async (house, stop) => open.Add(await Checkout(app, community.CommunityId, house, emulator.Merchant.Appid, stop)));
        estate.Orders = [.. open.OrderBy(order => order.Id)];
        // WeChat is not asked about these orders while they wait, and the run's own messages are another workload.
        await estate.Do<OwnerPayDb>(app, async db =>
        {
            var later = TimeProvider.System.GetUtcNow().AddDays(1);
            await db.PaymentOrders.ExecuteUpdateAsync(set => set.SetProperty(o => o.NextAskAt, later), cancel);
            await db.OutboxRows.ExecuteDeleteAsync(cancel);
            await new NumberJournals(db).RunToTheEnd(cancel);
        });
        return estate;
    }

    /// <summary>An instance inside this program on the same database; it is never started.</summary>
    public WebApplication Build() => ServiceApp.Build(
    [
        .. args, $"--OwnerPay:WeChatPayUrl={emulator.BaseAddress}", $"--OwnerPay:WeChatApiUrl={emulator.BaseAddress}", $"--OwnerPay:OrderMinutes={OrderMinutes}",
        "--environment=Development",
    ], adjust: Quietly.Adjust);

    /// <summary>Recomputes the books.</summary>
    public async Task<IReadOnlyList<Finding>> Verify(CancellationToken cancel)
    {
        await using var app = Build();
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(null, cancel);
    }

    async Task AddMerchantAndTariffs(WebApplication app, OwnerPayDb db, Guid community, CancellationToken cancel)
    {
        var (master, merchant) = (app.Services.GetRequiredService<MasterKey>(), emulator.Merchant);
        MerchantAccountId = Guid.CreateVersion7();
        db.Add(new MerchantAccount
        {
            Id = MerchantAccountId, CommunityId = community, MchId = merchant.Mchid, AppId = merchant.Appid, CertificateSerial = merchant.MerchantCertificateSerial,
            PrivateKeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, merchant.MerchantPrivateKeyPem), ApiV3KeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, merchant.ApiV3Key),
            PublicKeyId = merchant.PublicKeyId, PublicKeyPem = merchant.PublicKeyPem,
        });
        AddTariff(db, community, "property", "物业费", TariffFormula.AreaPrice, 28_000);
        AddTariff(db, community, "elevator", "电梯费", TariffFormula.Fixed, 150_000);
        await db.SaveChangesAsync(cancel);
    }

    static void AddTariff(OwnerPayDb db, Guid community, string code, string name, TariffFormula formula, long price)
    {
        var kind = new FeeKind
        {
            Id = Guid.CreateVersion7(), CommunityId = community, Code = code, Name = name, Beneficiary = Beneficiary.Company, Promotable = true,
            TaxCode = "3040801010000000000", TaxRatePerMillion = 60_000, LateFeePerMillion = 500,
        };
        db.Add(kind);
        db.Add(new Tariff
        {
            Id = Guid.CreateVersion7(), CommunityId = community, FeeKindId = kind.Id, Slot = "base", Version = 1, Name = name, Formula = formula, UnitPrice = price,
            Scope = TariffScope.Community, From = new DateOnly(2020, 1, 1), State = TariffState.Active,
        });
    }

    /// <summary>Next month's bills, previewed by one person and confirmed by another.</summary>
    async Task IssueBills(WebApplication app, Guid community, CancellationToken cancel)
    {
        var today = app.Services.GetRequiredService<Clock>().Today();
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var last = first.AddMonths(1).AddDays(-1);
        StaffMember Member(StaffRole role) => new(Guid.CreateVersion7(), role.ToString(), community, [role]);
        BillRunShown? run = null;
        await Do<PreviewBillRun>(app, async preview => run = (await preview.Run(new(first, last, last, ["property", "elevator"]), Member(StaffRole.Clerk), cancel)).Value);
        await Do<IssueBills>(app, async issue =>
            _ = (await issue.Run(run!.RunId, new IdempotencyKey("staff", "benchmark", "confirmBillRun", run.RunId.ToString("N")), Member(StaffRole.Finance), cancel)).Value);
    }

    static async Task<OpenOrder> Checkout(WebApplication app, Guid community, Inhabited house, string appId, CancellationToken cancel)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var bills = await db.Bills.Where(b => b.HouseId == house.HouseId).Select(b => b.Id).ToListAsync(cancel);
        var quote = (await scope.ServiceProvider.GetRequiredService<QuoteBills>().For(
            new PricedFor(community, house.HouseId, [house.PartyId], house.PersonId), new QuoteRequest(bills), app.Services.GetRequiredService<Clock>().Now(), cancel)).Value;
        var member = new Member(house.WeChatUserId, house.OpenId, appId, community, house.PersonId, house.HouseId, TenureKind.Owner, [house.PartyId]);
        var key = new IdempotencyKey("owner", house.WeChatUserId.ToString("N"), "startCheckout", house.HouseId.ToString("N"));
        var order = (await scope.ServiceProvider.GetRequiredService<StartCheckout>().Run(
            new CheckoutRequest(bills, quote.QuoteHash), key, BillPayer.Of(member), cancel)).Value;
        if (order.State != OrderState.Placed) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Order {order.OrderId:N} is {order.State}"));
        return new OpenOrder(order.OrderId, house.OpenId, order.PayableFen);
    }

    async Task Do<T>(WebApplication app, Func<T, Task> act) where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<T>());
    }
}

static class ToTheEnd
{
    /// <summary>Numbers what waits now, so that it is not done while something else is measured.</summary>
    public static async Task RunToTheEnd(this NumberJournals numbering, CancellationToken cancel)
    {
        while (await numbering.Run(cancel) != "0 journals") cancel.ThrowIfCancellationRequested();
    }
}
