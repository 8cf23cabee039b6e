using System.ComponentModel.DataAnnotations;
using System.Data;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Messaging;

/// <param name="Kind">A registered message kind: <c>bill.issued</c>.</param>
/// <param name="TemplateId">WeChat's template id, as its console shows it.</param>
/// <param name="Page">Page that a tap opens; <c>{subject}</c> and <c>{houseId}</c> stand for the ids.</param>
/// <param name="Fields">The template's own keys (<c>thing1</c>), each with a text that names values of the kind in braces.</param>
public sealed record TemplateInput(
    [property: Required, MaxLength(40)] string Kind, [property: Required, MaxLength(64)] string TemplateId,
    [property: Required, MaxLength(190)] string Page,
    IReadOnlyDictionary<string, string> Fields, [property: Required, MaxLength(60)] string InboxTitle,
    [property: Required, MaxLength(1000)] string InboxBody);

/// <summary>The file <c>config/demo/templates.json</c>.</summary>
public sealed record TemplatesFile([property: MinLength(1), MaxLength(50)] IReadOnlyList<TemplateInput> Templates);

/// <param name="ApprovalId">The proposal that waits for a manager; null where the same template was there already.</param>
public sealed record TemplateAnswer(Guid Id, string Kind, int Version, TemplateState State, Guid? ApprovalId);

public sealed record TemplatesAnswer(IReadOnlyList<TemplateAnswer> Templates);

/// <summary>A clerk proposes how messages look. Each becomes a new version of its kind, in force when a manager approves it.</summary>
/// <remarks>Errors: <c>message_kind_unknown</c> 400; <c>template_invalid</c> 400 with the field and WeChat's rule that the longest sample value
/// breaks.
/// A template that equals the newest version of its kind is not proposed again, so that a file may be imported twice.</remarks>
public sealed partial class ProposeTemplates(OwnerPayDb db, MessageKinds kinds, Approvals approvals, Audit audit)
{
    static readonly Error KindUnknown = new(400, "message_kind_unknown", "没有这种消息");
    static readonly Error Invalid = new(400, "template_invalid", "消息模板有误");

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/messaging/templates", Post).WithName("proposeTemplates")
            .ForStaff(StaffRole.Clerk).CanFail(KindUnknown, Invalid);

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
            if (Fault(request.Templates[index], $"templates[{index}]") is { } fault) return fault;
        var answers = new List<TemplateAnswer>();
        foreach (var input in request.Templates) answers.Add(await Add(input, staff, cancel));
        return new TemplatesAnswer(answers);
    }

    async Task<TemplateAnswer> Add(TemplateInput input, StaffMember staff, CancellationToken cancel)
    {
        var templates = db.MessageTemplates;
        var newest = await templates.Where(t => t.CommunityId == staff.CommunityId && t.Kind == input.Kind)
            .OrderByDescending(t => t.Version).ForUpdate().FirstOrDefaultAsync(cancel);
        var fields = JsonSerializer.Serialize(new SortedDictionary<string, string>(input.Fields.ToDictionary(), StringComparer.Ordinal),
            Json.Options);
        var template = new MessageTemplate
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, Kind = input.Kind, Version = (newest?.Version ?? 0) + 1,
            State = TemplateState.Proposed,
            WeChatTemplateId = input.TemplateId, Page = input.Page, Fields = fields, InboxTitle = input.InboxTitle, InboxBody = input.InboxBody,
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

    static bool Same(MessageTemplate one, MessageTemplate other) =>
        (one.WeChatTemplateId, one.Page, one.Fields, one.InboxTitle, one.InboxBody)
        == (other.WeChatTemplateId, other.Page, other.Fields, other.InboxTitle, other.InboxBody);

    /// <summary>Tries the template out with the longest values, so that nothing is refused on the day when hundreds wait for it.</summary>
    Error? Fault(TemplateInput input, string path)
    {
        if (kinds.Find(input.Kind) is not { } kind) return KindUnknown.At($"{path}.kind", $"没有“{input.Kind}”这种消息");
        if (!TemplateId().IsMatch(input.TemplateId)) return Invalid.At($"{path}.templateId", "应为微信公众平台上的模板 ID");
        if (!PagePath().IsMatch(input.Page)) return Invalid.At($"{path}.page", "应为小程序页面路径，不以 / 开头，例如 pages/bill/detail?id={subject}");
        if (input.Fields.Count == 0) return Invalid.At($"{path}.fields", "至少要有一个字段");
        foreach (var (name, text) in input.Fields.Append(new("inboxTitle", input.InboxTitle)).Append(new("inboxBody", input.InboxBody)))
        {
            TemplateText.Fill(text, kind.Sample, out var unknown);
            if (unknown is null) continue;
            var field = name is "inboxTitle" or "inboxBody" ? name : $"fields.{name}";
            return Invalid.At($"{path}.{field}", $"没有 {{{unknown}}} 这个值，可用：{string.Join("、", kind.Sample.Keys.Order(StringComparer.Ordinal))}");
        }
        var filled = RenderMessages.Fields(JsonSerializer.Serialize(input.Fields, Json.Options), kind.Sample);
        return TemplateData.Validate(filled) is [var fault, ..] ? Invalid.At($"{path}.fields.{fault.Field}", fault.Rule) : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{20,64}\z")]
    private static partial Regex TemplateId();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_\-=&{}.]*)?\z")]
    private static partial Regex PagePath();
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
