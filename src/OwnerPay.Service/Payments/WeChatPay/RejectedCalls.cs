using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>Counts calls that failed the check, in memory, and writes the counts now and then: whoever floods us costs no write per call.</summary>
public sealed class RejectedCalls
{
    const int MostSample = 200;
    readonly ConcurrentDictionary<string, (int Times, string Sample)> counted = new();

    /// <param name="reason">Why it was refused; one of a few words, so that the table stays small.</param>
    public void Count(DateOnly day, string reason, ReadOnlySpan<byte> body)
    {
        var sample = new StringBuilder();
        foreach (var character in Encoding.Latin1.GetString(body[..Math.Min(body.Length, MostSample)])) sample.Append(character is >= ' ' and <= '~' ? character : '.');
        counted.AddOrUpdate(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}/{reason}"),
            static (_, text) => (1, text), static (_, known, text) => (known.Times + 1, text), sample.ToString());
    }

    /// <summary>Takes what was counted since the last time.</summary>
    public IReadOnlyList<(string Id, int Times, string Sample)> Take()
    {
        var taken = new List<(string, int, string)>();
        foreach (var id in counted.Keys)
            if (counted.TryRemove(id, out var count)) taken.Add((id, count.Times, count.Sample));
        return taken;
    }
}

/// <summary>Writes the counts of this instance.</summary>
public sealed class KeepRejectedCalls(OwnerPayDb db, RejectedCalls rejected) : IJob
{
    public async Task<string> Run(CancellationToken cancel)
    {
        var counts = rejected.Take();
        foreach (var (id, times, sample) in counts)
        {
            var now = TimeProvider.System.GetUtcNow();
            var row = db.RejectedCalls.Where(r => r.Id == id);
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                if (await row.ExecuteUpdateAsync(set => set.SetProperty(r => r.Times, r => r.Times + times).SetProperty(r => r.Sample, sample).SetProperty(r => r.LastAt, now), cancel) > 0) break;
                db.Add(new RejectedCall { Id = id, Times = times, Sample = sample, LastAt = now });
                try { await db.SaveChangesAsync(cancel); break; }
                catch (DbUpdateException twin) when (WriteFailure.Violates(twin, "RejectedCalls", "Id")) { db.ChangeTracker.Clear(); }
            }
        }
        return $"{counts.Sum(c => c.Times)} rejected";
    }
}
