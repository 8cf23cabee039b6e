namespace OwnerPay.Service.Verbs;

/// <summary>A command of the command line.</summary>
/// <param name="Usage">How to call it, for people, in Chinese.</param>
/// <param name="Run">Given what follows the name; returns the exit code, 0 only when all is well.</param>
public sealed record Verb(string Name, string Usage, Func<string[], CancellationToken, Task<int>> Run)
{
    /// <summary>Runs it; whatever goes wrong becomes one clear line on standard error and an exit code that is not 0.</summary>
    public async Task<int> Start(string[] args, CancellationToken cancel)
    {
        try
        {
            if (args is ["--help" or "-h", ..])
            {
                await Terminal.Here.Out.WriteLineAsync($"用法：{Usage}");
                return 0;
            }
            return await Run(args, cancel);
        }
        catch (VerbRefusedException refused)
        {
            await Terminal.Here.Error.WriteLineAsync(refused.Message);
            return refused.ExitCode;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await Terminal.Here.Error.WriteLineAsync($"{Name} 失败：{failure.Message}{(failure.InnerException is { } cause ? $"（{cause.Message}）" : "")}");
            return VerbRefusedException.Failed;
        }
    }
}

/// <summary>All verbs. Without one of these names the service serves.</summary>
public static class VerbList
{
    public const string Serve = "serve";

    static readonly Verb[] All =
    [
        ImportVerb.Verb, IssueBillsVerb.Verb, ReconcileVerb.Verb, CloseMonthVerb.Verb, VerifyVerb.Verb, ExplainVerb.Verb, RecomputeVerb.Verb,
        ExportVerb.Verb, VerifyDrawVerb.Verb, WriteContracts.Verb,
    ];

    /// <summary>The verb that the arguments begin with; null when the service shall serve.</summary>
    /// <remarks>A word that is no verb is not taken for an option of <c>serve</c>: a slip of the pen must not start a service.</remarks>
    public static Verb? Find(string[] args) =>
        args switch
        {
            ["help" or "--help" or "-h", ..] => Help,
            [var name, ..] when name != Serve && !name.StartsWith('-') => Array.Find(All, verb => verb.Name == name) ?? Unknown(name),
            [Serve, .. var rest] => Misspelt(rest),
            _ => Misspelt(args),
        };

    static readonly Verb Help = new("help", "help", async (_, _) =>
    {
        await Terminal.Here.Out.WriteLineAsync(Usage());
        return 0;
    });

    static Verb Unknown(string name) => new(name, "", async (_, _) =>
    {
        await Terminal.Here.Error.WriteLineAsync($"没有命令 {name}。{Usage()}");
        return VerbRefusedException.WrongUsage;
    });

    /// <summary>A service whose <c>--databse</c> were passed over would open the wrong database and be busy there.</summary>
    static Verb? Misspelt(string[] args)
    {
        try
        {
            if (VerbArguments.Read(args, ServeUsage, own: []).Places is not [var surplus, ..]) return null;
            throw new VerbRefusedException($"多余的参数 {surplus}。\n用法：{ServeUsage}", VerbRefusedException.WrongUsage);
        }
        catch (VerbRefusedException refused)
        {
            return new(Serve, ServeUsage, (_, _) => Task.FromException<int>(refused));
        }
    }

    const string ServeUsage = "serve（默认）[--data 目录 | --database 连接串] [--redis 主机:端口] [--urls 地址] [--public-url 公网地址] [--OwnerPay:设置 值]";

    static string Usage() => string.Join("\n  ", ["可用的命令：", ServeUsage, .. All.Select(verb => verb.Usage)]);
}
