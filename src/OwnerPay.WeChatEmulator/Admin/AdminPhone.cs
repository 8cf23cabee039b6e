using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <summary>What a phone holds in its hand: the package of <c>wx.requestPayment</c> or a scanned code, and who holds it.</summary>
/// <param name="PrepayId">Without <c>prepay_id=</c>.</param>
/// <param name="CodeUrl">What a Native order's QR code says.</param>
/// <param name="Openid">The person; anybody when absent.</param>
/// <param name="Parameters">All of <c>wx.requestPayment</c>, whose signature is then checked as the WeChat client does.</param>
sealed record CheckoutInput(
    string? PrepayId = null, string? CodeUrl = null, string? Openid = null, PayParameters? Parameters = null, string? BankType = null);

/// <param name="TemplateIds">As passed to <c>wx.requestSubscribeMessage</c>.</param>
sealed record SubscriptionRequest(string[] TemplateIds);

/// <param name="Fields">The template's keys.</param>
/// <param name="Kept">True or false when the person asked never to be asked again; else null, and the dialog is shown.</param>
sealed record AskedTemplate(string TemplateId, string Title, string[] Fields, bool? Kept);

/// <param name="ErrCode">As the mini-program's <c>fail</c> callback gets it.</param>
sealed record RequestFailed(string Code, string Message, int ErrCode, string ErrMsg);

/// <summary>The WeChat client of one person: the payment sheet, the subscription dialog, and what arrives by itself.</summary>
/// <remarks>The page answers a dialog with <c>POST users/{openid}/subscriptions</c>, also, silently, when every choice is kept.</remarks>
sealed class AdminPhone(Store store, PayOrders payments, PhoneFeed feed, IHostApplicationLifetime lifetime)
{
    const int MostTemplates = 5;

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/checkout", Sheet);
        admin.MapPost("/checkout/pay", Pay);
        admin.MapPost("/checkout/cancel", Cancel);
        admin.MapPost("/users/{openid}/subscription-requests", Ask);
        admin.MapGet("/users/{openid}/events", Events);
    }

    /// <summary>What the payment sheet shows before the password; <c>refusal</c> says why it would not open.</summary>
    async Task<IResult> Sheet(string? prepayId, string? codeUrl, string? openid)
    {
        if (await Find(prepayId, codeUrl) is not { } order) return Unknown;
        var refusal = payments.Refusal(order, openid);
        return TypedResults.Ok(new
        {
            order.OutTradeNo, order.TradeType, order.State, order.Description, order.TotalFen, order.Openid, order.TimeExpire,
            refusal = refusal is null ? null : new AdminError(refusal.Code!, refusal.Message!),
        });
    }

    async Task<IResult> Pay(CheckoutInput input)
    {
        if (await Find(input.PrepayId, input.CodeUrl) is not { } order) return Unknown;
        var wish = new PayWish { Openid = input.Openid, Parameters = input.Parameters, BankType = input.BankType };
        return await payments.Pay(order.OutTradeNo, wish) switch
        {
            { Order: { } paid } => TypedResults.Ok(new
            {
                errMsg = "requestPayment:ok", paid.OutTradeNo, paid.TransactionId, paid.PayerTotalFen, paid.SuccessTime,
            }),
            var refused => AdminDoor.Conflict(refused.Code!, refused.Message!),
        };
    }

    /// <summary>Closes the sheet without paying; the order stays open, as WeChat leaves it.</summary>
    async Task<IResult> Cancel(CheckoutInput input) =>
        await Find(input.PrepayId, input.CodeUrl) is { } order
            ? TypedResults.Ok(new { errMsg = "requestPayment:fail cancel", order.OutTradeNo })
            : Unknown;

    Task<PayOrder?> Find(string? prepayId, string? codeUrl)
    {
        var handle = prepayId ?? codeUrl;
        return store.Read(db => db.Orders.FirstOrDefaultAsync(order => order.PrepayId == handle && handle != null));
    }

    static IResult Unknown => AdminDoor.NotFound("支付会话不存在或已过期，请重新发起支付");

    /// <summary>What <c>wx.requestSubscribeMessage</c> would ask, or the code with which it fails.</summary>
    async Task<IResult> Ask(string openid, SubscriptionRequest input)
    {
        var ids = input.TemplateIds.Distinct().ToArray();
        if (ids.Length == 0) return Failed(10001, "TmplIds can't be empty");
        if (ids.Length > MostTemplates) return Failed(20003, "Templates count out of max bounds");
        return await store.Read<IResult>(async db =>
        {
            if (await db.Users.AnyAsync(user => user.Openid == openid && user.RefusesMessages))
                return Failed(20004, "The main switch is switched off");
            var known = await db.Templates.Where(template => !template.IsOfficial && ids.Contains(template.TemplateId)).ToListAsync();
            if (known.Count < ids.Length && await db.Templates.AnyAsync(template => !template.IsOfficial))
                return Failed(20001, "No template data return");
            var kept = await db.KeptChoices.Where(choice => choice.Openid == openid && ids.Contains(choice.TemplateId)).ToListAsync();
            return TypedResults.Ok(new { templates = ids.Select(id => Asked(id, known, kept)) });
        });
    }

    static AskedTemplate Asked(string id, List<Template> known, List<KeptChoice> kept)
    {
        var template = known.Find(template => template.TemplateId == id);
        return new(id, template?.Title ?? "", template?.Fields.Split(',') ?? [], kept.Find(choice => choice.TemplateId == id)?.Accept);
    }

    static JsonHttpResult<RequestFailed> Failed(int code, string why) =>
        TypedResults.Json(new RequestFailed("request_failed", why, code, $"requestSubscribeMessage:fail {why}"), statusCode: 409);

    /// <summary>Server-sent events <c>ready</c>, <c>service-notification</c>, <c>payment</c> and <c>refund</c> of one person.</summary>
    /// <param name="after">A message number; later notifications that were missed come first. The header Last-Event-ID says the same.</param>
    ServerSentEventsResult<object> Events(string openid, string? after, HttpContext http)
    {
        var last = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : after;
        Task<List<ServiceNotification>> Missed() =>
            long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? store.Read(db => ServiceNotification.After(db, openid, number))
                : Task.FromResult<List<ServiceNotification>>([]);
        var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.RegisterForDispose(ends);
        return TypedResults.ServerSentEvents(feed.Listen(openid, Missed, ends.Token));
    }
}
