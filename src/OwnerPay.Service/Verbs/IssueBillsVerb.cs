using System.Globalization;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Verbs;

/// <summary><c>issue-bills</c>: a clerk's token previews a bill run, another person's confirms it. The two never are one call.</summary>
static class IssueBillsVerb
{
    const string Usage = "issue-bills --from 日期 --to 日期 --due 日期 --fee-kinds 科目[,科目] | --confirm 批次号 [--community 小区编号] [--data 目录 | --database 连接串]";
    static readonly string[] Own = ["--from", "--to", "--due", "--fee-kinds", "--confirm", "--community"];

    public static readonly Verb Verb = new("issue-bills", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, Own);
        if (arguments.Places.Count > 0) throw WrongUsage();
        var options = arguments.Options;
        if (options.TryGetValue("--confirm", out var number))
            return Guid.TryParse(number, out var run) ? await Confirm(run, arguments, cancel) : throw WrongUsage();
        var request = new BillRunRequest(Day(options, "--from"), Day(options, "--to"), Day(options, "--due"),
            options.TryGetValue("--fee-kinds", out var kinds) ? kinds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : throw WrongUsage());
        await using var call = await VerbCall.OpenForWriting(arguments.ForService, cancel);
        var by = await call.SignInFor("previewBillRun", options.GetValueOrDefault("--community"), cancel);
        var answer = await call.Services.GetRequiredService<PreviewBillRun>().Run(request, by, cancel);
        if (answer.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        var preview = answer.Value;
        foreach (var item in preview.Odd.Items) Terminal.Here.Out.WriteLine($"请留意：{item.House} {item.FeeKind} {item.Text}{(item.Skipped ? "（不出账）" : "")}");
        Terminal.Here.Out.WriteLine($"预览批次 {preview.RunId:N}：{preview.Bills} 张账单，合计 {Yuan(preview.TotalFen)}。请由财务确认：issue-bills --confirm {preview.RunId:N}");
        return 0;
    }

    static async Task<int> Confirm(Guid run, VerbArguments arguments, CancellationToken cancel)
    {
        await using var call = await VerbCall.OpenForWriting(arguments.ForService, cancel);
        var by = await call.SignInFor("confirmBillRun", arguments.Options.GetValueOrDefault("--community"), cancel);
        var key = new IdempotencyKey("staff", by.Actor, "confirmBillRun", run.ToString("N"));
        var answer = await call.Services.GetRequiredService<IssueBills>().Run(run, key, by, cancel);
        if (answer.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        Terminal.Here.Out.WriteLine($"已出账：{answer.Value.Bills} 张账单，合计 {Yuan(answer.Value.TotalFen)}，其中预存款抵扣 {Yuan(answer.Value.PrepaidFen)}。");
        return 0;
    }

    static DateOnly Day(IReadOnlyDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw new VerbRefusedException($"{name} 应为 2026-12-01 这样的日期。\n用法：{Usage}", VerbRefusedException.WrongUsage);

    static string Yuan(long fen) => new Fen(fen).InYuan() + " 元";

    static VerbRefusedException WrongUsage() => new($"用法：{Usage}", VerbRefusedException.WrongUsage);
}
