namespace OwnerPay.WeChatEmulator;

/// <summary>Names under which the emulator answers.</summary>
static class Hosts
{
    public static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";

    /// <summary>WeChat's own, for clients that cannot be given another base address and are redirected instead.</summary>
    public static bool IsWeChats(string host) => host is "api.mch.weixin.qq.com" or "api2.mch.weixin.qq.com" or "api.weixin.qq.com";

    /// <summary>Paths that WeChat has; the admin API and the phone are this machine's alone.</summary>
    public static bool IsWeChatsPath(PathString path) => !path.StartsWithSegments("/admin") && !path.StartsWithSegments("/phone");
}
