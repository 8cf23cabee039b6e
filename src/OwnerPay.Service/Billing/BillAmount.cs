using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>The amount of a line from what is frozen on it: what a run computes and what <c>verify</c> computes again.</summary>
static class BillAmount
{
    /// <param name="usage">0.001 units.</param>
    /// <param name="usedBefore">0.001 units, counts for tiers only.</param>
    public static Fen OfUsage(Tariff tariff, long usage, long usedBefore) => tariff.Formula switch
    {
        TariffFormula.Metered => MeterCounter.Price(usage, tariff.UnitPrice),
        TariffFormula.Tiered => Tiered.Of(usedBefore, usage, TariffTiers.Read(tariff.Tiers!)).Amount,
        _ => throw new InvalidOperationException($"Formula {tariff.Formula} has no meter"),
    };

    /// <returns>Null for a share of a common cost: it can only be recomputed together with the others.</returns>
    /// <exception cref="RuleRefusal">The frozen values make no sense any more: somebody changed them.</exception>
    public static Fen? Of(BillLine line, Tariff? tariff)
    {
        if (line.ApportionmentId is not null) return null;
        if (line.MeterId is null) return Proration.Amount(line.QuantityHundredths, line.UnitPrice, new DateRange(line.From, line.To), line.PricePercent);
        return tariff?.Tiers is { } tiers
            ? Tiered.Of(line.UsedBeforeThousandths, line.UsageThousandths, TariffTiers.Read(tiers)).Amount
            : MeterCounter.Price(line.UsageThousandths, line.UnitPrice);
    }
}
