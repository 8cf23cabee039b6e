using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>An act that shares its commit with others.</summary>
/// <param name="Answer">What it answers when all goes as expected, stored with its key at once: a record, compared with what it answered in the end. It must hold an
/// id of its own: by that an act knows its key again.</param>
public sealed record SharedAct<T>(IdempotencyKey Key, object Input, T Answer);

/// <summary>Several acts in one transaction: each at most once for its key, as with <see cref="OnceExtensions.Once"/>, and one durable write for all.</summary>
public static class OnceTogetherExtensions
{
    /// <param name="operation">Gets the positions of the acts whose keys are new, does those that go the plain way and answers them. One that it leaves out
    /// is as if never tried: its key goes away in the same transaction.</param>
    /// <returns>The answer of each act; null for those that were not done here, because their key was known or the operation left them out: those are for
    /// <see cref="OnceExtensions.Once"/>.</returns>
    /// <remarks>Keys are inserted in one order everywhere, so that two groups with common acts wait for each other instead of dead-locking.</remarks>
    public static Task<IReadOnlyList<T?>> OnceTogether<T>(
        this OwnerPayDb db, IReadOnlyList<SharedAct<T>> acts, Func<IReadOnlyList<int>, Task<IReadOnlyDictionary<int, T>>> operation, CancellationToken cancel)
        where T : class, IEquatable<T>
    {
        var keys = acts.Select(act => act.Key.Hash()).ToArray();
        return db.AgainFromTheStart(() => Try(db, acts, keys, operation, cancel), cancel);
    }

    static async Task<IReadOnlyList<T?>> Try<T>(
        OwnerPayDb db, IReadOnlyList<SharedAct<T>> acts, byte[][] keys, Func<IReadOnlyList<int>, Task<IReadOnlyDictionary<int, T>>> operation, CancellationToken cancel)
        where T : class, IEquatable<T>
    {
        var expected = acts.Select(act => JsonSerializer.Serialize(act.Answer, Json.Options)).ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var inserted = await Insert(db, acts, keys, expected, cancel);
        var mine = inserted == acts.Count ? [.. Enumerable.Range(0, acts.Count)] : await Mine(db, keys, expected, cancel);
        var done = await operation(mine);
        var left = mine.Where(act => !done.ContainsKey(act)).Select(act => keys[act]).ToList();
        if (left.Count > 0) await db.Set<OnceKey>().Where(k => left.Contains(k.Id)).ExecuteDeleteAsync(cancel);
        foreach (var (act, answer) in done)
        {
            if (answer.Equals(acts[act].Answer)) continue;
            var (key, text) = (keys[act], JsonSerializer.Serialize(answer, Json.Options));
            await db.Database.ExecuteSqlAsync($"UPDATE OnceKeys SET Answer = {text} WHERE Id = {key}", cancel);
        }
        await db.InsertAdded(cancel);
        await transaction.CommitAsync(cancel);
        return [.. acts.Select((_, act) => done.GetValueOrDefault(act))];
    }

    static Task<int> Insert<T>(OwnerPayDb db, IReadOnlyList<SharedAct<T>> acts, byte[][] keys, string[] expected, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        return db.InsertUnlessThere<OnceKey>([.. Enumerable.Range(0, acts.Count)
            .OrderBy(act => keys[act], Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .Select(act => new OnceKey { Id = keys[act], InputHash = OnceExtensions.HashOf(acts[act].Input), Answer = expected[act], CreatedAt = now })], cancel);
    }

    /// <summary>Some keys were there before: those that hold another answer than ours are not ours.</summary>
    static async Task<IReadOnlyList<int>> Mine(OwnerPayDb db, byte[][] keys, string[] expected, CancellationToken cancel)
    {
        var wanted = keys.ToList();
        var stored = (await db.Set<OnceKey>().AsNoTracking().Where(k => wanted.Contains(k.Id)).Select(k => new { k.Id, k.Answer }).ToListAsync(cancel))
            .ToDictionary(k => Convert.ToHexString(k.Id), k => k.Answer);
        return [.. Enumerable.Range(0, keys.Length).Where(act => stored.GetValueOrDefault(Convert.ToHexString(keys[act])) == expected[act])];
    }
}
