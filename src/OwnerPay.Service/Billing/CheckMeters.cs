using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Meters and common costs against what was billed of them: each counter runs forward, no usage is billed twice, shares sum to their cost and
/// are billed as they were fixed.</summary>
public sealed class CheckMeters : IVerifyCheck
{
    const int PerPage = 500;

    /// <summary>A line with its bill. A voided one still says what its run charged: of two parties' bills one may be voided and the other stand.</summary>
    sealed record Charged(Guid HouseId, Guid RunId, bool Live, BillLine Line);

    public string Name => "meters";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var communities = await scope.Db.Communities.Where(c => scope.CommunityId == null || c.Id == scope.CommunityId).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        foreach (var community in communities)
        {
            for (var after = ""; ;)
            {
                var last = after;
                var page = await scope.Db.Meters.AsNoTracking().Where(m => m.CommunityId == community && m.Serial.CompareTo(last) > 0).OrderBy(m => m.Serial)
                    .Take(PerPage).ToListAsync(cancel);
                if (page.Count == 0) break;
                foreach (var finding in await OfMeters(scope.Db, page, cancel)) yield return finding;
                after = page[^1].Serial;
            }
            var costs = await scope.Db.Apportionments.AsNoTracking().Where(a => a.CommunityId == community).OrderBy(a => a.Id).ToListAsync(cancel);
            foreach (var cost in costs)
                foreach (var finding in await OfCost(scope.Db, cost, cancel)) yield return finding;
            await foreach (var finding in Strays(scope.Db, community, cancel)) yield return finding;
        }
    }

    async Task<List<Finding>> OfMeters(OwnerPayDb db, List<Meter> meters, CancellationToken cancel)
    {
        var (ids, findings, lines) = (meters.ConvertAll(m => m.Id), new List<Finding>(), db.BillLines);
        var readings = (await db.MeterReadings.AsNoTracking().Where(r => ids.Contains(r.MeterId)).ToListAsync(cancel)).ToLookup(r => r.MeterId);
        var houses = meters.Select(m => m.HouseId).OfType<Guid>().Distinct().ToList();
        var billed = (await (from bill in db.Bills
                             where houses.Contains(bill.HouseId)
                             join line in lines on bill.Id equals line.BillId
                             where line.MeterId != null
                             select new { bill.HouseId, bill.RunId, Live = bill.State != BillState.Voided, Line = line }).AsNoTracking().ToListAsync(cancel))
            .ToLookup(b => b.Line.MeterId!.Value, b => new Charged(b.HouseId, b.RunId, b.Live, b.Line));
        foreach (var meter in meters)
        {
            var all = readings[meter.Id].OrderBy(r => r.ReadOn).ThenBy(r => r.RecordedAt).ThenBy(r => r.Id).ToList();
            foreach (var fault in Faults(meter, all)) findings.Add(new(Name, $"Meters/{meter.Id:N}", fault));
            var known = all.Select(r => r.Id).ToHashSet();
            bool IsOurs(Charged b) => b.HouseId == meter.HouseId && b.Line is { FromReadingId: { } from, ToReadingId: { } to } && known.Contains(from) && known.Contains(to);
            foreach (var stray in billed[meter.Id].Where(b => !IsOurs(b))) findings.Add(new(Name, $"BillLines/{stray.Line.Id:N}", "明细的读数不属于该户的表"));
            foreach (var fault in BilledFaults(meter, all, [.. billed[meter.Id].Where(IsOurs)])) findings.Add(new(Name, $"Meters/{meter.Id:N}", fault));
        }
        return findings;
    }

    /// <summary>The readings that count are such as would be taken today, one after the other.</summary>
    static IEnumerable<string> Faults(Meter meter, List<MeterReading> all)
    {
        foreach (var reading in all.Where(r => r.LiveOn is { } on && on != r.ReadOn)) yield return $"{reading.ReadOn:yyyy-MM-dd} 的读数登记日期不符";
        CounterReading? before = null;
        foreach (var reading in all.Where(r => r.LiveOn is not null))
        {
            if (reading.ReadOn < meter.InstalledOn || reading.ReadOn > meter.RemovedOn) yield return $"{reading.ReadOn:yyyy-MM-dd} 的读数不在表的使用期间";
            if (MeterCounter.Judge(meter.Digits, before, reading.OnCounter) is not CounterFault.None and var fault)
                yield return $"{reading.ReadOn:yyyy-MM-dd} 的读数 {reading.ValueThousandths} 与前一次不连续（{fault}）";
            before = reading.OnCounter;
        }
        if (meter.RemovedOn is { } removed && !all.Exists(r => r.LiveOn == removed)) yield return $"{removed:yyyy-MM-dd} 拆除时没有读数";
    }

    /// <summary>Charged intervals follow each other on the counter without a common part, and their lines charge their usage, not more, not less.</summary>
    static IEnumerable<string> BilledFaults(Meter meter, List<MeterReading> all, List<Charged> lines)
    {
        var known = all.ToDictionary(r => r.Id);
        long Position(MeterReading reading) =>
            (all.Count(r => r.LiveOn is not null && r.ReadOn < reading.ReadOn && r.RolledOver) + (reading.RolledOver ? 1 : 0)) * MeterCounter.Range(meter.Digits)
            + reading.ValueThousandths;
        (long From, long To) before = default;
        foreach (var interval in lines.GroupBy(l => (From: known[l.Line.FromReadingId!.Value], To: known[l.Line.ToReadingId!.Value], l.RunId))
            .Where(g => g.Any(l => l.Live)).OrderBy(g => g.Key.To.ReadOn).ThenBy(g => g.Key.To.RecordedAt).ThenBy(g => g.Key.To.Id))
        {
            var (from, to, charged) = (Position(interval.Key.From), Position(interval.Key.To), interval.Sum(l => l.Line.UsageThousandths));
            if (charged != (to - from) * meter.Multiplier) yield return $"至 {interval.Key.To.ReadOn:yyyy-MM-dd} 应计 {(to - from) * meter.Multiplier}，账单合计 {charged}";
            if (from < before.To && interval.Key.From.Role != ReadingRole.Opening) yield return $"至 {interval.Key.To.ReadOn:yyyy-MM-dd} 的用量与之前已计部分重叠";
            before = (from, to);
        }
    }

    async Task<List<Finding>> OfCost(OwnerPayDb db, Apportionment of, CancellationToken cancel)
    {
        var (findings, subject, lines, bills) = (new List<Finding>(), $"Apportionments/{of.Id:N}", db.BillLines, db.Bills);
        void Add(string fault) => findings.Add(new(Name, subject, fault));
        var shares = await db.ApportionmentShares.AsNoTracking().Where(s => s.ApportionmentId == of.Id).OrderBy(s => s.Number).ToListAsync(cancel);
        if (shares.Select((s, index) => s.Number == index + 1).Contains(false)) Add("分摊序号不连续");
        if (shares.Sum(s => s.Fen) != of.TotalFen) Add($"总额 {of.TotalFen} 分，各户合计 {shares.Sum(s => s.Fen)} 分");
        if (shares.Sum(s => s.Weight) != of.BasisTotal) Add($"分摊基数 {of.BasisTotal}，各户合计 {shares.Sum(s => s.Weight)}");
        else if (!Apportion.Split(new Fen(of.TotalFen), shares.Select(s => s.Weight).ToArray()).Select(f => f.Value).SequenceEqual(shares.Select(s => s.Fen)))
            Add("各户金额与分摊规则不符");
        if (of.MeterId is not null && MeterCounter.Price(of.UsageThousandths, of.UnitPrice).Value != of.TotalFen) Add("总额与总表用量、单价不符");
        foreach (var page in shares.Chunk(PerPage))
        {
            var houses = page.Select(s => s.HouseId).ToList();
            var billed = await (from bill in bills
                                where houses.Contains(bill.HouseId)
                                join line in lines on bill.Id equals line.BillId
                                where line.ApportionmentId == of.Id
                                select new { bill.HouseId, bill.RunId, Live = bill.State != BillState.Voided, line.AmountFen }).ToListAsync(cancel);
            var live = billed.GroupBy(b => (b.HouseId, b.RunId)).Where(g => g.Any(b => b.Live)).ToLookup(g => g.Key.HouseId, g => g.Sum(b => b.AmountFen));
            foreach (var share in page.Where(s => live.Contains(s.HouseId)))
                if (of.State == ApportionmentState.Withdrawn) findings.Add(new(Name, $"ApportionmentShares/{share.Id:N}", "已作废的分摊有账单"));
                else if (live[share.HouseId].ToList() is not [var fen] || fen != share.Fen)
                    findings.Add(new(Name, $"ApportionmentShares/{share.Id:N}", $"应摊 {share.Fen} 分，账单 {string.Join('、', live[share.HouseId])} 分"));
        }
        return findings;
    }

    async IAsyncEnumerable<Finding> Strays(OwnerPayDb db, Guid community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (meters, houses, costs, kinds) = (db.Meters, db.Houses, db.Apportionments, db.FeeKinds);
        var found = new List<(string Table, IQueryable<Guid> Ids)>
        {
            ("Meters", meters.Where(m => m.CommunityId == community && (m.HouseId != null && !houses.Any(h => h.Id == m.HouseId && h.CommunityId == community)
                || !kinds.Any(k => k.Id == m.FeeKindId && k.CommunityId == community))).Select(m => m.Id)),
            ("MeterReadings", db.MeterReadings.Where(r => r.CommunityId == community && !meters.Any(m => m.Id == r.MeterId && m.CommunityId == community)).Select(r => r.Id)),
            ("ApportionmentShares", db.ApportionmentShares.Where(s => s.CommunityId == community
                && (!costs.Any(a => a.Id == s.ApportionmentId && a.CommunityId == community) || !houses.Any(h => h.Id == s.HouseId && h.CommunityId == community))).Select(s => s.Id)),
            ("VacantRates", db.VacantRates.Where(r => r.CommunityId == community && !houses.Any(h => h.Id == r.HouseId && h.CommunityId == community)).Select(r => r.Id)),
            ("FeeAgreements", db.FeeAgreements.Where(a => a.CommunityId == community && !houses.Any(h => h.Id == a.HouseId && h.CommunityId == community)).Select(a => a.Id)),
        };
        foreach (var (table, ids) in found)
            foreach (var id in await ids.Take(1000).ToListAsync(cancel))
                yield return new(Name, $"{table}/{id:N}", "没有对应的主记录");
    }
}
