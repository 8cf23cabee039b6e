using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>A proposal to let a fee kind's money go to a merchant account from now on.</summary>
public sealed class FeeKindAccount : IEntityTypeConfiguration<FeeKindAccount>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid FeeKindId { get; init; }

    /// <summary>Null: the community's first account.</summary>
    public Guid? MerchantAccountId { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<FeeKindAccount> table)
    {
        table.ToTable("FeeKindAccounts");
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => new { a.CommunityId, a.FeeKindId });
    }
}

/// <param name="FeeKind">Code.</param>
/// <param name="MerchantAccountId">Null: the community's first account.</param>
public sealed record FeeKindAccountRequest(string FeeKind, Guid? MerchantAccountId);

public sealed record FeeKindAccountProposed(Guid ApprovalId);

/// <summary>An admin says to which merchant account a fee kind's money goes; finance approves. Orders that are open keep the account that they froze.</summary>
/// <remarks>Errors: <c>fee_kind_unknown</c>, <c>merchant_account_not_found</c> 404.</remarks>
public sealed class AssignMerchantAccount(OwnerPayDb db, Approvals approvals, Audit audit) : IApprovable
{
    public const string ApprovalKind = "fee-kind-account";
    static readonly Error KindUnknown = new(404, "fee_kind_unknown", "没有找到该费用科目") { Field = "feeKind" };
    static readonly Error AccountUnknown = new(404, "merchant_account_not_found", "没有找到该商户账户") { Field = "merchantAccountId" };

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/merchant-accounts/fee-kinds", Post)
        .WithName("assignMerchantAccount").ForStaff(StaffRole.Admin).CanFail(KindUnknown, AccountUnknown);

    static async Task<Results<Created<FeeKindAccountProposed>, ProblemHttpResult>> Post(
        StaffMember by, FeeKindAccountRequest request, AssignMerchantAccount assign, CancellationToken cancel) =>
        (await assign.Run(request, by, cancel)).ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/approvals", done));

    public async Task<Result<FeeKindAccountProposed>> Run(FeeKindAccountRequest request, StaffMember by, CancellationToken cancel)
    {
        var kind = await db.FeeKinds.AsNoTracking().SingleOrDefaultAsync(k => k.CommunityId == by.CommunityId && k.Code == request.FeeKind, cancel);
        if (kind is null) return KindUnknown;
        var account = await db.MerchantAccounts.AsNoTracking().SingleOrDefaultAsync(m => m.CommunityId == by.CommunityId && m.Id == request.MerchantAccountId, cancel);
        if (account is null && request.MerchantAccountId is not null) return AccountUnknown;
        var proposal = new FeeKindAccount { Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, FeeKindId = kind.Id, MerchantAccountId = account?.Id };
        db.Add(proposal);
        var approval = approvals.Propose(by.CommunityId, Kind, proposal.Id, by.StaffId, $"{kind.Name}的款项收入商户 {account?.MchId ?? "（本小区首个商户）"}");
        audit.Add(by, "fee-kind-account.proposed", proposal.Id, new { kind.Code, account?.MchId });
        await db.SaveChangesAsync(cancel);
        return new FeeKindAccountProposed(approval.Id);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        if (!approved) return null;
        var proposal = await db.FeeKindAccounts.AsNoTracking().SingleAsync(a => a.Id == approval.SubjectId && a.CommunityId == approval.CommunityId, cancel);
        var kind = await db.FeeKinds.SingleAsync(k => k.Id == proposal.FeeKindId, cancel);
        kind.MerchantAccountId = proposal.MerchantAccountId;
        return null;
    }
}
