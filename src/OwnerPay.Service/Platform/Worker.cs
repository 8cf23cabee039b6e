namespace OwnerPay.Service.Platform;

/// <summary>Work that goes on behind the requests of an instance for as long as it lives. Its start is over when the work has really begun.</summary>
/// <remarks>The framework queues the work and calls the start done. An instance that is taken away before a busy machine has come to the queue
/// would then report a failed service, although it merely ended.</remarks>
public abstract class Worker : BackgroundService
{
    readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public sealed override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);
    }

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        begun.TrySetResult();
        return Work(stoppingToken);
    }

    /// <summary>Works until it is done or the instance stops; must end without an exception then.</summary>
    protected abstract Task Work(CancellationToken stopping);
}
