using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

public sealed record PreviewRequest(NoticeKind Kind, Audience Audience);

/// <param name="House">3-*-**01.</param>
/// <param name="Name">王**.</param>
public sealed record AudienceSample(string House, string Name);

/// <param name="NeedsApproval">Another person will have to approve a notice to so many.</param>
/// <param name="Reach">Which way reaches how many, and what it costs, by what is allowed now.</param>
public sealed record CampaignPreview(int Persons, int Houses, bool NeedsApproval, ReachAnswer Reach, IReadOnlyList<AudienceSample> Sample);

/// <summary>Shows before anything is written whom a group notice would go to, by which ways and at what cost. Nothing is stored.</summary>
/// <remarks>Errors: <c>audience_invalid</c> 400.</remarks>
public sealed class PreviewCampaign(OwnerPayDb db, FindAudience audiences, CheckAudience check, Reach reach)
{
    const int SampleSize = 10;

    public static void Map(Doors doors) =>
        doors.Staff.MapPost("/communities/{communityId:guid}/campaigns/preview", Post).WithName("previewCampaign")
            .ForStaff(StaffRole.Clerk, StaffRole.Manager).CanFail(Problems.Validation, CheckAudience.Invalid);

    static async Task<Results<Ok<CampaignPreview>, ProblemHttpResult>> Post(
        StaffMember by, PreviewRequest request, PreviewCampaign preview, CancellationToken cancel) =>
        (await preview.Run(request, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<CampaignPreview>> Run(PreviewRequest request, StaffMember by, CancellationToken cancel)
    {
        if (await check.Fault(by.CommunityId, request.Audience, cancel) is { } fault) return fault;
        var kind = request.Kind.MessageKind();
        var members = await audiences.Run(by.CommunityId, kind, request.Audience, null, asFrozen: false, cancel);
        var persons = members.Select(m => m.PersonId).Distinct().ToList();
        var above = await db.Communities.Where(c => c.Id == by.CommunityId).Select(c => c.CampaignApprovalAbove).SingleAsync(cancel);
        // Spread over the whole audience, so that a wrong condition shows itself.
        var shown = Enumerable.Range(0, Math.Min(SampleSize, members.Count)).Select(n =>
            members[(int)((long)n * members.Count / Math.Min(SampleSize, members.Count))]).ToList();
        var ids = shown.Select(m => m.PersonId).Distinct().ToList();
        var names = await db.Persons.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return new CampaignPreview(persons.Count, members.Select(m => m.HouseId).Distinct().Count(), persons.Count > above,
            await reach.Of(by.CommunityId, kind, persons, cancel), [.. shown.Select(m => new AudienceSample(Mask.House(m.HouseCode),
                Mask.Name(names[m.PersonId])))]);
    }
}
