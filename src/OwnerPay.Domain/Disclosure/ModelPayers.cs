namespace OwnerPay.Domain.Disclosure;

/// <summary>A bill as the list of model payers looks at it.</summary>
/// <param name="PaidOn">Shanghai date of the last fen of principal; null while some is open.</param>
/// <param name="Worth">What it is about after its adjustments; a bill of 0 fen asks nothing of anybody.</param>
public readonly record struct DueBill(DateOnly Due, DateOnly? PaidOn, Fen Worth);

/// <summary>Who is a model payer (缴费模范户), and what of him may be shown to whom.</summary>
public static class ModelPayers
{
    /// <summary>Houses that a building must have before a list may name it.</summary>
    public const int FewestHouses = 10;

    /// <summary>True when at least one bill fell due in the period and every one of them was paid on or before its due date.</summary>
    public static bool Qualifies(DateRange period, IEnumerable<DueBill> bills)
    {
        var any = false;
        foreach (var bill in bills)
        {
            if (!period.Contains(bill.Due) || bill.Worth.Value <= 0) continue;
            if (bill.PaidOn is not { } paid || paid > bill.Due) return false;
            any = true;
        }
        return any;
    }

    /// <summary>Whether entries may say in which building they are. Not where so many of a building are shown that those who are missing stand
    /// out.</summary>
    /// <param name="houses">All houses of the building.</param>
    /// <param name="shown">How many of them the list would show.</param>
    /// <returns>True from 10 houses on, and while at least half of them are not shown: missing then says nothing about anybody.</returns>
    /// <exception cref="RuleRefusal"><c>negative_number</c>.</exception>
    public static bool BuildingMayBeNamed(int houses, int shown)
    {
        RuleRefusal.IfNegative(houses, "the houses of a building");
        RuleRefusal.IfNegative(shown, "the houses shown");
        return houses >= FewestHouses && shown <= houses / 2;
    }
}
