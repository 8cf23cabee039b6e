namespace OwnerPay.Service.Platform;

/// <summary>Settings of one instance, from <c>config/appsettings.*.json</c>, environment variables <c>OwnerPay__…</c> and the command line.</summary>
public sealed class ServiceSettings
{
    /// <summary>Folder for the master key and, on SQLite, the database.</summary>
    public string Data { get; set; } = "data";

    /// <summary>MariaDB connection string; empty means SQLite in <see cref="Data"/>.</summary>
    public string? Database { get; set; }

    /// <summary>Redis, <c>HOST:PORT</c> or the path of a unix socket, with options behind commas (<c>,password=…</c>); empty means none. It carries only
    /// what may be lost.</summary>
    public string? Redis { get; set; }

    /// <summary>Set by the verbs that only read; a service that is to serve needs to write.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>File of the master key; empty means <c>master.key</c> in <see cref="Data"/>.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Where the master key is.</summary>
    public string MasterKeyPath => MasterKeyFile is { Length: > 0 } file ? file : Path.Combine(Data, "master.key");

    /// <summary>Where WeChat reaches this installation, for notify URLs; HTTPS in production.</summary>
    public string PublicUrl { get; set; } = "http://127.0.0.1:5080";

    /// <summary>WeChat Pay's base address. In Production only WeChat's own is accepted.</summary>
    public string WeChatPayUrl { get; set; } = "https://api.mch.weixin.qq.com";

    /// <summary>Base address of the mini-program server API. In Production only WeChat's own is accepted.</summary>
    public string WeChatApiUrl { get; set; } = "https://api.weixin.qq.com";

    /// <summary>Base address of the SMS provider. In Production only the provider's own is accepted.</summary>
    public string SmsUrl { get; set; } = "https://dysmsapi.aliyuncs.com";

    /// <summary>Font file for PDFs, a TrueType or OpenType font or collection with Chinese; empty means the usual places of Noto Sans CJK.</summary>
    public string? PrintFont { get; set; }

    /// <summary>Finance, manager and admin need a second factor (TOTP); empty means: in Production they do.</summary>
    public bool? RequireTotp { get; set; }

    /// <summary>All waits of jobs are multiplied by this; 1 in production, small in tests and the demo.</summary>
    public double JobPace { get; set; } = 1;

    /// <summary>No job is woken more often than this, however small the pace. An idle instance then leaves the processor to others.</summary>
    public TimeSpan ShortestJobPause { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the outbox worker sleeps when there is nothing to do.</summary>
    public TimeSpan OutboxPoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a row of the outbox belongs to the instance that took it. If that one dies, another begins anew after this.</summary>
    /// <remarks>Longer than a batch of 20 usually takes; where it takes longer, a row is handled twice, which is harmless.</remarks>
    public TimeSpan OutboxLease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The rate limits are meant for people; tests that act for hundreds of owners from one address switch them off.</summary>
    public bool RateLimitsOn { get; set; } = true;

    /// <summary>How often one message is tried while WeChat is busy or our token is refused, before it is given up and staff are told.</summary>
    /// <remarks>The pauses double from 2 seconds to 5 minutes, so that 40 tries last nearly three hours: longer than the usual trouble of a platform,
    /// shorter than the day for which the message is news. A spent daily quota waits for the next morning and counts as one try.</remarks>
    public int MessageAttempts { get; set; } = 40;

    /// <summary>Business time begins here when the instance starts, for tests and measurements; refused in Production.</summary>
    public DateTimeOffset? StoryBegin { get; set; }

    /// <summary>Subscription messages that all instances together send in a second, at least 1: WeChat answers «too frequent» to who is
    /// faster.</summary>
    public int MessagesPerSecond { get; set; } = 100;

    /// <summary>The mini-program's page that opens a pay link, without a leading slash.</summary>
    public string PayLinkPage { get; set; } = "pages/pay-link/index";

    /// <summary>False while that page is not in the published mini-program: WeChat then draws its codes all the same, at most 60,000.</summary>
    public bool PayLinkPageIsPublished { get; set; } = true;

    /// <summary>The mini-program's page that opens a notice from a poster, without a leading slash.</summary>
    public string NoticePage { get; set; } = "pages/notice/detail";

    /// <summary>False while that page is not in the published mini-program, as for pay links.</summary>
    public bool NoticePageIsPublished { get; set; } = true;

    /// <summary>Life of an unpaid order, minutes; 15 unless a test shortens it.</summary>
    public int OrderMinutes { get; set; } = 15;
}
