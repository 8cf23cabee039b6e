using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Points;

/// <summary>Points of random lives: earned, spent, given back, expired, taken back, in any order.</summary>
public sealed class LotTests(Servers servers)
{
    enum Act { Earn, Spend, Return, Expire, TakeBack, TakeBackHalf, Undo }

    /// <param name="Choice">Which of the things that could be meant.</param>
    sealed record Step(Act Act, long Points, int Choice, int DaysLater);

    static readonly int[] Pauses = [0, 0, 1, 20, 400];

    static Step[] LifeOf(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(5, 15)).Select(_ =>
            new Step((Act)random.Next(7), random.Next(1, 401), random.Next(1_000), Pauses[random.Next(Pauses.Length)]))];
    }

    // Balances that are kept beside the entries drift apart from them as soon as somebody cancels after a refund.
    [Theory, EachDatabase]
    public async Task No_order_of_earning_spending_cancelling_expiring_and_taking_back_loses_or_makes_a_point(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var lives = Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 400 : 16;
        for (var seed = 1; seed <= lives; seed++) await Live(estate, Guid.CreateVersion7(), LifeOf(seed));
        Assert.Empty(await estate.Verify());
    }

    sealed class Diary
    {
        public List<(Guid Source, long Points, long TakenOf100)> Earned { get; } = [];
        public List<Guid> Spent { get; } = [];
        public List<Guid> Refunds { get; } = [];
        public DateOnly Today { get; set; } = new(2026, 12, 10);
    }

    static async Task Live(Estate estate, Guid person, Step[] steps)
    {
        var diary = new Diary();
        foreach (var step in steps)
        {
            diary.Today = diary.Today.AddDays(step.DaysLater);
            await using var scope = estate.Installation.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            await db.Once<bool>(new IdempotencyKey("test", "lots", step.Act.ToString(), Guid.CreateVersion7().ToString("N")), step.Points, async () =>
            {
                await Do(scope.ServiceProvider, estate.CommunityId, person, step, diary);
                return true;
            }, default);
        }
        await Same(estate, person, steps);
    }

    static async Task Do(IServiceProvider services, Guid community, Guid person, Step step, Diary diary)
    {
        var on = diary.Today;
        switch (step.Act)
        {
            case Act.Earn:
                var source = Guid.CreateVersion7();
                await services.GetRequiredService<EarnPoints>().Run(community, person, step.Points, "test", source, on, "测试", default);
                diary.Earned.Add((source, step.Points, 0));
                break;
            case Act.Spend:
                var spending = Guid.CreateVersion7();
                if (await services.GetRequiredService<SpendPoints>().Run(community, person, step.Points, PointsSpending.DrawTicket, spending, on,
                    "测试", default))
                    diary.Spent.Add(spending);
                break;
            case Act.Return when diary.Spent.Count > 0:
                var back = diary.Spent[step.Choice % diary.Spent.Count];
                diary.Spent.Remove(back);
                await services.GetRequiredService<ReturnPoints>().Run(PointsSpending.DrawTicket, back, PointsSpending.DrawTicket + "-cancelled", on,
                    "测试", default);
                break;
            case Act.Expire:
                await Expire(services, person, on);
                break;
            case Act.TakeBack or Act.TakeBackHalf when diary.Earned.Count > 0:
                var at = step.Choice % diary.Earned.Count;
                var (earnedBy, points, taken) = diary.Earned[at];
                var undone = step.Act == Act.TakeBack ? 100 : Math.Max(taken, 50);
                diary.Earned[at] = (earnedBy, points, undone);
                diary.Refunds.Add(Guid.CreateVersion7());
                await services.GetRequiredService<TakeBackPoints>().Run(("test", earnedBy), diary.Refunds[^1], undone, 100, on, default);
                break;
            case Act.Undo when diary.Refunds.Count > 0:
                var refund = diary.Refunds[^1];
                diary.Refunds.RemoveAt(diary.Refunds.Count - 1);
                await services.GetRequiredService<TakeBackPoints>().Undo(refund, on, default);
                break;
        }
    }

    static async Task Expire(IServiceProvider services, Guid person, DateOnly on)
    {
        var db = services.GetRequiredService<OwnerPayDb>();
        var over = await db.PointsLots.AsNoTracking().Where(l => l.PersonId == person && l.ExpiresOn < on && l.Remaining > 0)
            .OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).ToListAsync();
        foreach (var lot in over)
            await services.GetRequiredService<ExpirePoints>().Expire(await db.PointsLots.AsNoTracking().SingleAsync(l => l.Id == lot.Id), on,
                default);
    }

    /// <summary>Lots, entries and books tell the same about the person, and the statement's sums add up to what is left.</summary>
    static Task<bool> Same(Estate estate, Guid person, Step[] steps) => estate.Installation.Db(async db =>
    {
        var held = await db.PointsLots.Where(l => l.PersonId == person).SumAsync(l => l.Remaining);
        var sums = await db.PointsEntries.Where(e => e.PersonId == person).Sums(default);
        var booked = await db.Postings.Where(p => p.CommunityId == estate.CommunityId && p.Account == Accounts.PointsOf(person))
            .SumAsync(p => p.Amount);
        var told = string.Join(", ", steps.Select(step => step.ToString()));
        Assert.True(held == sums.Earned - sums.Spent + sums.Returned - sums.Expired - sums.TakenBack, $"{held} left of {sums}: {told}");
        Assert.True(held == booked, $"{held} in lots, {booked} in the books: {told}");
        return true;
    });
}
