using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

/// <summary>What happens at a counter, in the words of the field.</summary>
public static class CounterSteps
{
    public static async Task<Guid> OpenShift(this Estate estate, long floatFen = 50_000) =>
        (await estate.Cashier.Post(estate.Path + "/counter/shifts", new { floatFen })).Done()["shiftId"].GetValue<Guid>();

    /// <summary>Open bills of a house as the counter sees them.</summary>
    public static async Task<Guid[]> BillsAtCounter(this Estate estate, TestHouse house) =>
        [.. (await estate.Cashier.Get($"{estate.Path}/counter/houses/{house.Id}")).Done()["bills"].AsArray()
            .Select(bill => bill!["billId"]!.GetValue<Guid>())];

    public static async Task<string> HashAtCounter(this Estate estate, TestHouse house, params Guid[] bills) =>
        (await estate.QuoteAtCounter(house, bills)).Done()["quoteHash"].GetValue<string>();

    static Task<Answer> QuoteAtCounter(this Estate estate, TestHouse house, Guid[] bills) =>
        estate.Cashier.Post(estate.Path + "/counter/quotes", new { houseId = house.Id, billIds = bills });

    /// <summary>Takes money for all open bills of the party that owes a house's first, or for prepaid money where none is open.</summary>
    public static async Task<Answer> Take(this Estate estate, TestHouse house, object? more = null, Api? cashier = null, string? key = null)
    {
        var listed = (await estate.Cashier.Get($"{estate.Path}/counter/houses/{house.Id}")).Done()["bills"].AsArray();
        var party = listed.FirstOrDefault()?["partyId"]!.GetValue<Guid>();
        Guid[] bills = [.. listed.Where(bill => bill!["partyId"]!.GetValue<Guid>() == party).Select(bill => bill!["billId"]!.GetValue<Guid>())];
        var body = new Dictionary<string, object?> { ["houseId"] = house.Id, ["way"] = "cash" };
        if (bills.Length > 0)
        {
            var quote = await estate.QuoteAtCounter(house, bills);
            if (quote.Status >= 300) return quote;    // somebody paid them a moment ago
            (body["billIds"], body["quoteHash"]) = (bills, quote["quoteHash"].GetValue<string>());
        }
        foreach (var property in more?.GetType().GetProperties() ?? []) body[property.Name] = property.GetValue(more);
        return await (cashier ?? estate.Cashier).Post(estate.Path + "/counter/payments", body, key);
    }

    public static Task<Answer> Count(this Estate estate, Guid shift, long fen, string? note = null, string? key = null, Api? by = null) =>
        (by ?? estate.Cashier).Post($"{estate.Path}/counter/shifts/{shift}/close", new { countedFen = fen, note }, key);

    public static Task<Answer> Confirm(this Estate estate, Guid shift, long fen, Api? by = null) =>
        (by ?? estate.Finance).Post($"{estate.Path}/counter/shifts/{shift}/confirm", new { countedFen = fen });

    public static async Task<Guid> AddBankAccount(this Estate estate, string code = "icbc-01") =>
        (await estate.Finance.Post(estate.Path + "/bank/accounts", new { code, name = "工商银行基本户", number = "6222020200112233445" }))
            .Done()["bankAccountId"].GetValue<Guid>();

    public static long Fen(this Answer answer, string name) => answer[name].GetValue<long>();

    public static Task<Guid> StaffId(this Estate estate, StaffRole role) => estate.Installation.Db(db =>
    {
        var grants = db.RoleGrants;
        return grants.Where(g => g.CommunityId == estate.CommunityId && g.Role == role).Select(g => g.StaffId).SingleAsync();
    });

    public static Task<int> NumberedReceipts(this Estate estate) => estate.Installation.Db(db =>
    {
        var receipts = db.Receipts;
        return receipts.CountAsync(r => r.CommunityId == estate.CommunityId && r.Number != null);
    });
}
