using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OwnerPay.Service.Storage;

public static class ReadAheadExtension
{
    /// <summary>Goes on reading while whoever uses the items is busy with the one before: the source must have a connection of its own.</summary>
    /// <param name="ahead">Items that may wait, besides the one that is being read.</param>
    public static async IAsyncEnumerable<T> ReadAhead<T>(this IAsyncEnumerable<T> source, int ahead, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => Read(source, waiting.Writer, ended.Token), CancellationToken.None);
        try
        {
            await foreach (var item in waiting.Reader.ReadAllAsync(cancel)) yield return item;
        }
        finally
        {
            await ended.CancelAsync();
            await reading;    // nothing is read any more on a connection that goes back
        }
    }

    static async Task Read<T>(IAsyncEnumerable<T> source, ChannelWriter<T> waiting, CancellationToken cancel)
    {
        try
        {
            await foreach (var item in source.WithCancellation(cancel)) await waiting.WriteAsync(item, cancel);
            waiting.Complete();
        }
        catch (Exception failure)
        {
            waiting.Complete(failure);    // whoever uses the items gets it
        }
    }
}
