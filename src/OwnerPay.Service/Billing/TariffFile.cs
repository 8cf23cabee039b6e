using System.Text.Json.Serialization;

namespace OwnerPay.Service.Billing;

/// <summary>A kind of fee as a clerk writes it down. Rates in millionths: 60,000 is 6 %.</summary>
/// <param name="Code">Stable, in lower case: <c>property</c>.</param>
/// <param name="Promotable">Offers may touch it; only for fees of the company.</param>
/// <param name="TaxRatePerMillion">VAT contained in the price; 0 for money that is collected for others.</param>
/// <param name="LateFeePerMillion">A day, from the agreement; 0: none.</param>
/// <param name="GraceDays">Forgiven days after the due date.</param>
/// <param name="LateFeeCapPercent">Most that the late fee can become, % of the principal.</param>
public sealed record FeeKindLine(
    string Code, string Name, Beneficiary Beneficiary, bool Promotable, string TaxCode, int TaxRatePerMillion,
    int LateFeePerMillion = 0, int GraceDays = 0, int LateFeeCapPercent = 100);

/// <summary>A price as a clerk writes it down.</summary>
/// <param name="FeeKind">Code of a fee kind of this file or of the community.</param>
/// <param name="Slot">Names the charge within its fee kind; a later version of the same slot and scope takes over from its first day.</param>
/// <param name="UnitPriceYuan">Decimal text with at most four decimals, per m² (or house, or space) and month.</param>
/// <param name="ScopeCode">Code of the building or of the house, for these two scopes.</param>
/// <param name="To">Last day; without it the price lasts.</param>
public sealed record TariffLine(
    string FeeKind, string Slot, string Name, TariffFormula Formula, string UnitPriceYuan, TariffScope Scope, DateOnly From,
    DateOnly? To = null, string? ScopeCode = null);

/// <summary>A file of fee kinds and prices, as in <c>config/demo/tariffs.json</c>.</summary>
/// <param name="Schema">For editors; not read.</param>
public sealed record TariffFile(
    IReadOnlyList<FeeKindLine> FeeKinds, IReadOnlyList<TariffLine> Tariffs, [property: JsonPropertyName("$schema")] string? Schema = null);

/// <summary>Something that is wrong in a file.</summary>
/// <param name="Field">Path in the JSON: <c>tariffs[2].unitPriceYuan</c>.</param>
/// <param name="Detail">What is wrong and what would be right, in Chinese.</param>
public sealed record FileFault(string Field, string Detail);
