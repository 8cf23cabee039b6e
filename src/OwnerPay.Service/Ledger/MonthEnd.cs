using System.Globalization;
using OwnerPay.Domain;

namespace OwnerPay.Service.Ledger;

/// <summary>A month of a community's books that is being closed.</summary>
/// <param name="Change">The approved change; source of the journals that the closing books.</param>
public sealed record MonthEnd(Guid CommunityId, DateOnly First, Guid Change)
{
    public DateOnly Last => First.AddMonths(1).AddDays(-1);

    public DateRange Days => new(First, Last);

    /// <summary><c>2026-11</c>.</summary>
    public string Month => TextOf(First);

    public static string TextOf(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <returns>The first day of the month; null when the text is no month.</returns>
    public static DateOnly? FirstOf(string month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first : null;
}

/// <summary>What a slice books when a month is closed, inside the closing transaction: registered from above.</summary>
public interface IMonthEnd
{
    Task Book(MonthEnd month, CancellationToken cancel);
}

/// <summary>What may stand in the way of closing a month: days that are not reconciled, shifts that are open. Registered from above.</summary>
public interface IMonthObstacle
{
    /// <returns>One sentence in Chinese for each kind of obstacle, saying what to do; empty when the month may be closed.</returns>
    Task<IReadOnlyList<string>> Of(Guid community, DateRange month, CancellationToken cancel);
}
