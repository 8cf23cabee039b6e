using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OwnerPay.Benchmarks;

/// <summary>The outcomes of a run as a table, as JSON and as Markdown.</summary>
public sealed class Report(bool quick)
{
    static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    static readonly string[] Columns = ["", "what", "unit", "OwnerPay", "reference", "ratio", "goal", ""];

    readonly List<(IWorkload Workload, Outcome Outcome)> outcomes = [];
    readonly DateTimeOffset at = TimeProvider.System.GetUtcNow();

    public bool IsBroken => outcomes.Any(entry => entry.Outcome.Broken.Count > 0);

    public void Add(IWorkload workload, Outcome outcome) => outcomes.Add((workload, outcome));

    static string Machine => $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";

    public string Table()
    {
        List<string[]> rows = [Columns, .. outcomes.SelectMany(entry => entry.Outcome.Lines.Select(line => Cells(entry.Workload.Id, line)))];
        var widths = Enumerable.Range(0, Columns.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder().AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{(quick ? "quick" : "full")} run, {Machine}");
        foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, column) => column is 3 or 4 or 5 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        foreach (var (workload, outcome) in outcomes) text.Append(Notes(workload, outcome, "  "));
        return text.ToString();
    }

    /// <summary>Writes <c>benchmarks.json</c> and <c>benchmarks.md</c>.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "benchmarks.json"), JsonSerializer.Serialize(new
        {
            at, quick, machine = Machine,
            workloads = outcomes.Select(entry => new { entry.Workload.Id, entry.Workload.Title, entry.Outcome.Lines, entry.Outcome.Differs, entry.Outcome.Broken }),
        }, Layout));
        var text = new StringBuilder($"# Benchmarks\n\n{(quick ? "Quick" : "Full")} run of {at:yyyy-MM-dd HH:mm} UTC on {Machine}. ")
            .Append("Ratios are what is promised; absolute values only show the scale.\n");
        foreach (var (workload, outcome) in outcomes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {workload.Id} {workload.Title}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Columns[1..])} |\n|{string.Concat(Columns[1..].Select(_ => "---|"))}\n");
            foreach (var line in outcome.Lines) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Cells("", line)[1..])} |\n");
            text.Append('\n').Append(Notes(workload, outcome, "- "));
        }
        File.WriteAllText(Path.Combine(folder, "benchmarks.md"), text.ToString());
        Bench.Say($"Written to {Path.GetFullPath(folder)}");
    }

    static string[] Cells(string id, Line line) =>
    [
        id, line.What, line.Unit, Number(line.Ours), Number(line.Reference), line.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) + " ×" : "",
        line.Goal, line.Met switch { true => "met", false => "MISSED", null => "" },
    ];

    static string Notes(IWorkload workload, Outcome outcome, string bullet)
    {
        var text = new StringBuilder();
        foreach (var note in outcome.Differs) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{bullet}{workload.Id} differs: {note}");
        foreach (var note in outcome.Broken) text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{bullet}{workload.Id} BROKEN: {note}");
        return text.ToString();
    }

    static string Number(double? value) => value switch
    {
        null => "",
        >= 1000 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
