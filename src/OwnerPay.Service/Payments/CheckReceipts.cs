using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Payments;

/// <summary>Each payment that was applied has one receipt of its amount; numbers run from 1 without gaps per community and year.</summary>
public sealed class CheckReceipts : IVerifyCheck
{
    public string Name => "receipts";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (payments, receipts, series) = (db.Payments, db.Receipts, db.NumberSeries);
        var wrong = payments.Where(p => community == null || p.CommunityId == community).Select(p => new
        {
            p.Id, p.Outcome, p.ReceivedFen, Receipts = receipts.Count(r => r.PaymentId == p.Id), Fen = receipts.Where(r => r.PaymentId == p.Id).Sum(r => (long?)r.AmountFen) ?? 0,
        }).Where(p => p.Outcome == PaymentOutcome.Suspense ? p.Receipts != 0 : p.Receipts != 1 || p.Fen != p.ReceivedFen).AsAsyncEnumerable();
        await foreach (var payment in wrong.WithCancellation(cancel))
            yield return new(Name, $"Payments/{payment.Id:N}", $"实收 {payment.ReceivedFen} 分，收据 {payment.Receipts} 张共 {payment.Fen} 分");

        var strays = receipts.Where(r => (community == null || r.CommunityId == community) && !payments.Any(p => p.Id == r.PaymentId)).Select(r => r.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"Receipts/{stray:N}", "收据没有对应的付款");

        var years = receipts.Where(r => (community == null || r.CommunityId == community) && r.Number != null).GroupBy(r => new { r.CommunityId, r.Year })
            .Select(g => new { g.Key.CommunityId, g.Key.Year, Count = g.LongCount(), First = g.Min(r => r.Number), Last = g.Max(r => r.Number) });
        foreach (var year in await years.ToListAsync(cancel))
            if (year.First != 1 || year.Last != year.Count)
                yield return new(Name, $"Receipts/{year.CommunityId:N}/{year.Year}", $"收据编号应从 1 连续到 {year.Count}，实为 {year.First} 到 {year.Last}");

        var mine = series.Where(s => s.Kind == NumberReceipts.Kind && (community == null || s.CommunityId == community));
        foreach (var (of, period) in (await mine.Select(s => new { s.CommunityId, s.Period }).ToListAsync(cancel)).Select(s => (s.CommunityId, s.Period)))
        {
            var year = int.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
            var facts = mine.Where(s => s.CommunityId == of && s.Period == period)
                .Select(s => new SeriesFacts(s, receipts.LongCount(r => r.CommunityId == of && r.Year == year && r.Number != null)));
            await foreach (var finding in CheckNumbers.Series(Name, facts, cancel)) yield return finding;
        }
    }
}
