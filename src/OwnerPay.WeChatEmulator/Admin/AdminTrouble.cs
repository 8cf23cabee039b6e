using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.Pay.Bills;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Admin;

/// <param name="Fen">For <c>amount</c> and <c>fee</c> what is shown instead, for <c>extra</c> and <c>refund</c> the amount of the added row;
/// else of no meaning.</param>
sealed record BillChangeInput(BillChangeKind Kind, string OutTradeNo, long Fen = 0);

/// <param name="AheadSeconds">By which business time jumps: order life, refund spacing, bill days. Headers, tokens and retries do not.</param>
sealed record ClockInput(long AheadSeconds);

/// <param name="Chaos">Null when no mix is on.</param>
/// <param name="Struck">How often each kind struck since the last mix began.</param>
sealed record ChaosSoFar(Chaos? Chaos, IReadOnlyDictionary<FaultKind, int> Struck);

/// <summary>Faults on demand, planted bill differences, key rotation, and what WeChat counted.</summary>
sealed class AdminTrouble(Store store, Keys keys, FaultList faults, World world)
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/faults", () => TypedResults.Ok(faults.Pending()));
        admin.MapPost("/faults", Add);
        admin.MapPut("/faults", Replace);
        admin.MapDelete("/faults", () =>
        {
            faults.Replace([]);
            return TypedResults.NoContent();
        });
        admin.MapPost("/scenario", Play);
        admin.MapGet("/chaos", () => TypedResults.Ok(Mixed()));
        admin.MapPost("/chaos", Mix);
        admin.MapDelete("/chaos", () =>
        {
            faults.Set(null);
            return TypedResults.Ok(Mixed());
        });
        admin.MapPost("/bills/{day}/changes", Change);
        admin.MapDelete("/bills/{day}/changes", Restore);
        admin.MapPut("/bills/{day}/trade", (DateOnly day, HttpRequest request, string? sha1 = null) => ReplaceBill(day, BillFileKind.Trade, request, sha1));
        admin.MapPut("/bills/{day}/fundFlow", (DateOnly day, HttpRequest request, string? sha1 = null) => ReplaceBill(day, BillFileKind.FundFlow, request, sha1));
        admin.MapPost("/platform-certificate/rotate", Rotate);
        admin.MapGet("/statistics", Statistics);
        admin.MapGet("/clock", () => TypedResults.Ok(new { now = world.Clock.Now() }));
        admin.MapPost("/clock", MoveClock);
    }

    IResult Add(Fault fault)
    {
        if (fault.Mistake is { } mistake) return AdminDoor.BadRequest(mistake);
        faults.Add(fault);
        return TypedResults.Ok(faults.Pending());
    }

    /// <summary>All the pending ones at once.</summary>
    IResult Replace(Fault[] wanted)
    {
        if (wanted.Select(fault => fault.Mistake).FirstOrDefault(mistake => mistake is not null) is { } wrong) return AdminDoor.BadRequest(wrong);
        faults.Replace(wanted);
        return TypedResults.Ok(faults.Pending());
    }

    /// <summary>What a scenario file would say.</summary>
    IResult Play(Scenario scenario)
    {
        if (scenario.Mistake is { } mistake) return AdminDoor.BadRequest(mistake);
        scenario.PlayOn(faults);
        return TypedResults.Ok(faults.Pending());
    }

    IResult Mix(Chaos chaos)
    {
        if (chaos.Mistake is { } mistake) return AdminDoor.BadRequest(mistake);
        faults.Set(chaos);
        return TypedResults.Ok(Mixed());
    }

    ChaosSoFar Mixed()
    {
        var (chaos, struck) = faults.Mix();
        return new(chaos, struck);
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

    /// <summary>From now on the body is handed out as the bill of that day.</summary>
    async Task<IResult> ReplaceBill(DateOnly day, BillFileKind kind, HttpRequest request, string? sha1)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        world.ReplacedBills.Put(day, kind, body.ToArray(), sha1);
        return TypedResults.NoContent();
    }

    Rotated Rotate()
    {
        world.RotateCertificate();
        return new(keys.Platform[^1].Serial);
    }

    async Task<IResult> MoveClock(ClockInput input)
    {
        if (input.AheadSeconds is < 1 or > 366 * 86_400) return AdminDoor.BadRequest("aheadSeconds is 1 to 31622400: business time never goes back");
        await world.MoveClock(TimeSpan.FromSeconds(input.AheadSeconds));
        return TypedResults.Ok(new { now = world.Clock.Now() });
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
