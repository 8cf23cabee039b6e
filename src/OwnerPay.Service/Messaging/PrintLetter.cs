using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>A letter as a page to print, from its frozen text, under the letterhead in force. The address stands on the page and goes into a closed envelope;
/// nothing of a debt is printed outside.</summary>
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
        var sender = await PaperSender.Of(db, by.CommunityId, cancel);
        audit.Add(by, "letter.printed", id, new { });
        await db.SaveChangesAsync(cancel);
        var made = PaperWords.Date(Clock.DateOf(text.At));
        return new Paper(text.Title, sender.Head, [new("收件人", text.Address), new("制作日期", made)],
            [new PaperText(null, text.Text.Split('\n')), new PaperText(null, [$"{sender.Name}（盖章）", made])]);
    }
}
