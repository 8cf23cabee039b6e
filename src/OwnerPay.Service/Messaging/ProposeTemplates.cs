using System.ComponentModel.DataAnnotations;
using System.Data;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="TemplateId">WeChat's id of the official account's template.</param>
/// <param name="Fields">Its keys, each with a text; every value at most 20 characters.</param>
public sealed record OfficialBody([property: Required, MaxLength(64)] string TemplateId, IReadOnlyDictionary<string, string> Fields);

/// <param name="Code">The provider's code of the approved text: <c>SMS_153055065</c>.</param>
/// <param name="Text">The approved text without the signature; its variables are the names in braces.</param>
public sealed record SmsBody([property: Required, MaxLength(32)] string Code, [property: Required, MaxLength(400)] string Text);

public sealed record EmailBody([property: Required, MaxLength(100)] string Subject, [property: Required, MaxLength(4000)] string Text);

/// <param name="Kind">A registered message kind: <c>bill.issued</c>.</param>
/// <param name="Page">Page that a tap opens; <c>{subject}</c> and <c>{houseId}</c> stand for the ids.</param>
/// <param name="TemplateId">WeChat's id of the subscription template, as its console shows it; absent: none is sent.</param>
/// <param name="Fields">The template's own keys (<c>thing1</c>), each with a text that names values of the kind in braces.</param>
/// <param name="Official">Template message of the official account; absent: none.</param>
/// <param name="Letter">Paragraphs of the paper letter, for kinds whose arrival must be proved.</param>
/// <param name="Chain">Channels in their order; absent: subscription, official account, text message, and the letter where one is written.</param>
public sealed record TemplateInput(
    [property: Required, MaxLength(40)] string Kind, [property: Required, MaxLength(190)] string Page,
    [property: Required, MaxLength(60)] string InboxTitle, [property: Required, MaxLength(1000)] string InboxBody,
    [property: MaxLength(64)] string? TemplateId = null, IReadOnlyDictionary<string, string>? Fields = null, OfficialBody? Official = null,
        SmsBody? Sms = null,
    EmailBody? Email = null, [property: MaxLength(3000)] string? Letter = null, [property: MaxLength(5)] IReadOnlyList<MessageChannel>? Chain = null);

/// <summary>The file <c>config/demo/templates.json</c>.</summary>
public sealed record TemplatesFile([property: MinLength(1), MaxLength(50)] IReadOnlyList<TemplateInput> Templates);

/// <param name="ApprovalId">The proposal that waits for a manager; null where the same template was there already.</param>
public sealed record TemplateAnswer(Guid Id, string Kind, int Version, TemplateState State, Guid? ApprovalId);

public sealed record TemplatesAnswer(IReadOnlyList<TemplateAnswer> Templates);

/// <summary>A clerk proposes how messages look. Each becomes a new version of its kind, in force when a manager approves it.</summary>
/// <remarks>Errors: <c>message_kind_unknown</c> 400; <c>template_invalid</c> 400 with the field and WeChat's rule that the longest sample value
/// breaks. A template that equals the newest version of its kind is not proposed again, so that a file may be imported twice.</remarks>
public sealed class ProposeTemplates(OwnerPayDb db, MessageKinds kinds, Approvals approvals, Audit audit)
{
    static readonly Error KindUnknown = new(400, "message_kind_unknown", "没有这种消息");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/messaging/templates", Post).WithName("proposeTemplates")
            .ForStaff(StaffRole.Clerk).CanFail(KindUnknown, CheckTemplate.Invalid);

    static async Task<Results<Ok<TemplatesAnswer>, ProblemHttpResult>> Post(
        StaffMember staff, TemplatesFile request, ProposeTemplates propose, CancellationToken cancel) =>
        (await propose.Run(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<TemplatesAnswer>> Run(TemplatesFile request, StaffMember staff, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var answer = await Propose(request, staff, cancel);
        if (answer.Done) await transaction.CommitAsync(cancel);
        return answer;
    }

    /// <summary>The same inside the caller's transaction.</summary>
    public async Task<Result<TemplatesAnswer>> Propose(TemplatesFile request, StaffMember staff, CancellationToken cancel)
    {
        for (var index = 0; index < request.Templates.Count; index++)
        {
            var (input, path) = (request.Templates[index], $"templates[{index}]");
            if (kinds.Find(input.Kind) is not { } kind) return KindUnknown.At($"{path}.kind", $"没有“{input.Kind}”这种消息");
            if (CheckTemplate.Fault(input, kind, path) is { } fault) return fault;
        }
        var answers = new List<TemplateAnswer>();
        foreach (var input in request.Templates) answers.Add(await Add(input, staff, cancel));
        return new TemplatesAnswer(answers);
    }

    async Task<TemplateAnswer> Add(TemplateInput input, StaffMember staff, CancellationToken cancel)
    {
        var templates = db.MessageTemplates;
        var newest = await templates.Where(t => t.CommunityId == staff.CommunityId && t.Kind == input.Kind)
            .OrderByDescending(t => t.Version).ForUpdate().FirstOrDefaultAsync(cancel);
        var template = new MessageTemplate
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, Kind = input.Kind, Version = (newest?.Version ?? 0) + 1,
            State = TemplateState.Proposed, WeChatTemplateId = input.TemplateId ?? "", Page = input.Page, Fields = Sorted(input.Fields),
            InboxTitle = input.InboxTitle, InboxBody = input.InboxBody, OfficialTemplateId = input.Official?.TemplateId ?? "",
            OfficialFields = Sorted(input.Official?.Fields), SmsCode = input.Sms?.Code ?? "", SmsText = input.Sms?.Text ?? "",
            EmailSubject = input.Email?.Subject ?? "", EmailText = input.Email?.Text ?? "", LetterText = input.Letter ?? "",
            Chain = string.Join(',', CheckTemplate.Chain(input)),
        };
        if (newest is { State: TemplateState.Active or TemplateState.Proposed } && Same(newest, template))
            return new TemplateAnswer(newest.Id, newest.Kind, newest.Version, newest.State, null);
        db.Add(template);
        var approval = approvals.Propose(staff.CommunityId, TemplateApproval.Name, template.Id, staff.StaffId,
            $"{template.Kind} 第 {template.Version} 版");
        audit.Add(staff, "template.proposed", template.Id, new { template.Kind, template.Version, template.WeChatTemplateId });
        await db.SaveChangesAsync(cancel);
        return new TemplateAnswer(template.Id, template.Kind, template.Version, template.State, approval.Id);
    }

    static string Sorted(IReadOnlyDictionary<string, string>? fields) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(fields?.ToDictionary() ?? [], StringComparer.Ordinal), Json.Options);

    static bool Same(MessageTemplate one, MessageTemplate other) =>
        (one.WeChatTemplateId, one.Page, one.Fields, one.InboxTitle, one.InboxBody, one.OfficialTemplateId, one.OfficialFields)
        == (other.WeChatTemplateId, other.Page, other.Fields, other.InboxTitle, other.InboxBody, other.OfficialTemplateId, other.OfficialFields)
        && (one.SmsCode, one.SmsText, one.EmailSubject, one.EmailText, one.LetterText, one.Chain)
        == (other.SmsCode, other.SmsText, other.EmailSubject, other.EmailText, other.LetterText, other.Chain);
}

/// <summary>A manager puts a proposed template into force; the version before it is superseded in the same transaction.</summary>
public sealed class TemplateApproval(OwnerPayDb db) : IApprovable
{
    public const string Name = "template";
    static readonly Error Outdated = new(409, "template_outdated", "已有更新的模板版本生效");

    public string Kind => Name;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var templates = db.MessageTemplates;
        var proposed = await templates.SingleAsync(t => t.Id == approval.SubjectId, cancel);
        if (approved)
        {
            var versions = await templates.Where(t => t.CommunityId == proposed.CommunityId && t.Kind == proposed.Kind).ForUpdate()
                .ToListAsync(cancel);
            foreach (var active in versions.Where(t => t.State == TemplateState.Active))
            {
                if (active.Version > proposed.Version) return Outdated;
                active.State = TemplateState.Superseded;
            }
        }
        proposed.State = approved ? TemplateState.Active : TemplateState.Rejected;
        return null;
    }
}
