using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>Compares a password. Five wrong ones in a row lock the account for 15 minutes; whoever is refused cannot tell why.</summary>
public sealed class CheckPassword(OwnerPayDb db, IPasswordHasher<StaffAccount> hasher, Audit audit)
{
    public const int MostFailures = 5;
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Every refusal takes this long, whether the login is unknown, the account locked or the password wrong.</summary>
    static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(400);

    static readonly Lazy<string> Nobody = new(() => new PasswordHasher<StaffAccount>().HashPassword(new StaffAccount(), "nobody has this password"));

    /// <returns>The account, or null: unknown, disabled, locked, or the wrong password.</returns>
    public async Task<StaffAccount?> Run(string login, string password, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (await Compare(login.Trim().ToLowerInvariant(), password, cancel) is { } account) return account;
        var left = RefusalTakes - TimeProvider.System.GetElapsedTime(started);
        if (left > TimeSpan.Zero) await Task.Delay(left, cancel);
        return null;
    }

    async Task<StaffAccount?> Compare(string login, string password, CancellationToken cancel)
    {
        var accounts = db.StaffAccounts;
        var account = await accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Login == login && !a.Disabled, cancel);
        var attempt = account is null ? Attempt.Locked : await Count(account.Id, cancel);
        var hash = account is { PasswordHash.Length: > 0 } ? account.PasswordHash : Nobody.Value;
        var verdict = hasher.VerifyHashedPassword(account ?? new StaffAccount(), hash, password);
        if (attempt == Attempt.Locked || verdict == PasswordVerificationResult.Failed || hash == Nobody.Value)
        {
            if (attempt != Attempt.Last) return null;
            audit.Add(null, Audit.System, "account.locked", account!.Id, new { minutes = LockedFor.TotalMinutes });
            await db.SaveChangesAsync(cancel);
            return null;
        }
        await accounts.Where(a => a.Id == account!.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntil, (DateTimeOffset?)null).SetProperty(a => a.FailedSignIns, 0), cancel);
        if (verdict != PasswordVerificationResult.SuccessRehashNeeded) return account;
        var next = hasher.HashPassword(account!, password);
        await accounts.Where(a => a.Id == account!.Id && a.PasswordHash == hash).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, next), cancel);
        account!.PasswordHash = next;
        return account;
    }

    /// <summary>Counts the attempt before the password is compared: a hundred guesses at once are still only five.</summary>
    /// <returns><c>Locked</c> while the account is locked; <c>Last</c> for the fifth attempt, which locks it unless the password is right.</returns>
    async Task<Attempt> Count(Guid id, CancellationToken cancel)
    {
        var (accounts, now) = (db.StaffAccounts, TimeProvider.System.GetUtcNow());
        await accounts.Where(a => a.Id == id && a.LockedUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntil, (DateTimeOffset?)null).SetProperty(a => a.FailedSignIns, 0), cancel);
        if (await accounts.Where(a => a.Id == id && a.LockedUntil == null && a.FailedSignIns < MostFailures - 1)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.FailedSignIns, a => a.FailedSignIns + 1), cancel) == 1) return Attempt.Counted;
        DateTimeOffset? until = now + LockedFor;
        return await accounts.Where(a => a.Id == id && a.LockedUntil == null && a.FailedSignIns == MostFailures - 1)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntil, until).SetProperty(a => a.FailedSignIns, MostFailures), cancel) == 1 ? Attempt.Last : Attempt.Locked;
    }

    enum Attempt { Locked, Counted, Last }
}
