namespace OwnerPay.WeChatEmulator;

/// <summary>How often something is allowed within each stretch of the system clock.</summary>
/// <param name="most">0 sets no limit.</param>
/// <param name="seconds">Length of a stretch; the next one begins afresh.</param>
sealed class Allowance(int most, int seconds = 1)
{
    readonly Lock gate = new();
    long stretch;
    int taken;

    public bool Take()
    {
        if (most == 0) return true;
        lock (gate)
        {
            Roll();
            return ++taken <= most;
        }
    }

    public bool IsUsedUp
    {
        get
        {
            lock (gate)
            {
                Roll();
                return most > 0 && taken >= most;
            }
        }
    }

    void Roll()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / seconds;
        if (now != stretch) (stretch, taken) = (now, 0);
    }
}
