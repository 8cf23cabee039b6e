using System.Globalization;
using OwnerPay.Domain;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Verbs;

/// <summary><c>recompute ORDER</c>: the price of an order, computed again from what it froze, also beside a running service. Exit code 1 when it
/// differs.</summary>
static class RecomputeVerb
{
    const string Usage = "recompute 订单号 [--data 目录 | --database 连接串]";

    public static readonly Verb Verb = new("recompute", Usage, Run);

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        var arguments = VerbArguments.Read(args, Usage, own: []);
        if (arguments.Places is not [var number]) throw new VerbRefusedException($"用法：{Usage}", VerbRefusedException.WrongUsage);
        if (!Guid.TryParse(number, out var order)) throw new VerbRefusedException("订单号应为 32 位十六进制数字。", VerbRefusedException.WrongUsage);
        await using var call = await VerbCall.OpenForReading(arguments.ForService, cancel);
        var price = await call.Services.GetRequiredService<RecomputeOrder>().Run(order, community: null, cancel)
            ?? throw new VerbRefusedException($"没有找到订单 {number}。");
        foreach (var line in Lines(price)) Terminal.Here.Out.WriteLine(line);
        return price.IsEqual ? 0 : VerbRefusedException.Failed;
    }

    static IEnumerable<string> Lines(RecomputedOrder price)
    {
        var at = price.At.ToOffset(Clock.ShanghaiOffset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        yield return $"订单 {price.OutTradeNo}，按 {at} 的价格";
        yield return "\n== 明细 ==";
        for (var line = 0; line < price.Lines.Count; line++)
            foreach (var text in Lines(line + 1, price.Lines[line])) yield return text;
        yield return "\n== 已使用的优惠 ==";
        foreach (var offer in price.Offers) yield return $"{Named(offer.Name, offer.Code, offer.Version)}：共减 {Yuan(offer.Fen)}";
        if (price.Offers.Count == 0) yield return "无";
        yield return "\n== 参与试算但未使用的优惠 ==";
        foreach (var offer in price.NotUsed) yield return $"{Named(offer.Name, offer.Code, offer.Version)}：{offer.Text}";
        if (price.NotUsed.Count == 0) yield return "无";
        yield return "\n== 核对 ==";
        yield return $"当时指纹 {price.HashThen}";
        yield return $"现在指纹 {price.HashNow ?? "无法读取"}";
        yield return $"当时应付 {Yuan(price.PayableFenThen)}，现在重算 {(price.PayableFenNow is { } now ? Yuan(now) : "无法读取")}";
        foreach (var difference in price.Differences) yield return $"不符：{difference}";
        yield return price.IsEqual ? "结论：一致。" : "结论：不一致。";
    }

    static IEnumerable<string> Lines(int number, RecomputedLine line)
    {
        yield return $"{number}. {line.Title}，{line.From:yyyy-MM-dd} 至 {line.To:yyyy-MM-dd}：本金 {Yuan(line.PrincipalFen)}";
        foreach (var discount in line.Discounts) yield return $"   减 {Yuan(discount.Fen)}：{Named(discount.Name, discount.Code, discount.Version)}";
        if (line.LateFeeFen > 0) yield return $"   加违约金 {Yuan(line.LateFeeFen)}（整张账单）";
        yield return $"   应付 {Yuan(line.PayableFen)}";
    }

    static string Named(string name, string code, int version) => $"{name}（{code} 第 {version.ToString(CultureInfo.InvariantCulture)} 版）";

    static string Yuan(long fen) => new Fen(fen).InYuan() + " 元";
}
