using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

public sealed record CampaignSteered(Guid CampaignId, CampaignState State);

/// <summary>Pause, resume and cancel a group notice. Once a pause is answered, only what an instance already has in hand still leaves.</summary>
/// <remarks>All three take the campaign's row, as does every instance before it tells the next ones. Errors: <c>campaign_not_found</c> 404,
/// <c>campaign_state</c> 409, and those of withdrawing a proposal.</remarks>
public sealed class SteerCampaign(OwnerPayDb db, Messages messages, Approvals approvals, Audit audit, Clock clock)
{
    static readonly Error WrongState = new(409, "campaign_state", "群通知当前状态不能这样操作");

    public static void Map(Doors doors)
    {
        Route("pause", "pauseCampaign", Pause);
        Route("resume", "resumeCampaign", Resume);
        Route("cancel", "cancelCampaign", Cancel);

        void Route(string verb, string name, Delegate handler) =>
#pragma warning disable RDG002 // the handler is only known where it is named; these three are compiled at the start
            doors.Staff.MapPost($"/communities/{{communityId:guid}}/campaigns/{{campaignId:guid}}/{verb}", handler)
#pragma warning restore RDG002
                .WithName(name).ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(
                    IdempotencyKey.Missing, IdempotencyKey.Reused, ShowCampaigns.NotFound, WrongState, Approvals.NotOwn, Approvals.Decided);
    }

    static async Task<Results<Ok<CampaignSteered>, ProblemHttpResult>> Pause(
        Guid campaignId, IdempotencyKey key, StaffMember by, SteerCampaign steer, CancellationToken cancel) =>
        (await steer.Run(campaignId, CampaignState.Paused, key, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<CampaignSteered>, ProblemHttpResult>> Resume(
        Guid campaignId, IdempotencyKey key, StaffMember by, SteerCampaign steer, CancellationToken cancel) =>
        (await steer.Run(campaignId, CampaignState.Running, key, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<CampaignSteered>, ProblemHttpResult>> Cancel(
        Guid campaignId, IdempotencyKey key, StaffMember by, SteerCampaign steer, CancellationToken cancel) =>
        (await steer.Run(campaignId, CampaignState.Cancelled, key, by, cancel)).ToHttp(TypedResults.Ok);

    Task<Result<CampaignSteered>> Run(Guid id, CampaignState to, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<CampaignSteered>(key, new { by.CommunityId, id, to }, async () =>
        {
            var campaigns = db.Campaigns;
            var campaign = await campaigns.Where(c => c.Id == id && c.CommunityId == by.CommunityId && c.ProposedBy != null).ForUpdate()
                .AsNoTracking()
                .SingleOrDefaultAsync(cancel);
            if (campaign is null) return ShowCampaigns.NotFound;
            if (campaign.State == to) return new CampaignSteered(id, to);    // a second tap
            if (!Allowed(campaign.State, to)) return WrongState.At("campaignId", $"当前状态：{Name(campaign.State)}");
            if (campaign.State == CampaignState.Proposed && await approvals.Withdraw(ProposeCampaign.ApprovalKind, id, by, cancel) is { } refusal)
                return refusal;
            if (to == CampaignState.Paused) await messages.Hold(by.CommunityId, id, cancel);
            else await messages.Release(id, cancel);
            DateTimeOffset? ended = to == CampaignState.Cancelled ? clock.Now() : null;
            if (ended is not null) await End(id, cancel);
            await campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.State, to).SetProperty(c => c.EndedAt, ended), cancel);
            audit.Add(by, $"campaign.{to.ToString().ToLowerInvariant()}", id, new { from = campaign.State });
            return new CampaignSteered(id, to);
        }, cancel);

    async Task End(Guid id, CancellationToken cancel)
    {
        var (members, now) = (db.CampaignMembers, clock.Now());
        await members.Where(m => m.CampaignId == id && m.State == MemberState.Waiting).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, MemberState.Cancelled).SetProperty(m => m.DoneAt, now), cancel);
        await messages.CancelCampaign(id, "cancelled", cancel);
    }

    static bool Allowed(CampaignState from, CampaignState to) => (from, to) switch
    {
        (CampaignState.Running, CampaignState.Paused) or (CampaignState.Paused, CampaignState.Running) => true,
        (CampaignState.Proposed or CampaignState.Scheduled or CampaignState.Running or CampaignState.Paused, CampaignState.Cancelled) => true,
        _ => false,
    };

    /// <summary>As people read it.</summary>
    public static string Name(CampaignState state) => state switch
    {
        CampaignState.Proposed => "待审批",
        CampaignState.Scheduled => "待发送",
        CampaignState.Running => "发送中",
        CampaignState.Paused => "已暂停",
        CampaignState.Done => "已完成",
        CampaignState.Cancelled => "已取消",
        CampaignState.Rejected => "已驳回",
        _ => throw new InvalidOperationException($"No name for {state}"),
    };
}
