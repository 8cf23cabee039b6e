using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>Pick-up codes (领取码): eight digits, one range for rewards and one for prizes, so that a code names one thing only.</summary>
public static class PickUpCodes
{
    const int FirstOfPrizes = 90_000_000, All = 100_000_000;

    /// <summary>What the QR code holds before the digits.</summary>
    public const string Prefix = "OWNERPAY:";

    public static string ForReward() => Text(RandomNumberGenerator.GetInt32(FirstOfPrizes));

    public static string ForPrize() => Text(RandomNumberGenerator.GetInt32(FirstOfPrizes, All));

    public static bool IsPrize(string code) => code[0] == '9';

    /// <summary>The digits of what was typed or scanned.</summary>
    public static string Digits(string typed) => typed.StartsWith(Prefix, StringComparison.Ordinal) ? typed[Prefix.Length..] : typed;

    static string Text(int number) => number.ToString("D8", CultureInfo.InvariantCulture);
}

/// <summary>Wrong pick-up codes of one staff account, counted in the database so that no instance and no restart forgets them.</summary>
public sealed class PickUpGuesses : IEntityTypeConfiguration<PickUpGuesses>
{
    public Guid StaffId { get; init; }

    /// <summary>Wrong ones in a row.</summary>
    public int Wrong { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }

    public void Configure(EntityTypeBuilder<PickUpGuesses> table)
    {
        table.ToTable("PickUpGuesses");
        table.HasKey(g => g.StaffId);
    }
}

/// <summary>Five wrong pick-up codes in a row lock handing out for 15 minutes: codes are to be shown by owners, not to be tried.</summary>
public sealed class GuardPickUpCodes(OwnerPayDb db, Audit audit)
{
    const int MostWrong = 5;
    static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);
    public static readonly Error Locked = new(423, "pick_up_code_locked", "领取码连续输错 5 次，已锁定 15 分钟")
    {
        Detail = "请核对业主出示的领取码；锁定期间可由其他同事办理",
    };

    /// <summary><c>Last</c>: the fifth in a row; the account is locked unless the code turns out right.</summary>
    public enum Attempt { Counted, Last, Locked }

    /// <summary>Counts an attempt before the code is looked up: a hundred guesses at once are still only five.</summary>
    public async Task<Attempt> Begin(StaffMember by, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        await db.InsertUnlessThere(new PickUpGuesses { StaffId = by.StaffId }, cancel);
        var mine = db.PickUpGuesses.Where(g => g.StaffId == by.StaffId);
        await mine.Where(g => g.LockedUntil <= now).ExecuteUpdateAsync(set => set.SetProperty(g => g.LockedUntil, (DateTimeOffset?)null).SetProperty(g
            => g.Wrong, 0), cancel);
        if (await mine.Where(g => g.LockedUntil == null && g.Wrong < MostWrong - 1).ExecuteUpdateAsync(set => set
            .SetProperty(g => g.Wrong, g => g.Wrong + 1), cancel) == 1)
            return Attempt.Counted;
        DateTimeOffset? until = now + LockedFor;
        return await mine.Where(g => g.LockedUntil == null && g.Wrong == MostWrong - 1)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.LockedUntil, until).SetProperty(g => g.Wrong, MostWrong), cancel) == 1 ? Attempt.Last
                : Attempt.Locked;
    }

    /// <summary>Something was handed out: the attempts so far are forgotten.</summary>
    public Task Right(StaffMember by, Attempt attempt, CancellationToken cancel) =>
        db.PickUpGuesses.Where(g => g.StaffId == by.StaffId && (g.LockedUntil == null || attempt == Attempt.Last))
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Wrong, 0).SetProperty(g => g.LockedUntil, (DateTimeOffset?)null), cancel);

    /// <summary>The code was one of ours, but over: no guess, and no proof of honesty either, so that only this attempt is forgotten.</summary>
    public Task Known(StaffMember by, Attempt attempt, CancellationToken cancel) =>
        db.PickUpGuesses.Where(g => g.StaffId == by.StaffId && g.Wrong > 0 && (g.LockedUntil == null || attempt == Attempt.Last))
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Wrong, g => g.Wrong - 1).SetProperty(g => g.LockedUntil, (DateTimeOffset?)null),
                cancel);

    /// <summary>The code was nobody's.</summary>
    public async Task Wrong(StaffMember by, Attempt attempt, CancellationToken cancel)
    {
        if (attempt != Attempt.Last) return;
        audit.Add(by, "pick-up-codes.locked", by.StaffId, new { minutes = LockedFor.TotalMinutes });
        await db.SaveChangesAsync(cancel);
    }
}
