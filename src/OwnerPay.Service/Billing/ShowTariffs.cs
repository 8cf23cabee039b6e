using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

public sealed record FeeKindShown(
    Guid FeeKindId, string Code, string Name, Beneficiary Beneficiary, bool Promotable, string TaxCode, int TaxRatePerMillion,
    int LateFeePerMillion, int GraceDays, int LateFeeCapPercent, bool LateFeeAfterDemand);

/// <param name="UnitPriceYuan">Per unit and month (or per unit of a meter), up to four decimals; 0 where tiers have their own.</param>
/// <param name="ScopeId">Building or house of a narrower scope.</param>
/// <param name="Tiers">Of a tiered price.</param>
/// <param name="Basis">Of an apportioned price.</param>
/// <param name="UsageOf">Code of the fee kind whose meters are the basis of an apportioned price.</param>
public sealed record TariffShown(
    Guid TariffId, string FeeKind, string Slot, int Version, string Name, TariffFormula Formula, decimal UnitPriceYuan, TariffScope Scope, Guid? ScopeId,
    DateOnly From, DateOnly? To, TariffState State, string? UnitName, IReadOnlyList<TierLine>? Tiers, TierPeriod? TierPeriod, ApportionBasis? Basis,
    bool? VacantShares, string? UsageOf)
{
    public static TariffShown Of(Tariff t, IReadOnlyDictionary<Guid, string> kinds) => new(
        t.Id, kinds[t.FeeKindId], t.Slot, t.Version, t.Name, t.Formula, t.UnitPrice / 10_000m, t.Scope, t.ScopeId, t.From, t.To, t.State, t.UnitName,
        t.Tiers is null ? null : TariffTiers.Lines(t.Tiers), t.Formula == TariffFormula.Tiered ? t.TierPeriod : null,
        t.Formula == TariffFormula.Apportioned ? t.Basis : null, t.Formula == TariffFormula.Apportioned ? t.VacantShares : null,
        t.UsageKindId is { } usage ? kinds.GetValueOrDefault(usage) : null);
}

/// <param name="File">What was proposed, for the person who decides.</param>
public sealed record TariffProposalShown(Guid ProposalId, Guid ProposedBy, DateTimeOffset ProposedAt, TariffFile File);

/// <param name="Proposals">What still waits for a decision.</param>
public sealed record TariffsShown(IReadOnlyList<FeeKindShown> FeeKinds, IReadOnlyList<TariffShown> Tariffs, IReadOnlyList<TariffProposalShown> Proposals);

/// <summary>All fee kinds and prices of a community, with their history, and what is proposed.</summary>
public sealed class ShowTariffs(OwnerPayDb db)
{
    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/billing/tariffs", Get)
        .WithName("showTariffs").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager, StaffRole.Cashier);

    static async Task<Ok<TariffsShown>> Get(StaffMember staff, ShowTariffs show, CancellationToken cancel) => TypedResults.Ok(await show.Run(staff.CommunityId, cancel));

    public async Task<TariffsShown> Run(Guid community, CancellationToken cancel)
    {
        var kinds = await db.FeeKinds.AsNoTracking().Where(k => k.CommunityId == community).OrderBy(k => k.Code).ToListAsync(cancel);
        var codes = kinds.ToDictionary(k => k.Id, k => k.Code);
        var tariffs = await db.Tariffs.AsNoTracking().Where(t => t.CommunityId == community).ToListAsync(cancel);
        var proposals = await db.TariffProposals.AsNoTracking().Where(p => p.CommunityId == community && p.State == TariffProposalState.Proposed)
            .OrderBy(p => p.ProposedAt).ThenBy(p => p.Id).ToListAsync(cancel);
        return new(
            kinds.ConvertAll(k => new FeeKindShown(k.Id, k.Code, k.Name, k.Beneficiary, k.Promotable, k.TaxCode, k.TaxRatePerMillion,
                k.LateFeePerMillion, k.GraceDays, k.LateFeeCapPercent, k.LateFeeAfterDemand)),
            [.. tariffs.OrderBy(t => codes[t.FeeKindId], StringComparer.Ordinal).ThenBy(t => t.Slot, StringComparer.Ordinal).ThenBy(t => t.Version)
                .Select(t => TariffShown.Of(t, codes))],
            proposals.ConvertAll(p => new TariffProposalShown(p.Id, p.ProposedBy, p.ProposedAt, JsonSerializer.Deserialize<TariffFile>(p.Content, Json.Options)!)));
    }
}
