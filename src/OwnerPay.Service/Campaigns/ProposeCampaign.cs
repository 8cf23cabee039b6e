using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <param name="Title">At most 20 characters: WeChat's fields hold no more.</param>
/// <param name="Body">What is to be said, plain text.</param>
/// <param name="StartAt">When it begins; null: now. Never in quiet hours.</param>
/// <param name="HoldOutShare">Houses that are not told, so that the effect can be measured, in 1/10,000; at most half.</param>
/// <param name="Required">Law or agreement asks for this message: then nobody is held out.</param>
public sealed record CampaignRequest(
    NoticeKind Kind, [property: Required, StringLength(20, MinimumLength = 2)] string Title,
    [property: Required, StringLength(500, MinimumLength = 2)] string Body, Audience Audience, DateTimeOffset? StartAt = null,
    int HoldOutShare = 0, bool Required = false);

/// <param name="Persons">In the audience now; it is frozen when the campaign begins.</param>
/// <param name="ApprovalId">What a manager decides; null where the community lets small ones go without.</param>
public sealed record CampaignProposed(Guid CampaignId, CampaignState State, int Persons, Guid? ApprovalId);

/// <summary>A clerk or manager writes a group notice. Above the community's size another person approves it; then it begins at its time.</summary>
/// <remarks>Errors: those of <see cref="CheckCampaign"/>.</remarks>
public sealed class ProposeCampaign(OwnerPayDb db, CheckCampaign check, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "campaign";
    static readonly Error Over = new(409, "campaign_over", "该群通知已取消或已结束");
    static readonly Error DayOver = new(409, "campaign_day_over", "原定的发送日期已过") { Detail = "请驳回后重新提交，以便核对当天的发送范围" };

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/campaigns", Post).WithName("proposeCampaign").ForStaff(StaffRole.Clerk,
            StaffRole.Manager)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, .. CheckCampaign.Errors]);

    static async Task<Results<Created<CampaignProposed>, ProblemHttpResult>> Post(
        StaffMember by, IdempotencyKey key, CampaignRequest request, ProposeCampaign propose, CancellationToken cancel) =>
        (await propose.Run(request, key, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/campaigns/{done.CampaignId}", done));

    Task<Result<CampaignProposed>> Run(CampaignRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<CampaignProposed>(key, new { by.CommunityId, request }, async () =>
        {
            var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == by.CommunityId, cancel);
            var found = await check.Run(community, request, cancel);
            if (found.Refusal is { } refusal) return refusal;
            var (persons, id, now) = (found.Value.Persons, Guid.CreateVersion7(), clock.Now());
            var asks = persons > community.CampaignApprovalAbove;
            db.Add(new Campaign
            {
                Id = id, CommunityId = by.CommunityId, Kind = request.Kind.Name(), SubjectId = id, Title = request.Title.Trim(),
                Body = request.Body.Trim(),
                Audience = request.Audience.ToJson(), HoldOutShare = request.HoldOutShare, StartAt = request.StartAt ?? now, ProposedBy = by.StaffId,
                CreatedAt = now, State = asks ? CampaignState.Proposed : CampaignState.Scheduled,
            });
            var approval = asks
                ? approvals.Propose(by.CommunityId, Kind, id, by.StaffId, $"群通知“{request.Title.Trim()}”，{persons} 人") : null;
            audit.Add(by, "campaign.proposed", id, new { request.Kind, request.Title, persons, request.StartAt, request.HoldOutShare });
            return new CampaignProposed(id, asks ? CampaignState.Proposed : CampaignState.Scheduled, persons, approval?.Id);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var campaigns = db.Campaigns;
        var mine = campaigns.Where(c => c.Id == approval.SubjectId && c.CommunityId == approval.CommunityId && c.State == CampaignState.Proposed);
        // Who is told twice on one day was looked at for that day alone.
        if (approved && await mine.Select(c => (DateTimeOffset?)c.StartAt).SingleOrDefaultAsync(cancel) is { } start
            && Clock.DateOf(start) < clock.Today()) return DayOver;
        var to = approved ? CampaignState.Scheduled : CampaignState.Rejected;
        var moved = await mine.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, to), cancel);
        return moved == 1 ? null : Over;
    }
}

/// <summary>Who an accepted campaign would go to.</summary>
public sealed record CheckedCampaign(int Persons, int Houses, IReadOnlyList<AudienceMember> Members);

/// <summary>What a group notice must keep to, before it is stored.</summary>
/// <remarks>Errors: <c>audience_invalid</c>, <c>audience_empty</c>, <c>holdout_share_invalid</c>, <c>holdout_not_allowed</c>,
/// <c>campaign_start_past</c>, <c>unlawful_measure</c>, <c>promotional_text</c> 400/422; <c>quiet_hours</c>, <c>campaign_same_day</c> 409.</remarks>
public sealed class CheckCampaign(OwnerPayDb db, FindAudience audiences, CheckAudience check, MessageHours hours, Clock clock)
{
    /// <summary>How far ahead a campaign may be planned.</summary>
    const int MostDaysAhead = 90;

    static readonly Error Empty = new(422, "audience_empty", "没有符合条件的业主")
    { Field = "audience", Detail = "请放宽筛选条件，或先预览发送范围再提交" };
    static readonly Error Share = new(400, "holdout_share_invalid", "对照组比例应为 0–5000（万分比，最多一半）") { Field = "holdOutShare" };
    static readonly Error NoHoldOut = new(422, "holdout_not_allowed", "法律或合同要求送达的通知不能设对照组")
    { Field = "holdOutShare", Detail = "请将对照组比例设为 0" };
    static readonly Error Start = new(400, "campaign_start_past", "发送时间应在现在之后、90 天之内") { Field = "startAt" };
    static readonly Error Quiet = new(409, "quiet_hours", "该时段不发送群通知") { Field = "startAt" };
    static readonly Error SameDay = new(409, "campaign_same_day", "当天已有发给其中业主的群通知") { Field = "startAt" };
    public static readonly Error Unlawful = new(422, "unlawful_measure", "通知内容涉及法律不允许的措施") { Field = "body" };
    public static readonly Error Promotional = new(422, "promotional_text", "订阅消息不能发送营销内容") { Field = "body" };

    public static readonly Error[] Errors = [CheckAudience.Invalid, Empty, Share, NoHoldOut, Start, Quiet, SameDay, Unlawful, Promotional];

    public async Task<Result<CheckedCampaign>> Run(Community community, CampaignRequest request, CancellationToken cancel)
    {
        if (TextFault(request) is { } text) return text;
        if (request.HoldOutShare is < 0 or > HoldOut.MostShare) return Share;
        if (request is { Required: true, HoldOutShare: > 0 }) return NoHoldOut;
        var (now, start) = (clock.Now(), request.StartAt ?? clock.Now());
        if (start < now || start > now.AddDays(MostDaysAhead)) return Start;
        if (await hours.NextAllowed(community.Id, start, cancel) is var allowed && allowed != start)
            return Quiet.At("startAt", $"晚间和清晨不打扰业主，最早可从 {allowed.ToOffset(Clock.ShanghaiOffset):yyyy-MM-dd HH:mm} 开始发送");
        if (await check.Fault(community.Id, request.Audience, cancel) is { } fault) return fault;
        var members = await audiences.Run(community.Id, request.Kind.MessageKind(), request.Audience, null, asFrozen: false, cancel);
        if (members.Count == 0) return Empty;
        var persons = members.Select(m => m.PersonId).ToHashSet();
        if (await Others(community.Id, start, persons, cancel) is { } other)
            return SameDay.At("startAt", $"“{other.Title}”当天也发给其中 {other.Persons} 人。请改到另一天，或合并为一条通知");
        return new CheckedCampaign(persons.Count, members.Select(m => m.HouseId).Distinct().Count(), members);
    }

    static Error? TextFault(CampaignRequest request)
    {
        if (NoticeWords.Fault(request.Title + "。" + request.Body, request.Kind == NoticeKind.Bills) is not { } found) return null;
        var (fault, words) = found;
        return fault == NoticeFault.Promotion
            ? Promotional.At("body", $"“{words}”属于营销内容，微信服务类消息不允许。请在“优惠活动”或公告栏发布")
            : Unlawful.At("body", $"“{words}”：{Why(fault)}");
    }

    /// <summary>Why it may not be, and what may be done instead.</summary>
    static string Why(NoticeFault fault) => fault switch
    {
        NoticeFault.CutSupply => "《民法典》第九百四十四条禁止以停止供电、供水、供热、供燃气等方式催交物业费。可依约暂停合同内的增值服务，或走催告、诉讼程序",
        NoticeFault.KeepOut => "业主进出小区和使用车位的权利不因欠费受限。可依约暂停合同内的增值服务，或走催告、诉讼程序",
        NoticeFault.ShowDebtors => "《个人信息保护法》第二十五条禁止公开欠费人的姓名、房号。可按楼栋公布缴费比例（每栋不少于 10 户）",
        NoticeFault.Blacklist => "不得建立或传播欠费“黑名单”。可在系统内按事实分类，业主本人可查",
        NoticeFault.HoldBack => "交房、装修等手续不得以缴费为前提。可向办理人员提供缴费情况，由其依规定办理",
        _ => throw new InvalidOperationException($"No reason for {fault}"),
    };

    /// <summary>Another group notice of the same day that goes to some of these persons.</summary>
    async Task<(string Title, int Persons)?> Others(Guid community, DateTimeOffset start, HashSet<Guid> persons, CancellationToken cancel)
    {
        var day = Clock.StartOf(Clock.DateOf(start));
        var next = day.AddDays(1);
        var others = await db.Campaigns.AsNoTracking().Where(c => c.CommunityId == community && c.ProposedBy != null && c.StartAt >= day
            && c.StartAt < next
            && c.State != CampaignState.Cancelled && c.State != CampaignState.Rejected).OrderBy(c => c.Id).ToListAsync(cancel);
        foreach (var other in others)
        {
            var theirs = other.StartedAt is null
                ? (await audiences.Run(community, NoticeKinds.Of(other.Kind)!.Value.MessageKind(), Audience.Read(other.Audience), null,
                    asFrozen: false, cancel))
                    .Select(m => m.PersonId)
                : await db.CampaignMembers.Where(m => m.CampaignId == other.Id && (m.State == MemberState.Waiting || m.State == MemberState.Told))
                    .Select(m => m.PersonId).ToListAsync(cancel);
            if (theirs.Distinct().Count(persons.Contains) is > 0 and var shared) return (other.Title, shared);
        }
        return null;
    }
}
