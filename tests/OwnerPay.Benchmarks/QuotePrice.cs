using OwnerPay.Domain.Promotions;

namespace OwnerPay.Benchmarks;

/// <summary>P3: the best price of 12 lines out of all admissible sets of 9 offers, explained, against one evaluation of one fixed set by a shop
/// system.</summary>
public sealed class QuotePrice : IWorkload
{
    const int Rounds = 5, Kept = 2_000;

    public string Id => "P3";

    public string Title => "quote of 12 lines, 6 offers and 3 coupons in 4 stacking groups";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        var time = TimeSpan.FromMilliseconds(bench.Quick ? 100 : 1_000);
        var (peer, missing) = await ShopPromotions.Open(PricedChoice.Peer(), bench.NewFolder("quote"), cancel);
        await using var opened = peer;
        var (whole, set, complete, reference) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        // The first round warms both sides up. Then they take turns, so that a busy moment of the machine meets both.
        for (var round = 0; round <= Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            double[] took =
            [
                Micros(time, () => PricedChoice.Quote()), Micros(time, () => PricedChoice.OneSet()), Micros(time, Complete),
                peer is null ? 0 : await peer.Micros(time, cancel),
            ];
            if (round == 0) continue;
            whole.Add(took[0]);
            set.Add(took[1]);
            complete.Add(took[2]);
            reference.Add(took[3]);
        }
        var (allocated, kept) = Weigh();
        var theirs = peer is null ? (double?)null : Median(reference);
        return new Outcome(
        [
            Against("whole quote, searched and explained", whole, theirs, 10),
            Against("one set of four offers, explained", set, theirs, 50),
            Against("whole quote with next steps, canonical form and hash", complete, theirs, null),
            new Line("allocated by a quote", "bytes", allocated, kept, allocated / kept, "nothing beyond the result", allocated <= kept * 1.01),
        ],
        [
            missing is null ? "the peer applies nine promotions one after the other, in Node: one fixed set, no stacking groups, no search, no reasons, no hash"
                : $"the peer could not be installed, only OwnerPay was measured: {missing}",
            $"OwnerPay searches {PricedChoice.Sets} admissible sets; its one set is a quote to which only the four best offers are given, which still tries their "
                + $"{1 << PricedChoice.Quote().OffersUsed.Count} subsets",
            "the reference of the allocation is what a kept quote holds in memory",
            $"medians of {Rounds} turns; the peer runs in a process of its own",
        ], [.. PricedChoice.Wrong()]);
    }

    static int Complete()
    {
        var quote = PricedChoice.Quote();
        return quote.NextBetter.Count + quote.Hash.Length;
    }

    static Line Against(string what, List<double> ours, double? theirs, int? goal)
    {
        var (mine, ratio) = (Median(ours), theirs / Median(ours));
        return new Line(what, "µs", mine, theirs, ratio, goal is null ? "" : $"≥ {goal} × as fast",
            goal is null || ratio is null ? null : ratio >= goal);
    }

    /// <summary>Microseconds of one call.</summary>
    static double Micros<T>(TimeSpan time, Func<T> act)
    {
        var (calls, began) = (0L, TimeProvider.System.GetTimestamp());
        do
        {
            for (var call = 0; call < 64; call++) act();
            calls += 64;
        }
        while (TimeProvider.System.GetElapsedTime(began) < time);
        return TimeProvider.System.GetElapsedTime(began).TotalMicroseconds / calls;
    }

    /// <summary>Bytes that one quote allocates, and bytes that remain while it is kept.</summary>
    static (double Allocated, double Kept) Weigh()
    {
        var quotes = new Quote[Kept];
        var (held, allocated) = (GC.GetTotalMemory(forceFullCollection: true), GC.GetAllocatedBytesForCurrentThread());
        for (var index = 0; index < Kept; index++) quotes[index] = PricedChoice.Quote();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        held = GC.GetTotalMemory(forceFullCollection: true) - held;
        GC.KeepAlive(quotes);
        return ((double)allocated / Kept, (double)held / Kept);
    }

    static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
