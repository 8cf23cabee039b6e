using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>Whether the bills of a period were paid.</summary>
public enum PaidInPeriod { Paid, NotPaid }

/// <summary>Whom a group notice is for: the owners of houses that meet all conditions that are given. Without any, all owners of the
/// community.</summary>
/// <param name="Buildings">Codes of buildings, one of which is the house's.</param>
/// <param name="FeeKind">Code of a fee kind: the conditions about bills then look at its lines alone; without such a condition, houses with an open
/// amount of it.</param>
/// <param name="MinOpenFen">Least open principal, fen; disputed bills and those that were put off do not count.</param>
/// <param name="MaxOpenFen">Most open principal, fen.</param>
/// <param name="MinDaysLate">The oldest open bill is overdue by at least so many days.</param>
/// <param name="MaxDaysLate">And by at most so many.</param>
/// <param name="Tag">A tag of the house.</param>
/// <param name="Paid">Whether the bills of the period were paid; the next two say the period.</param>
/// <param name="PeriodFrom">First day of the period, with <paramref name="Paid"/>.</param>
/// <param name="PeriodTo">Last day of the period, with <paramref name="Paid"/>.</param>
/// <param name="HasGrant">True: persons who allowed a subscription message of this kind; false: those who did not.</param>
public sealed record Audience(
    [property: MaxLength(100)] IReadOnlyList<string>? Buildings = null, [property: MaxLength(24)] string? FeeKind = null,
    [property: Range(0, 100_000_000_000)] long? MinOpenFen = null, [property: Range(0, 100_000_000_000)] long? MaxOpenFen = null,
    [property: Range(0, 20_000)] int? MinDaysLate = null, [property: Range(0, 20_000)] int? MaxDaysLate = null,
    [property: MaxLength(40)] string? Tag = null, PaidInPeriod? Paid = null, DateOnly? PeriodFrom = null, DateOnly? PeriodTo = null,
    bool? HasGrant = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, Json.Options);

    public static Audience Read(string json) => JsonSerializer.Deserialize<Audience>(json, Json.Options)!;

    /// <summary>Asks about what is open now.</summary>
    public bool AsksForOpen => MinOpenFen is not null || MaxOpenFen is not null || MinDaysLate is not null || MaxDaysLate is not null
        || FeeKind is not null && Paid is null;
}

/// <summary>Checks an audience against the community before it is stored.</summary>
/// <remarks>Errors: <c>audience_invalid</c> 400 with the field and what would be right.</remarks>
public sealed class CheckAudience(OwnerPayDb db)
{
    public static readonly Error Invalid = new(400, "audience_invalid", "发送范围有误");

    public async Task<Error?> Fault(Guid community, Audience audience, CancellationToken cancel)
    {
        if (audience.MinOpenFen > audience.MaxOpenFen) return Invalid.At("audience.maxOpenFen", "欠费金额上限不能小于下限");
        if (audience.MinDaysLate > audience.MaxDaysLate) return Invalid.At("audience.maxDaysLate", "逾期天数上限不能小于下限");
        if (audience.Paid is null != (audience.PeriodFrom is null && audience.PeriodTo is null)
            || audience.PeriodFrom is null != audience.PeriodTo is null)
            return Invalid.At("audience.paid", "按是否缴费筛选时，请同时给出账期的起止日期");
        if (audience.PeriodFrom > audience.PeriodTo) return Invalid.At("audience.periodTo", "账期结束日期不能早于开始日期");
        if (audience.FeeKind is { } code && !await db.FeeKinds.AnyAsync(k => k.CommunityId == community && k.Code == code, cancel))
            return Invalid.At("audience.feeKind", $"没有费用科目“{code}”");
        if (audience.Tag is { } tag && !await db.HouseTags.AnyAsync(t => t.CommunityId == community && t.Tag == tag, cancel))
            return Invalid.At("audience.tag", $"没有房屋带有标签“{tag}”");
        if (audience.Buildings is not { } buildings) return null;
        if (buildings.Count == 0) return Invalid.At("audience.buildings", "请至少选择一栋楼，或不按楼栋筛选");
        var wanted = buildings.Distinct().ToList();
        var known = await db.Buildings.Where(b => b.CommunityId == community && wanted.Contains(b.Code)).Select(b => b.Code).ToListAsync(cancel);
        return wanted.Except(known).FirstOrDefault() is { } unknown ? Invalid.At("audience.buildings", $"没有楼栋“{unknown}”") : null;
    }
}
