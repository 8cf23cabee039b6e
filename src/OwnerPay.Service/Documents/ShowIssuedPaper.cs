using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Documents;

/// <param name="Text">What the document says, word for word, as it went out.</param>
/// <param name="Intact">The kept text still has the hash that was printed.</param>
/// <param name="Latest">No other document went out on the same subject since; a receipt that was voided later has a newer one.</param>
public sealed record IssuedPaperShown(string Kind, Guid SubjectId, string Text, DateTimeOffset At, bool Intact, bool Latest);

/// <summary>Somebody brings a paper: staff type its check code and read what it should say.</summary>
/// <remarks>Errors: <c>paper_not_found</c> 404.</remarks>
public static class ShowIssuedPaper
{
    static readonly Error NotFound = new(404, "paper_not_found", "没有找到该校验码对应的单据");

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/papers/{checkCode}", Get).WithName("showIssuedPaper")
        .ForStaff(StaffRole.Clerk, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);

    static async Task<Results<Ok<IssuedPaperShown>, ProblemHttpResult>> Get(string checkCode, StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var code = checkCode.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var papers = db.IssuedPapers;
        var found = await papers.AsNoTracking().Where(p => p.CommunityId == by.CommunityId && p.CheckCode == code).OrderByDescending(p => p.At).FirstOrDefaultAsync(cancel);
        if (found is null) return NotFound.ToProblem();
        var newer = await papers.AnyAsync(p => p.SubjectId == found.SubjectId && p.Kind == found.Kind && p.At > found.At, cancel);
        return TypedResults.Ok(new IssuedPaperShown(
            found.Kind, found.SubjectId, found.Text, found.At, PaperFrozen.Hash(found.Text).AsSpan().SequenceEqual(found.Hash), !newer));
    }
}
