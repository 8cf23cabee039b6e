using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Says what an account may do now. Asked on every request: a role taken away or a disabled account counts at once.</summary>
public sealed class FindStaff(OwnerPayDb db, TotpPolicy policy)
{
    /// <summary>The account behind a cookie.</summary>
    /// <param name="stamp">Short hash of password and second factor as they were when the cookie was given out; a change of either ends all cookies. So a
    /// cookie that still counts was given to somebody who showed the second factor, wherever there is one.</param>
    /// <returns>Null when the account is disabled, gone, or has another password or second factor by now.</returns>
    public async Task<StaffAccess?> ById(Guid staffId, string stamp, CancellationToken cancel)
    {
        var (accounts, totps) = (db.StaffAccounts, db.StaffTotps);
        var found = await accounts.AsNoTracking().Where(a => a.Id == staffId && !a.Disabled)
            .Select(a => new { Account = a, Totp = totps.Where(t => t.StaffId == a.Id).Select(t => t.ConfirmedAt).FirstOrDefault() }).SingleOrDefaultAsync(cancel);
        return found is null || Stamp(found.Account, found.Totp) != stamp ? null : await Access(found.Account, found.Totp is not null, byToken: false, cancel);
    }

    /// <summary>The account behind a personal access token.</summary>
    /// <returns>Null when the token is unknown, expired or revoked, or its account disabled.</returns>
    public async Task<StaffAccess?> ByToken(string token, CancellationToken cancel)
    {
        var (accounts, tokens, totps) = (db.StaffAccounts, db.StaffTokens, db.StaffTotps);
        var (hash, now) = (StaffToken.HashOf(token), TimeProvider.System.GetUtcNow());
        var found = await accounts.AsNoTracking()
            .Where(a => !a.Disabled && tokens.Any(t => t.Hash == hash && t.StaffId == a.Id && t.RevokedAt == null && t.ExpiresAt > now))
            .Select(a => new { Account = a, Totp = totps.Where(t => t.StaffId == a.Id).Select(t => t.ConfirmedAt).FirstOrDefault() }).SingleOrDefaultAsync(cancel);
        return found is null ? null : await Access(found.Account, found.Totp is not null, byToken: true, cancel);
    }

    async Task<StaffAccess> Access(StaffAccount account, bool totp, bool byToken, CancellationToken cancel)
    {
        var grants = db.RoleGrants;
        var held = await grants.Where(g => g.StaffId == account.Id && g.State == RoleGrantState.Granted)
            .Select(g => new HeldRole(g.Role, g.CommunityId)).ToListAsync(cancel);
        return new StaffAccess(account.Id, account.Login, account.Name, account.MustChangePassword, byToken, held)
        {
            TotpEnrolled = totp, MustEnrolTotp = !totp && policy.Asks(held),
        };
    }

    /// <param name="totp">When the second factor was confirmed; null without one.</param>
    public static string Stamp(StaffAccount account, DateTimeOffset? totp) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash + (totp is { } at ? "/" + Ms(at) : ""))))[..16];

    static string Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
