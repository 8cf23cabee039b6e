using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Domain;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="FaceFen">Face value in fen: 10,000 for 100 yuan.</param>
public sealed record PiecesRequest(long FaceFen, [property: Range(0, 1_000_000)] long Pieces);

/// <param name="Pieces">Notes and coins as counted; or only their sum in <paramref name="CountedFen"/>. Where both are given they must agree.</param>
/// <param name="Note">What the cashier says to a difference; needed where there is one.</param>
public sealed record CloseShiftRequest(
    [property: MaxLength(13)] IReadOnlyList<PiecesRequest>? Pieces = null, [property: Range(0, 1_000_000_000_000)] long? CountedFen = null,
    [property: MaxLength(190)] string? Note = null);

/// <summary>A cashier counts the drawer and ends the shift; until finance confirmed he may count again. No money is taken in it any more.</summary>
/// <remarks>Errors: <c>shift_not_found</c> 404; <c>shift_confirmed</c> 409; <c>count_invalid</c>, <c>difference_unexplained</c> 400.</remarks>
public sealed class CloseShift(OwnerPayDb db, Shifts shifts, Audit audit, Clock clock)
{
    static readonly Error Confirmed = new(409, "shift_confirmed", "该班次已由财务确认，不能再清点");
    static readonly Error CountInvalid = new(400, "count_invalid", "清点有误") { Field = "pieces", Detail = "请按面额填写张数，或直接填写清点总额；两者都填时须一致，同一面额只填一次" };
    static readonly Error Unexplained = new(400, "difference_unexplained", "清点金额与账面不符，请复点；仍有差额时请在备注中说明原因") { Field = "note" };

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/counter/shifts/{id:guid}/close", Post)
        .WithName("closeShift")
        .ForStaff(StaffRole.Cashier).CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Shifts.NotFound, Confirmed,
            CountInvalid, Unexplained);

    static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, CloseShiftRequest request, CloseShift close, CancellationToken cancel) =>
        (await close.Run(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<ShiftView>> Run(Guid id, CloseShiftRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ShiftView>(key, new { by.CommunityId, id, request }, async () =>
        {
            var shift = await shifts.Locked(id, by, cancel);
            if (shift is null || shift.CashierId != by.StaffId) return Shifts.NotFound;
            if (shift.State == ShiftState.Confirmed) return Confirmed;
            if (Count(request) is not { } counted) return CountInvalid;
            var expected = shift.FloatFen + await shifts.CashOf(shift.Id, cancel);
            if (counted != expected && string.IsNullOrWhiteSpace(request.Note)) return Unexplained.With("expectedFen", expected)
                .With("countedFen", counted);
            (shift.State, shift.OpenFor, shift.CountedAt) = (ShiftState.Counted, null, clock.Now());
            (shift.ExpectedFen, shift.CountedFen, shift.Note) = (expected, counted, request.Note);
            shift.Pieces = request.Pieces is null ? null : JsonSerializer.Serialize(request.Pieces.Where(p => p.Pieces > 0), Json.Options);
            audit.Add(by, "shift.counted", shift.Id, new { expected, counted, request.Note });
            return await shifts.View(shift, cancel);
        }, cancel);

    /// <returns>Null when the count makes no sense.</returns>
    static long? Count(CloseShiftRequest request)
    {
        if (request.Pieces is null) return request.CountedFen;
        try
        {
            var sum = CashCount.Of([.. request.Pieces.Select(p => new CashPieces(p.FaceFen, p.Pieces))]).Value;
            return request.CountedFen is { } told && told != sum ? null : sum;
        }
        catch (RuleRefusal) { return null; }
    }
}

/// <param name="CountedFen">What finance counted; must be what the cashier counted.</param>
public sealed record ConfirmShiftRequest(long CountedFen);

/// <summary>Finance recounts a closed drawer and takes the cash over: the drawer's account is empty, the safe has what was counted, a difference is
/// booked.</summary>
/// <remarks>Never the cashier himself. Errors: <c>shift_not_found</c> 404; <c>shift_not_counted</c>, <c>shift_confirmed</c>, <c>count_changed</c>
/// 409;
/// <c>own_shift</c> 403.</remarks>
public sealed class ConfirmShift(OwnerPayDb db, Shifts shifts, Books books, Audit audit, WorkItems workItems, Clock clock)
{
    public const string DifferenceKind = "shift.difference";
    static readonly Error NotCounted = new(409, "shift_not_counted", "该班次尚未清点交班，不能确认");
    static readonly Error Confirmed = new(409, "shift_confirmed", "该班次已确认");
    static readonly Error Changed = new(409, "count_changed", "清点金额与收银员提交的不一致，请与收银员复点后由其重新提交") { Field = "countedFen" };
    static readonly Error Own = new(403, "own_shift", "不能确认自己的班次，请由另一位财务人员确认");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/counter/shifts/{id:guid}/confirm", Post)
        .WithName("confirmShift")
        .ForStaff(StaffRole.Finance).CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, Shifts.NotFound, NotCounted, Confirmed, Changed, Own);

    static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> Post(
        Guid id, IdempotencyKey key, StaffMember by, ConfirmShiftRequest request, ConfirmShift confirm, CancellationToken cancel) =>
        (await confirm.Run(id, request, key, by, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<ShiftView>> Run(Guid id, ConfirmShiftRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<ShiftView>(key, new { by.CommunityId, id, request }, async () =>
        {
            var shift = await shifts.Locked(id, by, cancel);
            if (shift is null) return Shifts.NotFound;
            if (shift.CashierId == by.StaffId) return Own;
            if (shift.State == ShiftState.Open) return NotCounted;
            if (shift.State == ShiftState.Confirmed) return Confirmed;
            var (expected, counted) = (shift.ExpectedFen!.Value, shift.CountedFen!.Value);
            if (request.CountedFen != counted) return Changed.With("countedFen", counted);
            (shift.State, shift.ConfirmedBy, shift.ConfirmedAt) = (ShiftState.Confirmed, by.StaffId, clock.Now());
            books.Journal(by.CommunityId, CashShift.ConfirmedSource, shift.Id, clock.Today(), "交班现金入库")
                .Debit(Accounts.CashSafe, counted).Debit(Accounts.CashDifference, expected - counted).Credit(Accounts.Cash(shift.CashierId), expected)
                    .Post();
            if (expected != counted)
                await workItems.Open(by.CommunityId, DifferenceKind, shift.Id, StaffRole.Finance, "交班现金有差额",
                    $"账面 {new Fen(expected).InYuan()} 元，清点 {new Fen(counted).InYuan()} 元，差额已记入 1901。收银员说明：{shift.Note}", cancel);
            audit.Add(by, "shift.confirmed", shift.Id, new { expected, counted });
            return await shifts.View(shift, cancel);
        }, cancel);
}
