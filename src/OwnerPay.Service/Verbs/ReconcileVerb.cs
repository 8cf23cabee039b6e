using System.Globalization;
using OwnerPay.Domain;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Reconciliation;

namespace OwnerPay.Service.Verbs;

/// <summary><c>reconcile --day DATE</c>: fetches WeChat's bill of a day and compares it, as finance does on the screen. Exit code 1 when differences are open.</summary>
static class ReconcileVerb
{
    const string Usage = "reconcile --day 日期 [--community 小区编号] [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("reconcile", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: ["--day", "--community"]);
        if (arguments.Places.Count > 0 || !arguments.Options.TryGetValue("--day", out var text)
            || !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForWriting(arguments.ForService, cancel);
        // The only verb that talks to WeChat: what a starting service refuses is refused here too.
        foreach (var hosts in call.Services.GetServices<IHostedService>().OfType<WeChatHosts>()) await hosts.StartAsync(cancel);
        var by = await call.SignInFor("runReconciliation", arguments.Options.GetValueOrDefault("--community"), cancel);
        var answer = await call.Services.GetRequiredService<RunReconciliation>().Run(new RunRequest(day), by, cancel);
        if (answer.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        foreach (var account in answer.Value.Accounts)
            Terminal.Here.Out.WriteLine($"{day:yyyy-MM-dd} 商户号 {account.MchId}：账单 {account.BillRows} 行，相符 {account.MatchedRows} 行，手续费 {Yuan(account.FeeFen)}，"
                + $"差异 {account.Differences} 处，待处理 {account.OpenDifferences} 处。");
        return answer.Value.Accounts.Any(account => account.OpenDifferences > 0) ? VerbRefusedException.Failed : 0;
    }

    static string Yuan(long fen) => new Fen(fen).InYuan() + " 元";
}
