using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>What a community may decide about its points; every field is said each time.</summary>
/// <param name="StreakYears">Calendar years in a row with everything paid in time.</param>
/// <param name="StreakTimes">How many times as many points a payment earns after them; 1: no more.</param>
/// <param name="RemindDays">Days before their expiry on which owners are told of points.</param>
/// <param name="GrantLimit">Points that one member of staff may grant in a day alone.</param>
/// <param name="CostFenPerHundred">Declared cost of 100 points, fen.</param>
public sealed record PointsTermsInput(
    [property: Range(1, 10)] int StreakYears = 3, [property: Range(1, 5)] int StreakTimes = 2,
        [property: Range(1, PointsTermsInput.MostRemindDays)] int RemindDays = 30,
    [property: Range(0, 1_000_000)] long GrantLimit = 500, [property: Range(0, 100_000)] long CostFenPerHundred = 100)
{
    public const int MostRemindDays = 90;
}

/// <param name="Version">0: the usual rules, never set.</param>
public sealed record PointsTermsShown(int Version, PointsTermsInput Terms);

/// <param name="Proposed">Waits for finance; null when nothing does.</param>
public sealed record PointsTermsAnswer(PointsTermsShown InForce, PointsTermsShown? Proposed);

/// <summary>The manager proposes rules for points, finance approves what they cost.</summary>
/// <remarks>Errors: <c>points_terms_waiting</c> 409.</remarks>
public sealed class ProposePointsTerms(OwnerPayDb db, PointsTermsBook book, Approvals approvals, Audit audit)
{
    public const string Kind = "points-terms";
    const string Path = "/communities/{communityId:guid}/points/terms";
    static readonly Error Waiting = new(409, "points_terms_waiting", "已有积分规则待财务审批") { Detail = "请先处理待审批的积分规则" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet(Path, Get).WithName("showPointsTerms").ForStaff(StaffRole.Clerk, StaffRole.Manager, StaffRole.Finance);
        doors.Staff.MapPost(Path, Post).WithName("proposePointsTerms").ForStaff(StaffRole.Manager)
            .CanFail(Problems.Validation, Waiting, IdempotencyKey.Missing, IdempotencyKey.Reused);
    }

    static async Task<Ok<PointsTermsAnswer>> Get(StaffMember by, ProposePointsTerms terms, CancellationToken cancel) =>
        TypedResults.Ok(await terms.Answer(by.CommunityId, cancel));

    static async Task<Results<Ok<PointsTermsAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, PointsTermsInput input, ProposePointsTerms terms, CancellationToken cancel) =>
        (await terms.Run(input, key, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    Task<Result<PointsTermsAnswer>> Run(PointsTermsInput input, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<PointsTermsAnswer>(key, new { by.CommunityId, input }, async () =>
        {
            await db.Communities.Where(c => c.Id == by.CommunityId).ForUpdate().Select(c => c.Id).SingleAsync(cancel);    // two at once queue up
            var all = db.PointsTerms.Where(t => t.CommunityId == by.CommunityId);
            if (await all.AnyAsync(t => t.State == PointsTermsState.Proposed, cancel)) return Waiting;
            var terms = new PointsTerms
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Version = (await all.MaxAsync(t => (int?)t.Version, cancel) ?? 0) + 1,
                StreakYears = input.StreakYears, StreakTimes = input.StreakTimes, RemindDays = input.RemindDays, GrantLimit = input.GrantLimit,
                CostFenPerHundred = input.CostFenPerHundred, State = PointsTermsState.Proposed,
            };
            db.Add(terms);
            approvals.Propose(by.CommunityId, Kind, terms.Id, by.StaffId,
                $"积分规则：连续 {input.StreakYears} 年按时缴费积分 ×{input.StreakTimes}，单人每日可授予 {input.GrantLimit} 积分，每百积分成本 {input.CostFenPerHundred} 分");
            audit.Add(by, "points-terms.proposed", terms.Id, input);
            return new PointsTermsAnswer(Shown(await book.Of(by.CommunityId, cancel)), Shown(terms));
        }, cancel);

    async Task<PointsTermsAnswer> Answer(Guid community, CancellationToken cancel)
    {
        var proposed = await db.PointsTerms.AsNoTracking().SingleOrDefaultAsync(t => t.CommunityId == community
            && t.State == PointsTermsState.Proposed, cancel);
        return new(Shown(await book.Of(community, cancel)), proposed is null ? null : Shown(proposed));
    }

    static PointsTermsShown Shown(PointsTerms t) => new(t.Version, new(t.StreakYears, t.StreakTimes, t.RemindDays, t.GrantLimit,
        t.CostFenPerHundred));
}

/// <summary>Finance decides proposed rules.</summary>
public sealed class ApprovePointsTerms(OwnerPayDb db) : IApprovable
{
    static readonly Error Gone = new(409, "points_terms_not_proposed", "该积分规则不在待审批状态");

    public string Kind => ProposePointsTerms.Kind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var terms = await db.PointsTerms.Where(t => t.Id == approval.SubjectId).ForUpdate().SingleOrDefaultAsync(cancel);
        if (terms is not { State: PointsTermsState.Proposed }) return Gone;
        if (approved)
            foreach (var earlier in await db.PointsTerms.Where(t => t.CommunityId == terms.CommunityId
                && t.State == PointsTermsState.Active).ToListAsync(cancel))
                earlier.State = PointsTermsState.Superseded;
        terms.State = approved ? PointsTermsState.Active : PointsTermsState.Rejected;
        return null;
    }
}
