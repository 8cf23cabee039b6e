using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="TemplateId">Null where no subscription message is sent; the other texts alike.</param>
public sealed record TemplateRow(
    Guid Id, string Kind, int Version, TemplateState State, string Page, string InboxTitle, string InboxBody, string? TemplateId,
    IReadOnlyDictionary<string, string> Fields, OfficialBody? Official, SmsBody? Sms, EmailBody? Email, string? Letter,
        IReadOnlyList<MessageChannel> Chain);

public sealed record TemplatesList(IReadOnlyList<TemplateRow> Templates);

/// <param name="Kind">When to ask: after a payment for <c>payment.receipt</c>, in the bill list for <c>bill.issued</c>.</param>
/// <param name="Left">Messages of this template that the user allows already.</param>
public sealed record TemplateToAsk(string Kind, string TemplateId, int Left);

public sealed record TemplatesToAsk(IReadOnlyList<TemplateToAsk> Templates);

/// <summary>The templates of a community: all versions for staff; for owners those that the mini-program should ask permission for.</summary>
public sealed class ShowTemplates(OwnerPayDb db)
{
    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/messaging/templates", GetAll).WithName("listTemplates")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager);
        doors.Owner.MapGet("/houses/{houseId}/message-templates", GetActive).WithName("listTemplatesToAsk").ForOwners().CanFail(Member.HouseNotFound);
    }

    static async Task<Ok<TemplatesList>> GetAll(StaffMember staff, ShowTemplates show, CancellationToken cancel) =>
        TypedResults.Ok(await show.All(staff.CommunityId, cancel));

    static async Task<Ok<TemplatesToAsk>> GetActive(Member member, ShowTemplates show, CancellationToken cancel) =>
        TypedResults.Ok(await show.ToAsk(member, cancel));

    async Task<TemplatesList> All(Guid community, CancellationToken cancel)
    {
        var templates = db.MessageTemplates;
        var rows = await templates.AsNoTracking().Where(t => t.CommunityId == community)
            .OrderBy(t => t.Kind).ThenByDescending(t => t.Version).Take(500).ToListAsync(cancel);
        return new TemplatesList([.. rows.Select(Row)]);
    }

    static TemplateRow Row(MessageTemplate t) => new(
        t.Id, t.Kind, t.Version, t.State, t.Page, t.InboxTitle, t.InboxBody, t.WeChatTemplateId is { Length: > 0 } id ? id : null, Fields(t.Fields),
        t.Speaks(MessageChannel.OfficialAccount) ? new(t.OfficialTemplateId, Fields(t.OfficialFields)) : null,
        t.Speaks(MessageChannel.Sms) ? new(t.SmsCode, t.SmsText) : null, t.Speaks(MessageChannel.Email) ? new(t.EmailSubject, t.EmailText) : null,
        t.Speaks(MessageChannel.Letter) ? t.LetterText : null, t.Channels());

    static Dictionary<string, string> Fields(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json, Json.Options)!;

    async Task<TemplatesToAsk> ToAsk(Member member, CancellationToken cancel)
    {
        var (templates, grants) = (db.MessageTemplates, db.MessageGrants);
        var rows = await (
            from template in templates.AsNoTracking()
            where template.CommunityId == member.CommunityId && template.State == TemplateState.Active && template.WeChatTemplateId != ""
            join grant in grants.AsNoTracking().Where(g => g.WeChatUserId == member.WeChatUserId)
                on template.WeChatTemplateId equals grant.WeChatTemplateId into held
            from grant in held.DefaultIfEmpty()
            orderby template.Kind
            select new TemplateToAsk(template.Kind, template.WeChatTemplateId, grant == null ? 0 : grant.Count)).ToListAsync(cancel);
        return new TemplatesToAsk(rows);
    }
}
