using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Demo;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

/// <summary>A counter and a bank beside a played month, so that every column of theirs has a value that somebody might tamper with.</summary>
public static class CounterMonth
{
    public static async Task Play(Stage stage, Story story)
    {
        using var cashier = await Cashier(stage, story);
        var finance = story.Desk.As(StaffRole.Finance);
        var at = story.Desk.Community;
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var house = (await db.Houses.AsNoTracking().Where(h => h.CommunityId == story.Desk.CommunityId).OrderBy(h => h.Code).FirstAsync()).Id;
        var bank = (await finance.Post(at + "/bank/accounts", new
        {
            code = "icbc-01", name = "工商银行基本户",
            number = "6222020200112233445"
        }))["bankAccountId"]!.GetValue<Guid>();
        await finance.Put(at + "/counter/receipt-books", new { year = stage.Time.GetUtcNow().Year, lastNumber = 5_000 });
        var shift = (await cashier.Post(at + "/counter/shifts", new { floatFen = 20_000 })).Done()["shiftId"].GetValue<Guid>();
        (await cashier.Post(at + "/counter/payments", new { houseId = house, way = "cash", amountFen = 12_345, tenderedFen = 20_000 })).Done();
        (await cashier.Post($"{at}/counter/shifts/{shift}/close", new { countedFen = 32_345 })).Done();
        await finance.Post($"{at}/counter/shifts/{shift}/confirm", new { countedFen = 32_345 });
        var today = DateOnly.FromDateTime(stage.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        await finance.Post($"{at}/counter/shifts/{shift}/deposit", new { bankAccountId = bank, slip = "JK-1", on = today.ToString("O", CultureInfo.InvariantCulture) });
        using var statement = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(Bank.BankSteps.Statement($"{today:yyyy-MM-dd},A001,88.00,,,陌生人,"))), "file",
                "statement.csv" },
        };
        await finance.Post($"{at}/bank/statements?account=icbc-01", statement);
        await Collect(db, story, finance, bank);
    }

    /// <summary>The bank is to collect what a house owes; the proposal waits for a manager.</summary>
    static async Task Collect(OwnerPayDb db, Story story, Http finance, Guid bank)
    {
        var (bills, parties) = (db.Bills, db.LiableParties);
        var owing = await bills.AsNoTracking().Where(b => b.CommunityId == story.Desk.CommunityId && b.OpenFen > 0
            && parties.Any(p => p.Id == b.PartyId && p.To == null))
            .OrderBy(b => b.Id).FirstAsync();
        await finance.Post(story.Desk.Community + "/collection/mandates",
            new { houseId = owing.HouseId, agreement = "XY-0001", bank = "工商银行", holder = "业主", number = "6222020200112233445" });
        await finance.Post(story.Desk.Community + "/collection/batches", new { bankAccountId = bank, dueBy = owing.DueOn.ToString("O", CultureInfo.InvariantCulture) });
    }

    /// <summary>The office of the story has no cashier: one is put there with a token of his own.</summary>
    static async Task<Api> Cashier(Stage stage, Story story)
    {
        await using var scope = stage.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var (id, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        var token = "opt_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 40);
        db.Add(new StaffAccount { Id = id, Login = "cashier", Name = "孙出纳", PasswordHash = "", CreatedAt = now });
        db.Add(new RoleGrant
        {
            Id = Guid.CreateVersion7(), StaffId = id, Role = StaffRole.Cashier, CommunityId = story.Desk.CommunityId, State = RoleGrantState.Granted,
            ProposedBy = id, CreatedAt = now,
        });
        db.Add(new StaffToken
        {
            Id = Guid.CreateVersion7(), StaffId = id, Hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), Label = "counter", CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        });
        await db.SaveChangesAsync();
        return new Api(stage.Address, "/api/staff/v1", token);
    }
}
