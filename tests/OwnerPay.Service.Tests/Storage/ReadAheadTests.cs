using System.Runtime.CompilerServices;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Storage;

/// <summary>What is read ahead for a bill run must come whole and in order, and nothing may go on reading when the run has ended.</summary>
public sealed class ReadAheadTests
{
    sealed class Source(int? failsAt = null)
    {
        public int Begun { get; private set; }
        public bool Ended { get; private set; }

        public async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken cancel = default)
        {
            try
            {
                for (; Begun < 1_000; Begun++)
                {
                    if (Begun == failsAt) throw new IOException("the connection is gone");
                    await Task.Yield();
                    cancel.ThrowIfCancellationRequested();
                    yield return Begun;
                }
            }
            finally { Ended = true; }
        }
    }

    [Fact]
    public async Task Everything_comes_once_and_in_order()
    {
        var (source, read) = (new Source(), new List<int>());

        await foreach (var number in source.Numbers().ReadAhead(2)) read.Add(number);

        Assert.Equal(Enumerable.Range(0, 1_000), read);
    }

    [Fact]
    public async Task A_connection_that_breaks_stops_the_run_instead_of_ending_it_early()
    {
        var (source, read) = (new Source(failsAt: 7), new List<int>());

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var number in source.Numbers().ReadAhead(2)) read.Add(number);
        });

        Assert.Equal(Enumerable.Range(0, read.Count), read);
    }

    [Fact]
    public async Task Whoever_stops_early_leaves_nobody_reading_behind()
    {
        var source = new Source();

        await foreach (var number in source.Numbers().ReadAhead(2))
            if (number == 10) break;

        Assert.True(source.Ended);
        Assert.InRange(source.Begun, 10, 20);    // as far as there was room, and no further
    }
}
