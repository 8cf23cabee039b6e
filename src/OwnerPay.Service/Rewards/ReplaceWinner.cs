using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public sealed record ReplaceRequest([property: Required, StringLength(100, MinimumLength = 4)] string Reason);

public sealed record ReplaceProposed(Guid WinId, string Reason);

/// <summary>A winner turns out invalid (not fetched in time, payment went back, gave up the prize): two people let the next one drawn have the
/// prize.</summary>
/// <remarks>Errors: <c>draw_win_not_found</c> 404; <c>draw_win_ended</c>, <c>draw_win_replacement_waiting</c> 409.</remarks>
public sealed class ReplaceWinner(OwnerPayDb db, Approvals approvals, Audit audit)
{
    public const string Kind = "draw-replacement";
    static readonly Error NotFound = new(404, "draw_win_not_found", "没有找到该中奖记录");
    static readonly Error Ended = new(409, "draw_win_ended", "该奖品已发放或已递补");
    static readonly Error Waiting = new(409, "draw_win_replacement_waiting", "该中奖者的递补已提出过");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/draws/wins/{winId:guid}/replace",
        Post).WithName("replaceDrawWinner")
        .ForStaff(StaffRole.Manager).CanFail(Problems.Validation, NotFound, Ended, Waiting, IdempotencyKey.Missing, IdempotencyKey.Reused);

    static async Task<Results<Ok<ReplaceProposed>, ProblemHttpResult>> Post(
        Guid winId, IdempotencyKey key, StaffMember by, ReplaceRequest request, ReplaceWinner replace, CancellationToken cancel) =>
        (await replace.Run(winId, request, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    Task<Result<ReplaceProposed>> Run(Guid id, ReplaceRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ReplaceProposed>(key, new { id, request }, async () =>
        {
            var win = await db.DrawWins.Where(w => w.Id == id && w.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (win is null) return NotFound;
            if (win.State != DrawWinState.Waiting) return Ended;
            if (await db.Approvals.AnyAsync(a => a.Kind == Kind && a.SubjectId == id, cancel)) return Waiting;
            win.ReplacedReason = request.Reason.Trim();
            approvals.Propose(by.CommunityId, Kind, id, by.StaffId, $"{win.PrizeName} 的中奖者无效：{win.ReplacedReason}");
            audit.Add(by, "draw-replacement.proposed", id, new { win.DrawId, win.ReplacedReason });
            return new ReplaceProposed(id, win.ReplacedReason);
        }, cancel);
}

/// <summary>Finance agrees that a winner is replaced.</summary>
public sealed class ApproveReplacement(OwnerPayDb db, DrawWinners winners, Clock clock) : IApprovable
{
    static readonly Error Gone = new(409, "draw_win_gone", "该奖品已发放或已递补");

    public string Kind => ReplaceWinner.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        if (!approved) return null;
        var draws = db.Draws;
        var id = await db.DrawWins.Where(w => w.Id == approval.SubjectId).Select(w => w.DrawId).SingleAsync(cancel);
        var draw = await draws.AsNoTracking().Where(d => d.Id == id).ForUpdate().SingleAsync(cancel);    // two replacements draw one after the other
        var now = clock.Now();
        if (await db.DrawWins.Where(w => w.Id == approval.SubjectId && w.State == DrawWinState.Waiting).ExecuteUpdateAsync(
                set => set.SetProperty(w => w.State, DrawWinState.Replaced).SetProperty(w => w.EndedAt, now), cancel) == 0) return Gone;
        await winners.Next(draw, await db.DrawWins.AsNoTracking().SingleAsync(w => w.Id == approval.SubjectId, cancel), cancel);
        return null;
    }
}
