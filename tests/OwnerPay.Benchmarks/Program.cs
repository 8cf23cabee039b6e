using System.Globalization;
using OwnerPay.Benchmarks;

// Measures the workloads: --quick for a tenth of the data, --only P2,P11 for some, --out DIR for the files.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
IWorkload[] workloads =
[
    new BulkBills(), new Settlement(), new QuotePrice(), new ReconcileBill(), new Fanout(), new RushRedemption(), new StartUp(), new VerifiedCallbacks(),
];
var (quick, output, only) = (false, Path.Combine("artifacts", "benchmarks"), "");
for (var at = 0; at < args.Length; at++)
{
    if (args[at] == "--quick") quick = true;
    else if (args[at] == "--out" && at + 1 < args.Length) output = args[++at];
    else if (args[at] == "--only" && at + 1 < args.Length) only = args[++at];
    else return Usage($"Unknown: {args[at]}");
}
var wanted = only.Split(',', StringSplitOptions.RemoveEmptyEntries);
var chosen = workloads.Where(workload => wanted.Length == 0 || wanted.Contains(workload.Id, StringComparer.OrdinalIgnoreCase)).ToList();
if (chosen.Count == 0) return Usage($"No workload {only}");

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => { press.Cancel = true; interrupted.Cancel(); };
var folder = Path.Combine(Path.GetTempPath(), "ownerpay-bench-" + Guid.CreateVersion7().ToString("N")[^12..]);
Directory.CreateDirectory(folder);
var report = new Report(quick);
try
{
    foreach (var workload in chosen)
    {
        Bench.Say($"{workload.Id} {workload.Title}");
        report.Add(workload, await workload.Run(new Bench(quick, folder), interrupted.Token));
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
Console.WriteLine(report.Table());
report.Write(output);
return report.IsBroken ? 1 : 0;

int Usage(string why)
{
    Console.Error.WriteLine($"{why}\nOwnerPay.Benchmarks [--quick] [--only {string.Join(',', workloads.Select(workload => workload.Id))}] [--out DIR]");
    return 2;
}
