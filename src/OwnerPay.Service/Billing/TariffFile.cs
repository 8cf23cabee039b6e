using System.Text.Json.Serialization;

namespace OwnerPay.Service.Billing;

/// <summary>A kind of fee as a clerk writes it down. Rates in millionths: 60,000 is 6 %.</summary>
/// <param name="Code">Stable, in lower case: <c>property</c>.</param>
/// <param name="Promotable">Offers may touch it; only for fees of the company.</param>
/// <param name="TaxRatePerMillion">VAT contained in the price; 0 for money that is collected for others.</param>
/// <param name="LateFeePerMillion">A day, from the agreement; 0: none.</param>
/// <param name="GraceDays">Forgiven days after the due date.</param>
/// <param name="LateFeeCapPercent">Most that the late fee can become, % of the principal.</param>
/// <param name="LateFeeAfterDemand">The agreement lets late fee begin only after a written demand.</param>
public sealed record FeeKindLine(
    string Code, string Name, Beneficiary Beneficiary, bool Promotable, string TaxCode, int TaxRatePerMillion,
    int LateFeePerMillion = 0, int GraceDays = 0, int LateFeeCapPercent = 100, bool LateFeeAfterDemand = false);

/// <summary>A price as a clerk writes it down.</summary>
/// <param name="FeeKind">Code of a fee kind of this file or of the community.</param>
/// <param name="Slot">Names the charge within its fee kind; a later version of the same slot and scope takes over from its first day.</param>
/// <param name="UnitPriceYuan">Decimal text with at most four decimals: per m² (or house, or space) and month, or per unit of a meter. Left out for
/// <c>tiered</c>, whose tiers have prices; for <c>apportioned</c> it prices a shared meter and is left out where only totals are entered.</param>
/// <param name="ScopeCode">Code of the building or of the house, for these two scopes.</param>
/// <param name="To">Last day; without it the price lasts.</param>
/// <param name="UnitName">What the meter counts: 吨, 度.</param>
/// <param name="Tiers">For <c>tiered</c>: ascending, the last without an end.</param>
/// <param name="TierPeriod">For <c>tiered</c>: the count begins anew each calendar year, which is the default, or each month.</param>
/// <param name="Basis">For <c>apportioned</c>.</param>
/// <param name="VacantShares">For <c>apportioned</c>: vacant houses bear their share; without it they do.</param>
/// <param name="UsageOf">For <c>apportioned</c> by usage: code of the fee kind whose house meters count.</param>
public sealed record TariffLine(
    string FeeKind, string Slot, string Name, TariffFormula Formula, TariffScope Scope, DateOnly From, string? UnitPriceYuan = null,
    DateOnly? To = null, string? ScopeCode = null, string? UnitName = null, IReadOnlyList<TierLine>? Tiers = null, TierPeriod? TierPeriod = null,
    ApportionBasis? Basis = null, bool? VacantShares = null, string? UsageOf = null);

/// <summary>A tier as a clerk writes it down.</summary>
/// <param name="UpTo">Units, at most three decimals, included; left out for the last tier.</param>
/// <param name="UnitPriceYuan">Decimal text with at most four decimals, per unit.</param>
public sealed record TierLine(string UnitPriceYuan, string? UpTo = null);

/// <summary>A file of fee kinds and prices, as in <c>config/demo/tariffs.json</c>.</summary>
/// <param name="Schema">For editors; not read.</param>
public sealed record TariffFile(
    IReadOnlyList<FeeKindLine> FeeKinds, IReadOnlyList<TariffLine> Tariffs, [property: JsonPropertyName("$schema")] string? Schema = null);

/// <summary>Something that is wrong in a file.</summary>
/// <param name="Field">Path in the JSON: <c>tariffs[2].unitPriceYuan</c>.</param>
/// <param name="Detail">What is wrong and what would be right, in Chinese.</param>
public sealed record FileFault(string Field, string Detail);
