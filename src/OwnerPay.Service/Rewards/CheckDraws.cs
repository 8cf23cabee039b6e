using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Every draw is recomputed from secret, tickets and public number; its winners, prizes, taxes and the points paid for tickets must be
/// those.</summary>
public sealed class CheckDraws(MasterKey master) : IVerifyCheck
{
    public string Name => "draws";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        foreach (var draw in await db.Draws.AsNoTracking().Where(d => community == null || d.CommunityId == community).OrderBy(d => d.Id)
            .ToListAsync(cancel))
        {
            var faults = await Faults(db, draw, cancel);
            foreach (var fault in faults) yield return new(Name, $"Draws/{draw.Id:N}", fault);
        }
    }

    async Task<List<string>> Faults(OwnerPayDb db, Draw draw, CancellationToken cancel)
    {
        List<string> faults = [];
        DrawRules rules;
        byte[] secret;
        try { (rules, secret) = (draw.ReadRules(), master.Unwrap(Draw.SecretPurpose, draw.SecretWrapped)); }
        catch (Exception wrong) when (wrong is RuleRefusal or System.Security.Cryptography.CryptographicException)
        {
            return [$"规则或密钥无法读取：{wrong.Message}"];
        }
        if (PublishedDraw.HashOf(draw.Rules) != draw.RulesHash) faults.Add("规则与公布的哈希不符");
        var tickets = await db.DrawTickets.AsNoTracking().Where(t => t.DrawId == draw.Id).ToListAsync(cancel);
        var run = VerifiableDraw.Run(secret, draw.Beacon ?? "", 0, [.. tickets.Where(t => !t.Void).Select(t => t.Number)]);
        if (run.Commit != draw.CommitHex) faults.Add("密钥与公布的承诺不符");
        if (tickets.GroupBy(t => t.PersonId).Any(person => person.Count() > rules.MaxTickets)) faults.Add($"有人的抽奖券超过 {rules.MaxTickets} 张");
        if (tickets.Count > 0 && draw.State is not (DrawState.Open or DrawState.Closed or DrawState.Drawn)) faults.Add("未公布的抽奖已有抽奖券");
        if (draw.State is DrawState.Closed or DrawState.Drawn && run.Root != draw.RootHex) faults.Add("抽奖券名单与公布的哈希不符");
        faults.AddRange(await Paid(db, draw, rules, tickets, cancel));
        faults.AddRange(Won(draw, rules, secret, tickets, await db.DrawWins.AsNoTracking().Where(w => w.DrawId == draw.Id).OrderBy(w => w.Position)
            .ToListAsync(cancel)));
        return faults;
    }

    static async Task<List<string>> Paid(OwnerPayDb db, Draw draw, DrawRules rules, List<DrawTicket> tickets, CancellationToken cancel)
    {
        List<string> faults = [];
        foreach (var source in tickets.GroupBy(t => (t.SourceKind, t.SourceId)))
            if (!source.Select(t => t.Sequence).Order().SequenceEqual(Enumerable.Range(1, source.Count())))
                faults.Add($"来源 {source.Key.SourceId:N} 的抽奖券序号不连续");
        var bought = tickets.Where(t => t.SourceKind == DrawTicket.ByPoints).GroupBy(t => t.SourceId)
            .ToDictionary(g => g.Key, g => rules.TicketPoints * g.Count());
        foreach (var page in bought.Keys.Chunk(500))
        {
            var spent = await db.PointsEntries.Where(e => e.SourceKind == PointsSpending.DrawTicket && page.Contains(e.SourceId))
                .GroupBy(e => e.SourceId)
                .Select(g => new { g.Key, Points = -g.Sum(e => e.Delta) }).ToDictionaryAsync(g => g.Key, g => g.Points, cancel);
            faults.AddRange(page.Where(id => spent.GetValueOrDefault(id) != bought[id])
                .Select(id => $"抽奖券 {id:N} 应扣 {bought[id]} 积分，实扣 {spent.GetValueOrDefault(id)}"));
        }
        var lots = db.PointsLots;
        var unpaid = await db.DrawTickets.Where(t => t.DrawId == draw.Id && t.SourceKind == DrawTicket.ByPayment
            && !lots.Any(l => l.SourceKind == t.SourceKind && l.SourceId == t.SourceId && l.PersonId == t.PersonId)).CountAsync(cancel);
        if (unpaid > 0) faults.Add($"{unpaid} 张抽奖券没有对应的按时缴费");
        return faults;
    }

    static IEnumerable<string> Won(Draw draw, DrawRules rules, byte[] secret, List<DrawTicket> tickets, List<DrawWin> wins)
    {
        if (draw.State != DrawState.Drawn)
        {
            if (wins.Count > 0) yield return "未开奖却有中奖记录";
            yield break;
        }
        var valid = tickets.Where(t => !t.Void).ToDictionary(t => t.Number);
        var replaced = wins.Count(w => w.State == DrawWinState.Replaced);
        var run = VerifiableDraw.Run(secret, draw.Beacon ?? "", wins.Count, valid.Keys);
        if (run.Seed != draw.SeedHex) yield return "种子与密钥、名单、公开数字不符";
        if (wins.Count != Math.Min(rules.Winners + replaced, valid.Count)) yield return $"中奖 {wins.Count} 名，与奖品 {rules.Winners} 份、递补 {replaced} 名不符";
        for (var at = 0; at < Math.Min(wins.Count, run.Winners.Count); at++)
        {
            var (win, ticket) = (wins[at], valid[run.Winners[at]]);
            if (win.Position != at || win.TicketId != ticket.Id || win.PersonId != ticket.PersonId) yield return $"第 {at + 1} 名中奖者与重算结果不符";
            else if (win.Place >= rules.Winners || rules.PrizeOf(win.Place) is var prize && (prize.Name != win.PrizeName
                || prize.ValueFen != win.ValueFen)
                || win.TaxFen != DrawLimits.Tax(win.ValueFen).Value) yield return $"第 {at + 1} 名的奖品或税额与规则不符";
        }
        foreach (var place in wins.Where(w => w.State != DrawWinState.Replaced).GroupBy(w => w.Place).Where(g => g.Count() > 1))
            yield return $"第 {place.Key + 1} 份奖品发给了 {place.Count()} 人";
    }
}
