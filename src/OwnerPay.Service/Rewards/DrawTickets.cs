using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Makes tickets under the draw's lock, inside the caller's transaction.</summary>
public sealed class DrawTickets(OwnerPayDb db, Clock clock)
{
    // Without 0/O, 1/I/L: it is read aloud. 12 of these are 59 bits; a clash meets the unique key.
    const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    /// <returns>How many more tickets of an open draw a person may have.</returns>
    public async Task<int> Left(Draw draw, DrawRules rules, Guid person, CancellationToken cancel) =>
        Math.Max(0, rules.MaxTickets - await db.DrawTickets.CountAsync(t => t.DrawId == draw.Id && t.PersonId == person, cancel));

    public IReadOnlyList<string> Add(Draw draw, Guid person, string kind, Guid source, int count)
    {
        List<string> numbers = [];
        for (var number = 1; number <= count; number++)
        {
            var ticket = new DrawTicket
            {
                Id = Guid.CreateVersion7(), CommunityId = draw.CommunityId, DrawId = draw.Id, Number = "T" + RandomNumberGenerator.GetString(Letters,
                    12), PersonId = person,
                SourceKind = kind, SourceId = source, Sequence = number, CreatedAt = clock.Now(),
            };
            db.Add(ticket);
            numbers.Add(ticket.Number);
        }
        return numbers;
    }
}

/// <summary>Gives tickets for payments in time, derived from the points that they made: whatever night without power, no payment is
/// forgotten.</summary>
public sealed class TicketsForPayments(OwnerPayDb db, DrawTickets tickets)
{
    /// <summary>A transaction takes this long at most from making its ids to its commit.</summary>
    static readonly TimeSpan Late = TimeSpan.FromMinutes(2);
    const int Batch = 500;

    /// <summary>Where looking begins: ids are ordered by time, so that the key leads to what is new, however many lots there are.</summary>
    /// <param name="since">Payments that were settled after it, by the system's clock.</param>
    public static Guid From(DateTimeOffset since) => Guid.CreateVersion7(since - Late);

    /// <param name="after">The last lot that was looked at.</param>
    /// <returns>A page of payments that have no ticket of the draw yet, with their payer and lot.</returns>
    public async Task<IReadOnlyList<(Guid Payment, Guid Person, Guid Lot)>> Missing(Draw draw, Guid after, CancellationToken cancel)
    {
        var (lots, given) = (db.PointsLots, db.DrawTickets);
        var opens = draw.Opens > draw.PublishedAt ? draw.Opens : draw.PublishedAt!.Value;
        var rows = await lots.Where(l => l.Id.CompareTo(after) > 0 && l.CommunityId == draw.CommunityId && l.SourceKind == DrawTicket.ByPayment
                && l.CreatedAt >= opens && l.CreatedAt < draw.Closes
                && !given.Any(t => t.DrawId == draw.Id && t.SourceKind == DrawTicket.ByPayment && t.SourceId == l.SourceId))
            .OrderBy(l => l.Id).Take(Batch).Select(l => new { l.SourceId, l.PersonId, l.Id }).ToListAsync(cancel);
        return [.. rows.Select(l => (l.SourceId, l.PersonId, l.Id))];
    }

    /// <summary>Gives a payment its tickets, in the caller's transaction and under the draw's lock.</summary>
    public async Task<int> Give(Draw draw, DrawRules rules, Guid payment, Guid person, CancellationToken cancel)
    {
        if (await db.DrawTickets.AnyAsync(t => t.DrawId == draw.Id && t.SourceKind == DrawTicket.ByPayment && t.SourceId == payment,
            cancel)) return 0;
        var count = (int)Math.Min(await Worth(payment, rules.TicketFen, cancel), await tickets.Left(draw, rules, person, cancel));
        tickets.Add(draw, person, DrawTicket.ByPayment, payment, count);
        return count;
    }

    /// <summary>Tickets that a payment is worth: for each full amount of cash that it paid in time, late fee and discounts not counted.</summary>
    async Task<long> Worth(Guid payment, long perFen, CancellationToken cancel)
    {
        var bills = db.Bills;
        var cash = await db.BillReductions.Where(r => r.SourceKind == DrawTicket.ByPayment && r.SourceId == payment && r.BillLineId != null
            && bills.Any(b => b.Id == r.BillId && b.DueOn >= r.On)).SumAsync(r => r.Fen - r.DiscountFen, cancel);
        return cash / perFen;
    }

    /// <summary>Tickets of payments that went back altogether: their points were all taken back.</summary>
    public async Task<IReadOnlyList<DrawTicket>> Undone(Draw draw, CancellationToken cancel)
    {
        var (lots, entries, given) = (db.PointsLots, db.PointsEntries, db.DrawTickets);
        var gone = await lots.Where(l => l.CommunityId == draw.CommunityId && l.SourceKind == DrawTicket.ByPayment
                && given.Any(t => t.DrawId == draw.Id && t.SourceKind == DrawTicket.ByPayment && t.SourceId == l.SourceId)
                && l.Earned + (entries.Where(e => e.LotId == l.Id && (e.SourceKind == TakeBackPoints.Taken
                    || e.SourceKind == TakeBackPoints.Restored))
                    .Sum(e => (long?)e.Delta) ?? 0) == 0)
            .Select(l => l.SourceId).ToListAsync(cancel);
        return await given.Where(t => t.DrawId == draw.Id && t.SourceKind == DrawTicket.ByPayment && gone.Contains(t.SourceId)
            && !t.Void).ToListAsync(cancel);
    }
}
