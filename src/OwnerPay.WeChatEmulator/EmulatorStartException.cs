namespace OwnerPay.WeChatEmulator;

/// <summary>The emulator cannot start; the message is one line that names the setting and the reason.</summary>
public sealed class EmulatorStartException(string message) : Exception(message);
