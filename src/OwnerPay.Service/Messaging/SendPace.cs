using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>From when on the next message of a channel may leave, over all instances.</summary>
public sealed class SendPaceRow : IEntityTypeConfiguration<SendPaceRow>
{
    public string Channel { get; init; } = "";

    /// <summary>System clock, Unix milliseconds; everything before it is given away already.</summary>
    public long FreeFromMs { get; set; }

    public void Configure(EntityTypeBuilder<SendPaceRow> table)
    {
        table.ToTable("SendPaces");
        table.HasKey(p => p.Channel);
        table.Property(p => p.Channel).HasMaxLength(40);
    }
}

/// <summary>A stretch of time in which an instance may send so many messages, one after the other.</summary>
/// <param name="FromMs">System clock, Unix milliseconds.</param>
public sealed record SendSlots(long FromMs, int Count, int PerSecond)
{
    /// <summary>How long the n-th message has to wait from now on, n from 0.</summary>
    public TimeSpan WaitOf(int n, DateTimeOffset now) =>
        TimeSpan.FromMilliseconds(Math.Max(0, FromMs + n * 1_000L / PerSecond - now.ToUnixTimeMilliseconds()));
}

/// <summary>Keeps all instances together under one rate of sending. Each takes a stretch of time from one row before it sends; what nobody used,
/// because its instance died, is lost and never given twice.</summary>
/// <remarks>The row in the database decides, so that neither Redis nor a number of instances is needed to stay under WeChat's limits. A short stretch
/// that passed unused may be caught up; WeChat counts by the minute.</remarks>
public sealed class SendPace(OwnerPayDb db, ServiceSettings settings)
{
    public const string Subscription = "wechat-subscription";

    /// <summary>So much of the past may be caught up, milliseconds: claiming the next batch takes its time.</summary>
    const int CatchUpMs = 100;

    /// <summary>Longest stretch that is taken at once, seconds: short, so that a pause is felt and an instance that dies takes little with
    /// it.</summary>
    const int LongestSeconds = 2;

    int PerSecond => Math.Max(1, settings.MessagesPerSecond);

    /// <summary>How many messages an instance should claim at once.</summary>
    public int Batch(int most) => (int)Math.Min((long)PerSecond * LongestSeconds, most);

    /// <summary>Takes the next free stretch for so many messages.</summary>
    public Task<SendSlots> Take(string channel, int count, CancellationToken cancel) => db.AgainFromTheStart(async () =>
    {
        var length = (count * 1_000L + PerSecond - 1) / PerSecond;
        var earliest = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - CatchUpMs;
        await Begin(channel, earliest, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        await Move(channel, earliest, length, cancel);
        var end = await db.SendPaces.Where(p => p.Channel == channel).Select(p => p.FreeFromMs).SingleAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new SendSlots(end - length, count, PerSecond);
    }, cancel);

    /// <summary>WeChat said «too frequent»: nobody sends for a while, on no instance.</summary>
    public async Task Rest(string channel, TimeSpan pause, CancellationToken cancel)
    {
        var end = (TimeProvider.System.GetUtcNow() + pause).ToUnixTimeMilliseconds();
        await Begin(channel, end, cancel);
        await Move(channel, end, 0, cancel);
    }

    /// <summary>The row is there before a transaction locks it: made inside one, those who come first together would wait for each other.</summary>
    async Task Begin(string channel, long earliest, CancellationToken cancel)
    {
        if (!await db.SendPaces.AnyAsync(p => p.Channel == channel, cancel))
            await db.InsertUnlessThere(new SendPaceRow { Channel = channel, FreeFromMs = earliest }, cancel);
    }

    Task<int> Move(string channel, long earliest, long length, CancellationToken cancel)
    {
        var paces = db.SendPaces;
        return paces.Where(p => p.Channel == channel).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.FreeFromMs, p => (p.FreeFromMs > earliest ? p.FreeFromMs : earliest) + length), cancel);
    }
}
