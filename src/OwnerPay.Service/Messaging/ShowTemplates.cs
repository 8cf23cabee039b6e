using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

public sealed record TemplateRow(
    Guid Id, string Kind, int Version, TemplateState State, string TemplateId, string Page, IReadOnlyDictionary<string, string> Fields, string InboxTitle, string InboxBody);

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
        return new TemplatesList([.. rows.Select(t => new TemplateRow(t.Id, t.Kind, t.Version, t.State, t.WeChatTemplateId, t.Page,
            JsonSerializer.Deserialize<Dictionary<string, string>>(t.Fields, Json.Options)!, t.InboxTitle, t.InboxBody))]);
    }

    async Task<TemplatesToAsk> ToAsk(Member member, CancellationToken cancel)
    {
        var (templates, grants) = (db.MessageTemplates, db.MessageGrants);
        var rows = await (
            from template in templates.AsNoTracking()
            where template.CommunityId == member.CommunityId && template.State == TemplateState.Active
            join grant in grants.AsNoTracking().Where(g => g.WeChatUserId == member.WeChatUserId)
                on template.WeChatTemplateId equals grant.WeChatTemplateId into held
            from grant in held.DefaultIfEmpty()
            orderby template.Kind
            select new TemplateToAsk(template.Kind, template.WeChatTemplateId, grant == null ? 0 : grant.Count)).ToListAsync(cancel);
        return new TemplatesToAsk(rows);
    }
}
