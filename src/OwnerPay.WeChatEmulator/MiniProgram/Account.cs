namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>The mini-program (小程序) or the service account (服务号) of the one merchant; each has its own openids, tokens and console.</summary>
/// <param name="OriginalId">原始ID, <c>gh_…</c>: what pushes are addressed to.</param>
/// <param name="PushSetting">Row of the settings that says where messages are pushed to.</param>
sealed record Account(string Appid, string Secret, string OriginalId, string PushSetting, bool IsOfficial)
{
    public override string ToString() => Appid;    // never the secret
}
