using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Whether new payments of the whole installation are paused. One row, written when it is first paused; callbacks, queries and refunds go on.</summary>
public sealed class PaymentPause : IEntityTypeConfiguration<PaymentPause>
{
    public const string Installation = "installation";

    public string Id { get; init; } = Installation;
    public bool Paused { get; set; }

    public void Configure(EntityTypeBuilder<PaymentPause> table)
    {
        table.ToTable("PaymentPauses");
        table.Property(p => p.Id).HasMaxLength(16);
    }
}

/// <param name="MerchantAccountId">Only this account; absent: the whole community.</param>
public sealed record PauseRequest(bool Paused, Guid? MerchantAccountId = null);

public sealed record PauseAnswer(bool Paused);

/// <summary>Pauses and resumes new payments: of the installation, of a community, of one merchant account.</summary>
public sealed class PausePayments(OwnerPayDb db, Audit audit)
{
    /// <summary>What checkout answers while any of the three is paused.</summary>
    public static readonly Error Paused = new(503, "payments_paused", "线上缴费暂停，请稍后再试");

    static readonly Error NoSuchAccount = new(404, "merchant_account_not_found", "没有找到该商户账户");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/payments/pause", PostInstallation).WithName("pauseAllPayments").ForStaff(StaffRole.Admin);
        doors.Staff.MapPost("/communities/{communityId:guid}/payments/pause", Post).WithName("pausePayments")
            .ForStaff(StaffRole.Admin, StaffRole.Finance, StaffRole.Manager).CanFail(NoSuchAccount);
    }

    static async Task<Ok<PauseAnswer>> PostInstallation(StaffMember by, PauseAnswer request, PausePayments pause, CancellationToken cancel) =>
        TypedResults.Ok(await pause.Installation(request.Paused, by, cancel));

    static async Task<Results<Ok<PauseAnswer>, ProblemHttpResult>> Post(Guid communityId, StaffMember by, PauseRequest request, PausePayments pause, CancellationToken cancel) =>
        (await pause.Run(communityId, request, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<PauseAnswer> Installation(bool paused, StaffMember by, CancellationToken cancel)
    {
        var row = await db.PaymentPauses.SingleOrDefaultAsync(p => p.Id == PaymentPause.Installation, cancel);
        if (row is null) db.Add(row = new PaymentPause());
        row.Paused = paused;
        audit.Add(null, by.Actor, "payments.paused", null, new PauseAnswer(paused));
        await db.SaveChangesAsync(cancel);
        return new PauseAnswer(paused);
    }

    async Task<Result<PauseAnswer>> Run(Guid community, PauseRequest request, StaffMember by, CancellationToken cancel)
    {
        if (request.MerchantAccountId is { } id)
        {
            var account = await db.MerchantAccounts.SingleOrDefaultAsync(m => m.Id == id && m.CommunityId == community, cancel);
            if (account is null) return NoSuchAccount;
            account.Paused = request.Paused;
        }
        else
        {
            (await db.Communities.SingleAsync(c => c.Id == community, cancel)).PaymentsPaused = request.Paused;
        }
        audit.Add(by, "payments.paused", request.MerchantAccountId ?? community, request);
        await db.SaveChangesAsync(cancel);
        return new PauseAnswer(request.Paused);
    }
}
