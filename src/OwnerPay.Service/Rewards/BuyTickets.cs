using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public sealed record TicketRequest([property: Range(1, 100)] int Count = 1);

/// <param name="Tickets">Their public numbers.</param>
/// <param name="CostPoints">Whole points taken.</param>
public sealed record TicketsBought(Guid DrawId, IReadOnlyList<string> Tickets, long CostPoints);

/// <summary>An owner takes tickets of a draw for points: the tickets and the points in one transaction, or nothing.</summary>
/// <remarks>Errors: <c>draw_not_open</c>, <c>draw_not_for_points</c>, <c>draw_tickets_limit</c>, <c>points_insufficient</c> 409;
/// <c>draw_not_found</c> 404.</remarks>
public sealed class BuyTickets(OwnerPayDb db, DrawTickets tickets, SpendPoints points, Clock clock)
{
    static readonly Error NotOpen = new(409, "draw_not_open", "抽奖未在进行中") { Detail = "请在抽奖的开始与截止时间之间领取抽奖券" };
    static readonly Error NotForPoints = new(409, "draw_not_for_points", "本次抽奖不能用积分换取抽奖券");
    static readonly Error Limit = new(409, "draw_tickets_limit", "已达到每人抽奖券上限");
    static readonly Error TooFewPoints = new(409, "points_insufficient", "积分不足");

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/draws/{drawId:guid}/tickets",
        Post).WithName("takeDrawTickets").ForOwners()
        .CanFail(Problems.Validation, Member.HouseNotFound, ProposeDraw.NotFound, NotOpen, NotForPoints, Limit, TooFewPoints, IdempotencyKey.Missing,
            IdempotencyKey.Reused);

    static async Task<Results<Ok<TicketsBought>, ProblemHttpResult>> Post(
        Guid drawId, IdempotencyKey key, Member member, TicketRequest request, BuyTickets buy, CancellationToken cancel) =>
        (await buy.Run(drawId, request, key, member, cancel)).ToHttp(done => TypedResults.Ok(done));

    public Task<Result<TicketsBought>> Run(Guid id, TicketRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<TicketsBought>(key, new { id, request }, async () =>
        {
            // The draw's row is the lock under which tickets are counted and the list is closed.
            var draw = await db.Draws.AsNoTracking().Where(d => d.Id == id && d.CommunityId == member.CommunityId
                && d.State != DrawState.Proposed && d.State != DrawState.Rejected).ForUpdate().SingleOrDefaultAsync(cancel);
            if (draw is null) return ProposeDraw.NotFound;
            var now = clock.Now();
            if (draw.State != DrawState.Open || now < draw.Opens || now >= draw.Closes) return NotOpen;
            var rules = draw.ReadRules();
            if (rules.TicketPoints == 0) return NotForPoints;
            if (await tickets.Left(draw, rules, member.PersonId, cancel) < request.Count) return Limit;
            var (purchase, cost) = (Guid.CreateVersion7(), rules.TicketPoints * request.Count);
            if (!await points.Run(member.CommunityId, member.PersonId, cost, PointsSpending.DrawTicket, purchase, Clock.DateOf(now),
                $"抽奖券 {draw.Title}", cancel))
                return TooFewPoints;
            return new TicketsBought(id, tickets.Add(draw, member.PersonId, DrawTicket.ByPoints, purchase, request.Count), cost);
        }, cancel);
}
