using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Times">Sent all at once.</param>
/// <param name="TimestampOffsetSeconds">Moves the signed time stamp, −600 makes it stale.</param>
/// <param name="PlatformCertificate">Signs with the platform certificate instead of the way the order was answered.</param>
sealed record ReplayInput(int Times = 1, bool BadSignature = false, long TimestampOffsetSeconds = 0, bool? PlatformCertificate = null);

/// <param name="Resource">Any object; encrypted and signed as a real one would be.</param>
sealed record InventedCallback(
    string NotifyUrl, JsonElement Resource, string EventType = "TRANSACTION.SUCCESS", string OriginalType = "transaction",
    bool PlatformCertificate = false, bool BadSignature = false, long TimestampOffsetSeconds = 0);

/// <summary>Orders as WeChat sees them, the payer's thumb, and callbacks by hand.</summary>
sealed class AdminOrders(Store store, Keys keys, PayOrders payments, Callbacks callbacks)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/orders", List);
        admin.MapGet("/orders/{outTradeNo}", One);
        admin.MapPost("/orders/{outTradeNo}/pay", Pay);
        admin.MapPost("/orders/{outTradeNo}/callbacks", (string outTradeNo, ReplayInput? input, CancellationToken cancel) =>
            Replay(db => CallbacksOf(db, outTradeNo), input, cancel));
        admin.MapPost("/refunds/{outRefundNo}/callbacks", (string outRefundNo, ReplayInput? input, CancellationToken cancel) =>
            Replay(db => db.Callbacks.Where(callback => callback.OutRefundNo == outRefundNo).OrderBy(callback => callback.Id), input, cancel));
        admin.MapPost("/callbacks", Invent);
    }

    async Task<IResult> List(string? state)
    {
        OrderState? wanted = Enum.TryParse<OrderState>(state, ignoreCase: true, out var parsed) ? parsed : null;
        if (state is not null && wanted is null) return AdminDoor.BadRequest("state is notPaid, success or closed");
        var orders = await store.Read(db =>
            db.Orders.Where(order => wanted == null || order.State == wanted).OrderBy(order => order.CreatedAt).ToListAsync());
        return TypedResults.Ok(orders.Select(Shown));
    }

    async Task<IResult> One(string outTradeNo)
    {
        var order = await store.Read(db => db.Orders.SingleOrDefaultAsync(order => order.OutTradeNo == outTradeNo));
        if (order is null) return AdminDoor.NotFound("no such order");
        var sent = await store.Read(db => CallbacksOf(db, outTradeNo).ToListAsync());
        return TypedResults.Ok(new { order = Shown(order), callbacks = sent.Select(Shown) });
    }

    async Task<IResult> Pay(string outTradeNo, PayWish? wish)
    {
        var outcome = await payments.Pay(outTradeNo, wish ?? new());
        return outcome switch
        {
            { Order: { } paid } => TypedResults.Ok(Shown(paid)),
            { Code: "order_unknown" } => AdminDoor.NotFound(outcome.Message!),
            _ => AdminDoor.Conflict(outcome.Code!, outcome.Message!),
        };
    }

    async Task<IResult> Replay(Func<EmulatorDb, IQueryable<Callback>> sent, ReplayInput? input, CancellationToken cancel)
    {
        input ??= new();
        if (input.Times is < 1 or > 1000) return AdminDoor.BadRequest("times is 1 to 1000");
        var callback = await store.Read(db => sent(db).LastOrDefaultAsync(cancel), cancel);
        if (callback is null) return AdminDoor.Conflict("not_paid", "there is no callback to deliver");
        var tampering = new Tampering(input.BadSignature, input.TimestampOffsetSeconds);
        var publicKeyMode = input.PlatformCertificate is { } platform ? !platform : callback.PublicKeyMode;
        var body = Encoding.UTF8.GetBytes(callback.Body);
        return TypedResults.Ok(await Task.WhenAll(
            Enumerable.Range(0, input.Times).Select(_ => callbacks.Send(callback.NotifyUrl, body, publicKeyMode, tampering, cancel))));
    }

    async Task<IResult> Invent(InventedCallback input, CancellationToken cancel)
    {
        var resource = Encoding.UTF8.GetBytes(input.Resource.GetRawText());
        var envelope = callbacks.Envelope(input.EventType, "支付成功", input.OriginalType, resource, TimeProvider.System.GetUtcNow());
        return TypedResults.Ok(await callbacks.Send(input.NotifyUrl, Encoding.UTF8.GetBytes(envelope), !input.PlatformCertificate,
            new(input.BadSignature, input.TimestampOffsetSeconds), cancel));
    }

    static IQueryable<Callback> CallbacksOf(EmulatorDb db, string outTradeNo) =>
        db.Callbacks.Where(callback => callback.OutTradeNo == outTradeNo && callback.OutRefundNo == null)
            .OrderBy(callback => callback.CreatedAt).ThenBy(callback => callback.Id);

    object Shown(PayOrder order) => new
    {
        order.OutTradeNo, order.TradeType, order.State, order.TotalFen, order.Openid, order.Description, order.NotifyUrl, order.CreatedAt,
        order.TimeExpire, order.PrepayId, order.TransactionId, order.SuccessTime, order.PayerOpenid, order.FeeFen, order.RefundedParts,
        resource = JsonDocument.Parse(WireJson.Bytes(OrderCalls.Resource(order, keys.Mchid), PayJson.Types.Transaction)).RootElement,
    };

    public static object Shown(Callback callback) => new
    {
        callback.Id, callback.EventType, callback.NotifyUrl, callback.State, callback.Attempts, callback.LastStatus,
        callback.CreatedAt, callback.NextAttemptAt,
    };
}
