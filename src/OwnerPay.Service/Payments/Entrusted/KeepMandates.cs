using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.Counter;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Entrusted;

/// <param name="Agreement">Number of the agreement with the bank.</param>
/// <param name="Number">The whole account number; kept encrypted.</param>
public sealed record MandateRequest(
    Guid HouseId, [property: Required, RegularExpression("^[A-Za-z0-9-]{4,64}$")] string Agreement,
        [property: Required, StringLength(60, MinimumLength = 2)] string Bank,
    [property: Required, StringLength(60, MinimumLength = 1)] string Holder, [property: Required, RegularExpression("^[0-9]{8,30}$")] string Number);

/// <param name="Tail">Last four digits of the account.</param>
public sealed record MandateView(Guid MandateId, Guid HouseId, string House, string Agreement, string Bank, string Tail, DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt);

/// <summary>Agreements of owners that the bank collects their fees: finance records and ends them.</summary>
/// <remarks>Errors: <c>house_not_found</c>, <c>mandate_not_found</c> 404; <c>mandate_in_force</c> 409; <c>cursor_invalid</c> 400.</remarks>
public sealed class KeepMandates(OwnerPayDb db, MasterKey master, Audit audit, Clock clock)
{
    const int PageSize = 100;
    static readonly Error NotFound = new(404, "mandate_not_found", "没有找到该委托收款协议，或已终止");
    static readonly Error InForce = new(409, "mandate_in_force", "该房屋已有生效的委托收款协议，请先终止") { Field = "houseId" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/collection/mandates", Post).WithName("addMandate").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, CounterQuotes.HouseNotFound, InForce);
        doors.Staff.MapGet("/communities/{communityId:guid}/collection/mandates", Get).WithName("listMandates")
            .ForStaff(StaffRole.Finance, StaffRole.Manager)
            .CanFail(Cursor.Invalid);
        doors.Staff.MapPost("/communities/{communityId:guid}/collection/mandates/{id:guid}/end", PostEnd).WithName("endMandate")
            .ForStaff(StaffRole.Finance).CanFail(NotFound);
    }

    static async Task<Results<Created<MandateView>, ProblemHttpResult>> Post(StaffMember by, MandateRequest request, KeepMandates keep, CancellationToken cancel) =>
        (await keep.Add(request, by, cancel)).ToHttp(made => TypedResults.Created((string?)null, made));

    static async Task<Results<Ok<Page<MandateView>>, ProblemHttpResult>> Get(StaffMember by, OwnerPayDb db, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var houses = db.Houses;
        var rows = await db.Mandates.AsNoTracking().Where(m => m.CommunityId == by.CommunityId).NewestFirst(after, m => new Cursor(m.CreatedAt, m.Id))
            .Take(PageSize + 1)
            .Select(m => new MandateView(m.Id, m.HouseId, houses.Where(h => h.Id == m.HouseId).Select(h => h.Code).First(), m.Agreement, m.Bank,
                m.Tail, m.CreatedAt, m.EndedAt))
            .ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.MandateId)));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> PostEnd(Guid id, StaffMember by, KeepMandates keep, CancellationToken cancel) =>
        await keep.End(id, by, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    async Task<Result<MandateView>> Add(MandateRequest request, StaffMember by, CancellationToken cancel)
    {
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.Id == request.HouseId && h.CommunityId == by.CommunityId, cancel);
        if (house is null) return CounterQuotes.HouseNotFound;
        var mandate = new Mandate
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, HouseId = house.Id, InForceFor = house.Id, Agreement = request.Agreement,
            Bank = request.Bank,
            HolderWrapped = master.Wrap(Mandate.AccountPurpose, request.Holder), NumberWrapped = master.Wrap(Mandate.AccountPurpose, request.Number),
            Tail = request.Number[^4..], CreatedAt = clock.Now(),
        };
        db.Add(mandate);
        audit.Add(by, "mandate.added", mandate.Id, new { house.Code, mandate.Agreement, mandate.Tail });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "Mandates", "InForceFor")) { return InForce; }
        return new MandateView(mandate.Id, house.Id, house.Code, mandate.Agreement, mandate.Bank, mandate.Tail, mandate.CreatedAt, null);
    }

    async Task<Error?> End(Guid id, StaffMember by, CancellationToken cancel)
    {
        var mandate = await db.Mandates.SingleOrDefaultAsync(m => m.Id == id && m.CommunityId == by.CommunityId && m.InForceFor != null, cancel);
        if (mandate is null) return NotFound;
        (mandate.InForceFor, mandate.EndedAt) = (null, clock.Now());
        audit.Add(by, "mandate.ended", id, new { mandate.Agreement });
        await db.SaveChangesAsync(cancel);
        return null;
    }
}
