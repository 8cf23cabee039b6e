using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Verbs;

/// <summary><c>verify</c>: recomputes the books from the rows, in one snapshot, also beside a running service. Exit code 1 when something is broken.</summary>
static class VerifyVerb
{
    const string Usage = "verify [--community 小区编号] [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("verify", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: ["--community"]);
        if (arguments.Places.Count > 0) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForReading(arguments.ForService, cancel);
        var community = await call.Community(arguments.Options.GetValueOrDefault("--community"), cancel);
        var findings = await call.Services.GetRequiredService<VerifyBooks>().Run(community, cancel);
        foreach (var finding in findings) Terminal.Here.Out.WriteLine($"[{finding.Check}] {finding.Subject}：{finding.Message}");
        var checks = call.Services.GetServices<IVerifyCheck>().Count();
        Terminal.Here.Out.WriteLine(findings.Count == 0 ? $"核对完成：{checks} 项检查全部通过，账目相符。" : $"核对完成：{checks} 项检查共发现 {findings.Count} 处问题。");
        return findings.Count == 0 ? 0 : VerbRefusedException.Failed;
    }
}
