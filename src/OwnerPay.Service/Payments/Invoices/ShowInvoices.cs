using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>An invoice request as its asker and staff see it.</summary>
/// <param name="Text">Its state in Chinese.</param>
/// <param name="TaxNumber">Empty for a person.</param>
public sealed record InvoiceView(
    Guid InvoiceId, Guid PaymentId, InvoiceState State, string Text, InvoiceTitleKind TitleKind, string Title, string TaxNumber, long GrossFen, long NetFen, long TaxFen,
    DateTimeOffset RequestedAt, string? Number, DateOnly? IssuedOn, string? RedNumber, string? Reason)
{
    public static InvoiceView Of(InvoiceRequest r) => new(
        r.Id, r.PaymentId, r.State, Name(r.State), r.TitleKind, r.Title, r.TaxNumber, r.GrossFen, r.NetFen, r.TaxFen, r.RequestedAt, r.Number, r.IssuedOn, r.RedNumber, r.Reason);

    static string Name(InvoiceState state) => state switch
    {
        InvoiceState.Requested => "已申请，待开具",
        InvoiceState.Issued => "已开具",
        InvoiceState.Rejected => "未能开具",
        InvoiceState.Cancelled => "款项已退回，申请取消",
        InvoiceState.RedNeeded => "款项已退回，待红冲",
        InvoiceState.Red => "已红冲",
        _ => throw new InvalidOperationException($"No text for {state}"),
    };
}

/// <summary>Invoice requests: of an order for its owner, of a community for staff, the newest first. A person's name is masked in the staff's list.</summary>
/// <remarks>Errors: <c>order_not_found</c>, <c>invoice_not_found</c> 404; <c>cursor_invalid</c> 400.</remarks>
public sealed class ShowInvoices(OwnerPayDb db)
{
    const int PageSize = 50;
    static readonly Error NotFound = new(404, "invoice_not_found", "该笔缴费还没有申请发票");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/payments/{orderId:guid}/invoice", Mine).WithName("showInvoice").ForOwners()
            .CanFail(Member.HouseNotFound, ShowOrder.NotFound, NotFound);
        doors.Staff.MapGet("/communities/{communityId:guid}/invoices", List).WithName("listInvoices").ForStaff(StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager)
            .CanFail(Cursor.Invalid);
    }

    static async Task<Results<Ok<InvoiceView>, ProblemHttpResult>> Mine(Guid orderId, Member member, ShowInvoices show, CancellationToken cancel)
    {
        if (!await ShowOrder.Visible(show.db, member).AnyAsync(o => o.Id == orderId, cancel)) return ShowOrder.NotFound.ToProblem();
        var (requests, payments) = (show.db.InvoiceRequests, show.db.Payments);
        var found = await requests.AsNoTracking().Where(r => payments.Any(p => p.Id == r.PaymentId && p.OrderId == orderId)).OrderByDescending(r => r.RequestedAt)
            .FirstOrDefaultAsync(cancel);
        return found is null ? NotFound.ToProblem() : TypedResults.Ok(InvoiceView.Of(found));
    }

    static async Task<Results<Ok<Page<InvoiceView>>, ProblemHttpResult>> List(
        StaffMember by, ShowInvoices show, CancellationToken cancel, Choice<InvoiceState>? state = null, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var wanted = state?.Value;
        var rows = await show.db.InvoiceRequests.AsNoTracking().Where(r => r.CommunityId == by.CommunityId && (wanted == null || r.State == wanted))
            .NewestFirst(after, r => new Cursor(r.RequestedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, r => new Cursor(r.RequestedAt, r.Id)).Select(r => InvoiceView.Of(r) is var view
            && r.TitleKind == InvoiceTitleKind.Personal ? view with { Title = Mask.Name(view.Title) } : view));
    }

    readonly OwnerPayDb db = db;
}
