using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>A merchant account with its keys unwrapped, as it is in force now.</summary>
public sealed record MerchantInForce(Guid Id, Guid CommunityId, string MchId, string AppId, MerchantCredentials Credentials);

/// <summary>The merchant accounts of this installation for the WeChat library. Read again every few seconds, so that a rotated key needs no restart.</summary>
public sealed class MerchantKeys(IServiceScopeFactory scopes, MasterKey master) : IMerchantCredentialsSource
{
    static readonly TimeSpan Reread = TimeSpan.FromSeconds(10);
    readonly ConcurrentDictionary<Guid, (long ReadAt, MerchantInForce? Merchant)> known = new();

    /// <returns>Null when there is no such account.</returns>
    public async ValueTask<MerchantInForce?> Find(Guid account, CancellationToken cancel)
    {
        if (known.TryGetValue(account, out var held) && TimeProvider.System.GetElapsedTime(held.ReadAt) < Reread) return held.Merchant;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var row = await db.MerchantAccounts.AsNoTracking().SingleOrDefaultAsync(m => m.Id == account, cancel);
        var merchant = row is null ? null : InForce(row);
        // Only what exists is remembered: ids from outside must not fill the memory.
        if (merchant is not null) known[account] = (TimeProvider.System.GetTimestamp(), merchant);
        else known.TryRemove(account, out _);
        return merchant;
    }

    /// <summary>The account of an order; it existed when the order was made and is never removed.</summary>
    public async ValueTask<MerchantInForce> Get(Guid account, CancellationToken cancel) =>
        await Find(account, cancel) ?? throw new InvalidOperationException($"Merchant account {account:N} is gone");

    /// <summary>By WeChat's number, for calls that name a merchant and no account.</summary>
    public async ValueTask<MerchantCredentials?> FindAsync(string mchid, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<OwnerPayDb>().MerchantAccounts;
        var id = await accounts.Where(m => m.MchId == mchid).OrderBy(m => m.Id).Select(m => (Guid?)m.Id).FirstOrDefaultAsync(cancel);
        return id is null ? null : (await Find(id.Value, cancel))?.Credentials;
    }

    /// <summary>Takes a change of this instance up at once; the others follow within seconds.</summary>
    public void Forget(Guid account) => known.TryRemove(account, out _);

    MerchantInForce InForce(MerchantAccount row) => new(row.Id, row.CommunityId, row.MchId, row.AppId, Credentials(row.MchId, row.CertificateSerial,
        master.UnwrapText(MerchantAccount.KeyPurpose, row.PrivateKeyWrapped), master.UnwrapText(MerchantAccount.KeyPurpose, row.ApiV3KeyWrapped),
        row.PublicKeyId, row.PublicKeyPem, row.PlatformSerial, row.PlatformCertificatePem));

    /// <exception cref="CryptographicException">A PEM text holds no key of the kind that belongs there.</exception>
    /// <exception cref="ArgumentException">The APIv3 key is not 32 bytes long.</exception>
    public static MerchantCredentials Credentials(
        string mchId, string serial, string privateKeyPem, string apiV3Key, string? publicKeyId, string? publicKeyPem, string? platformSerial, string? platformPem)
    {
        var keys = new Dictionary<string, RsaPublicKey>(StringComparer.Ordinal);
        if (publicKeyId is not null && publicKeyPem is not null) keys[publicKeyId] = RsaPublicKey.FromPem(publicKeyPem);
        if (platformSerial is not null && platformPem is not null) keys[platformSerial] = RsaPublicKey.FromPem(platformPem);
        return new MerchantCredentials
        {
            Mchid = mchId, SerialNo = serial, PrivateKey = RsaPrivateKey.FromPem(privateKeyPem), ApiV3Key = new ApiV3Key(apiV3Key),
            PublicKeys = keys, PublicKeyId = publicKeyId, PlatformCertificates = platformSerial is not null,
        };
    }
}
