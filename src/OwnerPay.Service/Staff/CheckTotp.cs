using Microsoft.EntityFrameworkCore;
using OtpNet;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Compares a code of the authenticator app, or a recovery code. Each is good once; five wrong ones in a row lock for 15 minutes.</summary>
public sealed class CheckTotp(OwnerPayDb db, MasterKey master, Audit audit)
{
    public const int MostFailures = 5;
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>A phone's clock may be off by half a minute to either side.</summary>
    static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <param name="recovery">Whether a recovery code will do too.</param>
    /// <returns>True when the code is right and was not used before. Why it is wrong is not told.</returns>
    public async Task<bool> Run(Guid staffId, string code, bool recovery, CancellationToken cancel)
    {
        var totp = await db.StaffTotps.AsNoTracking().SingleOrDefaultAsync(t => t.StaffId == staffId, cancel);
        if (totp is null || !await Count(staffId, cancel)) return false;
        var typed = code.Replace(" ", "", StringComparison.Ordinal);
        var good = typed.Length == 6 && typed.All(char.IsAsciiDigit) ? await Take(totp, typed, cancel) : recovery && await TakeRecovery(staffId, typed, cancel);
        if (!good) return false;
        await db.StaffTotps.Where(t => t.StaffId == staffId)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.FailedCodes, 0).SetProperty(t => t.LockedUntil, (DateTimeOffset?)null), cancel);
        return true;
    }

    // The database decides: of two sign-ins with one code a single one moves the step on.
    async Task<bool> Take(StaffTotp totp, string code, CancellationToken cancel)
    {
        var app = new Totp(master.Unwrap(StaffTotp.SecretPurpose, totp.SecretWrapped));
        if (!app.VerifyTotp(TimeProvider.System.GetUtcNow().UtcDateTime, code, out var step, Window)) return false;
        return await db.StaffTotps.Where(t => t.StaffId == totp.StaffId && t.LastStep < step).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastStep, step), cancel) == 1;
    }

    async Task<bool> TakeRecovery(Guid staffId, string code, CancellationToken cancel)
    {
        DateTimeOffset? now = TimeProvider.System.GetUtcNow();
        var hash = RecoveryCode.HashOf(code);
        if (await db.RecoveryCodes.Where(c => c.StaffId == staffId && c.Hash == hash && c.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancel) != 1) return false;
        audit.Add(null, staffId.ToString("N"), "recovery-code.used", staffId, new { });
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>Counts the attempt before the code is compared: a hundred guesses at once are still only five.</summary>
    /// <returns>False while it is locked.</returns>
    async Task<bool> Count(Guid staffId, CancellationToken cancel)
    {
        var (totps, now) = (db.StaffTotps, TimeProvider.System.GetUtcNow());
        await totps.Where(t => t.StaffId == staffId && t.LockedUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LockedUntil, (DateTimeOffset?)null).SetProperty(t => t.FailedCodes, 0), cancel);
        if (await totps.Where(t => t.StaffId == staffId && t.LockedUntil == null && t.FailedCodes < MostFailures - 1)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.FailedCodes, t => t.FailedCodes + 1), cancel) == 1) return true;
        DateTimeOffset? until = now + LockedFor;
        if (await totps.Where(t => t.StaffId == staffId && t.LockedUntil == null && t.FailedCodes == MostFailures - 1)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LockedUntil, until).SetProperty(t => t.FailedCodes, MostFailures), cancel) != 1) return false;
        audit.Add(null, Audit.System, "totp.locked", staffId, new { minutes = LockedFor.TotalMinutes });
        await db.SaveChangesAsync(cancel);
        return true;    // the fifth attempt is still compared; a right one lifts the lock
    }
}

/// <summary>Who must have a second factor: whoever moves money or decides about rights and money, unless the installation says otherwise.</summary>
/// <param name="Required">From the setting <c>OwnerPay:RequireTotp</c>; in Production on by default.</param>
public sealed record TotpPolicy(bool Required)
{
    static readonly StaffRole[] Roles = [StaffRole.Finance, StaffRole.Manager, StaffRole.Admin];

    public bool Asks(IEnumerable<HeldRole> held) => Required && held.Any(role => Roles.Contains(role.Role));
}
