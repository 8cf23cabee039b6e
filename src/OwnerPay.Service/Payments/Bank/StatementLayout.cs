using System.Text.Json;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>How a bank heads the columns of its statements, as data in <c>bank-layouts.json</c>: for each field the titles that may stand over it,
/// the
/// preferred first. Either money in and out have a column each, or one column has the amount with its sign or a column for the direction.</summary>
public sealed record StatementLayout(
    string Name, IReadOnlyList<string> Date, IReadOnlyList<string> Reference, IReadOnlyList<string> Memo, IReadOnlyList<string>? In = null,
        IReadOnlyList<string>? Out = null,
    IReadOnlyList<string>? Amount = null, IReadOnlyList<string>? Direction = null, IReadOnlyList<string>? Payer = null,
        IReadOnlyList<string>? PayerAccount = null)
{
    /// <summary>Layouts that are tried in their order; the first whose needed columns are all there is taken.</summary>
    public static readonly IReadOnlyList<StatementLayout> Known = Load();

    static List<StatementLayout> Load()
    {
        using var file = typeof(StatementLayout).Assembly.GetManifestResourceStream("bank-layouts.json")!;
        return JsonSerializer.Deserialize<List<StatementLayout>>(file, Json.Options)!;
    }

    /// <returns>Where each field stands, if these titles are of this layout.</returns>
    public StatementColumns? Of(IReadOnlyList<string> titles)
    {
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var column = titles.Count - 1; column >= 0; column--) at[Title(titles[column])] = column;
        int? Find(IReadOnlyList<string>? names)
        {
            foreach (var name in names ?? [])
                if (at.TryGetValue(Title(name), out var column)) return column;
            return null;
        }
        List<int> All(IReadOnlyList<string> names) => [.. names.Select(Title).Distinct().Where(at.ContainsKey).Select(name => at[name])];
        var (date, reference, memo) = (Find(Date), Find(Reference), All(Memo));
        var (income, outgo, amount, direction) = (Find(In), Find(Out), Find(Amount), Find(Direction));
        if (date is null || reference is null || memo.Count == 0 || (income is null || outgo is null) && amount is null || Direction is not null
            && direction is null) return null;
        return new(Name, date.Value, reference.Value, memo, income, outgo, amount, direction, Find(Payer), Find(PayerAccount));
    }

    static string Title(string title) => string.Concat(MatchText.Narrow(title).Where(character => !char.IsWhiteSpace(character)));
}

/// <summary>Columns of a statement, from 0.</summary>
/// <param name="Memo">All that may hold what the payer wrote: read one after another.</param>
public sealed record StatementColumns(
    string Layout, int Date, int Reference, IReadOnlyList<int> Memo, int? In, int? Out, int? Amount, int? Direction, int? Payer, int? PayerAccount);
