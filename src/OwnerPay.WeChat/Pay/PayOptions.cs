namespace OwnerPay.WeChat.Pay;

/// <summary>Settings of the WeChat Pay clients.</summary>
public sealed class PayOptions
{
    /// <summary>WeChat Pay's host; <c>https://api2.mch.weixin.qq.com</c> is its fallback, an emulator may stand here in tests.</summary>
    public Uri BaseAddress { get; set; } = new("https://api.mch.weixin.qq.com");

    /// <summary>How long one try may take until the answer's headers are there.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a call may take in all, with repeats (reads only) and the answer's body. Bill files are exempt.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a read is repeated after a broken connection, a time-out, 429 or 5xx. At least 1.</summary>
    public int ReadRetries { get; set; } = 2;

    /// <summary>First pause before such a repeat; it grows, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long nothing is sent for a merchant of whose last 20 or more calls in 30 s half failed (429 is no failure). At least
    /// half a second.</summary>
    public TimeSpan CircuitPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one bill file may take to arrive.</summary>
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of an unpacked bill above which the download is refused.</summary>
    public long MaxBillBytes { get; set; } = 1L << 30;

    /// <summary>Sent with each request; some calls refuse an empty one.</summary>
    public string UserAgent { get; set; } = "OwnerPay.WeChat";

    /// <summary>The system's clock for signatures and the age of certificates. Not taken from the container: a frozen clock there
    /// would make every signature stale.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>A difference between WeChat's clock and ours that is worth a warning. From 5 minutes on WeChat refuses everything.</summary>
    public TimeSpan ClockSkewWarning { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What the issuer of a platform certificate must be named, or null for no check. Checked only on WeChat's own hosts,
    /// for whoever plays WeChat elsewhere has an issuer of its own.</summary>
    public string? CertificateIssuer { get; set; } = "Tenpay.com Root CA";

    internal bool IsWeChatsOwnHost => IsWeChats(BaseAddress);

    /// <summary>Whether a bill may be fetched from there: the configured host or one of WeChat's own over HTTPS.</summary>
    internal bool MayDownloadFrom(Uri url) =>
        url.IsAbsoluteUri && (IsWeChats(url) || (url.Scheme == BaseAddress.Scheme && url.Authority == BaseAddress.Authority));

    static bool IsWeChats(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort && url.Host.EndsWith(".mch.weixin.qq.com", StringComparison.Ordinal);
}
