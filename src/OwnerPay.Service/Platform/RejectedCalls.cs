using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>A counter of calls that failed the check, per day, door and reason, with one sample; nothing else of them is kept.</summary>
public sealed class RejectedCall : IEntityTypeConfiguration<RejectedCall>
{
    /// <summary>Shanghai date, what was called and why it was refused: <c>2026-11-23/payment/BadSignature</c>.</summary>
    public string Id { get; init; } = "";
    public int Times { get; set; }

    /// <summary>Beginning of the last body.</summary>
    public string Sample { get; set; } = "";
    public DateTimeOffset LastAt { get; set; }

    public void Configure(EntityTypeBuilder<RejectedCall> table)
    {
        table.ToTable("RejectedCalls");
        table.Property(r => r.Id).HasMaxLength(64);
        table.Property(r => r.Sample).HasMaxLength(400);
    }
}

/// <summary>Counts calls at WeChat's door that were not proved to be WeChat's, in memory, and writes the counts now and then: whoever floods us costs no write
/// per call.</summary>
public sealed class RejectedCalls
{
    /// <summary>What was called; part of a key, so one word each.</summary>
    public const string Payment = "payment", Refund = "refund", Push = "push";

    /// <summary>Reasons beside those of the readers: a body larger than WeChat's ever is, and an address that names no account of ours. The second may be a
    /// slip in the address that WeChat was given.</summary>
    public const string TooLarge = "TooLarge", UnknownAddress = "UnknownAddress";

    /// <summary>The meter, and the counter with the tags <c>call</c> and <c>reason</c>.</summary>
    public const string MeterName = "OwnerPay", CounterName = "ownerpay.wechat.rejected_calls";

    const int MostSample = 200;
    readonly ConcurrentDictionary<string, (int Times, string Sample)> counted = new();
    readonly Clock clock;
    readonly Counter<long> counter;

    public RejectedCalls(Clock clock, IMeterFactory meters)
    {
        this.clock = clock;
        counter = meters.Create(MeterName).CreateCounter<long>(CounterName, description: "Calls at WeChat's door that failed the check");
    }

    /// <param name="call">One of the words above.</param>
    /// <param name="reason">Why it was refused; one of a few words, so that the table stays small.</param>
    public void Count(string call, string reason, ReadOnlySpan<byte> body)
    {
        counter.Add(1, new("call", call), new("reason", reason));
        var sample = new StringBuilder();
        foreach (var character in Encoding.Latin1.GetString(body[..Math.Min(body.Length, MostSample)])) sample.Append(character is >= ' ' and <= '~' ? character : '.');
        counted.AddOrUpdate($"{Day(clock.Today())}{call}/{reason}",
            static (_, text) => (1, text), static (_, known, text) => (known.Times + 1, text), sample.ToString());
    }

    /// <summary>Beginning of the ids of a day.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd/", CultureInfo.InvariantCulture);

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
                if (await db.InsertUnlessThere(new RejectedCall { Id = id, Times = times, Sample = sample, LastAt = now }, cancel)) break;
            }
        }
        return $"{counts.Sum(c => c.Times)} rejected";
    }
}

public static class RejectedCallsTable
{
    extension(OwnerPayDb db)
    {
        public DbSet<RejectedCall> RejectedCalls => db.Set<RejectedCall>();
    }
}
