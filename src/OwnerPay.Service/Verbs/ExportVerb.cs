using System.Text;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Reports;

namespace OwnerPay.Service.Verbs;

/// <summary><c>export --format hledger|vouchers</c>: the books on standard output and nothing else, in one snapshot, also beside a running service.</summary>
static class ExportVerb
{
    const string Usage = "export --format hledger|vouchers [--from 月份] [--to 月份] [--community 小区编号] [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("export", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: ["--format", "--from", "--to", "--community"]);
        var format = arguments.Options.GetValueOrDefault("--format");
        if (arguments.Places.Count > 0 || format is not ("hledger" or "vouchers")) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        var (from, last) = (Month(arguments, "--from"), Month(arguments, "--to")?.AddMonths(1).AddDays(-1));
        if (from > last) throw new VerbRefusedException("--from 不能晚于 --to。", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForReading(arguments.ForService, cancel);
        var community = await call.Community(arguments.Options.GetValueOrDefault("--community"), cancel);
        var scope = new ExportScope(community, from, last);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        if (format == "hledger") await call.Services.GetRequiredService<WriteHledger>().Run(scope, output, cancel);
        else await call.Services.GetRequiredService<WriteVouchers>().Run(scope, output, cancel);
        return 0;
    }

    /// <summary>The first day of a month that was named; null where none was.</summary>
    static DateOnly? Month(VerbArguments arguments, string name) => !arguments.Options.TryGetValue(name, out var text) ? null
        : MonthEnd.FirstOf(text) ?? throw new VerbRefusedException($"{name} 应为 2026-11 这样的月份。\n用法：{Usage}", VerbRefusedException.WrongUsage);
}
