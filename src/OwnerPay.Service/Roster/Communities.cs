using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Roster;

/// <summary>What an admin sets about a community; every field is said each time.</summary>
/// <param name="ContactPhone">Phone of the property office, as it is printed on messages: digits, spaces and hyphens.</param>
/// <param name="LateFeeFirst">A payment covers late fee before principal (Civil Code art. 561) or after it, as the agreement says.</param>
/// <param name="PointsPerYuan">Points per whole yuan paid on time, 0 to 100.</param>
/// <param name="AllowsPartPayment">Owners may pay a part of a bill; offers are only given for whole bills.</param>
/// <param name="PartPaymentMinFen">Least part of a bill, fen.</param>
/// <param name="PrepaidMaxFen">Most prepaid money that owners may bring up to by topping up, fen; 0: no top-ups.</param>
/// <param name="PrepayMonths">Months to come that owners may pay in advance, 0 to 36.</param>
/// <param name="CampaignApprovalAbove">A group notice to more persons than this needs another person's approval; 0: every one.</param>
/// <param name="PaymentsPaused">No new payments; what is under way is settled and refunded as ever.</param>
public sealed record CommunitySettings(
    string Name, string ContactPhone, FirstDayRule FirstDay = FirstDayRule.HandOverDay, FeeRegime FeeRegime = FeeRegime.LumpSum,
    bool LateFeeFirst = false, int PointsPerYuan = 1, bool PaymentsPaused = false,
    bool AllowsPartPayment = false, long PartPaymentMinFen = 0, long PrepaidMaxFen = 2_000_000, int PrepayMonths = 12,
    int CampaignApprovalAbove = 100);

/// <param name="Code">2 to 32 small letters, digits and hyphens, unique in the installation, for ever.</param>
public sealed record NewCommunity(string Code, CommunitySettings Settings);

public sealed record CommunityAnswer(Guid CommunityId, string Code, CommunitySettings Settings);

/// <summary>Communities: opened and set by an admin of the whole installation, seen by everybody who works in one.</summary>
/// <remarks>Errors: <c>community_code_invalid</c>, <c>community_settings_invalid</c> 400, <c>community_code_taken</c> 409.</remarks>
public sealed partial class Communities(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error CodeInvalid = new(400, "community_code_invalid", "小区编号应为 2–32 位小写字母、数字或短横线") { Field = "code" };
    static readonly Error SettingsInvalid = new(400, "community_settings_invalid", "小区资料有误") { Field = "settings" };
    static readonly Error CodeTaken = new(409, "community_code_taken", "小区编号已被使用") { Field = "code" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities", List).WithName("listCommunities").ForStaffAnywhere();
        doors.Staff.MapPost("/communities", Post).WithName("openCommunity").ForStaff(StaffRole.Admin)
            .CanFail(CodeInvalid, SettingsInvalid, CodeTaken);
        doors.Staff.MapPut("/communities/{communityId:guid}", Put).WithName("setCommunity").ForStaff(StaffRole.Admin).CanFail(SettingsInvalid);
    }

    static async Task<Ok<Page<CommunityAnswer>>> List(StaffAccess access, OwnerPayDb db, CancellationToken cancel)
    {
        // An installation has some dozens of communities; what somebody may see is decided by his roles.
        var all = await db.Communities.AsNoTracking().OrderBy(c => c.Code).ToListAsync(cancel);
        return TypedResults.Ok(new Page<CommunityAnswer>([.. all.Where(c => access.Knows(c.Id)).Select(Answer)], NextCursor: null));
    }

    static async Task<Results<Created<CommunityAnswer>, ProblemHttpResult>> Post(
        StaffMember staff, NewCommunity request, Communities communities, CancellationToken cancel) =>
        (await communities.Open(request, staff, cancel)).ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{done.CommunityId}", done));

    static async Task<Results<Ok<CommunityAnswer>, ProblemHttpResult>> Put(
        StaffMember staff, CommunitySettings request, Communities communities, CancellationToken cancel) =>
        (await communities.Set(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<CommunityAnswer>> Open(NewCommunity request, StaffMember staff, CancellationToken cancel)
    {
        if (!CodeForm().IsMatch(request.Code)) return CodeInvalid;
        if (!IsValid(request.Settings)) return SettingsInvalid;
        var community = new Community { Id = Guid.CreateVersion7(), Code = request.Code, CreatedAt = clock.Now() };
        Take(community, request.Settings);
        db.Add(community);
        audit.Add(community.Id, staff.Actor, "community.opened", community.Id, Answer(community));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "Communities", nameof(Community.Code)))
        {
            return CodeTaken;
        }
        return Answer(community);
    }

    public async Task<Result<CommunityAnswer>> Set(CommunitySettings settings, StaffMember staff, CancellationToken cancel)
    {
        if (!IsValid(settings)) return SettingsInvalid;
        var community = await db.Communities.SingleAsync(c => c.Id == staff.CommunityId, cancel);
        var before = Answer(community).Settings;
        if (before == settings) return Answer(community);
        Take(community, settings);
        audit.Add(staff, "community.changed", community.Id, new { before, after = settings });
        await db.SaveChangesAsync(cancel);
        return Answer(community);
    }

    static bool IsValid(CommunitySettings settings) =>
        settings.Name.Trim() is { Length: > 0 and <= 64 } && PhoneForm().IsMatch(settings.ContactPhone) && settings.PointsPerYuan is >= 0 and <= 100
        && settings.PartPaymentMinFen is >= 0 and <= 100_000_000
        && settings.PrepaidMaxFen is >= 0 and <= 1_000_000_000 && settings.PrepayMonths is >= 0 and <= 36
        && settings.CampaignApprovalAbove is >= 0 and <= 1_000_000;

    static void Take(Community community, CommunitySettings settings)
    {
        (community.Name, community.ContactPhone, community.FirstDay, community.FeeRegime) =
            (settings.Name.Trim(), settings.ContactPhone, settings.FirstDay, settings.FeeRegime);
        (community.LateFeeFirst, community.PointsPerYuan, community.PaymentsPaused) =
            (settings.LateFeeFirst, settings.PointsPerYuan, settings.PaymentsPaused);
        (community.AllowsPartPayment, community.PartPaymentMinFen, community.PrepaidMaxFen, community.PrepayMonths) =
            (settings.AllowsPartPayment, settings.PartPaymentMinFen, settings.PrepaidMaxFen, settings.PrepayMonths);
        community.CampaignApprovalAbove = settings.CampaignApprovalAbove;
    }

    static CommunityAnswer Answer(Community c) => new(c.Id, c.Code, new CommunitySettings(
        c.Name, c.ContactPhone, c.FirstDay, c.FeeRegime, c.LateFeeFirst, c.PointsPerYuan, c.PaymentsPaused, c.AllowsPartPayment, c.PartPaymentMinFen, c.PrepaidMaxFen,
        c.PrepayMonths, c.CampaignApprovalAbove));

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,31}$")]
    private static partial Regex CodeForm();

    [GeneratedRegex("^[0-9][0-9 -]{2,29}$")]
    private static partial Regex PhoneForm();
}
