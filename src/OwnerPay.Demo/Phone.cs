using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OwnerPay.Demo;

/// <summary>An owner's phone: WeChat as the emulator plays it, and our mini-program as a client of the owner API.</summary>
public sealed class Phone : IDisposable
{
    readonly Http api;
    readonly HttpClient weChat;
    readonly string openId;

    Phone(Http api, HttpClient weChat, string openId, string houseCode, string ownerName) =>
        (this.api, this.weChat, this.openId, HouseCode, OwnerName) = (api, weChat, openId, houseCode, ownerName);

    public string HouseCode { get; }
    public string OwnerName { get; }
    public Guid HouseId { get; private set; }

    string House => $"/houses/{HouseId}";

    /// <summary>Opens the mini-program for the first time: login, WeChat's verified number, house code.</summary>
    public static async Task<Phone> SignIn(Stage stage, HttpClient weChat, string communityCode, string houseCode, string ownerName, string number)
    {
        var openId = $"oDemo{houseCode.Replace("-", "", StringComparison.Ordinal)}{number}";
        await Admin(weChat, "/admin/users", new { openid = openId, phone = number, nickname = ownerName });
        var login = await Admin(weChat, $"/admin/users/{openId}/login-code");
        using var anonymous = new Http(stage.Address, "/api/owner/v1");
        var session = await anonymous.Post("/sessions", new { appId = stage.Emulator.Merchant.Appid, code = login.Text("code") });
        var phone = new Phone(new Http(stage.Address, "/api/owner/v1", session.Text("token")), weChat, openId, houseCode, ownerName);
        var verified = await Admin(weChat, $"/admin/users/{openId}/phone-code");
        await phone.api.Post("/bindings", new { communityCode, phoneCode = verified.Text("code"), houseCode });
        var houses = (await phone.api.Get("/me")).Items("houses");
        phone.HouseId = houses.First(house => house!.Text("code") == houseCode)!.Id("houseId");
        return phone;
    }

    /// <summary>Whether the owner ever tapped "allow".</summary>
    public bool AllowsMessages { get; private set; }

    /// <summary>Taps "allow" in WeChat's subscription dialog, for each template that the mini-program asks for, or for those of one kind.</summary>
    public async Task AllowMessages(string? kind = null)
    {
        AllowsMessages = true;
        foreach (var template in (await api.Get(House + "/message-templates")).Items("templates"))
        {
            if (kind is not null && template!.Text("kind") != kind) continue;
            var id = template!.Text("templateId");
            await Admin(weChat, $"/admin/users/{openId}/subscriptions", new { accept = new[] { id } });
            await api.Post("/grants", new { templateId = id, result = "accept" });
        }
    }

    public async Task<JsonArray> OpenBills() => (await api.Get(House + "/bills?state=open")).Items();

    public Task<JsonNode> Bill(Guid bill) => api.Get($"{House}/bills/{bill}");

    /// <returns>The dispute's id.</returns>
    public async Task<Guid> Dispute(Guid bill, string reason) => (await api.Post($"{House}/bills/{bill}/disputes", new { reason })).Id("disputeId");

    public async Task<JsonNode> Quote(IEnumerable<Guid> bills) => await api.Post(House + "/quotes", new { billIds = bills });

    /// <summary>Checks out at the price that is on the screen.</summary>
    public async Task<JsonNode> Checkout(IReadOnlyList<Guid> bills, JsonNode quote) =>
        await api.Post(House + "/payments", new { billIds = bills, quoteHash = quote.Text("quoteHash") });

    /// <summary>Types the password on WeChat's pay sheet.</summary>
    /// <param name="wish">What the emulator should do with the callback.</param>
    public Task<JsonNode> TypePassword(Guid order, object? wish = null) => Admin(weChat, $"/admin/orders/{order:N}/pay", wish);

    public Task<JsonNode> Order(Guid order) => api.Get($"{House}/payments/{order}");

    public Task UntilPaid(Guid order) => Wait.Until(async () => (await Order(order)).Text("state") == "paid", $"{HouseCode} 的付款入账");

    public Task<JsonNode> Receipt(Guid order) => api.Get($"{House}/payments/{order}/receipt");

    /// <summary>Pays everything that is open.</summary>
    /// <returns>Order id, what was paid and what was saved, fen; null when nothing is open.</returns>
    public async Task<(Guid Order, long PaidFen, long SavedFen)?> PayAll()
    {
        var bills = (await OpenBills()).Select(bill => bill!.Id("billId")).ToList();
        return bills.Count == 0 ? null : await Pay(bills);
    }

    /// <summary>Pays these bills at the price of the moment.</summary>
    public async Task<(Guid Order, long PaidFen, long SavedFen)> Pay(IReadOnlyList<Guid> bills)
    {
        var quote = await Quote(bills);
        var order = (await Checkout(bills, quote)).Id("orderId");
        await TypePassword(order);
        await UntilPaid(order);
        return (order, quote.Number("payableFen"), quote.Number("discountFen"));
    }

    /// <summary>Asks for the bills of months to come.</summary>
    public async Task<List<Guid>> MonthsAhead(DateOnly until) =>
        [.. (await api.Post(House + "/prepaid/months", new { until })).Items("billIds").Select(id => id!.GetValue<Guid>())];

    /// <summary>Brings money that belongs to no bill yet.</summary>
    public async Task TopUp(long fen)
    {
        var order = (await api.Post(House + "/prepaid/top-ups", new { amountFen = fen })).Id("orderId");
        await TypePassword(order);
        await UntilPaid(order);
    }

    public Task<JsonNode> Points() => api.Get(House + "/points");

    public Task<JsonNode> Rewards() => api.Get(House + "/rewards");

    public Task<(JsonNode Body, string? Code)> Redeem(Guid reward) => api.Try(HttpMethod.Post, House + "/redemptions", new { rewardId = reward });

    public Task<JsonNode> CancelRedemption(Guid redemption) => api.Post($"{House}/redemptions/{redemption}/cancel");

    /// <summary>The tickets that this owner has in a draw, and what he won.</summary>
    public async Task<JsonNode> TicketsAndPrizes(Guid draw) =>
        (await api.Get(House + "/draws")).Items().First(one => one!.Id("drawId") == draw)!;

    public Task<JsonNode> TakeTicket(Guid draw) => api.Post($"{House}/draws/{draw}/tickets", new { count = 1 });

    /// <summary>Opens a notice of the board.</summary>
    public async Task ReadNotice(Guid notice)
    {
        await api.Get($"{House}/notices/{notice}");
        await api.Post($"{House}/notices/{notice}/read");
    }

    /// <param name="template">Only those of this template of WeChat's.</param>
    public async Task<int> MessagesOnPhone(string? template = null) =>
        (await weChat.GetFromJsonAsync<JsonArray>($"/admin/users/{openId}/messages"))!
            .Count(message => template is null || message!.Text("templateId") == template);

    public static async Task<JsonNode> Admin(HttpClient weChat, string path, object? body = null)
    {
        using var response = await weChat.PostAsJsonAsync(path, body ?? new { });
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new StoryBrokenException($"微信模拟器 {path}：{(int)response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public void Dispose() => api.Dispose();
}
