using System.Collections.Concurrent;

namespace OwnerPay.Benchmarks;

/// <summary>A timed stretch of work.</summary>
/// <param name="Milliseconds">Of each piece, sorted.</param>
public sealed record Stretch(int Count, TimeSpan Took, double[] Milliseconds)
{
    public double PerSecond => Count / Took.TotalSeconds;

    /// <param name="share">0.99 for the time within which 99 of 100 were done.</param>
    public double Percentile(double share) => Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(share * Milliseconds.Length))];
}

/// <summary>Drives work from a fixed number of clients, each beginning the next piece when its last one is done.</summary>
public static class Timed
{
    /// <param name="act">One piece of work of one client; a wrong result is an exception.</param>
    public static async Task<Stretch> Drive<T>(int clients, IEnumerable<T> pieces, Func<int, T, Task> act, CancellationToken cancel)
    {
        var waiting = new ConcurrentQueue<T>(pieces);
        var count = waiting.Count;
        var took = new ConcurrentBag<List<double>>();
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (waiting.TryDequeue(out var piece))
            {
                cancel.ThrowIfCancellationRequested();
                var started = TimeProvider.System.GetTimestamp();
                await act(client, piece);
                mine.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            }
            took.Add(mine);
        }, cancel)));
        return new Stretch(count, TimeProvider.System.GetElapsedTime(began), [.. took.SelectMany(each => each).Order()]);
    }

    /// <summary>How the cost grows with the size: 1 is linear, 0 is not at all.</summary>
    /// <param name="factor">Large size to small size.</param>
    public static double Exponent(double small, double large, double factor) => Math.Log(large / small) / Math.Log(factor);
}
