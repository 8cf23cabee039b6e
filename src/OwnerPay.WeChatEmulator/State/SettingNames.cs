namespace OwnerPay.WeChatEmulator.State;

/// <summary>Rows of <see cref="Setting"/>.</summary>
static class SettingNames
{
    /// <summary>Where refunds are announced that name no address themselves.</summary>
    public const string RefundNotifyUrl = "refund-notify-url";

    /// <summary>Where the messages of the mini-program and of the official account are pushed to, as JSON.</summary>
    public const string MiniProgramPush = "push-mini-program", OfficialAccountPush = "push-official-account";

    /// <summary>There when shipments must be reported.</summary>
    public const string TradeManaged = "trade-managed";

    /// <summary>Published pages of the mini-program, as a JSON array.</summary>
    public const string Pages = "pages";

    /// <summary>How far business time was moved ahead, as a time span.</summary>
    public const string ClockAhead = "clock-ahead";

    /// <param name="value">Null removes it.</param>
    public static async Task<bool> Save(EmulatorDb db, string name, string? value)
    {
        var known = await db.Settings.FindAsync(name);
        if (value is null && known is not null) db.Remove(known);
        else if (value is not null && known is null) db.Add(new Setting { Name = name, Value = value });
        else if (value is not null) known!.Value = value;
        return value is not null;
    }
}
