using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>Looks at the keys of all merchant accounts once, when an instance starts. A merchant whose keys cannot work takes no new payments: its
/// owners are told so at once instead of after the tap. The other merchants are served as ever, and the start waits for nobody.</summary>
/// <remarks>It is resumed by saving keys that work. What might mend itself (a platform certificate that WeChat has replaced, an answer that could
/// not be verified) is told and pauses nothing.</remarks>
public sealed partial class CheckKeysAtStart(IServiceScopeFactory scopes, MasterKey master, ILogger<CheckKeysAtStart> log) : Worker
{
    /// <summary>Kind of the work item of a merchant whose keys are unusable.</summary>
    public const string Trouble = "merchant.keys-unusable";

    protected override async Task Work(CancellationToken stopping)
    {
        try
        {
            List<Guid> accounts;
            await using (var scope = scopes.CreateAsyncScope())
                accounts = await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().MerchantAccounts.Where(m => !m.Paused).Select(m => m.Id)
                    .ToListAsync(stopping);
            foreach (var account in accounts) await Check(account, stopping);
        }
        catch (Exception) when (stopping.IsCancellationRequested) { /* the instance stops before it is through */ }
        catch (Exception failure) { NotChecked(log, failure); }
    }

    async Task Check(Guid id, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var account = await db.MerchantAccounts.SingleAsync(m => m.Id == id, cancel);
        if (await Fault(scope.ServiceProvider.GetRequiredService<JudgeKeys>(), account, cancel) is not { } fault) return;
        Unusable(log, fault.ToString());
        var pauses = fault.Setting is not (MerchantSetting.PublicKey or MerchantSetting.PlatformCertificate or MerchantSetting.PlatformCertificateSerial);
        await scope.ServiceProvider.GetRequiredService<WorkItems>().Open(account.CommunityId, Trouble, account.Id, StaffRole.Admin,
            $"商户号 {account.MchId} 的密钥不可用",
            $"{(pauses ? "该商户的新缴费已暂停。" : "")}请核对 {JudgeKeys.Field(fault.Setting)} 并重新保存商户信息。原因：{fault}", cancel);
        if (!pauses) return;
        account.Paused = true;
        scope.ServiceProvider.GetRequiredService<Audit>().Add(account.CommunityId, "system", "payments.paused", account.Id, new { Reason = fault.ToString() });
        await db.SaveChangesAsync(cancel);
    }

    async Task<MerchantFault?> Fault(JudgeKeys judge, MerchantAccount account, CancellationToken cancel)
    {
        try
        {
            return await judge.Run(new MerchantSettings
            {
                Mchid = account.MchId, MerchantCertificateSerial = account.CertificateSerial,
                MerchantPrivateKeyPem = master.UnwrapText(MerchantAccount.KeyPurpose, account.PrivateKeyWrapped),
                ApiV3Key = master.UnwrapText(MerchantAccount.KeyPurpose, account.ApiV3KeyWrapped),
                PublicKeyId = account.PublicKeyId, PublicKeyPem = account.PublicKeyPem,
                PlatformCertificateSerial = account.PlatformSerial, PlatformCertificatePem = account.PlatformCertificatePem,
            }, cancel);
        }
        catch (CryptographicException)
        {
            return new MerchantFault(account.MchId, MerchantSetting.PrivateKey, "the stored keys do not open with this master key");
        }
    }

    [LoggerMessage(8030, LogLevel.Critical, "{Fault}")]
    static partial void Unusable(ILogger log, string fault);

    [LoggerMessage(8031, LogLevel.Error, "The keys of the merchant accounts could not be checked")]
    static partial void NotChecked(ILogger log, Exception failure);
}
