using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>What the tests of bills do to an estate: prices by API, the roster directly, because it is only what they start from.</summary>
static class BillingSteps
{
    public static object PropertyKind(int lateFeePerMillion = 500, int taxRatePerMillion = 60_000) => new
    {
        code = "property", name = "物业费", beneficiary = "company", promotable = true, taxCode = "3040801010000000000", taxRatePerMillion, lateFeePerMillion,
    };

    public static object Tariff(string price, string from, string? to = null, string feeKind = "property", string slot = "base", string formula = "areaPrice",
        string scope = "community", string? scopeCode = null, string name = "住宅物业费") =>
        new { feeKind, slot, name, formula, unitPriceYuan = price, scope, from, to, scopeCode };

    public static Task<Answer> ProposeTariffs(this Estate estate, object[] feeKinds, params object[] tariffs) =>
        estate.Clerk.Post(estate.Path + "/billing/tariffs", new { feeKinds, tariffs });

    public static async Task SetPrices(this Estate estate, params object[] tariffs)
    {
        (await estate.ProposeTariffs([PropertyKind()], tariffs)).Done();
        await estate.ApproveAll(estate.Finance);
    }

    public static Task<Answer> Preview(this Estate estate, string from = "2026-12-01", string to = "2026-12-31", string due = "2026-12-31", params string[] feeKinds) =>
        estate.Clerk.Post(estate.Path + "/billing/runs", new { periodFrom = from, periodTo = to, dueOn = due, feeKinds = feeKinds.Length > 0 ? feeKinds : ["property"] });

    public static Task<Answer> Confirm(this Estate estate, Answer preview, string? key = null, Api? by = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/billing/runs/{preview["runId"].GetValue<Guid>()}/confirm", key: key);

    /// <summary>Kinds of the odd things of a preview, with the house.</summary>
    public static string[] Odd(this Answer preview) =>
        [.. preview["odd"]["items"]!.AsArray().Select(item => $"{item!["kind"]!.GetValue<string>()} {item["house"]!.GetValue<string>()}").Order(StringComparer.Ordinal)];

    public static Task<List<Bill>> Bills(this Estate estate) => estate.Installation.Db(db =>
        db.Bills.AsNoTracking().Where(b => b.CommunityId == estate.CommunityId).OrderBy(b => b.PeriodFrom).ThenBy(b => b.Id).ToListAsync());

    public static Task<List<BillLine>> Lines(this Estate estate) => estate.Installation.Db(db =>
        db.BillLines.AsNoTracking().Where(l => l.CommunityId == estate.CommunityId).OrderBy(l => l.From).ThenBy(l => l.BillId).ThenBy(l => l.Number).ToListAsync());

    /// <summary>Changes the roster as an import would.</summary>
    public static Task Change(this Estate estate, Func<OwnerPayDb, Task> change) => estate.Installation.Db(async db =>
    {
        await change(db);
        return await db.SaveChangesAsync();
    });

    public static Task HandOver(this Estate estate, TestHouse house, DateOnly? on) => estate.Change(async db =>
    {
        var found = await db.Houses.SingleAsync(h => h.Id == house.Id);
        found.HandedOverOn = on;
    });

    public static Task SetFirstDay(this Estate estate, FirstDayRule rule) => estate.Change(async db =>
    {
        var community = await db.Communities.SingleAsync(c => c.Id == estate.CommunityId);
        community.FirstDay = rule;
    });

    /// <summary>The house is somebody else's from a day on.</summary>
    /// <returns>The new liable party.</returns>
    public static async Task<Guid> Sell(this Estate estate, TestHouse house, DateOnly on)
    {
        var party = Guid.CreateVersion7();
        await estate.Change(async db =>
        {
            var before = await db.LiableParties.SingleAsync(p => p.Id == house.PartyId);
            var tenure = await db.Tenures.SingleAsync(t => t.HouseId == house.Id);
            before.To = tenure.To = on.AddDays(-1);
            estate.AddParty(db, house, party, PartyKind.Owners, on, null);
        });
        return party;
    }

    /// <summary>Replaces the house's people and with them its liable parties.</summary>
    public static Task SetParties(this Estate estate, TestHouse house, params (PartyKind Kind, DateOnly From, DateOnly? To)[] stretches) => estate.Change(async db =>
    {
        await db.LiableParties.Where(p => p.HouseId == house.Id).ExecuteDeleteAsync();
        await db.Tenures.Where(p => p.HouseId == house.Id).ExecuteDeleteAsync();
        foreach (var (kind, from, to) in stretches) estate.AddParty(db, house, Guid.CreateVersion7(), kind, from, to);
    });

    static void AddParty(this Estate estate, OwnerPayDb db, TestHouse house, Guid party, PartyKind kind, DateOnly from, DateOnly? to)
    {
        var person = new Person { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Name = "新业主", Kind = kind == PartyKind.Owners ? PersonKind.Human : PersonKind.Firm };
        db.Add(person);
        db.Add(new LiableParty { Id = party, CommunityId = estate.CommunityId, HouseId = house.Id, Kind = kind, From = from, To = to });
        db.Add(new Tenure
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, PersonId = person.Id,
            Kind = kind == PartyKind.Owners ? TenureKind.Owner : TenureKind.Developer, From = from, To = to,
        });
    }

    public static Task AddSpace(this Estate estate, TestHouse? house, string code, ParkingKind kind, DateOnly? from = null, DateOnly? to = null) => estate.Change(db =>
    {
        db.Add(new ParkingSpace
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Code = code, Kind = kind, HouseId = house?.Id,
            PersonId = house is null ? estate.Houses[0].PersonId : null, From = from, To = to,
        });
        return Task.CompletedTask;
    });

    /// <summary>Money that was paid too much once and waits for the next bill, with its journal.</summary>
    public static async Task GivePrepaid(this Estate estate, TestHouse house, long fen)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var (prepaid, books) = (scope.ServiceProvider.GetRequiredService<PrepaidMoney>(), scope.ServiceProvider.GetRequiredService<Books>());
        var source = Guid.CreateVersion7();
        var given = await db.Once<long>(new IdempotencyKey("job", "test", "prepaid", source.ToString("N")), new { fen }, async () =>
        {
            await prepaid.Add(estate.CommunityId, house.Id, house.PartyId, fen, "payment", source, default);
            books.Journal(estate.CommunityId, "test-prepaid", source, new DateOnly(2026, 12, 10), "多缴转预存")
                .Debit("1002/test", fen).Credit(Accounts.Prepaid(house.Id, house.PartyId), fen).Post();
            return fen;
        }, default);
        Assert.True(given.Done);
    }

    /// <summary>A clerk who is also finance: the roles would let this person do both.</summary>
    public static Task GiveRole(this Estate estate, StaffRole to, StaffRole role) => estate.Change(async db =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var staff = (await db.RoleGrants.SingleAsync(g => g.CommunityId == estate.CommunityId && g.Role == to)).StaffId;
        db.Add(new RoleGrant
        {
            Id = Guid.CreateVersion7(), StaffId = staff, Role = role, CommunityId = estate.CommunityId, State = RoleGrantState.Granted, ProposedBy = staff,
            CreatedAt = now,
        });
    });

    public static long Fen(this JsonNode? node, string name) => node![name]!.GetValue<long>();
}
