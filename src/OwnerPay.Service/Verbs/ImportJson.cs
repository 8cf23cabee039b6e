using System.Security.Cryptography;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Verbs;

/// <summary><c>import tariffs|offers|rewards|templates|merchant FILE.json</c>: proposes what the file says; another person approves it.</summary>
static class ImportJson
{
    /// <param name="Route">The route of the same operation, whose roles count here too.</param>
    /// <param name="Run">Does it and says in Chinese what was done.</param>
    sealed record Kind(string Route, Func<IServiceProvider, string, StaffMember, CancellationToken, Task<string>> Run);

    static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["tariffs"] = new("proposeTariffs", async (services, path, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<ProposeTariffs>().Run(await VerbFile.Read<TariffFile>(path, cancel), by, cancel));
            return $"已提交 {done.FeeKinds} 个费用科目和 {done.Tariffs} 条收费标准，待财务审批（审批号 {done.ApprovalId:N}）。";
        }),
        ["offers"] = new("proposeOffers", async (services, path, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<ProposeOffers>().Run(await VerbFile.Read<OfferFile>(path, cancel), by, cancel));
            return $"已提交 {done.Offers.Count} 项优惠活动，待财务审批。";
        }),
        ["rewards"] = new("proposeRewards", async (services, path, by, cancel) =>
        {
            var input = await VerbFile.Read<RewardsInput>(path, cancel);
            // The file itself is the key: importing it again proposes nothing twice.
            var content = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, cancel)));
            var key = new IdempotencyKey("staff", by.Actor, "proposeRewards", $"{by.CommunityId:N}-{content}");
            var done = Done(await services.GetRequiredService<ProposeRewards>().Run(input, key, by, cancel));
            return $"已提交 {done.RewardIds.Count} 种礼品，待财务审批。";
        }),
        ["templates"] = new("proposeTemplates", async (services, path, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<ProposeTemplates>().Run(await VerbFile.Read<TemplatesFile>(path, cancel), by, cancel));
            var fresh = done.Templates.Count(template => template.ApprovalId is not null);
            return $"已提交 {fresh} 个消息模板，待经理审批；{done.Templates.Count - fresh} 个与现有版本相同，未重复提交。";
        }),
        ["merchant"] = new("saveMerchantAccount", async (services, path, by, cancel) =>
        {
            // A merchant file may also name where WeChat is and the mini-program's secret; neither belongs to the account.
            var request = await VerbFile.Read<MerchantAccountRequest>(path, cancel, "baseUrl", "appsecret");
            var done = Done(await services.GetRequiredService<MerchantAccounts>().Save(by.CommunityId, request, by, cancel));
            return $"已保存商户号 {done.Mchid}，支付结果通知地址 {done.NotifyUrl}。";
        }),
    };

    public static bool Knows(string kind) => Kinds.ContainsKey(kind);

    public static async Task<int> Run(string kind, string path, VerbArguments arguments, CancellationToken cancel)
    {
        await using var call = await VerbCall.OpenForWriting(arguments.ForService("--community"), cancel);
        var by = await call.SignInFor(Kinds[kind].Route, arguments.Options.GetValueOrDefault("--community"), cancel);
        Console.WriteLine(await Kinds[kind].Run(call.Services, path, by, cancel));
        return 0;
    }

    static T Done<T>(Result<T> result) => result.Refusal is { } refusal ? throw VerbFile.Refused(refusal) : result.Value;
}
