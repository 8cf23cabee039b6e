using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Messaging;

namespace OwnerPay.Service.Verbs;

/// <param name="Key">WeChat's key of the field: prefix and number.</param>
/// <param name="Type">The prefix, which decides what WeChat accepts: <c>thing</c> at most 20 characters, <c>amount</c>, <c>date</c> …</param>
/// <param name="Text">What is put in, with the names of values in braces.</param>
/// <param name="Sample">The same with the longest sample values.</param>
public sealed record CatalogueField(string Key, string Type, string Text, string Sample);

/// <param name="AskWhen">At which taps the mini-program should ask for this template.</param>
/// <param name="Page">Page that a tap on the message opens.</param>
/// <param name="Values">Names that texts of this kind may use in braces, each with its longest sample.</param>
public sealed record CatalogueEntry(
    string Kind, string AskWhen, string Page, bool IgnoresQuietHours, IReadOnlyList<CatalogueField> Fields, IReadOnlyDictionary<string, string> Values,
    string InboxTitle, string InboxBody);

/// <summary>The subscription messages that OwnerPay sends, for those who apply for the templates at WeChat and ask owners for permission.</summary>
/// <param name="Note">How ids and counting work.</param>
public sealed record TemplateCatalogue(string Note, IReadOnlyList<CatalogueEntry> Messages)
{
    // An accept is worth one message, so each kind is asked for where the owner wants just that.
    static readonly Dictionary<string, string> Taps = new()
    {
        ["bill.issued"] = "缴费完成页的“完成”按钮，以及账单列表的“提醒我”按钮：为下一期账单征得同意",
        ["draw.won"] = "抽奖页的“领取抽奖券”按钮：为中奖通知征得同意",
        ["points.expiring"] = "积分页的“到期前提醒我”按钮：为积分到期提醒征得同意",
        ["event.cancelled"] = "活动报名成功页的“完成”按钮：与活动提醒一并询问",
        ["event.place-given"] = "活动候补成功页的“完成”按钮",
        ["event.reminder"] = "活动报名成功页的“完成”按钮",
        ["notice.published"] = "公告列表页的“提醒我看新公告”按钮，以及读完一则公告后的“下次提醒我”按钮",
        ["refund.done"] = "缴费记录页：在业主查看有退款的订单时征得同意",
        ["bill.reminder.friendly"] = "账单列表的“提醒我”按钮：征得到期前提醒的同意",
        ["bill.reminder.first"] = "账单列表的“提醒我”按钮：与到期前提醒一并询问",
        ["bill.reminder.second"] = "账单详情页的“稍后缴费”按钮",
        ["bill.reminder.final"] = "账单详情页的“稍后缴费”按钮",
        ["campaign.notice"] = "公告列表的“有新通知提醒我”按钮：征得一次物业通知的同意",
        ["campaign.bills"] = "账单列表的“提醒我”按钮：与到期前提醒一并询问",
        ["plan.part-due"] = "分期详情页的“到期提醒我”按钮：为下一期征得同意",
        ["dispute.answered"] = "提交账单异议的“提交”按钮：为答复征得同意",
        ["dispute.closed"] = "提交账单异议的“提交”按钮：与答复一并询问",
        ["payment.receipt"] = "账单页的“去支付”按钮：在拉起支付之前征得同意",
    };

    static readonly char[] Digits = [.. "0123456789"];

    /// <exception cref="InvalidDataException">A kind without template or without taps, or a text that names an unknown value.</exception>
    public static TemplateCatalogue Of(TemplatesFile file, IEnumerable<IMessageKind> kinds) => new(
        "模板 ID 各小程序不同：在公众平台按 fields 的类型与顺序申请模板后，由物业导入；小程序从 GET /houses/{houseId}/message-templates 取得应询问的 ID。"
        + "每同意一次可收到一条消息，须在用户点击时调用 wx.requestSubscribeMessage，并把结果交给 POST /grants。",
        [.. kinds.Where(kind => kind.Purpose != MessagePurpose.Promotion).OrderBy(kind => kind.Kind, StringComparer.Ordinal)
            .Select(kind => Entry(kind, file.Templates))]);

    static CatalogueEntry Entry(IMessageKind kind, IReadOnlyList<TemplateInput> templates)
    {
        var template = templates.SingleOrDefault(template => template.Kind == kind.Kind) ?? throw new InvalidDataException($"{kind.Kind} 没有示例模板。");
        if (!Taps.TryGetValue(kind.Kind, out var askWhen)) throw new InvalidDataException($"{kind.Kind} 没有写明何时询问。");
        var filled = RenderMessages.Fields(System.Text.Json.JsonSerializer.Serialize(template.Fields ?? new Dictionary<string, string>(),
            Platform.Json.Options), kind.Sample);
        return new CatalogueEntry(kind.Kind, askWhen, template.Page, kind.Purpose == MessagePurpose.Answer,
            [.. (template.Fields ?? new Dictionary<string, string>()).OrderBy(field => Number(field.Key)).Select(field =>
                new CatalogueField(field.Key, field.Key.TrimEnd(Digits), field.Value, filled[field.Key]))],
            new SortedDictionary<string, string>(kind.Sample.ToDictionary(), StringComparer.Ordinal), template.InboxTitle, template.InboxBody);
    }

    static int Number(string key) => int.Parse(key.AsSpan(key.TrimEnd(Digits).Length), System.Globalization.CultureInfo.InvariantCulture);
}
