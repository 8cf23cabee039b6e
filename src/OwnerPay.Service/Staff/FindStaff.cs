using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Says what an account may do now. Asked on every request: a role taken away or a disabled account counts at once.</summary>
public sealed class FindStaff(OwnerPayDb db)
{
    /// <summary>The account behind a cookie.</summary>
    /// <param name="stamp">Short hash of the password hash when the cookie was given out; a changed password ends all cookies.</param>
    /// <returns>Null when the account is disabled, gone, or has another password by now.</returns>
    public async Task<StaffAccess?> ById(Guid staffId, string stamp, CancellationToken cancel)
    {
        var accounts = db.StaffAccounts;
        var account = await accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == staffId && !a.Disabled, cancel);
        return account is null || Stamp(account) != stamp ? null : await Access(account, byToken: false, cancel);
    }

    /// <summary>The account behind a personal access token.</summary>
    /// <returns>Null when the token is unknown, expired or revoked, or its account disabled.</returns>
    public async Task<StaffAccess?> ByToken(string token, CancellationToken cancel)
    {
        var (accounts, tokens, hash, now) = (db.StaffAccounts, db.StaffTokens, StaffToken.HashOf(token), TimeProvider.System.GetUtcNow());
        var account = await accounts.AsNoTracking().SingleOrDefaultAsync(
            a => !a.Disabled && tokens.Any(t => t.Hash == hash && t.StaffId == a.Id && t.RevokedAt == null && t.ExpiresAt > now), cancel);
        return account is null ? null : await Access(account, byToken: true, cancel);
    }

    async Task<StaffAccess> Access(StaffAccount account, bool byToken, CancellationToken cancel)
    {
        var grants = db.RoleGrants;
        var held = await grants.Where(g => g.StaffId == account.Id && g.State == RoleGrantState.Granted)
            .Select(g => new HeldRole(g.Role, g.CommunityId)).ToListAsync(cancel);
        return new StaffAccess(account.Id, account.Login, account.Name, account.MustChangePassword, byToken, held);
    }

    public static string Stamp(StaffAccount account) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash)))[..16];
}
