using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="ApprovalId">What finance approves or rejects.</param>
public sealed record TariffsProposed(Guid ProposalId, Guid ApprovalId, int FeeKinds, int Tariffs);

/// <summary>A clerk proposes fee kinds and prices; finance puts them into effect. Until then nothing changes, and bills that are out never do.</summary>
/// <remarks>Errors: <c>tariffs_invalid</c> 400 with the field and, in <c>faults</c>, all that is wrong.</remarks>
public sealed class ProposeTariffs(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "tariff";
    public static readonly Error Invalid = new(400, "tariffs_invalid", "收费标准有误");

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/tariffs", Post)
        .WithName("proposeTariffs").ForStaff(StaffRole.Clerk).CanFail(Invalid);

    static async Task<Results<Created<TariffsProposed>, ProblemHttpResult>> Post(
        StaffMember staff, TariffFile file, ProposeTariffs propose, CancellationToken cancel) =>
        (await propose.Run(file, staff, cancel)).ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{staff.CommunityId}/billing/tariffs", done));

    public async Task<Result<TariffsProposed>> Run(TariffFile file, StaffMember staff, CancellationToken cancel)
    {
        if (Refusal((await TariffBook.Load(db, staff.CommunityId, file, cancel)).Faults(file)) is { } refusal) return refusal;
        var proposal = new TariffProposal
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, Content = JsonSerializer.Serialize(file with { Schema = null }, Json.Options),
            State = TariffProposalState.Proposed, ProposedBy = staff.StaffId, ProposedAt = clock.Now(),
        };
        db.Add(proposal);
        var approval = approvals.Propose(staff.CommunityId, Kind, proposal.Id, staff.StaffId, $"费用科目 {file.FeeKinds.Count} 个，收费标准 {file.Tariffs.Count} 条");
        audit.Add(staff, "tariff.proposed", proposal.Id, new { feeKinds = file.FeeKinds.Count, tariffs = file.Tariffs.Count });
        await db.SaveChangesAsync(cancel);
        return new TariffsProposed(proposal.Id, approval.Id, file.FeeKinds.Count, file.Tariffs.Count);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        // One at a time: two files that were sound each for itself may overlap.
        await db.Communities.AsNoTracking().Where(c => c.Id == approval.CommunityId).ForUpdate().SingleAsync(cancel);
        var proposal = await db.TariffProposals.SingleAsync(p => p.Id == approval.SubjectId && p.CommunityId == approval.CommunityId, cancel);
        proposal.State = approved ? TariffProposalState.Approved : TariffProposalState.Rejected;
        if (!approved) return null;
        var file = JsonSerializer.Deserialize<TariffFile>(proposal.Content, Json.Options)!;
        var book = await TariffBook.Load(db, approval.CommunityId, file, cancel);
        if (Refusal(book.Faults(file)) is { } refusal) return refusal;
        book.Apply(db, file);
        return null;
    }

    static Error? Refusal(IReadOnlyList<FileFault> faults) =>
        faults.Count == 0 ? null : Invalid.At(faults[0].Field, faults[0].Detail).With("faults", faults.Take(100));
}
