using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <param name="DueFrom">Bills that fall due from this Shanghai day on,</param>
/// <param name="DueTo">to this one.</param>
public sealed record ProgressInput(DateOnly DueFrom, DateOnly DueTo);

/// <param name="Buildings">Their names as people say them; several where they had to be counted together.</param>
/// <param name="Houses">Houses with a bill that fell due.</param>
/// <param name="Paid">Of them those that owe nothing of it any more.</param>
/// <param name="PaidPerMille">Ratio in 0.1 %, cut.</param>
public sealed record ProgressLine(string Buildings, int Houses, int Paid, int PaidPerMille);

/// <summary>The payment progress (缴费进度) of a stretch of due dates as it stood at an instant: what may be published of who has paid.</summary>
public sealed record ProgressShown(DateOnly DueFrom, DateOnly DueTo, DateTimeOffset CountedAt, IReadOnlyList<ProgressLine> Lines);

/// <summary>Counts and ratios of payment per building, merged until no neighbour can tell who is behind: the lawful alternative to a list of debtors,
/// for looking at and for putting into a notice.</summary>
/// <remarks>Errors: <c>progress_range_invalid</c> 400; <c>progress_too_few_houses</c> 422.</remarks>
public sealed class PaymentProgress(OwnerPayDb db, Clock clock)
{
    public static readonly Error RangeInvalid = new(400, "progress_range_invalid", "到期日范围有误") { Field = "progress", Detail = "起始日不晚于截止日，且最多相隔三年" };

    public static readonly Error TooFew = new(422, "progress_too_few_houses", "户数太少，公布比例会暴露个别业主")
    {
        Field = "progress", Detail = "至少要有 10 户有应缴账单并且其中有人已缴清，才能公布缴费进度",
    };

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/notices/progress", Get)
        .WithName("previewPaymentProgress")
        .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(RangeInvalid, TooFew);

    static async Task<Results<Ok<ProgressShown>, ProblemHttpResult>> Get(
        DateOnly dueFrom, DateOnly dueTo, StaffMember by, PaymentProgress progress, CancellationToken cancel) =>
        (await progress.Of(by.CommunityId, new(dueFrom, dueTo), cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<ProgressShown>> Of(Guid community, ProgressInput input, CancellationToken cancel)
    {
        if (input.DueTo < input.DueFrom || input.DueTo > input.DueFrom.AddYears(3)) return RangeInvalid;
        var houses = db.Houses;
        var byHouse = await db.Bills.AsNoTracking()
            .Where(b => b.CommunityId == community && b.State != BillState.Voided && b.DueOn >= input.DueFrom && b.DueOn <= input.DueTo && b.AmountFen
                + b.AdjustedFen > 0)
            .GroupBy(b => b.HouseId).Select(g => new { HouseId = g.Key, Open = g.Sum(b => b.OpenFen) })
            .Join(houses, g => g.HouseId, h => h.Id, (g, h) => new { h.BuildingId, g.Open }).ToListAsync(cancel);
        var buildings = (await db.Buildings.AsNoTracking().Where(b => b.CommunityId == community).ToListAsync(cancel))
            .OrderBy(b => b.Code.Length).ThenBy(b => b.Code, StringComparer.Ordinal);
        var counted = byHouse.ToLookup(house => house.BuildingId, house => house.Open == 0);
        var rows = PublishableProgress.Of([.. buildings.Select(b =>
            new BuildingProgress(b.Name, counted[b.Id].Count(), counted[b.Id].Count(paid => paid)))]);
        if (rows.Count == 0) return TooFew;
        return new ProgressShown(input.DueFrom, input.DueTo, clock.Now(),
            [.. rows.Select(row => new ProgressLine(Names(row.Buildings), row.Houses, row.Paid, row.PerMille))]);
    }

    static string Names(IReadOnlyList<string> buildings) =>
        buildings.Count <= 3 ? string.Join("、", buildings) : $"{buildings[0]}等 {buildings.Count} 栋";

    /// <summary>93.5%</summary>
    public static string Percent(int perMille) => perMille % 10 == 0 ? $"{perMille / 10}%" : $"{perMille / 10}.{perMille % 10}%";
}
