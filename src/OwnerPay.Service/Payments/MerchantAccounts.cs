using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <summary>Everything that WeChat's merchant platform shows about an account. Keys only go in; they never come out again.</summary>
/// <param name="Mchid">8–10 digits.</param>
/// <param name="MerchantCertificateSerial">40 hex digits.</param>
/// <param name="ApiV3Key">32 letters and digits.</param>
/// <param name="PlatformCertificateSerial">With its PEM, for merchants that verify by platform certificate.</param>
/// <param name="MerchantCertificatePem">Our own API certificate; not kept. With it a serial that belongs to another key is found without asking
/// WeChat.</param>
/// <param name="PublicKeyId"><c>PUB_KEY_ID_…</c> with its PEM, for merchants that verify by WeChat Pay public key.</param>
public sealed record MerchantAccountRequest(
    string Mchid, string Appid, string MerchantCertificateSerial, string MerchantPrivateKeyPem, string ApiV3Key,
    string? PlatformCertificateSerial = null, string? PlatformCertificatePem = null, string? PublicKeyId = null, string? PublicKeyPem = null,
    string? MerchantCertificatePem = null);

public sealed record MerchantAccountView(
    Guid Id, string Mchid, string Appid, string MerchantCertificateSerial, string? PlatformCertificateSerial, string? PublicKeyId, bool Paused, string NotifyUrl);

public sealed record MerchantAccountList(IReadOnlyList<MerchantAccountView> Items);

/// <summary>Merchant accounts of a community: put in by an admin, keys wrapped by the master key, in force within seconds on every instance.</summary>
/// <remarks>Errors: <c>merchant_field_invalid</c>, <c>merchant_key_unreadable</c>, <c>merchant_verification_key_missing</c> 400.</remarks>
public sealed partial class MerchantAccounts(OwnerPayDb db, MasterKey master, MerchantKeys keys, JudgeKeys judge, WorkItems work, Audit audit,
    ServiceSettings settings)
{
    static readonly Error Invalid = new(400, "merchant_field_invalid", "商户信息有误");
    static readonly Error Unreadable = new(400, "merchant_key_unreadable", "商户密钥或证书不可用");
    static readonly Error NothingToVerifyWith = new(400, "merchant_verification_key_missing", "请至少提供微信支付公钥或平台证书之一");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPut("/communities/{communityId:guid}/merchant-accounts", Put).WithName("saveMerchantAccount")
            .ForStaff(StaffRole.Admin).CanFail(Invalid, Unreadable, NothingToVerifyWith);
        doors.Staff.MapGet("/communities/{communityId:guid}/merchant-accounts", Get).WithName("listMerchantAccounts").ForStaff(StaffRole.Admin, StaffRole.Finance, StaffRole.Manager);
    }

    static async Task<Results<Ok<MerchantAccountView>, ProblemHttpResult>> Put(
        Guid communityId, StaffMember by, MerchantAccountRequest request, MerchantAccounts accounts, CancellationToken cancel) =>
        (await accounts.Save(communityId, request, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Ok<MerchantAccountList>> Get(Guid communityId, MerchantAccounts accounts, CancellationToken cancel) =>
        TypedResults.Ok(new MerchantAccountList(await accounts.List(communityId, cancel)));

    public async Task<Result<MerchantAccountView>> Save(Guid community, MerchantAccountRequest request, StaffMember by, CancellationToken cancel)
    {
        if (Fault(request) is { } fault) return fault;
        if (await judge.Run(Settings(request), cancel) is { } unusable) return Unreadable.At(JudgeKeys.Field(unusable.Setting), unusable.ToString());
        var account = await db.MerchantAccounts.SingleOrDefaultAsync(m => m.CommunityId == community && m.MchId == request.Mchid && m.AppId == request.Appid, cancel);
        if (account is null) db.Add(account = new MerchantAccount { Id = Guid.CreateVersion7(), CommunityId = community, MchId = request.Mchid, AppId = request.Appid });
        account.CertificateSerial = request.MerchantCertificateSerial;
        account.PrivateKeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, request.MerchantPrivateKeyPem);
        account.ApiV3KeyWrapped = master.Wrap(MerchantAccount.KeyPurpose, request.ApiV3Key);
        (account.PublicKeyId, account.PublicKeyPem) = (request.PublicKeyId, request.PublicKeyPem);
        (account.PlatformSerial, account.PlatformCertificatePem) = (request.PlatformCertificateSerial, request.PlatformCertificatePem);
        // Whoever paused it for its keys, keys that work resume it; a pause that a person ordered stays.
        if (account.Paused && await db.WorkItems.AnyAsync(
                i => i.Kind == CheckKeysAtStart.Trouble && i.SubjectId == account.Id && i.State == WorkItemState.Open, cancel)) account.Paused = false;
        audit.Add(by, "merchant-account.saved", account.Id, new { account.MchId, account.AppId, account.CertificateSerial, account.PublicKeyId, account.PlatformSerial });
        await db.SaveChangesAsync(cancel);
        await work.Finish(CheckKeysAtStart.Trouble, account.Id, by.StaffId, "已保存可用的密钥", cancel);
        keys.Forget(account.Id);
        return View(account);
    }

    async Task<IReadOnlyList<MerchantAccountView>> List(Guid community, CancellationToken cancel) =>
        [.. (await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == community).OrderBy(m => m.MchId).ThenBy(m => m.AppId).ToListAsync(cancel)).Select(View)];

    MerchantAccountView View(MerchantAccount account) => new(
        account.Id, account.MchId, account.AppId, account.CertificateSerial, account.PlatformSerial, account.PublicKeyId, account.Paused, NotifyUrl(settings, account.Id));

    /// <summary>Where WeChat is asked to tell about payments of this account.</summary>
    public static string NotifyUrl(ServiceSettings settings, Guid account) => $"{settings.PublicUrl.TrimEnd('/')}/wechat/pay/{account:N}/transactions";

    /// <summary>Where WeChat is asked to tell about refunds of this account.</summary>
    public static string RefundNotifyUrl(ServiceSettings settings, Guid account) => $"{settings.PublicUrl.TrimEnd('/')}/wechat/pay/{account:N}/refunds";

    static Error? Fault(MerchantAccountRequest request)
    {
        if (!Digits().IsMatch(request.Mchid)) return Invalid.At("mchid", "商户号为 8–10 位数字");
        if (!AppIds().IsMatch(request.Appid)) return Invalid.At("appid", "小程序 AppID 以 wx 开头");
        if (!Serials().IsMatch(request.MerchantCertificateSerial)) return Invalid.At("merchantCertificateSerial", "证书序列号为 40 位十六进制数字");
        if (request.ApiV3Key.Length != 32 || !request.ApiV3Key.All(char.IsAsciiLetterOrDigit)) return Invalid.At("apiV3Key", "APIv3 密钥为 32 位字母和数字");
        if (request.PublicKeyId is null != request.PublicKeyPem is null) return Invalid.At("publicKeyPem", "公钥 ID 与公钥内容需同时提供");
        if (request.PlatformCertificateSerial is null != request.PlatformCertificatePem is null) return Invalid.At("platformCertificatePem", "平台证书序列号与内容需同时提供");
        if (request.PublicKeyId is null && request.PlatformCertificateSerial is null) return NothingToVerifyWith;
        return null;
    }

    static MerchantSettings Settings(MerchantAccountRequest request) => new()
    {
        Mchid = request.Mchid, MerchantCertificateSerial = request.MerchantCertificateSerial, MerchantPrivateKeyPem = request.MerchantPrivateKeyPem,
        ApiV3Key = request.ApiV3Key, PublicKeyId = request.PublicKeyId, PublicKeyPem = request.PublicKeyPem,
        PlatformCertificateSerial = request.PlatformCertificateSerial, PlatformCertificatePem = request.PlatformCertificatePem,
        MerchantCertificatePem = request.MerchantCertificatePem,
    };

    [GeneratedRegex(@"\A[0-9]{8,10}\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\Awx[0-9a-zA-Z]{6,30}\z")]
    private static partial Regex AppIds();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{40}\z")]
    private static partial Regex Serials();
}
