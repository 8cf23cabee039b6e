using System.Collections.Concurrent;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>A subscription message as the phone shows it (服务通知).</summary>
/// <param name="Msgid">Grows with time; beyond 2^53, so pages take it as text from the event's id.</param>
/// <param name="Title">Of the template; empty when none was registered.</param>
/// <param name="Data">Field key to value, in the order in which the merchant sent them.</param>
sealed record ServiceNotification(long Msgid, string TemplateId, string Title, string? Page, DateTimeOffset SentAt, JsonObject Data)
{
    public const string Event = "service-notification";

    public static ServiceNotification Of(Message message, string? title) => new(
        SubscribeMessages.MessageId(message), message.TemplateId, title ?? "", message.Page, message.SentAt, Values(message.Data));

    /// <summary>Those of one person above a message number, oldest first.</summary>
    public static async Task<List<ServiceNotification>> After(EmulatorDb db, string openid, long msgid, bool official = false)
    {
        var id = msgid == 0 ? 0 : SubscribeMessages.RowOf(msgid);
        var titles = await db.Templates.ToDictionaryAsync(template => template.TemplateId, template => template.Title);
        var found = await db.Messages
            .Where(message => message.Openid == openid && message.Id > id && message.IsOfficial == official && !message.Undelivered)
            .OrderBy(message => message.Id).ToListAsync();
        return [.. found.Select(message => Of(message, titles.GetValueOrDefault(message.TemplateId)))];
    }

    static JsonObject Values(string data)
    {
        var values = new JsonObject();
        using var document = JsonDocument.Parse(data);
        foreach (var field in document.RootElement.EnumerateObject()) values[field.Name] = field.Value.GetProperty("value").ToString();
        return values;
    }
}

/// <summary>What reaches a person's phone by itself, live: service notifications, payments and refunds.</summary>
sealed class PhoneFeed
{
    readonly ConcurrentDictionary<Channel<SseItem<object>>, string> listeners = new();

    /// <param name="id">The event's id, by which a page that lost its line asks for what it missed.</param>
    public void Tell(string openid, string kind, object data, long? id = null)
    {
        foreach (var (channel, owner) in listeners)
            if (owner == openid)
                channel.Writer.TryWrite(new(data, kind) { EventId = id?.ToString(CultureInfo.InvariantCulture) });
    }

    /// <param name="missed">Read after the line stands, so that nothing falls between the two.</param>
    public async IAsyncEnumerable<SseItem<object>> Listen(
        string openid, Func<Task<List<ServiceNotification>>> missed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<SseItem<object>>();
        listeners[channel] = openid;
        try
        {
            yield return new(new { openid }, "ready");    // the page knows that from here on nothing escapes it
            var told = 0L;
            foreach (var notification in await missed())
            {
                told = notification.Msgid;
                yield return new(notification, ServiceNotification.Event) { EventId = told.ToString(CultureInfo.InvariantCulture) };
            }
            while (await More(channel.Reader, cancel))
                while (channel.Reader.TryRead(out var item))
                    if (item.Data is not ServiceNotification { Msgid: var number } || number > told)
                        yield return item;
        }
        finally
        {
            listeners.TryRemove(channel, out _);
        }
    }

    /// <returns>False when the page went away or the emulator ends, which is no failure.</returns>
    static async Task<bool> More(ChannelReader<SseItem<object>> reader, CancellationToken cancel)
    {
        try
        {
            return await reader.WaitToReadAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
