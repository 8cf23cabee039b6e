using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Fen">For <c>amount</c> and <c>fee</c> what is shown instead, for <c>extra</c> and <c>refund</c> the amount of the added row;
/// else of no meaning.</param>
sealed record BillChangeInput(BillChangeKind Kind, string OutTradeNo, long Fen = 0);

/// <summary>Faults on demand, planted bill differences, key rotation, and what WeChat counted.</summary>
sealed class AdminTrouble(Store store, Keys keys, FaultList faults, Action rotate)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/faults", () => TypedResults.Ok(faults.Pending()));
        admin.MapPost("/faults", Add);
        admin.MapPut("/faults", Replace);
        admin.MapDelete("/faults", () =>
        {
            faults.Clear();
            return TypedResults.NoContent();
        });
        admin.MapPost("/bills/{day}/changes", Change);
        admin.MapDelete("/bills/{day}/changes", Restore);
        admin.MapPost("/platform-certificate/rotate", Rotate);
        admin.MapGet("/statistics", Statistics);
    }

    IResult Add(Fault fault)
    {
        if (!Sensible(fault)) return AdminDoor.BadRequest("count is 1 or more, seconds 0 to 86400");
        faults.Add(fault);
        return TypedResults.Ok(faults.Pending());
    }

    static bool Sensible(Fault fault) => fault is { Count: >= 1, Seconds: >= 0 and <= 86_400 };

    /// <summary>A whole scenario at once.</summary>
    IResult Replace(Fault[] scenario)
    {
        if (!scenario.All(Sensible)) return AdminDoor.BadRequest("count is 1 or more, seconds 0 to 86400");
        faults.Clear();
        foreach (var fault in scenario) faults.Add(fault);
        return TypedResults.Ok(faults.Pending());
    }

    async Task<IResult> Change(DateOnly day, BillChangeInput input)
    {
        if (input is { Kind: BillChangeKind.Amount or BillChangeKind.Extra or BillChangeKind.Fee or BillChangeKind.Refund, Fen: < 1 })
            return AdminDoor.BadRequest("fen is 1 or more");
        return await store.Write<IResult>(async db =>
        {
            var known = await db.Orders.AnyAsync(order => order.OutTradeNo == input.OutTradeNo && order.PaidOn == day);
            if (!known && input.Kind != BillChangeKind.Extra) return AdminDoor.NotFound("no such payment on that day");
            if (known && input.Kind == BillChangeKind.Extra) return AdminDoor.Conflict("row_exists", "that number is in the bill already");
            db.Add(new BillChange { Day = day, Kind = input.Kind, OutTradeNo = input.OutTradeNo, Fen = input.Fen });
            return TypedResults.NoContent();
        });
    }

    async Task<IResult> Restore(DateOnly day)
    {
        await store.Write(db => db.BillChanges.Where(change => change.Day == day).ExecuteDeleteAsync());
        return TypedResults.NoContent();
    }

    Rotated Rotate()
    {
        rotate();
        return new(keys.Platform[^1].Serial);
    }

    Task<Statistics> Statistics() => store.Read(async db =>
    {
        var states = await db.Callbacks.GroupBy(callback => callback.State).Select(group => new { group.Key, Count = group.Count() }).ToListAsync();
        int Count(CallbackState state) => states.Find(group => group.Key == state)?.Count ?? 0;
        var paid = db.Orders.Where(order => order.State == OrderState.Success);
        var paidFen = await paid.SumAsync(order => order.PaidTotalFen);
        return new Statistics(
            await db.Users.CountAsync(), await db.Orders.CountAsync(), await paid.CountAsync(), paidFen, await db.Messages.CountAsync(),
            Count(CallbackState.Delivered), Count(CallbackState.Waiting), Count(CallbackState.GivenUp), Count(CallbackState.Recorded),
            Count(CallbackState.Lost));
    });
}

/// <param name="PlatformCertificateSerial">The certificate that signs from now on.</param>
sealed record Rotated(string PlatformCertificateSerial);

/// <param name="PaidFen">Totals of the orders, before coupons.</param>
/// <param name="CallbacksRecorded">Meant for addresses that are not loopback, and therefore never sent.</param>
sealed record Statistics(
    int Users, int Orders, int Payments, long PaidFen, int MessagesAccepted, int CallbacksDelivered, int CallbacksWaiting, int CallbacksGivenUp,
    int CallbacksRecorded, int CallbacksLost);
