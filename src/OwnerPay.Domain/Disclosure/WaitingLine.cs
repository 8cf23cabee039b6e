namespace OwnerPay.Domain.Disclosure;

/// <param name="Places">How many places the sign-up asks for, above 0.</param>
public readonly record struct WaitingSignUp(Guid Id, int Places);

/// <summary>Who moves up when places of an event become free (候补).</summary>
public static class WaitingLine
{
    /// <summary>In the order of the line; whoever needs more places than are left is passed over and keeps his place in it.</summary>
    /// <param name="free">Places to give out, ≥ 0.</param>
    /// <returns>Ids in the order of the line. Example: 2 free, line of 3, 1, 1 → the second and the third.</returns>
    /// <exception cref="RuleRefusal"><c>negative_number</c>.</exception>
    public static IReadOnlyList<Guid> MoveUp(int free, IEnumerable<WaitingSignUp> line)
    {
        RuleRefusal.IfNegative(free, "the free places");
        var up = new List<Guid>();
        foreach (var waiting in line)
        {
            if (waiting.Places > free) continue;
            up.Add(waiting.Id);
            free -= waiting.Places;
        }
        return up;
    }
}
