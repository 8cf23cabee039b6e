using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Receipts (收据) as pages to print and as PDF, for staff by payment, for owners by order.</summary>
/// <remarks>Errors: <c>receipt_not_found</c> 404; <c>receipt_not_numbered</c> 409 for the seconds until the number is given: what goes out has its
/// final number.</remarks>
public sealed class PrintReceipts(OwnerPayDb db, ShowReceipt receipts, IssuePdf pdf, Audit audit)
{
    static readonly Error NotFound = new(404, "receipt_not_found", "没有找到该笔缴费的收据");
    static readonly Error NotNumbered = new(409, "receipt_not_numbered", "收据编号生成中，请几秒后再试");
    static readonly StaffRole[] Printers = [StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Print.MapGet("/communities/{communityId:guid}/payments/{payment:guid}/receipt", Page).WithName("printReceipt").ForStaff(Printers)
            .CanFail(NotFound, NotNumbered);
        doors.Staff.MapGet("/communities/{communityId:guid}/payments/{payment:guid}/receipt.pdf", StaffPdf).WithName("downloadPaymentReceipt").ForStaff(Printers)
            .CanFail(NotFound, NotNumbered, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
        doors.Owner.MapGet("/houses/{houseId}/payments/{orderId:guid}/receipt.pdf", OwnersPdf).WithName("downloadReceipt").ForOwners()
            .CanFail(Member.HouseNotFound, ShowOrder.NotFound, ShowReceipt.NotReady, NotNumbered, PaperFonts.Missing).AnswersFile(IssuePdf.MediaType);
    }

    static async Task<IResult> Page(Guid payment, StaffMember by, PrintReceipts print, CancellationToken cancel)
    {
        var found = await print.ForStaff(payment, by, cancel);
        if (!found.Done) return found.Refusal!.ToProblem();
        return new PrintPages("收据 " + found.Value.Number, ReceiptPaper.Of(found.Value, await PaperSender.Of(print.db, by.CommunityId, cancel)));
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> StaffPdf(Guid payment, StaffMember by, PrintReceipts print, CancellationToken cancel)
    {
        var found = await print.ForStaff(payment, by, cancel);
        return found.Done ? (await print.Pdf(by.CommunityId, found.Value, cancel)).ToHttp(file => file) : found.Refusal!.ToProblem();
    }

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> OwnersPdf(Guid orderId, Member member, PrintReceipts print, CancellationToken cancel)
    {
        var found = await print.receipts.Run(orderId, member, cancel);
        if (!found.Done) return found.Refusal!.ToProblem();
        return found.Value.Numbered ? (await print.Pdf(member.CommunityId, found.Value, cancel)).ToHttp(file => file) : NotNumbered.ToProblem();
    }

    readonly OwnerPayDb db = db;
    readonly ShowReceipt receipts = receipts;

    async Task<Result<ReceiptView>> ForStaff(Guid payment, StaffMember by, CancellationToken cancel)
    {
        if (await receipts.OfPayment(by.CommunityId, payment, cancel) is not { } receipt) return NotFound;
        if (!receipt.Numbered) return NotNumbered;
        audit.Add(by, "receipt.printed", payment, new { receipt.Number });
        await db.SaveChangesAsync(cancel);
        return receipt;
    }

    async Task<Result<FileContentHttpResult>> Pdf(Guid community, ReceiptView receipt, CancellationToken cancel) => await pdf.Run(community, "收据 " + receipt.Number,
        [new OutgoingPaper(IssuedPaper.Receipt, receipt.ReceiptId, ReceiptPaper.Of(receipt, await PaperSender.Of(db, community, cancel)))], cancel);
}
