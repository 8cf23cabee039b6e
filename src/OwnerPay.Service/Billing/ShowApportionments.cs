using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Weight">0.01 m², 1 household, or 0.001 units.</param>
public sealed record ShareShown(Guid HouseId, string HouseCode, int Number, long Weight, long Fen);

/// <summary>The common costs of a community with their shares; one that nobody was billed for can be withdrawn.</summary>
/// <remarks>Errors: <c>apportionment_not_found</c> 404; <c>apportionment_billed</c> 409.</remarks>
public sealed class ShowApportionments(OwnerPayDb db, Audit audit)
{
    static readonly Error NotFound = new(404, "apportionment_not_found", "没有找到该次分摊");
    static readonly Error Billed = new(409, "apportionment_billed", "该次分摊已出账，不能作废；请先作废相关账单");
    const int PageSize = 50, SharesPerPage = 200;

    public static void Map(Doors doors)
    {
        var at = "/communities/{communityId:guid}/billing/apportionments";
        doors.Staff.MapGet(at, GetList).WithName("listApportionments").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(at + "/{apportionmentId:guid}/shares", GetShares).WithName("listApportionmentShares")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
        doors.Staff.MapPost(at + "/{apportionmentId:guid}/withdraw", Post).WithName("withdrawApportionment").ForStaff(StaffRole.Clerk)
            .CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Billed);
    }

    static async Task<Results<Ok<Page<ApportionmentShown>>, ProblemHttpResult>> GetList(string? cursor, StaffMember staff, ShowApportionments show, CancellationToken cancel) =>
        (await show.List(staff.CommunityId, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<Page<ShareShown>>, ProblemHttpResult>> GetShares(
        Guid apportionmentId, int? after, StaffMember staff, ShowApportionments show, CancellationToken cancel) =>
        (await show.Shares(staff.CommunityId, apportionmentId, after ?? 0, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ApportionmentShown>, ProblemHttpResult>> Post(
        Guid apportionmentId, IdempotencyKey key, StaffMember staff, ShowApportionments show, CancellationToken cancel) =>
        (await show.Withdraw(apportionmentId, key, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<Page<ApportionmentShown>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var found = await db.Apportionments.AsNoTracking().Where(a => a.CommunityId == community)
            .NewestFirst(after, a => new Cursor(a.ClosedAt, a.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, a => new Cursor(a.ClosedAt, a.Id));
        var ids = page.Items.Select(a => a.Id).ToList();
        var kinds = await db.FeeKinds.Where(k => k.CommunityId == community).ToDictionaryAsync(k => k.Id, k => k.Code, cancel);
        var houses = await db.ApportionmentShares.Where(s => ids.Contains(s.ApportionmentId)).GroupBy(s => s.ApportionmentId)
            .Select(g => new { g.Key, Houses = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Houses, cancel);
        return page.Select(a => ApportionmentShown.Of(a, kinds[a.FeeKindId], houses.GetValueOrDefault(a.Id)));
    }

    /// <param name="after">Number of the last share of the page before; 0 for the first page.</param>
    public async Task<Result<Page<ShareShown>>> Shares(Guid community, Guid apportionment, int after, CancellationToken cancel)
    {
        if (!await db.Apportionments.AnyAsync(a => a.Id == apportionment && a.CommunityId == community, cancel)) return NotFound;
        var houses = db.Houses;
        var shares = await (from share in db.ApportionmentShares.AsNoTracking()
                            where share.ApportionmentId == apportionment && share.Number > after
                            join house in houses on share.HouseId equals house.Id
                            orderby share.Number
                            select new ShareShown(share.HouseId, house.Code, share.Number, share.Weight, share.Fen)).Take(SharesPerPage + 1).ToListAsync(cancel);
        return Pages.Of(shares, SharesPerPage, s => s.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public Task<Result<ApportionmentShown>> Withdraw(Guid id, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<ApportionmentShown>(key, new { id }, async () =>
        {
            // A run that is being confirmed locks it too, so that it cannot bill a share of what is withdrawn beside it.
            var of = await db.Apportionments.Where(a => a.Id == id && a.CommunityId == staff.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (of is null) return NotFound;
            var (claims, houses) = (db.BillClaims, await db.ApportionmentShares.CountAsync(s => s.ApportionmentId == id, cancel));
            if (await db.ApportionmentShares.AnyAsync(s => s.ApportionmentId == id && claims.Any(c => c.HouseId == s.HouseId && c.SourceId == id && c.LiveKey != null), cancel))
                return Billed;
            of.State = ApportionmentState.Withdrawn;
            audit.Add(staff, "apportionment.withdrawn", of.Id, new { of.From, of.To, of.TotalFen });
            var kind = await db.FeeKinds.Where(k => k.Id == of.FeeKindId).Select(k => k.Code).SingleAsync(cancel);
            return ApportionmentShown.Of(of, kind, houses);
        }, cancel);
}
