namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Counts signatures and spoils each so many one (签名探测), so that what is repeated after a probe verifies.</summary>
/// <param name="every">0 for never.</param>
sealed class Probes(int every)
{
    int signed;

    public bool Next() => every > 0 && Interlocked.Increment(ref signed) % every == 0;
}
