using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace OwnerPay.WeChatEmulator.MiniProgram.Pushing;

/// <summary>Something that WeChat pushes to an account's server (消息推送, <c>MsgType</c> event).</summary>
/// <param name="Fields">Behind the common ones, in WeChat's order.</param>
/// <param name="Entries">Of <c>List</c>; in JSON a single one stands there as an object, in XML all stand inside <paramref name="Wrapper"/>.</param>
sealed record PushEvent(string Event, IReadOnlyList<(string Name, string Value)> Fields, string? Wrapper = null,
    IReadOnlyList<IReadOnlyList<(string Name, string Value)>>? Entries = null)
{
    /// <param name="choices">Template and accept or reject.</param>
    public static PushEvent Popup(IEnumerable<(string TemplateId, string Status)> choices) => new(
        "subscribe_msg_popup_event", [], "SubscribeMsgPopupEvent",
        [.. choices.Select(choice => Entry(("TemplateId", choice.TemplateId), ("SubscribeStatusString", choice.Status), ("PopupScene", "0")))]);

    /// <summary>The person turned templates off in the menu of a notice; nothing else is ever pushed there.</summary>
    public static PushEvent Change(IEnumerable<string> templateIds) => new(
        "subscribe_msg_change_event", [], "SubscribeMsgChangeEvent",
        [.. templateIds.Select(id => Entry(("TemplateId", id), ("SubscribeStatusString", "reject")))]);

    public static PushEvent Sent(string templateId, long msgid, bool arrived) => new(
        "subscribe_msg_sent_event", [], "SubscribeMsgSentEvent",
        [
            Entry(("TemplateId", templateId), ("MsgID", Text(msgid)), ("ErrorCode", arrived ? "0" : "2"),
                ("ErrorStatus", arrived ? "success" : "failed:user block")),
        ]);

    public static PushEvent TemplateSent(long msgid, bool arrived) => new(
        "TEMPLATESENDJOBFINISH", [("MsgID", Text(msgid)), ("Status", arrived ? "success" : "failed:user block")]);

    public static PushEvent Follow(bool follows) => new(follows ? "subscribe" : "unsubscribe", [("EventKey", "")]);

    static (string, string)[] Entry(params (string, string)[] fields) => fields;

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    IEnumerable<(string Name, string Value)> Head(string to, string from, long unixSeconds) =>
    [
        ("ToUserName", to), ("FromUserName", from), ("CreateTime", Text(unixSeconds)), ("MsgType", "event"), ("Event", Event), .. Fields,
    ];

    public string Json(string to, string from, long unixSeconds)
    {
        var root = Object(Head(to, from, unixSeconds));
        if (Entries is [var one]) root["List"] = Object(one);
        else if (Entries is not null) root["List"] = new JsonArray([.. Entries.Select(Object)]);
        return WeChatEmulator.Json.Text(root);

        static JsonObject Object(IEnumerable<(string Name, string Value)> fields)
        {
            var made = new JsonObject();
            foreach (var (name, value) in fields) made[name] = value;
            return made;
        }
    }

    public string Xml(string to, string from, long unixSeconds)
    {
        var root = new XElement("xml", Elements(Head(to, from, unixSeconds)));
        if (Entries is not null) root.Add(new XElement(Wrapper!, Entries.Select(entry => new XElement("List", Elements(entry)))));
        return root.ToString(SaveOptions.DisableFormatting);

        static IEnumerable<XElement> Elements(IEnumerable<(string Name, string Value)> fields) =>
            fields.Select(field => new XElement(field.Name, new XCData(field.Value)));
    }
}
