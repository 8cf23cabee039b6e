using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="Value">The public number exactly as its source shows it; not trimmed.</param>
/// <param name="Source">Where anybody can read it: an address, a newspaper and its date.</param>
public sealed record BeaconRequest(
    [property: Required, StringLength(100, MinimumLength = 1)] string Value, [property: Required, StringLength(190, MinimumLength =
        4)] string Source);

/// <summary>Somebody other than the draw's proposer enters the public number with its source, and a second person agrees: with that the winners are
/// drawn, once and for ever.</summary>
/// <remarks>Errors: <c>draw_not_found</c> 404; <c>draw_not_closed</c>, <c>draw_beacon_early</c>, <c>draw_beacon_waiting</c> 409; <c>own_proposal</c>
/// 403.</remarks>
public sealed class EnterBeacon(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock)
{
    public const string Kind = "draw-beacon";
    static readonly Error NotClosed = new(409, "draw_not_closed", "抽奖尚未截止，或已开奖") { Detail = "截止并公布抽奖券名单后才能录入公开数字；开奖后不能再次开奖" };
    static readonly Error Early = new(409, "draw_beacon_early", "规则写明的公开数字尚未产生");
    static readonly Error Waiting = new(409, "draw_beacon_waiting", "公开数字已录入，待另一人核对");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/draws/{drawId:guid}/beacon",
        Post).WithName("enterDrawBeacon")
        .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager)
        .CanFail(Problems.Validation, ProposeDraw.NotFound, NotClosed, Early, Waiting, DecideApproval.OwnProposal, IdempotencyKey.Missing,
            IdempotencyKey.Reused);

    static async Task<Results<Ok<DrawProposed>, ProblemHttpResult>> Post(
        Guid drawId, IdempotencyKey key, StaffMember by, BeaconRequest request, EnterBeacon enter, CancellationToken cancel) =>
        (await enter.Run(drawId, request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    Task<Result<DrawProposed>> Run(Guid id, BeaconRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DrawProposed>(key, new { id, request }, async () =>
        {
            var draw = await db.Draws.Where(d => d.Id == id && d.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (draw is null) return ProposeDraw.NotFound;
            if (draw.ProposedBy == by.StaffId) return DecideApproval.OwnProposal;
            if (draw.State != DrawState.Closed) return NotClosed;
            if (clock.Today() < draw.ReadRules().BeaconOn) return Early;
            if (draw.BeaconEntry is not null) return Waiting;
            (draw.Beacon, draw.BeaconSource, draw.BeaconBy, draw.BeaconEntry) = (request.Value, request.Source, by.StaffId, Guid.CreateVersion7());
            approvals.Propose(by.CommunityId, Kind, draw.BeaconEntry.Value, by.StaffId, $"{draw.Title}：{request.Value}（{request.Source}）");
            audit.Add(by, "draw-beacon.entered", draw.Id, new { request.Value, request.Source });
            return new DrawProposed(draw.Id, draw.State, draw.RulesHash, draw.CommitHex);
        }, cancel);
}

/// <summary>A second person compares the number with its source; then the winners are drawn. Refused, it can be entered anew.</summary>
public sealed class ApproveBeacon(OwnerPayDb db, DrawWinners winners, Audit audit) : IApprovable
{
    static readonly Error Gone = new(409, "draw_beacon_gone", "该公开数字不在待核对状态");

    public string Kind => EnterBeacon.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance, StaffRole.Manager];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var draw = await db.Draws.Where(d => d.CommunityId == by.CommunityId
            && d.BeaconEntry == approval.SubjectId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (draw is not { State: DrawState.Closed }) return Gone;
        if (!approved)
        {
            (draw.Beacon, draw.BeaconSource, draw.BeaconBy, draw.BeaconEntry) = (null, null, null, null);
            return null;
        }
        audit.Add(by, "draw.drawn", draw.Id, new { draw.Beacon, winners = await winners.All(draw, cancel) });
        return null;
    }
}
