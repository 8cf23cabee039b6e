using System.Collections.Concurrent;

namespace OwnerPay.WeChatEmulator;

/// <summary>Work that runs beside the calls and must have ended before the emulator is gone.</summary>
/// <param name="broke">Told about work that ended by an exception; being cancelled is none.</param>
sealed class TaskSet(Action<Exception> broke)
{
    readonly ConcurrentDictionary<Task, byte> running = new();

    public void Add(Task work)
    {
        var watched = Watch(work);
        running[watched] = 0;
        _ = watched.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
    }

    public Task Settle() => Task.WhenAll(running.Keys);

    async Task Watch(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // stopped in the middle of a wait; the row still says when to go on
        }
        catch (Exception failure)
        {
            broke(failure);
        }
    }
}
