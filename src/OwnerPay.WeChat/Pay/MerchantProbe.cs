namespace OwnerPay.WeChat.Pay;

/// <summary>Which setting a refusal of WeChat speaks of. Most come as one code, <c>SIGN_ERROR</c>, and differ only in the text.</summary>
static class MerchantProbe
{
    static readonly TimeSpan Refused = TimeSpan.FromMinutes(5);

    public static MerchantFault? Judge(string mchid, PayFailure refusal, ClockSkew? skew)
    {
        MerchantFault Fault(MerchantSetting setting, string reason) => new(mchid, setting, reason);
        bool Says(string words) => refusal.Message.Contains(words, StringComparison.Ordinal);
        return refusal.Code switch
        {
            PayCodes.UnknownMerchant => Fault(MerchantSetting.Mchid, "no credentials are set for this merchant"),
            PayCodes.MchNotExists => Fault(MerchantSetting.Mchid, "WeChat knows no such merchant"),
            PayCodes.NoAuth => Fault(MerchantSetting.Permission, "WeChat does not allow this merchant to use the call"),
            PayCodes.SignError when Says("timestamp") || skew?.Offset.Duration() >= Refused =>
                Fault(MerchantSetting.Clock, Clock(skew)),
            PayCodes.SignError when Says("序列号") =>
                Fault(MerchantSetting.CertificateSerial, "certificate serial does not match the private key, or is unknown to WeChat"),
            PayCodes.SignError when Says("证书已过期") => Fault(MerchantSetting.Certificate, "the certificate expired"),
            PayCodes.SignError when Says("证书已作废") => Fault(MerchantSetting.Certificate, "the certificate was revoked"),
            PayCodes.SignError when Says("未设置APIv3密钥") => Fault(MerchantSetting.ApiV3Key, "no API v3 key is set at the merchant platform"),
            PayCodes.SignError =>
                Fault(MerchantSetting.PrivateKey, "WeChat refuses the signature: the private key is not the one of the certificate serial"),
            PayCodes.BadSignature => Fault(MerchantSetting.PublicKey, "WeChat's answer does not verify with the keys that are set"),
            _ => null,    // not found, busy, unreachable: nothing is said about the keys
        };
    }

    static string Clock(ClockSkew? skew) => skew is null
        ? "the clock of this machine is wrong"
        : $"the clock of this machine is {(long)skew.Offset.Duration().TotalSeconds} s {(skew.Offset.Ticks > 0 ? "behind" : "ahead of")} WeChat's";

    public static MerchantFault? JudgeCertificates(string mchid, PayFailure? failure) => failure?.Code switch
    {
        PayCodes.DecryptFailed => new(mchid, MerchantSetting.ApiV3Key, "the API v3 key does not open WeChat's platform certificates"),
        PayCodes.ResourceNotExists => new(mchid, MerchantSetting.PlatformCertificate,
            "this merchant has no platform certificates, set the WeChat Pay public key"),
        PayCodes.BadSignature => new(mchid, MerchantSetting.PlatformCertificate, "WeChat's platform certificates do not verify"),
        _ => null,
    };
}
