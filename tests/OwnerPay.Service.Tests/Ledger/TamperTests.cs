using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>Somebody with access to the database changes a number by one. Each such change is refused by the database or noticed by <c>verify</c>.</summary>
public sealed class TamperTests(Servers servers)
{
    /// <summary>Flags, counters and positions of machinery: nobody's money, points, stock, limit or price hangs on them.</summary>
    static readonly HashSet<string> Exempt =
    [
        "OutboxRows.Attempts", "Deliveries.Attempts", "StaffAccounts.FailedSignIns", "StaffTotps.FailedCodes", "StaffTotps.LastStep", "PickUpGuesses.Wrong", "WeChatCallbacks.Times",
        "RejectedCalls.Times", "ContactPreferences.EmailCodeTries", "PaymentOrders.Asks", "SendPaces.FreeFromMs",
        "Refunds.Tries",
    ];

    [Theory, EachDatabase]
    public async Task No_fen_point_piece_limit_or_price_can_be_raised_by_one_unnoticed(Database database)
    {
        await using var played = await PlayedMonth(database);
        await using var scope = played.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var verify = scope.ServiceProvider.GetRequiredService<VerifyBooks>();
        Assert.Empty(await db.AsOfOneMoment(() => verify.Run(null, default), default));    // quiet on untouched data, while jobs go on

        var unnoticed = new List<string>();
        var untried = new List<string>();
        foreach (var (table, column) in IntegerColumns(db).Where(at => !Exempt.Contains($"{at.Table}.{at.Column}")))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            try
            {
                if (await RaiseByOne(db, table, column) == 0) untried.Add($"{table}.{column}");
                else if ((await verify.Run(null, default)).Count == 0) unnoticed.Add($"{table}.{column}");
            }
            catch (DbException) { /* refused by the database itself */ }
            await transaction.RollbackAsync();
            db.ChangeTracker.Clear();
        }

        Assert.Empty(unnoticed);
        Assert.Empty(untried);    // the month must leave a row with a value in every column, or nothing is proved about it
    }

    async Task<Stage> PlayedMonth(Database database)
    {
        string? connection = null;
        if (database == Database.MariaDb) connection = (await servers.MariaDb()).ConnectionTo("ownerpay_tamper_" + Guid.CreateVersion7().ToString("N")[^8..]);
        var stage = await Stage.Open(new DemoOptions(Exit: true, Json: false, connection, Seed: 7, Data: null));
        using var story = new Story(stage, new Random(7));
        await story.Play();
        await HandOutCoupons(stage, story);
        await PayAgain(stage);
        await AskForInvoice(stage, story);
        await Refund(stage, story);
        await TamperCorrections.Play(stage, story);
        await Meters(story);
        await CounterMonth.Play(stage, story);
        await MessagingMonth.Play(stage, story);
        await TamperPrizes.Play(stage, story);
        await TamperBoard.Play(stage, story);
        return stage;
    }

    /// <summary>An order of the month is paid a second time, so that a prepaid balance exists too.</summary>
    static async Task PayAgain(Stage stage)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var order = await db.PaymentOrders.AsNoTracking().Where(o => o.State == OrderState.Paid).OrderBy(o => o.CreatedAt).FirstAsync();
        var merchant = stage.Emulator.Merchant;
        using var weChat = new HttpClient { BaseAddress = stage.Emulator.BaseAddress };
        await Phone.Admin(weChat, "/admin/callbacks", new
        {
            notifyUrl = new Uri(stage.Address, $"wechat/pay/{order.MerchantAccountId:N}/transactions"),
            resource = new
            {
                mchid = merchant.Mchid, appid = merchant.Appid, out_trade_no = order.Id.ToString("N"), transaction_id = PaySteps.TransactionNumber(),
                trade_type = "JSAPI", trade_state = "SUCCESS", trade_state_desc = "支付成功", bank_type = "OTHERS", success_time = "2026-12-31T17:31:00+08:00",
                payer = new { openid = order.OpenId }, amount = new { total = order.PayableFen, payer_total = order.PayableFen, currency = "CNY", payer_currency = "CNY" },
            },
        });
        await Estate.Eventually(() => db.PrepaidBalances.AnyAsync(), "the second payment is prepaid money");
    }

    /// <summary>Somebody at the counter wants an invoice.</summary>
    static async Task AskForInvoice(Stage stage, Story story)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var payment = await db.Payments.AsNoTracking().Where(p => p.Outcome == PaymentOutcome.Settled && p.TotalFen > 1_000).OrderByDescending(p => p.BookedAt).FirstAsync();
        await story.Desk.As(StaffRole.Finance).Post($"{story.Desk.Community}/payments/{payment.Id}/invoice", new { titleKind = "personal", title = "张三" });
    }

    /// <summary>A part of a payment goes back, and the next morning agrees with WeChat's bill of that day.</summary>
    static async Task Refund(Stage stage, Story story)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var payments = db.Payments;
        var payment = await payments.AsNoTracking().Where(p => p.Outcome == PaymentOutcome.Settled && p.TotalFen > 1_000).OrderBy(p => p.BookedAt).FirstAsync();
        await story.Desk.As(StaffRole.Finance).Post(story.Desk.Community + "/refunds", new { paymentId = payment.Id, amountFen = 777, reason = "多缴部分退回" });
        var approval = (await story.Desk.As(StaffRole.Manager).Get(story.Desk.Community + "/approvals?state=proposed"))["items"]!.AsArray().Single()!;
        await story.Desk.As(StaffRole.Manager).Post($"{story.Desk.Community}/approvals/{approval["id"]!.GetValue<Guid>()}/approve", new { note = "同意" });
        await Estate.Eventually(() => db.Refunds.AnyAsync(r => r.State == RefundState.Done), "the refund is done");
        await PayAtAnOddFee(stage, db);
        stage.Time.MoveTo(new DateTimeOffset(2027, 1, 1, 10, 31, 0, TimeSpan.FromHours(8)));
        var reconcile = async () => (await story.Desk.As(StaffRole.Finance).Try(HttpMethod.Post, story.Desk.Community + "/reconciliation/run", new { day = "2026-12-31" })).Code is null;
        await Estate.Eventually(reconcile, "the day is reconciled", seconds: 60);
        Assert.True(await db.MatchedRefunds.AnyAsync());
        await CloseDecember(story, (await payments.MinAsync(p => p.PaidOn)));
    }

    /// <summary>Somebody pays on the last day, WeChat's bill tells another fee than its rate, and money goes to the bank.</summary>
    static async Task PayAtAnOddFee(Stage stage, OwnerPayDb db)
    {
        var (bills, houses, tenures, phones, bindings) = (db.Bills, db.Set<House>(), db.Set<Tenure>(), db.Set<PersonPhone>(), db.Set<Binding>());
        var debtor = await (from bill in bills
                            where bill.State == BillState.Open
                            join house in houses on bill.HouseId equals house.Id
                            join tenure in tenures on house.Id equals tenure.HouseId
                            where tenure.Kind == TenureKind.Owner && tenure.To == null
                            join phone in phones on tenure.PersonId equals phone.PersonId
                            where !bindings.Any(b => b.PersonId == tenure.PersonId)
                            orderby house.Code
                            select new { house.Code, phone.Number }).FirstAsync();
        using var weChat = new HttpClient { BaseAddress = stage.Emulator.BaseAddress };
        using var payer = await Phone.SignIn(stage, weChat, await db.Set<Community>().Select(c => c.Code).SingleAsync(), debtor.Code, "业主", debtor.Number);
        var paid = (await payer.PayAll())!.Value;
        await Phone.Admin(weChat, "/admin/bills/2026-12-31/changes", new { kind = "fee", outTradeNo = paid.Order.ToString("N"), fen = 999 });
        await Phone.Admin(weChat, "/admin/account/withdrawals", new { fen = 1_000 });
    }

    /// <summary>Every day is reconciled, every difference explained, and two people close the month.</summary>
    static async Task CloseDecember(Story story, DateOnly first)
    {
        var (finance, manager, community) = (story.Desk.As(StaffRole.Finance), story.Desk.As(StaffRole.Manager), story.Desk.Community);
        for (var day = first; day < new DateOnly(2027, 1, 1); day = day.AddDays(1))
        {
            await finance.Post(community + "/reconciliation/run", new { day = $"{day:yyyy-MM-dd}" });
            foreach (var difference in (await finance.Get($"{community}/reconciliation/days/{day:yyyy-MM-dd}"))["differences"]!.AsArray())
                if (difference!["state"]!.GetValue<string>() == "open")
                    await finance.Post($"{community}/reconciliation/differences/{difference["id"]!.GetValue<Guid>()}/explain", new { text = "已核实" });
        }
        var change = await finance.Post(community + "/books/months/2026-12/close", new { });
        await manager.Post($"{community}/approvals/{change["approvalId"]!.GetValue<Guid>()}/approve", new { note = "同意" });
    }

    /// <summary>Meters, a common cost, a vacant rate and an agreement.</summary>
    static async Task Meters(Story story)
    {
        var (clerk, at) = (story.Desk.As(StaffRole.Clerk), story.Desk.Community + "/billing");
        await clerk.Post(at + "/meters", new
        {
            meters = new[] { new { feeKind = "shared-power", slot = "lift", serial = "L-1", installedOn = "2026-10-31", buildingCode = "1", openingValue = "100", multiplier = 10 } },
        });
        var meter = (await clerk.Get(at + "/meters"))["items"]!.AsArray().Single()!["meterId"]!.GetValue<Guid>();
        await clerk.Post($"{at}/meters/{meter}/readings", new { readOn = "2026-11-30", value = "220.5" });
        await clerk.Post(at + "/apportionments", new { feeKind = "shared-power", slot = "lift", from = "2026-11-01", to = "2026-11-30", buildingCode = "1", meterId = meter });
        var house = (await clerk.Get(story.Desk.Community + "/houses?building=1"))["items"]!.AsArray()[0]!["code"]!.GetValue<string>();
        await clerk.Post(at + "/vacant-rates", new { houseCode = house, feeKind = "property", from = "2027-02-01", to = "2027-03-31", percent = 70, evidence = "水表停转" });
        await clerk.Post(at + "/agreements", new
        {
            houseCode = house, from = "2027-01-01", signedOn = "2026-12-20", dueRule = "dayOfMonthAfter", dueDay = 10, method = "按季，微信支付",
            consequences = "逾期按日万分之五支付违约金", evidenceFile = "档案 A-17",
        });
    }

    static IEnumerable<(string Table, string Column)> IntegerColumns(OwnerPayDb db) =>
        from type in db.Model.GetEntityTypes()
        let table = type.GetTableName()!
        from property in type.GetProperties()
        where (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) is var clr && (clr == typeof(int) || clr == typeof(long))
        orderby table, property.Name
        select (table, property.GetColumnName(StoreObjectIdentifier.Table(table))!);

    /// <summary>An offer in steps, and a coupon in somebody's hands.</summary>
    static async Task HandOutCoupons(Stage stage, Story story)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var persons = scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Persons;
        const string Start = "2026-12-01T00:00:00+08:00", End = "2027-06-01T00:00:00+08:00";
        await story.Desk.As(StaffRole.Manager).Post(story.Desk.Community + "/promotions/offers", new
        {
            offers = new object[]
            {
                new
                {
                    code = "ahead", name = "预缴优惠", kind = "prepay", feeKinds = new[] { "property" }, start = Start, end = End, stackingGroup = "ahead", priority = 1,
                    tiers = new[] { new { months = 3, percent = "1" } },
                },
                new
                {
                    code = "thanks", name = "感谢券", kind = "coupon", feeKinds = new[] { "property" }, start = Start, end = End, stackingGroup = "thanks", priority = 1,
                    amountYuan = "10", couponDays = 60, budgetCount = 5,
                },
            },
        });
        foreach (var approval in (await story.Desk.As(StaffRole.Finance).Get(story.Desk.Community + "/approvals?state=proposed"))["items"]!.AsArray())
            await story.Desk.As(StaffRole.Finance).Post($"{story.Desk.Community}/approvals/{approval!["id"]!.GetValue<Guid>()}/approve", new { note = "同意" });
        var person = await persons.Where(p => p.CommunityId == story.Desk.CommunityId).OrderBy(p => p.Id).Select(p => p.Id).FirstAsync();
        await story.Desk.As(StaffRole.Manager).Post(story.Desk.Community + "/promotions/coupons", new { offerCode = "thanks", personIds = new[] { person } });
    }

    static Task<int> RaiseByOne(OwnerPayDb db, string table, string column)
    {
        // Names come from our own model.
        var sql = db.IsMariaDb
            ? $"UPDATE {table} SET {column} = {column} + 1 WHERE {column} IS NOT NULL LIMIT 1"
            : $"UPDATE {table} SET {column} = {column} + 1 WHERE rowid = (SELECT rowid FROM {table} WHERE {column} IS NOT NULL LIMIT 1)";
        return db.Database.ExecuteSqlRawAsync(sql);
    }
}
