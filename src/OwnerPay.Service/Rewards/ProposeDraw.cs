using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="ValueFen">What one piece is worth, fen; at most 50,000 yuan.</param>
public sealed record PrizeInput(
    [property: Required, StringLength(60, MinimumLength = 1)] string Name, [property: Range(1, 1_000_000_000)] long ValueFen,
        [property: Range(1, 10_000)] int Count);

/// <summary>The rules of a draw. They cannot be changed any more once they are published.</summary>
/// <param name="Text">What participants have to know, as plain text.</param>
/// <param name="Opens">First instant for tickets, <paramref name="Closes"/> the first one without.</param>
/// <param name="Beacon">Which public number decides: <c>上证指数 2026-12-21 收盘点位，保留两位小数</c>.</param>
/// <param name="BeaconOn">Shanghai date on which it becomes known, after the closing.</param>
/// <param name="TicketPoints">Points for a ticket; 0: none for points.</param>
/// <param name="TicketFen">A payment in time gives a ticket for each such amount, fen; 0: none for payments.</param>
/// <param name="MaxTickets">Tickets of one person at most.</param>
public sealed record DrawInput(
    [property: Required, StringLength(60, MinimumLength = 1)] string Title, [property: Required, StringLength(4_000, MinimumLength = 1)] string Text,
    DateTimeOffset Opens, DateTimeOffset Closes, [property: Required, StringLength(120, MinimumLength = 4)] string Beacon, DateOnly BeaconOn,
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<PrizeInput> Prizes, [property: Range(0, 1_000_000)] long TicketPoints = 0,
    [property: Range(0, 100_000_000)] long TicketFen = 0, [property: Range(1, 1_000)] int MaxTickets = 10,
    [property: Range(1, 365)] int PickUpDays = 30);

public sealed record DrawProposed(Guid DrawId, DrawState State, string RulesHash, string CommitHex);

/// <summary>The manager proposes a draw, finance approves what it costs; with that, rules and commitment are published and fixed.</summary>
/// <remarks>Errors: <c>draw_not_found</c> 404; <c>draw_rules_fixed</c> 409; <c>draw_prize_too_high</c>, <c>draw_waives_right</c>,
/// <c>draw_window_unsound</c>, <c>draw_beacon_too_early</c>, <c>draw_without_tickets</c>, <c>draw_needs_points</c> 400.</remarks>
public sealed class ProposeDraw(OwnerPayDb db, MasterKey master, Approvals approvals, Audit audit, Clock clock)
{
    public const string Kind = "draw";
    const string Path = "/communities/{communityId:guid}/draws";
    const int MostWinners = 10_000;

    public static readonly Error NotFound = new(404, "draw_not_found", "没有找到该抽奖");
    static readonly Error RulesFixed = new(409, "draw_rules_fixed", "抽奖规则已公布，不能再修改")
    {
        Detail = "尚无人取得抽奖券时可撤回后重新发起；已有抽奖券的，须按公布的规则开奖",
    };
    static readonly Error PrizeTooHigh = new(400, "draw_prize_too_high", "最高奖超过 5 万元，法律不允许")
    {
        Detail = "《反不正当竞争法》规定抽奖式有奖销售最高奖的金额不得超过 5 万元，请降低奖品价值",
    };
    static readonly Error WaivesRight = new(400, "draw_waives_right", "参加抽奖不能以放弃权利为条件")
    {
        Field = "text", Detail = "请删去要求业主放弃投诉、诉讼等权利的内容；抽奖只能奖励，不能交换权利",
    };
    static readonly Error WindowUnsound = new(400, "draw_window_unsound", "抽奖的开始与截止时间有误") { Field = "closes", Detail = "截止时间须晚于开始时间，并且尚未过去" };
    static readonly Error BeaconTooEarly = new(400, "draw_beacon_too_early", "公开数字须在截止之后才产生")
    {
        Field = "beaconOn", Detail = "请选择截止日次日或以后的公开数字，使任何人在截止前都无法得知",
    };
    static readonly Error NoTickets = new(400, "draw_without_tickets", "请至少规定一种取得抽奖券的方式")
    {
        Field = "ticketPoints",
        Detail = "按积分（ticketPoints）或按按时缴费（ticketFen）"
    };
    static readonly Error NeedsPoints = new(400, "draw_needs_points", "本小区未开通缴费积分，不能按缴费发放抽奖券") { Field = "ticketFen" };
    static readonly Error TooManyWinners = new(400, "draw_too_many_prizes", "奖品总数不能超过 10000 份") { Field = "prizes" };

    public static void Map(Doors doors)
    {
        Error[] unsound = [PrizeTooHigh, WaivesRight, WindowUnsound, BeaconTooEarly, NoTickets, NeedsPoints, TooManyWinners];
        doors.Staff.MapPost(Path, Post).WithName("proposeDraw").ForStaff(StaffRole.Manager)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, .. unsound]);
        doors.Staff.MapPut(Path + "/{drawId:guid}", Put).WithName("changeDraw").ForStaff(StaffRole.Manager)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, RulesFixed, .. unsound]);
        doors.Staff.MapPost(Path + "/{drawId:guid}/withdraw", Withdraw).WithName("withdrawDraw").ForStaff(StaffRole.Manager)
            .CanFail(NotFound, RulesFixed, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Results<Ok<DrawProposed>, ProblemHttpResult>> Post(IdempotencyKey key, StaffMember by, DrawInput input, ProposeDraw propose,
        CancellationToken cancel) =>
        (await propose.Propose(input, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Results<Ok<DrawProposed>, ProblemHttpResult>> Put(
        Guid drawId, IdempotencyKey key, StaffMember by, DrawInput input, ProposeDraw propose, CancellationToken cancel) =>
        (await propose.Change(drawId, input, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Results<Ok<DrawProposed>, ProblemHttpResult>> Withdraw(Guid drawId, IdempotencyKey key, StaffMember by, ProposeDraw propose,
        CancellationToken cancel) =>
        (await propose.TakeBack(drawId, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    Task<Result<DrawProposed>> Propose(DrawInput input, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DrawProposed>(key, new { by.CommunityId, input }, async () =>
        {
            if (await Unsound(input, by.CommunityId, cancel) is { } refusal) return refusal;
            var secret = RandomNumberGenerator.GetBytes(32);
            var draw = new Draw
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, SecretWrapped = master.Wrap(Draw.SecretPurpose, secret),
                CommitHex = Convert.ToHexStringLower(SHA256.HashData(secret)), State = DrawState.Proposed, ProposedBy = by.StaffId,
                CreatedAt = clock.Now(),
            };
            await Take(draw, input, cancel);
            db.Add(draw);
            var rules = draw.ReadRules();
            approvals.Propose(by.CommunityId, Kind, draw.Id, by.StaffId,
                $"抽奖：{input.Title}，奖品 {rules.Winners} 份，共 {rules.Prizes.Sum(p => p.ValueFen * p.Count) / 100m:0.00} 元");
            audit.Add(by, "draw.proposed", draw.Id, new { draw.Title, draw.RulesHash });
            return Shown(draw);
        }, cancel);

    Task<Result<DrawProposed>> Change(Guid id, DrawInput input, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DrawProposed>(key, new { id, input }, async () =>
        {
            if (await Find(id, by, cancel) is not { } draw) return NotFound;
            if (draw.State != DrawState.Proposed) return RulesFixed;
            if (await Unsound(input, by.CommunityId, cancel) is { } refusal) return refusal;
            var before = draw.RulesHash;
            await Take(draw, input, cancel);
            audit.Add(by, "draw.changed", draw.Id, new { before, after = draw.RulesHash });
            return Shown(draw);
        }, cancel);

    Task<Result<DrawProposed>> TakeBack(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DrawProposed>(key, new { id }, async () =>
        {
            if (await Find(id, by, cancel) is not { } draw) return NotFound;
            // Tickets are given under the draw's lock: none appears between this look and the commit.
            if (draw.State is not (DrawState.Proposed or DrawState.Open) || await db.DrawTickets.AnyAsync(t => t.DrawId == id,
                cancel)) return RulesFixed;
            if (draw.State == DrawState.Proposed && await approvals.Withdraw(Kind, id, by, cancel) is { } refusal) return refusal;
            draw.State = DrawState.Withdrawn;
            audit.Add(by, "draw.withdrawn", draw.Id, new { draw.Title });
            return Shown(draw);
        }, cancel);

    Task<Draw?> Find(Guid id, StaffMember by, CancellationToken cancel) =>
        db.Draws.Where(d => d.Id == id && d.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);

    async Task<Error?> Unsound(DrawInput input, Guid community, CancellationToken cancel)
    {
        for (var at = 0; at < input.Prizes.Count; at++)
            if (DrawLimits.PrizeTooHigh(new(input.Prizes[at].Name, input.Prizes[at].ValueFen,
                input.Prizes[at].Count))) return PrizeTooHigh.At($"prizes[{at}].valueFen");
        if (DrawLimits.Waiver(input.Title + input.Text) is { } words) return WaivesRight.With("words", words);
        if (input.Closes <= input.Opens || input.Closes <= clock.Now()) return WindowUnsound;
        if (input.BeaconOn <= Clock.DateOf(input.Closes)) return BeaconTooEarly;
        if (input.TicketPoints == 0 && input.TicketFen == 0) return NoTickets;
        if (input.Prizes.Sum(prize => (long)prize.Count) > MostWinners) return TooManyWinners;
        return input.TicketFen > 0 && await db.Communities.AnyAsync(c => c.Id == community && c.PointsPerYuan == 0, cancel) ? NeedsPoints : null;
    }

    async Task Take(Draw draw, DrawInput input, CancellationToken cancel)
    {
        var community = await db.Communities.Where(c => c.Id == draw.CommunityId).Select(c => c.Name).SingleAsync(cancel);
        var rules = new DrawRules(draw.Id.ToString("N"), community, input.Title.Trim(), input.Text.ReplaceLineEndings("\n").Trim(), input.Opens,
            input.Closes,
            input.Beacon.Trim(), input.BeaconOn, input.TicketPoints, input.TicketFen, input.MaxTickets, input.PickUpDays,
            [.. input.Prizes.Select(prize => new DrawPrize(prize.Name.Trim(), prize.ValueFen, prize.Count))]);
        var text = rules.ToText();
        (draw.Title, draw.Opens, draw.Closes, draw.Rules, draw.RulesHash) = (rules.Title, Seconds(input.Opens), Seconds(input.Closes), text,
            PublishedDraw.HashOf(text));
    }

    /// <summary>The published rules name whole seconds.</summary>
    static DateTimeOffset Seconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    static DrawProposed Shown(Draw draw) => new(draw.Id, draw.State, draw.RulesHash, draw.CommitHex);
}

/// <summary>Finance decides a proposed draw; approved, it is published.</summary>
public sealed class ApproveDraw(OwnerPayDb db, Clock clock) : IApprovable
{
    static readonly Error Gone = new(409, "draw_not_proposed", "该抽奖不在待审批状态");
    static readonly Error TooLate = new(409, "draw_window_over", "抽奖的截止时间已过，请重新发起");

    public string Kind => ProposeDraw.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var draw = await db.Draws.Where(d => d.Id == approval.SubjectId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (draw is not { State: DrawState.Proposed }) return Gone;
        if (approved && draw.Closes <= clock.Now()) return TooLate;
        draw.State = approved ? DrawState.Open : DrawState.Rejected;
        if (approved) (draw.PublishedAt, draw.LookedUntil) = (clock.Now(), TimeProvider.System.GetUtcNow());
        return null;
    }
}
