using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <param name="Title">The buyer: a person's name, or the firm as it is registered.</param>
/// <param name="TaxNumber">Of a firm: 18 characters; none for a person.</param>
/// <param name="Email">Where the invoice may be sent; may be left out.</param>
public sealed record InvoiceInput(
    InvoiceTitleKind TitleKind, [property: Required, StringLength(100, MinimumLength = 1)] string Title, [property: MaxLength(30)] string? TaxNumber = null,
    [property: EmailAddress, MaxLength(100)] string? Email = null);

/// <summary>An owner asks for an e-invoice over what he paid; the counter asks for those who stand there.</summary>
/// <remarks>Errors: <c>order_not_found</c>, <c>payment_not_found</c> 404; <c>receipt_not_ready</c>, <c>invoice_nothing</c>, <c>invoice_requested</c> 409;
/// <c>tax_number_invalid</c> 400. The same wish again is answered with the request that there is.</remarks>
public sealed class RequestInvoice(OwnerPayDb db, InvoiceableLines invoiceable, Audit audit, Clock clock)
{
    static readonly Error PaymentNotFound = new(404, "payment_not_found", "没有找到该笔缴费");
    static readonly Error TaxNumberInvalid = new(400, "tax_number_invalid", "纳税人识别号不正确")
    {
        Field = "taxNumber", Detail = "单位抬头请填写 18 位统一社会信用代码；个人抬头不需要填写",
    };

    static readonly Error Nothing = new(409, "invoice_nothing", "该笔缴费没有可开票的项目") { Detail = "代收代缴费用、违约金和预存款不在此开票" };
    static readonly Error Requested = new(409, "invoice_requested", "该笔缴费已申请发票") { Detail = "需要更改抬头的，请联系物业服务中心" };

    public static void Map(Doors doors)
    {
        doors.Owner.MapPost("/houses/{houseId}/payments/{orderId:guid}/invoice", OfOwner).WithName("requestInvoice").ForOwners()
            .CanFail(Member.HouseNotFound, ShowOrder.NotFound, ShowReceipt.NotReady, TaxNumberInvalid, Nothing, Requested);
        doors.Staff.MapPost("/communities/{communityId:guid}/payments/{payment:guid}/invoice", OfStaff).WithName("requestInvoiceForPayer")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance).CanFail(PaymentNotFound, TaxNumberInvalid, Nothing, Requested);
    }

    static async Task<Results<Ok<InvoiceView>, ProblemHttpResult>> OfOwner(
        Guid orderId, IdempotencyKey key, Member member, InvoiceInput input, RequestInvoice request, CancellationToken cancel)
    {
        var db = request.db;
        if (!await ShowOrder.Visible(db, member).AnyAsync(o => o.Id == orderId, cancel)) return ShowOrder.NotFound.ToProblem();
        var (payments, receipts) = (db.Payments, db.Receipts);
        var payment = await payments.Where(p => p.OrderId == orderId && receipts.Any(r => r.PaymentId == p.Id)).OrderBy(p => p.BookedAt).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancel);
        if (payment is null) return ShowReceipt.NotReady.ToProblem();
        return (await request.Run(payment.Value, input, key, member.CommunityId, member.WeChatUserId, by: null, cancel)).ToHttp(view => TypedResults.Ok(view));
    }

    static async Task<Results<Ok<InvoiceView>, ProblemHttpResult>> OfStaff(
        Guid payment, IdempotencyKey key, StaffMember by, InvoiceInput input, RequestInvoice request, CancellationToken cancel) =>
        (await request.Run(payment, input, key, by.CommunityId, by.StaffId, by, cancel)).ToHttp(view => TypedResults.Ok(view));

    readonly OwnerPayDb db = db;

    Task<Result<InvoiceView>> Run(Guid payment, InvoiceInput input, IdempotencyKey key, Guid community, Guid requester, StaffMember? by, CancellationToken cancel) =>
        db.Once<InvoiceView>(key, new { payment, input }, async () =>
        {
            var taxNumber = (input.TaxNumber ?? "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
            if (input.TitleKind == InvoiceTitleKind.Company ? !TaxpayerNumber.IsValid(taxNumber) : taxNumber.Length > 0) return TaxNumberInvalid;
            // The payment is the lock: two taps ask one after the other.
            var found = await db.Payments.Where(p => p.Id == payment && p.CommunityId == community).ForUpdate().SingleOrDefaultAsync(cancel);
            var receipt = await db.Receipts.AsNoTracking().SingleOrDefaultAsync(r => r.PaymentId == payment, cancel);
            if (found is null || receipt is null) return PaymentNotFound;
            var (title, email) = (input.Title.Trim(), (input.Email ?? "").Trim());
            if (await db.InvoiceRequests.AsNoTracking().SingleOrDefaultAsync(r => r.LivePaymentId == payment, cancel) is { } live)
                return live.Title == title && live.TaxNumber == taxNumber && live.TitleKind == input.TitleKind ? InvoiceView.Of(live) : Requested;
            var lines = await invoiceable.Of(payment, cancel);
            if (lines.Count == 0) return Nothing;
            var splits = lines.Select(l => Tax.Split(new Fen(l.Fen), l.Line.TaxRatePerMillion)).ToList();
            var request = new InvoiceRequest
            {
                Id = Guid.CreateVersion7(), CommunityId = community, HouseId = receipt.HouseId, PaymentId = payment, LivePaymentId = payment, RequestedBy = requester,
                TitleKind = input.TitleKind, Title = title, TaxNumber = taxNumber, Email = email, GrossFen = lines.Sum(l => l.Fen), NetFen = splits.Sum(s => s.Net.Value),
                TaxFen = splits.Sum(s => s.Tax.Value), State = InvoiceState.Requested, RequestedAt = clock.Now(),
            };
            db.Add(request);
            for (var at = 0; at < lines.Count; at++)
            {
                var line = lines[at].Line;
                db.Add(new InvoiceLine
                {
                    RequestId = request.Id, Number = at + 1, CommunityId = community, BillLineId = line.Id, Title = line.Title, TaxCode = line.TaxCode,
                    TaxRatePerMillion = line.TaxRatePerMillion, From = line.From, To = line.To, GrossFen = lines[at].Fen, NetFen = splits[at].Net.Value, TaxFen = splits[at].Tax.Value,
                });
            }
            if (by is not null) audit.Add(by, "invoice.requested", request.Id, new { payment, request.TitleKind });
            return InvoiceView.Of(request);
        }, cancel);
}
