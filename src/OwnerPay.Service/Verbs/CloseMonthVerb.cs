using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Verbs;

/// <summary><c>close-month</c>: a token of finance proposes to close a month of the books, or with <c>--reopen</c> to open it again; a manager's token
/// approves. The two never are one call.</summary>
static class CloseMonthVerb
{
    const string Usage = "close-month --month 月份 [--reopen 原因] | --approve 审批号 [--community 小区编号] [--data 目录 | --database 连接串]";
    static readonly string[] Own = ["--month", "--reopen", "--approve", "--community"];

    public static readonly Verb Verb = new("close-month", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, Own);
        var options = arguments.Options;
        if (arguments.Places.Count > 0 || options.ContainsKey("--month") == options.ContainsKey("--approve")) throw WrongUsage();
        await using var call = await VerbCall.OpenForWriting(arguments.ForService, cancel);
        if (options.TryGetValue("--approve", out var number))
            return Guid.TryParse(number, out var id) ? await Approve(call, id, options.GetValueOrDefault("--community"), cancel) : throw WrongUsage();
        var action = options.ContainsKey("--reopen") ? BookMonthAction.Reopen : BookMonthAction.Close;
        var route = action == BookMonthAction.Reopen ? "proposeMonthReopening" : "proposeMonthClose";
        var by = await call.SignInFor(route, options.GetValueOrDefault("--community"), cancel);
        var key = new IdempotencyKey("staff", by.Actor, route, Guid.CreateVersion7().ToString("N"));
        var answer = await call.Services.GetRequiredService<ChangeBookMonth>().Propose(options["--month"], action, options.GetValueOrDefault("--reopen"), key, by, cancel);
        if (answer.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        Terminal.Here.Out.WriteLine($"已申请 {answer.Value.Month} {(action == BookMonthAction.Close ? "结账" : "反结账")}。请由经理审批：close-month --approve {answer.Value.ApprovalId:N}");
        return 0;
    }

    static async Task<int> Approve(VerbCall call, Guid id, string? community, CancellationToken cancel)
    {
        var by = await call.SignInFor("approve", community, cancel);
        var answer = await call.Services.GetRequiredService<DecideApproval>().Run(id, approved: true, note: null, by, cancel);
        if (answer.Refusal is { } refusal) throw VerbFile.Refused(refusal);
        Terminal.Here.Out.WriteLine("已审批通过。");
        return 0;
    }

    static VerbRefusedException WrongUsage() => new($"用法：{Usage}", VerbRefusedException.WrongUsage);
}
