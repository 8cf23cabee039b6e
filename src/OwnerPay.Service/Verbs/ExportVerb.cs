using System.Text;
using OwnerPay.Service.Reports;

namespace OwnerPay.Service.Verbs;

/// <summary><c>export --format hledger|vouchers</c>: the books on standard output and nothing else, in one snapshot, also beside a running service.</summary>
static class ExportVerb
{
    const string Usage = "export --format hledger|vouchers [--community 小区编号] [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("export", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: ["--format", "--community"]);
        var format = arguments.Options.GetValueOrDefault("--format");
        if (arguments.Places.Count > 0 || format is not ("hledger" or "vouchers")) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForReading(arguments.ForService, cancel);
        var community = await call.Community(arguments.Options.GetValueOrDefault("--community"), cancel);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        if (format == "hledger") await call.Services.GetRequiredService<WriteHledger>().Run(community, output, cancel);
        else await call.Services.GetRequiredService<WriteVouchers>().Run(community, output, cancel);
        return 0;
    }
}
