using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>What happens around a payment, in the words of the field.</summary>
public static class PaySteps
{
    /// <summary>Each house gets its bills of property fee: 250.88 yuan a month for the first house, 251.16 for the second.</summary>
    /// <param name="to">Last day of a month not after December 2026.</param>
    public static async Task BillAll(this Estate estate, string from = "2026-12-01", string to = "2026-12-31", string due = "2026-12-31")
    {
        await estate.SetTariffs();
        await estate.IssueBills(from, to, due);
    }

    /// <summary>An early-bird offer on the property fee that holds now, proposed by the manager, its budget approved by finance.</summary>
    public static async Task Offer(this Estate estate, string percent = "5.00", string? budgetYuan = null, string end = "2027-01-01T00:00:00+08:00")
    {
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new
        {
            offers = new[]
            {
                new
                {
                    code = "early-bird", name = "早缴优惠", kind = "earlyBird", feeKinds = new[] { "property" }, start = "2026-12-01T00:00:00+08:00", end,
                    stackingGroup = "early", priority = 1, percent, budgetYuan,
                },
            },
        })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    /// <summary>The community takes parts of bills.</summary>
    public static async Task AllowParts(this Estate estate, long minFen = 100, bool lateFeeFirst = false) => (await estate.Admin.Put(estate.Path, new
    {
        name = "部分缴纳小区", contactPhone = "021-60000000", allowsPartPayment = true, partPaymentMinFen = minFen, lateFeeFirst,
    })).Done();

    /// <summary>Checks out parts of bills at the price that is asked for first.</summary>
    /// <returns>The order, or the first refusal.</returns>
    public static async Task<Answer> CheckoutParts(this TestOwner owner, Guid[] bills, params object[] parts)
    {
        var quote = await owner.Api.Post(owner.Path + "/quotes", new { billIds = bills, parts });
        return quote.Status == 200
            ? await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, parts, quoteHash = quote["quoteHash"].GetValue<string>() }) : quote;
    }

    /// <summary>Checks out all that is open.</summary>
    /// <returns>The order's id.</returns>
    public static async Task<Guid> Order(this TestOwner owner) => (await owner.Checkout(await owner.OpenBillIds())).Done()["orderId"].GetValue<Guid>();

    /// <summary>A second merchant account of the community, which the emulator does not know.</summary>
    public static Task<Guid> AddSecondMerchant(this Estate estate) => estate.Installation.Db(async db =>
    {
        var accounts = db.MerchantAccounts;
        var first = await accounts.AsNoTracking().SingleAsync(m => m.CommunityId == estate.CommunityId);
        var second = new MerchantAccount
        {
            Id = Guid.CreateVersion7(), CommunityId = first.CommunityId, MchId = "1900009999", AppId = first.AppId, CertificateSerial = first.CertificateSerial,
            PrivateKeyWrapped = first.PrivateKeyWrapped, ApiV3KeyWrapped = first.ApiV3KeyWrapped, PublicKeyId = first.PublicKeyId, PublicKeyPem = first.PublicKeyPem,
            PlatformSerial = first.PlatformSerial, PlatformCertificatePem = first.PlatformCertificatePem,
        };
        db.Add(second);
        await db.SaveChangesAsync();
        return second.Id;
    });

    /// <summary>WeChat tells again about a paid order.</summary>
    /// <returns>The statuses that it was answered.</returns>
    public static async Task<int[]> TellAgain(this Estate estate, Guid order, object? how = null) =>
        [.. (await estate.EmulatorPost($"/admin/orders/{order:N}/callbacks", how)).AsArray().Select(answer => answer!["status"]!.GetValue<int>())];

    /// <summary>WeChat tells something that it never saw: rightly signed, with any content.</summary>
    public static async Task<int> TellInvented(this Estate estate, string notifyUrl, object resource, bool badSignature = false, long offsetSeconds = 0) =>
        (await estate.EmulatorPost("/admin/callbacks", new { notifyUrl, resource, badSignature, timestampOffsetSeconds = offsetSeconds }))["status"]!.GetValue<int>();

    public static Task<string> NotifyUrl(this Estate estate, int instance = 0) => estate.Installation.Db(async db =>
    {
        var accounts = db.MerchantAccounts;
        var account = await accounts.SingleAsync(m => m.CommunityId == estate.CommunityId);
        return new Uri(estate.Installation.Addresses[instance], $"wechat/pay/{account.Id:N}/transactions").ToString();
    });

    /// <summary>How the payments of this community were booked.</summary>
    public static Task<List<Payment>> Booked(this Estate estate) => estate.Installation.Db(db =>
    {
        var payments = db.Payments;
        return payments.AsNoTracking().Where(p => p.CommunityId == estate.CommunityId).OrderBy(p => p.BookedAt).ToListAsync();
    });

    /// <summary>Prepaid fen of a house.</summary>
    public static Task<long> Prepaid(this Estate estate, TestHouse house) => estate.Installation.Db(db =>
    {
        var balances = db.PrepaidBalances;
        return balances.Where(b => b.HouseId == house.Id).SumAsync(b => b.BalanceFen);
    });

    /// <summary>Kinds of the work that waits for finance.</summary>
    public static Task<List<string>> WorkKinds(this Estate estate) => estate.Installation.Db(db =>
    {
        var items = db.WorkItems;
        return items.Where(i => i.CommunityId == estate.CommunityId).OrderBy(i => i.CreatedAt).Select(i => i.Kind).ToListAsync();
    });

    /// <summary>A fault of WeChat's that strikes this order.</summary>
    public static Task<JsonNode> Fault(this Estate estate, string kind, object? scope = null, int count = 1, double seconds = 0) =>
        estate.EmulatorPost("/admin/faults", new { kind, count, scope, seconds });

    /// <summary>A payment as WeChat would tell it, for what WeChat itself never does: a second payment of an order, a payment after its close.</summary>
    public static object Told(this TestOwner owner, Guid order, long fen, string transactionId, DateTimeOffset? at = null, string? mchid = null, string? openId = null) => new
    {
        mchid = mchid ?? owner.Estate.Installation.Emulator.Merchant.Mchid, appid = owner.Estate.Installation.Emulator.Merchant.Appid, out_trade_no = order.ToString("N"),
        transaction_id = transactionId, trade_type = "JSAPI", trade_state = "SUCCESS", trade_state_desc = "支付成功", bank_type = "OTHERS",
        success_time = (at ?? owner.Estate.Installation.Clock.GetUtcNow()).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
        payer = new { openid = openId ?? owner.OpenId }, amount = new { total = fen, payer_total = fen, currency = "CNY", payer_currency = "CNY" },
    };

    /// <summary>28 digits as WeChat makes them.</summary>
    public static string TransactionNumber() => "42000" + System.Security.Cryptography.RandomNumberGenerator.GetString("0123456789", 23);

    /// <summary>Fen on an account of this community, debit positive.</summary>
    public static Task<long> Balance(this Estate estate, string account) => estate.Installation.Db(db =>
    {
        var postings = db.Postings;
        return postings.Where(p => p.CommunityId == estate.CommunityId && p.Account == account).SumAsync(p => p.Amount);
    });

    public static Task<JsonNode> AtWeChat(this Estate estate, Guid order) =>
        estate.Installation.EmulatorHttp.GetFromJsonAsync<JsonNode>($"/admin/orders/{order:N}")!;

    public static async Task Clean(this Estate estate) => Assert.Empty(await estate.Verify());
}
