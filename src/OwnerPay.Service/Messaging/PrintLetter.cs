using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>A letter as a page to print, from its frozen text. The address stands on the page and goes into a closed envelope; nothing of a debt is printed
/// outside.</summary>
/// <remarks>Errors: <c>letter_not_found</c> 404; <c>letter_cancelled</c> 409.</remarks>
public sealed class PrintLetter(OwnerPayDb db, Audit audit)
{
    public static void Map(Doors doors) =>
        doors.Print.MapGet("/communities/{communityId:guid}/letters/{id:guid}", Get).WithName("printLetter")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector).CanFail(Letters.NotFound, Letters.Cancelled);

    static async Task<IResult> Get(Guid id, StaffMember by, PrintLetter print, CancellationToken cancel)
    {
        var paper = await print.Run(id, by, cancel);
        return paper.Done ? new PrintPages(paper.Value.Title, paper.Value) : paper.Refusal!.ToProblem();
    }

    public async Task<Result<Paper>> Run(Guid id, StaffMember by, CancellationToken cancel)
    {
        var text = await db.SentTexts.AsNoTracking()
            .SingleOrDefaultAsync(t => t.Id == id && t.CommunityId == by.CommunityId && t.Channel == MessageChannel.Letter, cancel);
        if (text is null) return Letters.NotFound;
        if (await db.Deliveries.AnyAsync(d => d.Id == id && d.State == DeliveryState.Cancelled, cancel)) return Letters.Cancelled;
        var community = await db.Communities.AsNoTracking().SingleAsync(c => c.Id == by.CommunityId, cancel);
        audit.Add(by, "letter.printed", id, new { });
        await db.SaveChangesAsync(cancel);
        return new Paper(text.Title, new PaperHead("", community.Name, community.ContactPhone, "", ""),
            [new("收件人", text.Address), new("制作日期", PaperWords.Date(Clock.DateOf(text.At)))], [new PaperText(null, text.Text.Split('\n'))]);
    }
}
