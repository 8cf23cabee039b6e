using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>Whether a merchant can work with its keys: first by looking at them, then by asking WeChat something that changes nothing.</summary>
/// <remarks>That a certificate serial belongs to another key than the one at hand is known to WeChat alone, unless the certificate lies beside it.
/// An unreachable WeChat says nothing about keys.</remarks>
public sealed class JudgeKeys(PayClient wechat)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The first fault, as one line that names the merchant and the reason; null when nothing is known against the keys.</returns>
    public async Task<MerchantFault?> Run(MerchantSettings settings, CancellationToken cancel)
    {
        var read = MerchantCheck.Read(settings, TimeProvider.System.GetUtcNow());
        if (!read.IsUsable) return read.Faults[0];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var fault = await wechat.ProbeAsync(read.Credentials, limit.Token);
            // Neither is a matter of keys: the one passes by itself, the other is set at the merchant platform.
            return fault?.Setting is MerchantSetting.Clock or MerchantSetting.Permission ? null : fault;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return null; }
    }

    /// <summary>The field of a merchant file, and of <c>PUT …/merchant-accounts</c>, that holds the setting.</summary>
    public static string Field(MerchantSetting setting) => setting switch
    {
        MerchantSetting.Mchid => "mchid",
        MerchantSetting.CertificateSerial => "merchantCertificateSerial",
        MerchantSetting.PrivateKey => "merchantPrivateKeyPem",
        MerchantSetting.Certificate => "merchantCertificatePem",
        MerchantSetting.ApiV3Key => "apiV3Key",
        MerchantSetting.PublicKeyId => "publicKeyId",
        MerchantSetting.PublicKey => "publicKeyPem",
        MerchantSetting.PlatformCertificateSerial => "platformCertificateSerial",
        MerchantSetting.PlatformCertificate => "platformCertificatePem",
        MerchantSetting.Clock or MerchantSetting.Permission => "mchid",
        _ => throw new InvalidOperationException($"No field for {setting}"),
    };
}
