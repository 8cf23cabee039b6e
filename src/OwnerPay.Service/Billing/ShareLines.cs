using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>Lines of shares of common costs: the share is fixed since the cost was closed; who owed the house on which days of its period bears it.</summary>
static class ShareLines
{
    public static void Add(List<ComposeBills.Charge> charges, PriceSlot slot, HouseFacts facts, RunTerms terms, List<OddItem> odd)
    {
        foreach (var due in facts.Extras.Shares.Where(s => s.Of.FeeKindId == slot.Kind.Id && s.Of.Slot == slot.Slot))
        {
            var period = new DateRange(due.Of.From, due.Of.To);
            var liable = LiableDays.Of(facts.House, facts.Parties, terms.FirstDay, period);
            if (liable.NobodyOn is not null || liable.Stretches.Count == 0)
            {
                odd.Add(new(OddKinds.NoLiableParty, facts.House.Code, slot.Kind.Code,
                    $"{due.Tariff.Name} {period.From:yyyy-MM-dd} 至 {period.To:yyyy-MM-dd} 有的日子没有责任方，这一份 {new Fen(due.Share.Fen)} 元未出账", Skipped: true));
                continue;
            }
            var parts = Apportion.Split(new Fen(due.Share.Fen), liable.Stretches.Select(s => (long)s.Days.Days).ToArray());
            var days = liable.Stretches.Sum(s => s.Days.Days);
            charges.Add(new(slot, null, [.. liable.Stretches.Select((stretch, index) => (stretch.PartyId, new LineDraft(slot.Kind, due.Tariff, null,
                due.Tariff.Name, 100, stretch.Days, parts[index].Value, Tax.Split(parts[index], slot.Kind.TaxRatePerMillion),
                BillFormula.OfShare(due, stretch.Days.Days, days, parts[index])) { Apportionment = due.Of }))], due.Of.Id));
        }
    }
}
