using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Gives out a reward to several people who tapped at once, in one commit: goods and services, one piece each.</summary>
/// <remarks>Everything else (a coupon, a parking right, too few points, a limit reached, a tap repeated) is left to <see cref="RedeemReward"/>, which serves one
/// at a time by the same rules, under the same locks in the same order.</remarks>
public sealed class RedeemTogether(OwnerPayDb db, SpendTogether points, Outbox outbox, Clock clock)
{
    /// <param name="taps">Of one reward.</param>
    /// <returns>What became of each; null: not served here.</returns>
    /// <exception cref="Exception">Nothing was given out, whatever it is.</exception>
    public async Task<IReadOnlyList<Result<RedeemAnswer>?>> Run(IReadOnlyList<Tap> taps, CancellationToken cancel)
    {
        while (true)
        {
            try { return await Try(taps, cancel); }
            catch (PiecesTaken) { db.ChangeTracker.Clear(); }    // by another group: with what is left, from the start
        }
    }

    /// <summary>Fewer pieces are left than were read, and everything of this group is undone.</summary>
    sealed class PiecesTaken : Exception;

    async Task<IReadOnlyList<Result<RedeemAnswer>?>> Try(IReadOnlyList<Tap> taps, CancellationToken cancel)
    {
        var (id, today) = (taps[0].Request.RewardId, clock.Today());
        var reward = await db.Rewards.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.State == RewardState.Active && today <= r.To, cancel);
        if (reward is not null && RedeemReward.Closed(reward, clock.Now()) is { } closed) return await SendAway(reward, closed, taps, cancel);
        if (reward is not { Kind: RewardKind.Goods or RewardKind.Service }) return new Result<RedeemAnswer>?[taps.Count];

        var expires = today.AddDays(reward.PickUpDays);
        var acts = taps.Select(tap => new SharedAct<RedeemAnswer>(
            tap.Key, tap.Request, new RedeemAnswer(Guid.CreateVersion7(), PickUpCodes.ForReward(), reward.CostPoints, expires))).ToList();
        var late = new HashSet<int>();
        var answers = await db.OnceTogether(acts, mine => GiveOut(reward, today, taps, acts, mine, late, cancel), cancel);
        return [.. answers.Select((answer, at) => answer ?? (late.Contains(at) ? RedeemReward.OutOfStock : (Result<RedeemAnswer>?)null))];
    }

    /// <summary>Most of a rush comes too early or too late. That is no answer to store, for the hour strikes, and a piece may come back. Only taps that had one before
    /// get that one again.</summary>
    async Task<IReadOnlyList<Result<RedeemAnswer>?>> SendAway(Reward reward, Error closed, IReadOnlyList<Tap> taps, CancellationToken cancel)
    {
        var keys = taps.Select(tap => tap.Key.Hash()).ToList();
        var known = (await db.Set<OnceKey>().Where(k => keys.Contains(k.Id)).Select(k => k.Id).ToListAsync(cancel)).Select(Convert.ToHexString).ToHashSet();
        return [.. taps.Select((tap, at) =>
            known.Contains(Convert.ToHexString(keys[at])) || tap.Member.CommunityId != reward.CommunityId ? (Result<RedeemAnswer>?)null : closed)];
    }

    /// <param name="late">Gets those for whom no piece was left.</param>
    async Task<IReadOnlyDictionary<int, RedeemAnswer>> GiveOut(Reward reward, DateOnly today, IReadOnlyList<Tap> taps, List<SharedAct<RedeemAnswer>> acts,
        IReadOnlyList<int> mine, HashSet<int> late, CancellationToken cancel)
    {
        late.Clear();
        var first = mine.Where(act => taps[act].Member.CommunityId == reward.CommunityId).DistinctBy(act => taps[act].Member.PersonId)
            .ToDictionary(act => taps[act].Member.PersonId);
        var lots = await points.Lock(reward.CommunityId, first.Keys, reward.CostPoints, today, cancel);
        // Counted while their points are held, so that two taps of one person cannot both pass.
        var persons = lots.Keys.ToList();
        var had = await db.Redemptions.Where(Redemption.Counts).Where(r => r.RewardId == reward.Id && persons.Contains(r.PersonId)).Select(r => r.PersonId).ToListAsync(cancel);
        var codes = first.Values.Select(act => acts[act].Answer.PickUpCode).ToList();
        var taken = await db.Redemptions.Where(r => r.CommunityId == reward.CommunityId && codes.Contains(r.PickUpCode)).Select(r => r.PickUpCode).ToListAsync(cancel);
        taken.AddRange(codes.GroupBy(code => code).Where(same => same.Count() > 1).Select(same => same.Key));

        List<int> served = [.. first.Where(each => lots.ContainsKey(each.Key) && had.Count(person => person == each.Key) < reward.LimitPerPerson
            && !taken.Contains(acts[each.Value].Answer.PickUpCode)).Select(each => each.Value).Order()];
        late.UnionWith(served.Skip(reward.StockLeft));
        served = [.. served.Take(reward.StockLeft)];
        if (served.Count == 0) return new Dictionary<int, RedeemAnswer>();

        var now = clock.Now();
        foreach (var act in served)
        {
            var (member, answer) = (taps[act].Member, acts[act].Answer);
            db.Add(Redemption.Reserve(reward, answer.RedemptionId, member.PersonId, answer.PickUpCode, now, answer.ExpiresOn));
            outbox.Add(RedeemReward.Reserved, reward.CommunityId, answer.RedemptionId);
        }
        await points.Run(reward.CommunityId,
            [.. served.Select(act => new Spending(taps[act].Member.PersonId, acts[act].Answer.RedemptionId, lots[taps[act].Member.PersonId]))],
            reward.CostPoints, RedeemReward.Source, today, $"兑换 {reward.Name}", cancel);
        await db.InsertAdded(cancel);
        var pieces = served.Count;
        if (await db.Rewards.Where(r => r.Id == reward.Id && r.StockLeft >= pieces)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.StockLeft, r => r.StockLeft - pieces), cancel) == 0)
            throw new PiecesTaken();
        return served.ToDictionary(act => act, act => acts[act].Answer);
    }
}
