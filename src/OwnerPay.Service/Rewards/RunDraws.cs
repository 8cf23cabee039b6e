using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Does what draws need of themselves: tickets for payments, closing when the time is over, the files of those that are drawn. On any
/// instance, each thing once.</summary>
public sealed class RunDraws(OwnerPayDb db, TicketsForPayments payments, DrawFiles files, Audit audit, Clock clock) : IJob
{
    /// <summary>Payments of the last second are still being written when the time is over.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task<string> Run(CancellationToken cancel)
    {
        var now = clock.Now();
        var (given, closed) = (0, 0);
        foreach (var draw in await db.Draws.AsNoTracking().Where(d => d.State == DrawState.Open && d.Opens <= now).OrderBy(d => d.Closes)
            .ToListAsync(cancel))
        {
            given += await GiveTickets(draw, draw.LookedUntil!.Value, cancel);
            if (draw.Closes + Patience <= now && await Close(draw, cancel)) closed++;
        }
        return $"{given} tickets, {closed} closed, {await files.Write(cancel)} files";
    }

    async Task<int> GiveTickets(Draw draw, DateTimeOffset since, CancellationToken cancel)
    {
        var rules = draw.ReadRules();
        if (rules.TicketFen == 0) return 0;
        var (looked, given, at) = (TimeProvider.System.GetUtcNow(), 0, TicketsForPayments.From(since));
        while (await payments.Missing(draw, at, cancel) is { Count: > 0 } missing)
            foreach (var (payment, person, lot) in missing)
            {
                at = lot;
                given += await GiveTickets(draw, rules, payment, person, cancel);
            }
        await db.Draws.Where(d => d.Id == draw.Id && d.LookedUntil < looked).ExecuteUpdateAsync(set => set.SetProperty(d => d.LookedUntil, looked),
            cancel);
        return given;
    }

    async Task<int> GiveTickets(Draw draw, DrawRules rules, Guid payment, Guid person, CancellationToken cancel) =>
        (await db.Once<int>(new IdempotencyKey("job", "draws", "ticket", $"{draw.Id:N}/{payment:N}"), new { draw.Id, payment }, async () =>
        {
            var held = await db.Draws.AsNoTracking().Where(d => d.Id == draw.Id && d.State == DrawState.Open).ForUpdate().SingleOrDefaultAsync(cancel);
            return held is null ? 0 : await payments.Give(held, rules, payment, person, cancel);
        }, cancel)).Value;

    /// <summary>Fixes the list of tickets: from now on its hash is published, and none is added or taken away.</summary>
    async Task<bool> Close(Draw draw, CancellationToken cancel)
    {
        await GiveTickets(draw, draw.LookedUntil!.Value.AddDays(-1), cancel);    // once more over all that may have been on its way
        var done = await db.Once<bool>(new IdempotencyKey("job", "draws", "close", draw.Id.ToString("N")), new { draw.Id }, async () =>
        {
            var held = await db.Draws.Where(d => d.Id == draw.Id && d.State == DrawState.Open).ForUpdate().SingleOrDefaultAsync(cancel);
            if (held is null) return false;
            foreach (var undone in await payments.Undone(held, cancel)) undone.Void = true;
            await db.SaveChangesAsync(cancel);
            var numbers = await TicketsOf(db, held.Id, cancel);
            (held.State, held.ClosedAt) = (DrawState.Closed, clock.Now());
            held.RootHex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', numbers))));
            audit.Add(held.CommunityId, Audit.System, "draw.closed", held.Id, new { tickets = numbers.Count, held.RootHex });
            return true;
        }, cancel);
        db.ChangeTracker.Clear();
        return done is { Done: true, Value: true };
    }

    /// <summary>The list as it is published: valid tickets in ordinal order.</summary>
    public static async Task<IReadOnlyList<string>> TicketsOf(OwnerPayDb db, Guid draw, CancellationToken cancel) =>
        [.. (await db.DrawTickets.Where(t => t.DrawId == draw && !t.Void).Select(t => t.Number).ToListAsync(cancel)).Order(StringComparer.Ordinal)];
}
