namespace OwnerPay.WeChatEmulator.Phone;

/// <summary>What the mini-program on the phone page is: WeChat knows these things from its registration.</summary>
public sealed record PhoneOptions
{
    /// <summary>Scheme, host and port of the mini-program's one request domain, on loopback, such as <c>http://127.0.0.1:5080</c>.</summary>
    public Uri? Backend { get; init; }

    /// <summary>Name in title bar, pay sheet and notifications.</summary>
    public string Name { get; init; } = "业主缴费";

    /// <summary>The <c>scene</c> of the code on the estate's notice board, here the community's code; a phone without one asks for it.</summary>
    public string? Scene { get; init; }

    /// <summary>Folder of story files (<c>NAME.json</c>) that <c>/phone/?story=NAME</c> replays; null: there are none.</summary>
    public string? Stories { get; init; }

    /// <exception cref="EmulatorStartException">The backend is no plain loopback address.</exception>
    internal void Check()
    {
        if (Backend is null) return;
        if (!Backend.IsAbsoluteUri || Backend.Scheme != Uri.UriSchemeHttp || !Backend.IsLoopback || Backend.PathAndQuery != "/" || Backend.UserInfo.Length > 0)
            throw new EmulatorStartException($"backend: {Backend} is not http on loopback with nothing behind the port, such as http://127.0.0.1:5080");
    }
}
