using System.Globalization;
using System.Security.Cryptography;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Verbs;

/// <summary><c>import tariffs|offers|rewards|templates|lpr FILE.json</c> proposes what the file says, and another person approves it;
/// <c>import merchant FILE.json</c> saves what WeChat gave out.</summary>
static class ImportJson
{
    /// <summary>What a file did, kept under its key.</summary>
    /// <param name="Run">Which call did it.</param>
    /// <param name="Told">What was printed.</param>
    sealed record Imported(Guid Run, DateTimeOffset At, string Told);

    /// <param name="Route">The route of the same operation, whose roles count here too.</param>
    /// <param name="Propose">Reads the file; the act that it gives proposes inside the caller's transaction and says in Chinese what was done.</param>
    sealed record Kind(string Route, Func<IServiceProvider, string, StaffMember, CancellationToken, Task<Func<Task<string>>>> Propose);

    const string Merchant = "merchant";

    static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["tariffs"] = Of<TariffFile>("proposeTariffs", async (services, file, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<ProposeTariffs>().Run(file, by, cancel));
            return $"已提交 {done.FeeKinds} 个费用科目和 {done.Tariffs} 条收费标准，待财务审批（审批号 {done.ApprovalId:N}）。";
        }),
        ["offers"] = Of<OfferFile>("proposeOffers", async (services, file, by, cancel) =>
            $"已提交 {Done(await services.GetRequiredService<ProposeOffers>().Run(file, by, cancel)).Offers.Count} 项优惠活动，待财务审批。"),
        ["rewards"] = Of<RewardsInput>("proposeRewards", async (services, file, by, cancel) =>
            $"已提交 {Done(await services.GetRequiredService<ProposeRewards>().Propose(file, by, cancel)).RewardIds.Count} 种礼品，待财务审批。"),
        ["lpr"] = Of<LoanRateFile>("proposeLoanRates", async (services, file, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<LoanRates>().Propose(file, by, cancel));
            return $"已提交 {done.Rates} 条一年期 LPR 利率，待经理审批（审批号 {done.ApprovalId:N}）。";
        }),
        ["templates"] = Of<TemplatesFile>("proposeTemplates", async (services, file, by, cancel) =>
        {
            var done = Done(await services.GetRequiredService<ProposeTemplates>().Propose(file, by, cancel));
            var fresh = done.Templates.Count(template => template.ApprovalId is not null);
            return $"已提交 {fresh} 个消息模板，待经理审批；{done.Templates.Count - fresh} 个与现有版本相同，未重复提交。";
        }),
    };

    static Kind Of<T>(string route, Func<IServiceProvider, T, StaffMember, CancellationToken, Task<string>> propose) where T : class =>
        new(route, async (services, path, by, cancel) =>
        {
            var file = await VerbFile.Read<T>(path, cancel);
            return () => propose(services, file, by, cancel);
        });

    public static bool Knows(string kind) => kind == Merchant || Kinds.ContainsKey(kind);

    public static async Task<int> Run(string kind, string path, VerbCall call, VerbArguments arguments, CancellationToken cancel)
    {
        var route = kind == Merchant ? "saveMerchantAccount" : Kinds[kind].Route;
        var by = await call.SignInFor(route, arguments.Options.GetValueOrDefault("--community"), cancel);
        Terminal.Here.Out.WriteLine(kind == Merchant
            ? await SaveMerchant(call, path, by, cancel)
            : await ProposeOnce(kind, path, call.Services, by, arguments.Options.ContainsKey("--again"), cancel));
        return 0;
    }

    /// <summary>Proposes what a file says, once for a community however often the file is imported; a file with a fault leaves no trace.</summary>
    /// <param name="again">Somebody rejected the file and shall see the same once more.</param>
    static async Task<string> ProposeOnce(string kind, string path, IServiceProvider services, StaffMember by, bool again, CancellationToken cancel)
    {
        var content = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, cancel)));
        var (run, propose) = (Guid.CreateVersion7(), await Kinds[kind].Propose(services, path, by, cancel));
        // The community is the subject, not the person: a colleague who imports the same file proposes nothing twice either.
        var key = new IdempotencyKey("staff", by.CommunityId.ToString("N"), "import " + kind, again ? $"{content} {run:N}" : content);
        var imported = Done(await services.GetRequiredService<OwnerPayDb>().Once<Imported>(
            key, content, async () => new Imported(run, services.GetRequiredService<Clock>().Now(), await propose()), cancel));
        if (imported.Run == run) return imported.Told;
        var at = imported.At.ToOffset(Clock.ShanghaiOffset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"这个文件已于 {at} 导入过，没有重复提交。当时：{imported.Told}如需再次提交，请加 --again。";
    }

    /// <summary>The account and, where the file holds it, the secret of its mini-program, in one transaction: half of them would let nobody pay.</summary>
    static async Task<string> SaveMerchant(VerbCall call, string path, StaffMember by, CancellationToken cancel)
    {
        // Where WeChat is belongs to the service's settings; the emulator's file names it too.
        var request = await VerbFile.Read<MerchantAccountRequest>(path, cancel, "baseUrl", "appsecret");
        var program = await VerbFile.Text(path, "appsecret", cancel) is { } secret ? VerbFile.Checked(path, new MiniProgramRequest(request.Appid, secret)) : null;
        var set = program is not null && !await call.Services.GetRequiredService<MiniPrograms>().Holds(program.AppId, program.Secret, cancel);
        var told = program is null ? "" : $"小程序 {program.AppId} 的密钥未变。";
        var admin = set ? await call.ForInstallation("setMiniProgram", cancel) : null;
        if (set && admin is null)
            throw new VerbRefusedException("文件含有小程序密钥 appsecret，设置它需要全部小区的 Admin 角色。请由该管理员导入，或从文件中去掉 appsecret。什么都没有保存。",
                VerbRefusedException.NotAllowed);
        await using var transaction = await call.Services.GetRequiredService<OwnerPayDb>().Database.BeginTransactionAsync(cancel);
        var account = Done(await call.Services.GetRequiredService<MerchantAccounts>().Save(by.CommunityId, request, by, cancel));
        if (set)
        {
            await call.Services.GetRequiredService<SetMiniProgram>().Run(program!, admin!, cancel);
            told = $"已设置小程序 {program!.AppId} 的密钥。";
        }
        await transaction.CommitAsync(cancel);
        return $"已保存商户号 {account.Mchid}，支付结果通知地址 {account.NotifyUrl}。{told}";
    }

    static T Done<T>(Result<T> result) => result.Refusal is { } refusal ? throw VerbFile.Refused(refusal) : result.Value;
}
