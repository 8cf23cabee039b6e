using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>The pick-up code of a reserved reward or of a prize as a QR code, for the phone to show and the clerk's scanner to read.</summary>
public static class ShowPickUpCode
{
    static readonly Error NotFound = new(404, "redemption_not_found", "没有找到该兑换");

    public static void Map(Doors doors) => doors.Owner.MapGet("/houses/{houseId}/redemptions/{redemptionId:guid}/qr",
        Get).WithName("showPickUpCode").ForOwners()
        .AnswersFile("image/png").CanFail(Member.HouseNotFound, NotFound);

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Get(
        Guid redemptionId, Member member, OwnerPayDb db, HttpContext http, CancellationToken cancel)
    {
        var code = await db.Redemptions.Where(r => r.Id == redemptionId && r.CommunityId == member.CommunityId && r.PersonId == member.PersonId
                && r.State == RedemptionState.Reserved).Select(r => r.PickUpCode).SingleOrDefaultAsync(cancel)
            ?? await db.DrawWins.Where(w => w.Id == redemptionId && w.CommunityId == member.CommunityId && w.PersonId == member.PersonId
                && w.State == DrawWinState.Waiting).Select(w => w.PickUpCode).SingleOrDefaultAsync(cancel);
        if (code is null) return NotFound.ToProblem();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(PaperHtml.QrPng(PickUpCodes.Prefix + code), "image/png");
    }
}
