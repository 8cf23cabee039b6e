using OwnerPay.Service.Payments;

namespace OwnerPay.Service.Verbs;

/// <summary><c>explain ORDER</c>: the whole life of an order from the database, also beside a running service.</summary>
static class ExplainVerb
{
    const string Usage = "explain 订单号 [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("explain", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: []);
        if (arguments.Places is not [var number]) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        if (!Guid.TryParse(number, out var order)) throw new VerbRefusedException("订单号应为 32 位十六进制数字。", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForReading(arguments.ForService, cancel);
        var life = await call.Services.GetRequiredService<ExplainOrder>().Run(order, community: null, cancel)
            ?? throw new VerbRefusedException($"没有找到订单 {number}。");
        Terminal.Here.Out.WriteLine($"订单 {life.OutTradeNo}，状态 {life.State}");
        foreach (var part in life.Parts)
        {
            Terminal.Here.Out.WriteLine($"\n== {part.Title} ==");
            foreach (var line in part.Lines) Terminal.Here.Out.WriteLine(line);
        }
        return 0;
    }
}
