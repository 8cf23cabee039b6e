using OwnerPay.Domain.Rewards;

namespace OwnerPay.Service.Verbs;

/// <summary><c>verify-draw FILE</c>: recomputes a published draw from its file alone, on any machine, without database or key. Exit code 1 when a
/// byte of it was changed.</summary>
static class VerifyDrawVerb
{
    const string Usage = "verify-draw 文件.json";
    const int MostBytes = 64 * 1024 * 1024;

    public static readonly Verb Verb = new("verify-draw", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        if (args is not [var path] || path.StartsWith('-')) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        if (!File.Exists(path)) throw new VerbRefusedException($"找不到文件 {path}。", VerbRefusedException.WrongUsage);
        if (new FileInfo(path).Length > MostBytes) throw new VerbRefusedException($"文件 {path} 过大，不是抽奖公示文件。");
        var file = await File.ReadAllBytesAsync(path, cancel);
        var faults = PublishedDraw.Check(file);
        foreach (var fault in faults) Terminal.Here.Error.WriteLine($"不通过：{Text(fault)}");
        if (faults.Count > 0) return VerbRefusedException.Failed;
        var draw = PublishedDraw.Parse(file);
        var rules = DrawRules.Parse(draw.Rules);
        var (output, replaced) = (Terminal.Here.Out, draw.Replaced.ToHashSet());
        output.WriteLine($"核对通过：{rules.Community} {rules.Title}");
        output.WriteLine($"规则、承诺、{draw.Tickets.Count} 张抽奖券的名单、公开数字（{draw.Beacon}）与 {draw.Winners.Count} 名中奖者全部重算一致。");
        for (var at = 0; at < draw.Winners.Count; at++)
            output.WriteLine($"第 {at + 1} 个抽出：{draw.Winners[at]}{(replaced.Contains(draw.Winners[at]) ? "（无效，已递补）" : "")}");
        return 0;
    }

    static string Text(DrawFault fault) => fault switch
    {
        DrawFault.Form => "不是抽奖公示文件，或其中的字节被改动",
        DrawFault.NotDrawn => "尚未开奖：密钥或公开数字还没有公布",
        DrawFault.Rules => "规则与事先公布的哈希不符",
        DrawFault.Commit => "密钥与事先公布的承诺不符",
        DrawFault.Root => "抽奖券名单与截止时公布的哈希不符",
        DrawFault.Seed => "种子与密钥、名单、公开数字不符",
        DrawFault.Winners => "中奖者与重算结果不符",
        DrawFault.Count => "中奖人数与奖品、递补人数不符",
        _ => throw new InvalidOperationException($"No text for {fault}"),
    };
}
