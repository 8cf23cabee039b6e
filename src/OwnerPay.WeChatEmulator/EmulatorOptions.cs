using OwnerPay.WeChatEmulator.Phone;

namespace OwnerPay.WeChatEmulator;

/// <summary>How one emulator behaves. Two emulators may run in one process as long as each has its own data directory.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Folder for keys, <c>merchant.json</c> and the SQLite file; made when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A loopback address such as <c>http://127.0.0.1:8090</c>; port 0 takes any free port. Other addresses are refused.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Drives order life, <c>time_expire</c>, <c>success_time</c> and bill days. Time stamps in headers, retry waits, login codes and tokens
    /// follow the system clock whatever stands here.</summary>
    public TimeProvider BusinessTime { get; init; } = TimeProvider.System;

    /// <summary>WeChat's waits between callback attempts (15 s … 6 h) are divided by this number, 1 or more.</summary>
    public double RetrySpeed { get; init; } = 1;

    /// <summary>How long a refund is PROCESSING, on the system clock, before <see cref="RetrySpeed"/> divides it.</summary>
    public TimeSpan RefundDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least business time between two partial refunds of one order; an earlier one is 429.</summary>
    public TimeSpan RefundSpacing { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Refuse openids that were not made through the admin API. Otherwise any 1–128 characters <c>[0-9A-Za-z_-]</c> are somebody.</summary>
    public bool StrictOpenids { get; init; }

    /// <summary>Fee of a payment in ten-thousandths of its settlement amount, rounded half up to fen; 60 is 0.60 %.</summary>
    public int FeePerTenThousand { get; init; } = 60;

    /// <summary>Subscription messages accepted per second of the system clock before 45011; 0 sets no limit.</summary>
    public int MessagesPerSecond { get; init; }

    /// <summary>Subscription messages accepted per business day before 45009; 0 sets no limit.</summary>
    public int MessagesPerDay { get; init; }

    /// <summary>The mini-program that opens on <c>/phone/</c>.</summary>
    public PhoneOptions Phone { get; init; } = new();

    /// <summary>A merchant who never had platform certificates: all is signed with the WeChat Pay public key, and there are no certificates to
    /// fetch.</summary>
    public bool PublicKeyOnly { get; init; }

    /// <summary>A file with faults that are to strike from the start on; null for good weather.</summary>
    public string? ScenarioFile { get; init; }

    /// <summary>Each so many answers and callbacks one carries a signature that must not verify, as WeChat's probes do; 0 for never.</summary>
    public int ProbeEvery { get; init; }

    /// <summary>Logs warnings to the console.</summary>
    public bool LogToConsole { get; init; }
}
