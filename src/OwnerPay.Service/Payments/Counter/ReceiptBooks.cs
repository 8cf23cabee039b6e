using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="LastNumber">Up to this number receipts may be written in the year.</param>
public sealed record ReceiptBookRequest([property: Range(2000, 2100)] int Year, [property: Range(1, ReceiptBook.Most)] long LastNumber);

/// <param name="GivenTo">The last number that was given, online and at the counter together.</param>
public sealed record ReceiptBookView(int Year, long LastNumber, long GivenTo);

/// <summary>How far receipts may be numbered in a year, as finance hands out books.</summary>
/// <remarks>Errors: <c>receipt_book_behind</c> 409.</remarks>
public sealed class ReceiptBooks(OwnerPayDb db, Audit audit)
{
    static readonly Error Behind = new(409, "receipt_book_behind", "收据号段的末号不能小于已开出的号码") { Field = "lastNumber" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/receipt-books", GetBook).WithName("showReceiptBook")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager);
        doors.Staff.MapPut("/communities/{communityId:guid}/counter/receipt-books", PutBook).WithName("setReceiptBook").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, Behind);
    }

    static async Task<Ok<ReceiptBookView>> GetBook(StaffMember by, ReceiptBooks settings, Clock clock, CancellationToken cancel, int? year = null)
    {
        var of = year ?? clock.Today().Year;
        return TypedResults.Ok(new ReceiptBookView(of, await settings.LastReceipt(by.CommunityId, of, cancel),
            await settings.Given(by.CommunityId, of, cancel)));
    }

    static async Task<Results<Ok<ReceiptBookView>, ProblemHttpResult>> PutBook(
        StaffMember by, ReceiptBookRequest request, ReceiptBooks settings, CancellationToken cancel) => (await settings.Hand(request, by, cancel))
            .ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;
    readonly Audit audit = audit;

    async Task<Result<ReceiptBookView>> Hand(ReceiptBookRequest request, StaffMember by, CancellationToken cancel)
    {
        var given = await Given(by.CommunityId, request.Year, cancel);
        if (request.LastNumber < given) return Behind.With("givenTo", given);
        var book = await db.ReceiptBooks.SingleOrDefaultAsync(b => b.CommunityId == by.CommunityId && b.Year == request.Year, cancel);
        if (book is null) db.Add(book = new ReceiptBook { CommunityId = by.CommunityId, Year = request.Year });
        book.LastNumber = request.LastNumber;
        audit.Add(by, "counter.receipt-book", by.CommunityId, request);
        await db.SaveChangesAsync(cancel);
        return new ReceiptBookView(request.Year, request.LastNumber, given);
    }

    public async Task<long> LastReceipt(Guid community, int year, CancellationToken cancel) =>
        await db.ReceiptBooks.Where(b => b.CommunityId == community && b.Year == year).Select(b => (long?)b.LastNumber)
            .SingleOrDefaultAsync(cancel) ?? ReceiptBook.Most;

    Task<long> Given(Guid community, int year, CancellationToken cancel)
    {
        var period = NumberReceipts.Period(year);
        return db.NumberSeries.Where(s => s.CommunityId == community && s.Kind == NumberReceipts.Kind && s.Period == period).Select(s => s.Last)
            .SingleOrDefaultAsync(cancel);
    }
}
