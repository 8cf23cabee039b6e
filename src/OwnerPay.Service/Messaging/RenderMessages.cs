using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <summary>Makes the texts of messages from the active template and from what is true now.</summary>
public sealed class RenderMessages(OwnerPayDb db, MessageKinds kinds)
{
    readonly Dictionary<(Guid Community, string Kind), MessageTemplate?> known = [];

    /// <summary>The template in force for a kind in a community; null while none was approved.</summary>
    public async Task<MessageTemplate?> Active(Guid community, string kind, CancellationToken cancel)
    {
        if (known.TryGetValue((community, kind), out var found)) return found;
        var templates = db.MessageTemplates;
        found = await templates.AsNoTracking().Where(t => t.CommunityId == community && t.Kind == kind && t.State == TemplateState.Active)
            .OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancel);
        return known[(community, kind)] = found;
    }

    /// <summary>The inbox text, made once and kept; a later reading shows what was told.</summary>
    public async Task<MessageText> Inbox(Message message, CancellationToken cancel)
    {
        if (message.Title.Length > 0) return new MessageText(message.Title, message.Body);
        var kind = kinds.Of(message.Kind);
        var template = await Active(message.CommunityId, message.Kind, cancel);
        return await Keep(message, template is null ? kind.WithoutTemplate : Inbox(template, await kind.Values(message, cancel)), cancel);
    }

    /// <summary>Stores the text unless somebody else was quicker.</summary>
    public async Task<MessageText> Keep(Message message, MessageText text, CancellationToken cancel)
    {
        if (message.Title.Length > 0) return new MessageText(message.Title, message.Body);
        var messages = db.Messages;
        await messages.Where(m => m.Id == message.Id && m.Title == "")
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Title, text.Title).SetProperty(m => m.Body, text.Body), cancel);
        return text;
    }

    /// <summary>The page that a tap opens.</summary>
    public static string Page(MessageTemplate template, Message message) =>
        template.Page.Replace("{subject}", message.SubjectId.ToString(), StringComparison.Ordinal)
            .Replace("{houseId}", message.HouseId?.ToString() ?? "", StringComparison.Ordinal);

    public static MessageText Inbox(MessageTemplate template, IReadOnlyDictionary<string, string> values) =>
        new(TemplateText.Fill(template.InboxTitle, values, out _), TemplateText.Fill(template.InboxBody, values, out _));

    /// <summary>WeChat's fields of a template, filled. What fits a <c>thing</c> field is cut to its 20 characters: WeChat would refuse it, never cut
    /// it.</summary>
    /// <exception cref="InvalidDataException">The template names a value that the kind does not give: refused when it was saved, so a
    /// bug.</exception>
    public static Dictionary<string, string> Fields(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(template, Json.Options)!)
        {
            var value = TemplateText.Fill(text, values, out var unknown);
            if (unknown is not null) throw new InvalidDataException($"Field {field} names {{{unknown}}}");
            filled[field] = field.StartsWith("thing", StringComparison.Ordinal) ? TemplateData.Fit(value) : value;
        }
        return filled;
    }
}
