using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Counter;

/// <param name="CashFen">Cash taken less cash given back, without the float.</param>
/// <param name="PosFen">Taken by card.</param>
/// <param name="TransferFen">Taken by transfer.</param>
/// <param name="ExpectedFen">What must lie in the drawer: now, or when it was counted.</param>
/// <param name="DifferenceFen">Counted less expected; null before it was counted.</param>
/// <param name="DepositedFen">Paid into the bank; null before.</param>
public sealed record ShiftView(
    Guid ShiftId, Guid CashierId, string Cashier, ShiftState State, long FloatFen, int Payments, long CashFen, long PosFen, long TransferFen,
        long ExpectedFen,
    long? CountedFen, long? DifferenceFen, string? Note, DateTimeOffset OpenedAt, DateTimeOffset? CountedAt, Guid? ConfirmedBy,
        DateTimeOffset? ConfirmedAt, long? DepositedFen);

/// <summary>Shifts of the counter for those who work with them: a cashier sees his own, finance and managers all.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400; <c>shift_not_found</c> 404; <c>no_open_shift</c> 409.</remarks>
public sealed class Shifts(OwnerPayDb db)
{
    const int PageSize = 50;
    public static readonly Error NotFound = new(404, "shift_not_found", "没有找到该班次");
    public static readonly Error NoneOpen = new(409, "no_open_shift", "您还没有开班，请先开班并登记备用金，再办理收款");

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/shifts", GetList).WithName("listShifts")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/shifts/{id:guid}", GetOne).WithName("showShift")
            .ForStaff(StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
        doors.Staff.MapGet("/communities/{communityId:guid}/counter/shifts/mine", GetMine).WithName("showMyShift").ForStaff(StaffRole.Cashier)
            .CanFail(NoneOpen);
    }

    static async Task<Results<Ok<Page<ShiftView>>, ProblemHttpResult>> GetList(StaffMember by, Shifts shifts, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var rows = await shifts.Visible(by).NewestFirst(after, s => new Cursor(s.OpenedAt, s.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(await shifts.Views(rows, cancel), PageSize, view => new Cursor(view.OpenedAt, view.ShiftId)));
    }

    static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> GetOne(Guid id, StaffMember by, Shifts shifts, CancellationToken cancel) =>
        await shifts.Visible(by).SingleOrDefaultAsync(s => s.Id == id, cancel) is { } shift ? TypedResults.Ok(await shifts.View(shift, cancel))
            : NotFound.ToProblem();

    static async Task<Results<Ok<ShiftView>, ProblemHttpResult>> GetMine(StaffMember by, Shifts shifts, CancellationToken cancel) =>
        await shifts.db.CashShifts.AsNoTracking().SingleOrDefaultAsync(s => s.CommunityId == by.CommunityId && s.OpenFor == by.StaffId,
            cancel) is { } shift
            ? TypedResults.Ok(await shifts.View(shift, cancel)) : NoneOpen.ToProblem();

    readonly OwnerPayDb db = db;

    IQueryable<CashShift> Visible(StaffMember by)
    {
        var all = by.Has(StaffRole.Finance, StaffRole.Manager);
        return db.CashShifts.AsNoTracking().Where(s => s.CommunityId == by.CommunityId && (all || s.CashierId == by.StaffId));
    }

    /// <summary>The open shift of a cashier, locked: who takes money and who counts the drawer wait for each other here.</summary>
    /// <remarks>Found by the index, locked by its id: locked through the index that its close changes, the two would dead-lock.</remarks>
    public async Task<CashShift?> OpenOf(StaffMember by, CancellationToken cancel)
    {
        while (true)
        {
            var id = await db.CashShifts.Where(s => s.CommunityId == by.CommunityId && s.OpenFor == by.StaffId).Select(s => (Guid?)s.Id).SingleOrDefaultAsync(cancel);
            if (id is not { } found) return null;
            if (await Locked(found, by, cancel) is { } shift && shift.OpenFor == by.StaffId) return shift;    // else it was closed meanwhile
        }
    }

    /// <summary>A shift of the community, locked.</summary>
    public Task<CashShift?> Locked(Guid id, StaffMember by, CancellationToken cancel) =>
        db.CashShifts.Where(s => s.Id == id && s.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);

    /// <summary>Cash that came less cash that was given back in a shift, fen.</summary>
    public async Task<long> CashOf(Guid shift, CancellationToken cancel) =>
        await db.CounterPayments.Where(p => p.ShiftId == shift && p.Way == CounterWay.Cash).SumAsync(p => p.AmountFen, cancel)
            - await db.Refunds.Where(r => r.ShiftId == shift && r.Channel == RefundChannel.Cash).SumAsync(r => r.CashFen, cancel);

    public async Task<ShiftView> View(CashShift shift, CancellationToken cancel) => (await Views([shift], cancel))[0];

    async Task<IReadOnlyList<ShiftView>> Views(List<CashShift> shifts, CancellationToken cancel)
    {
        var ids = shifts.ConvertAll(s => s.Id);
        var people = shifts.Select(s => s.CashierId).Distinct().ToList();
        var names = await db.StaffAccounts.Where(a => people.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, cancel);
        var taken = await db.CounterPayments.Where(p => ids.Contains(p.ShiftId)).GroupBy(p => new { p.ShiftId, p.Way })
            .Select(g => new { g.Key.ShiftId, g.Key.Way, Count = g.Count(), Fen = g.Sum(p => p.AmountFen) }).ToListAsync(cancel);
        var back = await db.Refunds.Where(r => r.ShiftId != null && ids.Contains(r.ShiftId.Value)).GroupBy(r => new { r.ShiftId, r.Channel })
            .Select(g => new { g.Key.ShiftId, g.Key.Channel, Fen = g.Sum(r => r.CashFen) }).ToListAsync(cancel);
        var deposits = await db.CashDeposits.Where(d => ids.Contains(d.ShiftId)).ToDictionaryAsync(d => d.ShiftId, d => d.AmountFen, cancel);
        long Of(Guid shift, CounterWay way, RefundChannel channel) => taken.Where(t => t.ShiftId == shift && t.Way == way).Sum(t => t.Fen)
            - back.Where(r => r.ShiftId == shift && r.Channel == channel).Sum(r => r.Fen);
        return [.. shifts.Select(s =>
        {
            var cash = Of(s.Id, CounterWay.Cash, RefundChannel.Cash);
            return new ShiftView(
                s.Id, s.CashierId, names.GetValueOrDefault(s.CashierId, ""), s.State, s.FloatFen, taken.Where(t => t.ShiftId == s.Id)
                    .Sum(t => t.Count), cash,
                Of(s.Id, CounterWay.Pos, RefundChannel.Pos), Of(s.Id, CounterWay.Transfer, RefundChannel.Transfer), s.ExpectedFen ?? s.FloatFen
                    + cash, s.CountedFen,
                s.CountedFen is null ? null : s.DifferenceFen, s.Note, s.OpenedAt, s.CountedAt, s.ConfirmedBy, s.ConfirmedAt,
                deposits.TryGetValue(s.Id, out var deposited) ? deposited : null);
        })];
    }
}

/// <param name="FloatFen">Change money taken from finance, fen; 0 for none.</param>
public sealed record OpenShiftRequest([property: Range(0, 100_000_000)] long FloatFen);

/// <summary>A cashier begins to take money: a drawer with a float from finance's safe. At the counter or, with a phone, on somebody's
/// doorstep.</summary>
/// <remarks>Errors: <c>shift_already_open</c> 409.</remarks>
public sealed class OpenShift(OwnerPayDb db, Shifts shifts, Ledger.Books books, Audit audit, Clock clock)
{
    static readonly Error AlreadyOpen = new(409, "shift_already_open", "您已有一个未交班的班次，请先清点交班");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/counter/shifts", Post).WithName("openShift")
        .ForStaff(StaffRole.Cashier)
        .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, AlreadyOpen);

    static async Task<Results<Created<ShiftView>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember by, OpenShiftRequest request, OpenShift open, CancellationToken cancel) =>
        (await open.Run(request, key, by, cancel)).ToHttp(made =>
            TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/counter/shifts/{made.ShiftId}", made));

    public async Task<Result<ShiftView>> Run(OpenShiftRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        try
        {
            return await db.Once<ShiftView>(key, new { by.CommunityId, request }, async () =>
            {
                if (await shifts.OpenOf(by, cancel) is not null) return AlreadyOpen;
                var shift = new CashShift
                {
                    Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, CashierId = by.StaffId, OpenFor = by.StaffId, FloatFen =
                        request.FloatFen,
                    State = ShiftState.Open, OpenedAt = clock.Now(),
                };
                db.Add(shift);
                books.Journal(by.CommunityId, CashShift.OpenedSource, shift.Id, clock.Today(), "开班领用备用金")
                    .Debit(Ledger.Accounts.Cash(by.StaffId), shift.FloatFen).Credit(Ledger.Accounts.CashSafe, shift.FloatFen).Post();
                audit.Add(by, "shift.opened", shift.Id, new { shift.FloatFen });
                return await shifts.View(shift, cancel);
            }, cancel);
        }
        catch (Exception failure) when (WriteFailure.Violates(failure, "CashShifts", "CommunityId", "OpenFor")) { return AlreadyOpen; }
    }
}
