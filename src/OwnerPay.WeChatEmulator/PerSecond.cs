namespace OwnerPay.WeChatEmulator;

/// <summary>One second's allowance on the system clock; 0 sets no limit.</summary>
sealed class PerSecond(int allowance)
{
    readonly Lock gate = new();
    long second;
    int taken;

    public bool Take()
    {
        if (allowance == 0) return true;
        lock (gate)
        {
            Roll();
            return ++taken <= allowance;
        }
    }

    public bool IsUsedUp
    {
        get
        {
            lock (gate)
            {
                Roll();
                return allowance > 0 && taken >= allowance;
            }
        }
    }

    void Roll()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        if (now != second) (second, taken) = (now, 0);
    }
}
