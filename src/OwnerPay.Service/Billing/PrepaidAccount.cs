using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A movement of prepaid money as its owner reads it.</summary>
/// <param name="Fen">Positive in, negative out.</param>
/// <param name="What">In Chinese.</param>
public sealed record PrepaidMove(DateTimeOffset At, long Fen, string What);

/// <param name="BalanceFen">Of the liable parties that the member belongs to.</param>
/// <param name="UsedOnIssue">Next bills use it up when they are issued.</param>
/// <param name="Moves">The latest first.</param>
public sealed record PrepaidAccountShown(long BalanceFen, bool UsedOnIssue, IReadOnlyList<PrepaidMove> Moves);

/// <param name="UsedOnIssue">Next bills use up the prepaid balance when they are issued; otherwise the owner decides at each payment.</param>
public sealed record PrepaidSetting(bool UsedOnIssue);

/// <summary>An owner sees his prepaid money, and says, as staff may for him, whether next bills use it up.</summary>
/// <remarks>Errors: <c>prepaid_setting_not_yours</c> 403 for tenants and former owners; <c>house_unknown</c> 404 for staff.</remarks>
public sealed class PrepaidAccount(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error NotYours = new(403, "prepaid_setting_not_yours", "只有现业主可以设置预存款的使用方式");
    static readonly Error HouseUnknown = new(404, "house_unknown", "没有找到该房屋");
    const int MostMoves = 100;

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/prepaid", Get).WithName("showPrepaid").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPut("/houses/{houseId}/prepaid", Put).WithName("setPrepaidUse").ForOwners().CanFail(Member.HouseNotFound, NotYours);
        doors.Staff.MapPut("/communities/{communityId:guid}/houses/{id:guid}/prepaid", PutByStaff).WithName("setHousePrepaidUse")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance).CanFail(HouseUnknown);
    }

    static async Task<Ok<PrepaidAccountShown>> Get(Member member, PrepaidAccount account, CancellationToken cancel) => TypedResults.Ok(await account.Show(member, cancel));

    static async Task<Results<Ok<PrepaidSetting>, ProblemHttpResult>> Put(Member member, PrepaidSetting request, PrepaidAccount account, CancellationToken cancel) =>
        (await account.Set(request, member, cancel)).ToHttp(done => TypedResults.Ok(done));

    static async Task<Results<Ok<PrepaidSetting>, ProblemHttpResult>> PutByStaff(
        Guid id, StaffMember by, PrepaidSetting request, PrepaidAccount account, CancellationToken cancel) =>
        (await account.Set(id, request, by, cancel)).ToHttp(done => TypedResults.Ok(done));

    async Task<PrepaidAccountShown> Show(Member member, CancellationToken cancel)
    {
        var parties = member.PartyIds;
        var balance = await db.PrepaidBalances.Where(b => b.HouseId == member.HouseId && parties.Contains(b.PartyId)).SumAsync(b => b.BalanceFen, cancel);
        var uses = await db.Houses.Where(h => h.Id == member.HouseId).Select(h => h.UsesPrepaid).SingleAsync(cancel);
        var moves = await db.PrepaidEntries.AsNoTracking().Where(e => e.HouseId == member.HouseId && parties.Contains(e.PartyId)).OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id).Take(MostMoves).ToListAsync(cancel);
        return new(balance, uses, [.. moves.Select(e => new PrepaidMove(e.At, e.DeltaFen, What(e)))]);
    }

    static string What(PrepaidEntry entry) => entry.SourceKind switch
    {
        "payment" => "缴费转入预存",
        "bill" => "出账时抵扣账单",
        "order-prepaid" or "order-prepaid-again" => "缴费时使用预存",
        "order-prepaid-freed" => "订单关闭，退回预存",
        "order-prepaid-rest" => "账单已缴清，退回预存",
        "refund" => "退款",
        "adjustment" => "账单更正或作废，已缴款项转入预存",
        _ => entry.DeltaFen > 0 ? "转入预存" : "预存支出",
    };

    async Task<Result<PrepaidSetting>> Set(PrepaidSetting request, Member member, CancellationToken cancel)
    {
        var (today, parties) = (clock.Today(), member.PartyIds);
        if (!await db.LiableParties.AnyAsync(p => parties.Contains(p.Id) && (p.To == null || p.To >= today), cancel)) return NotYours;
        await Keep(await db.Houses.SingleAsync(h => h.Id == member.HouseId, cancel), request, member.Actor, cancel);
        return request;
    }

    async Task<Result<PrepaidSetting>> Set(Guid id, PrepaidSetting request, StaffMember by, CancellationToken cancel)
    {
        var house = await db.Houses.SingleOrDefaultAsync(h => h.Id == id && h.CommunityId == by.CommunityId, cancel);
        if (house is null) return HouseUnknown;
        await Keep(house, request, by.Actor, cancel);
        return request;
    }

    async Task Keep(House house, PrepaidSetting request, string actor, CancellationToken cancel)
    {
        if (house.UsesPrepaid == request.UsedOnIssue) return;
        house.UsesPrepaid = request.UsedOnIssue;
        audit.Add(house.CommunityId, actor, "house.prepaid-use-set", house.Id, new { house.Code, request.UsedOnIssue });
        await db.SaveChangesAsync(cancel);
    }
}
