namespace OwnerPay.Service.Platform;

public static class Lifetime
{
    /// <summary>Waits until the instance answers: work in the background would only delay that.</summary>
    /// <returns>False when it is stopped before.</returns>
    public static async Task<bool> HasStarted(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var second = stopping.Register(() => started.TrySetResult(false));
        return await started.Task;
    }
}
