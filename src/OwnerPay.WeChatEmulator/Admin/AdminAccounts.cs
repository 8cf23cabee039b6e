using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.OfficialAccount;
using OwnerPay.WeChatEmulator.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Managed">Whether WeChat freezes money until a shipment is reported.</param>
sealed record ShippingInput(bool Managed);

/// <param name="Blocks">Refuses the account's messages although following it.</param>
sealed record FollowInput(bool Blocks = false);

/// <summary>The consoles of the mini-program and of the service account: where messages are pushed to, who follows, what is managed.</summary>
sealed class AdminAccounts(Store store, Keys keys, Pushes pushes, Followers followers)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapPut("/push", (PushSettings input, CancellationToken cancel) => Configure(keys.MiniProgram, input, cancel));
        admin.MapDelete("/push", (CancellationToken cancel) => Configure(keys.MiniProgram, null, cancel));
        admin.MapGet("/pushes", Sent);
        admin.MapPut("/shipping", Shipping);
        admin.MapPost("/orders/{outTradeNo}/confirm-receipt", Confirm);
        admin.MapGet("/official-account", async () => TypedResults.Ok(new
        {
            keys.OfficialAccount.Appid, keys.OfficialAccount.Secret, keys.OfficialAccount.OriginalId,
            followers = await store.Read(db => db.Followers.OrderBy(one => one.Openid).ToListAsync()),
        }));
        admin.MapPut("/official-account/push", (PushSettings input, CancellationToken cancel) => Configure(keys.OfficialAccount, input, cancel));
        admin.MapDelete("/official-account/push", (CancellationToken cancel) => Configure(keys.OfficialAccount, null, cancel));
        admin.MapGet("/official-account/messages/{openid}", async (string openid) =>
            TypedResults.Ok(await store.Read(db => ServiceNotification.After(db, openid, 0, official: true))));
        admin.MapPost("/users/{openid}/follow", Follow);
        admin.MapDelete("/users/{openid}/follow", async (string openid) =>
            await followers.Unfollow(openid) is { } gone ? TypedResults.Ok(gone) : AdminDoor.NotFound("this person never followed"));
    }

    async Task<IResult> Configure(Account account, PushSettings? input, CancellationToken cancel) =>
        await pushes.Configure(account, input, cancel) is { } refusal
            ? AdminDoor.Conflict("push_refused", refusal)
            : TypedResults.NoContent();

    /// <summary>All pushes and what became of them, oldest first.</summary>
    async Task<IResult> Sent()
    {
        var rows = await store.Read(db => db.Pushes.OrderBy(push => push.CreatedAt).ThenBy(push => push.Id).ToListAsync());
        return TypedResults.Ok(rows.Select(push =>
            new { push.IsOfficial, push.Openid, push.Event, push.State, push.Attempts, push.Message, push.CreatedAt }));
    }

    async Task<IResult> Follow(string openid, FollowInput? input)
    {
        if (!OrderRequest.Openids.IsMatch(openid)) return AdminDoor.NotFound("nobody has such an openid");
        await followers.Follow(openid);
        return TypedResults.Ok(await followers.Change(openid, follower => follower.Blocks = input?.Blocks == true));
    }

    async Task<IResult> Shipping(ShippingInput input)
    {
        await store.Write(db => SettingNames.Save(db, SettingNames.TradeManaged, input.Managed ? "true" : null));
        return TypedResults.NoContent();
    }

    /// <summary>The payer says in WeChat that it arrived.</summary>
    async Task<IResult> Confirm(string outTradeNo) => await store.Write<IResult>(async db =>
    {
        var shipment = await db.Shipments.SingleOrDefaultAsync(one => one.OutTradeNo == outTradeNo);
        if (shipment is null) return AdminDoor.Conflict("not_shipped", "no shipment was reported for this payment");
        shipment.Confirmed = true;
        return TypedResults.NoContent();
    });
}
