using System.Collections.Concurrent;

namespace OwnerPay.WeChatEmulator;

/// <summary>Work that runs beside the calls and must have ended before the emulator is gone.</summary>
sealed class TaskSet
{
    readonly ConcurrentDictionary<Task, byte> running = new();

    public void Add(Task task)
    {
        running[task] = 0;
        _ = task.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>Waits for all; that they were cancelled is what is expected here.</summary>
    public async Task Settle()
    {
        try
        {
            await Task.WhenAll(running.Keys);
        }
        catch (OperationCanceledException)
        {
            // stopped in the middle of a wait; the row still says when to go on
        }
    }
}
