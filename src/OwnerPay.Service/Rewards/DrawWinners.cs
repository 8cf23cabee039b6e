using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Draws winners by the rule, inside the caller's transaction and under the draw's lock: the first ones, or the next one for an invalid
/// one.</summary>
public sealed class DrawWinners(OwnerPayDb db, MasterKey master, Messages messages, Clock clock)
{
    /// <summary>The rule over the closed list.</summary>
    public async Task<DrawResult> Run(Draw draw, int winners, CancellationToken cancel)
    {
        var tickets = await RunDraws.TicketsOf(db, draw.Id, cancel);
        return VerifiableDraw.Run(master.Unwrap(Draw.SecretPurpose, draw.SecretWrapped), draw.Beacon!, winners, tickets);
    }

    /// <summary>All winners, once for ever.</summary>
    public async Task<int> All(Draw draw, CancellationToken cancel)
    {
        var rules = draw.ReadRules();
        var result = await Run(draw, rules.Winners, cancel);
        if (result.Commit != draw.CommitHex
            || result.Root != draw.RootHex) throw new InvalidOperationException($"Draw {draw.Id:N} was changed after its publication");
        (draw.State, draw.DrawnAt, draw.SeedHex) = (DrawState.Drawn, clock.Now(), result.Seed);
        var told = new List<Recipient>();
        for (var place = 0; place < result.Winners.Count; place++) told.Add(await Add(draw, rules, result.Winners[place], place, place, cancel));
        await messages.TellOfNew(DrawWonMessage.Name, draw.CommunityId, told, cancel);
        return result.Winners.Count;
    }

    /// <summary>The next one drawn gets the prize of a replaced winner.</summary>
    /// <returns>False when no ticket is left: the prize stays with the company.</returns>
    public async Task<bool> Next(Draw draw, DrawWin replaced, CancellationToken cancel)
    {
        var drawn = await db.DrawWins.CountAsync(w => w.DrawId == draw.Id, cancel);
        var result = await Run(draw, drawn + 1, cancel);
        if (result.Winners.Count <= drawn) return false;
        var won = await Add(draw, draw.ReadRules(), result.Winners[drawn], drawn, replaced.Place, cancel);
        await messages.TellOfNew(DrawWonMessage.Name, draw.CommunityId, [won], cancel);
        return true;
    }

    async Task<Recipient> Add(Draw draw, DrawRules rules, string number, int position, int place, CancellationToken cancel)
    {
        var ticket = await db.DrawTickets.AsNoTracking().SingleAsync(t => t.DrawId == draw.Id && t.Number == number, cancel);
        var (prize, now) = (rules.PrizeOf(place), clock.Now());
        var win = new DrawWin
        {
            Id = Guid.CreateVersion7(), CommunityId = draw.CommunityId, DrawId = draw.Id, Position = position, Place = place, TicketId = ticket.Id,
            PersonId = ticket.PersonId,
            PrizeName = prize.Name, ValueFen = prize.ValueFen, TaxFen = DrawLimits.Tax(prize.ValueFen).Value,
            PickUpCode = await FreeCode(draw.CommunityId, cancel),
            ExpiresOn = Clock.DateOf(now).AddDays(rules.PickUpDays), DrawnAt = now, State = DrawWinState.Waiting,
        };
        db.Add(win);
        return new Recipient(ticket.PersonId, win.Id, null);
    }

    async Task<string> FreeCode(Guid community, CancellationToken cancel)
    {
        while (true)
        {
            var code = PickUpCodes.ForPrize();
            if (!await db.DrawWins.AnyAsync(w => w.CommunityId == community && w.PickUpCode == code, cancel)
                && !db.ChangeTracker.Entries<DrawWin>().Any(entry => entry.Entity.PickUpCode == code)) return code;
        }
    }
}

/// <summary>Staff hand a prize to whoever shows its pick-up code; part of handing out rewards.</summary>
public sealed class HandOutPrize(OwnerPayDb db, Audit audit, Clock clock)
{
    public async Task<Result<FulfilledRedemption>> Run(string code, StaffMember by, CancellationToken cancel)
    {
        var persons = db.Persons;
        var found = await db.DrawWins.AsNoTracking().Where(w => w.CommunityId == by.CommunityId && w.PickUpCode == code)
            .Select(w => new { w.Id, w.PrizeName, w.ValueFen, Person = persons.Where(p => p.Id == w.PersonId).Select(p => p.Name).Single() })
                .SingleOrDefaultAsync(cancel);
        if (found is null) return FulfilRedemption.Unknown;
        var (now, today) = (clock.Now(), clock.Today());
        if (await db.DrawWins.Where(w => w.Id == found.Id && w.State == DrawWinState.Waiting && w.ExpiresOn >= today).ExecuteUpdateAsync(
                set => set.SetProperty(w => w.State, DrawWinState.HandedOut).SetProperty(w => w.EndedAt, now).SetProperty(w => w.HandedOutBy,
                    by.StaffId), cancel) == 0)
            return FulfilRedemption.Ended;
        audit.Add(by, "prize.handed-out", found.Id, new { prize = found.PrizeName, found.ValueFen });
        return new FulfilledRedemption(found.Id, found.PrizeName, Mask.Name(found.Person), IsPrize: true, found.ValueFen);
    }
}
