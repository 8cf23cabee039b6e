using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>A key of an act that was done or refused, with its answer. Kept 7 days.</summary>
public sealed class OnceKey : IEntityTypeConfiguration<OnceKey>
{
    /// <summary>SHA-256 of the <see cref="IdempotencyKey"/>.</summary>
    public byte[] Id { get; init; } = [];

    /// <summary>SHA-256 of the input as JSON: another input under the same key is refused.</summary>
    public byte[] InputHash { get; init; } = [];

    public bool Refused { get; init; }

    /// <summary>The answer as JSON, or the refusal.</summary>
    public string? Answer { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<OnceKey> table)
    {
        table.ToTable("OnceKeys");
        table.Property(k => k.Id).HasMaxLength(32).IsFixedLength();
        table.Property(k => k.InputHash).HasMaxLength(32).IsFixedLength();
        table.Property(k => k.Answer).HasMaxLength(-1);
        table.HasIndex(k => k.CreatedAt);    // finds what is older than 7 days
    }
}

/// <summary>The only way to begin a transaction that moves money, points or stock.</summary>
public static class OnceExtensions
{
    /// <summary>Runs an operation at most once for a key, in one READ COMMITTED transaction with the key itself.</summary>
    /// <param name="key">A twin of a running act waits at this key, then gets the same answer.</param>
    /// <param name="input">What was asked; hashed. The same key with another input is refused with <c>idempotency_key_reused</c>.</param>
    /// <param name="operation">Loads, locks, decides and adds rows. It must read what it needs itself: on a dead-lock it runs again from its start.</param>
    /// <remarks>READ COMMITTED is said here because under MariaDB's default a count behind a row lock still reads the snapshot of the first read,
    /// and a limit of one is then broken. A refusal goes back to a savepoint and is stored as the answer: undoing the key as well makes refused twins dead-lock.</remarks>
    public static async Task<Result<T>> Once<T>(
        this OwnerPayDb db, IdempotencyKey key, object input, Func<Task<Result<T>>> operation, CancellationToken cancel)
    {
        var id = key.Hash();
        var inputHash = HashOf(input);
        while (true)
            if (await db.AgainFromTheStart(() => Try(db, id, inputHash, operation, cancel), cancel) is { } answer) return answer;
    }

    /// <summary>Whether an act under this key was done or refused before; then <see cref="Once{T}"/> only repeats its answer.</summary>
    public static Task<bool> Knows(this OwnerPayDb db, IdempotencyKey key, CancellationToken cancel)
    {
        var id = key.Hash();
        return db.Set<OnceKey>().AnyAsync(k => k.Id == id, cancel);
    }

    internal static byte[] HashOf(object input) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(input, Json.Options));

    static async Task<Result<T>?> Try<T>(OwnerPayDb db, byte[] id, byte[] inputHash, Func<Task<Result<T>>> operation, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var key = new OnceKey { Id = id, InputHash = inputHash, CreatedAt = TimeProvider.System.GetUtcNow() };
        if (!await db.InsertUnlessThere(key, cancel))
        {
            await transaction.RollbackAsync(cancel);
            return await Earlier<T>(db, id, inputHash, cancel);
        }
        await transaction.CreateSavepointAsync("act", cancel);
        var result = await operation();
        if (result.Refusal is { } refusal)
        {
            await transaction.RollbackToSavepointAsync("act", cancel);
            db.ChangeTracker.Clear();
            var text = JsonSerializer.Serialize(refusal, Json.Options);
            await db.Database.ExecuteSqlAsync($"UPDATE OnceKeys SET Refused = 1, Answer = {text} WHERE Id = {id}", cancel);
        }
        else
        {
            await db.SaveChangesAsync(cancel);
            var text = JsonSerializer.Serialize(result.Value, Json.Options);
            await db.Database.ExecuteSqlAsync($"UPDATE OnceKeys SET Answer = {text} WHERE Id = {id}", cancel);
        }
        await transaction.CommitAsync(cancel);
        return result;
    }

    /// <returns>The stored answer, or null when the key is gone again (its first run was undone): then the caller runs anew.</returns>
    static async Task<Result<T>?> Earlier<T>(OwnerPayDb db, byte[] id, byte[] inputHash, CancellationToken cancel)
    {
        var earlier = await db.Set<OnceKey>().AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancel);
        if (earlier?.Answer is null) return null;
        if (!earlier.InputHash.AsSpan().SequenceEqual(inputHash)) return (Result<T>)IdempotencyKey.Reused;
        return earlier.Refused
            ? (Result<T>)JsonSerializer.Deserialize<Error>(earlier.Answer, Json.Options)!
            : (Result<T>)JsonSerializer.Deserialize<T>(earlier.Answer, Json.Options)!;
    }
}
