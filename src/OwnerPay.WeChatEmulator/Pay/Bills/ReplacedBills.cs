using System.Collections.Concurrent;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

public enum BillFileKind { Trade, FundFlow }

/// <summary>Bill files that are handed out instead of what the day was: any bytes, under any hash. What a test plants is its own business.</summary>
sealed class ReplacedBills
{
    readonly ConcurrentDictionary<(DateOnly Day, BillFileKind Kind), (byte[] Bytes, string? Sha1)> files = new();

    /// <param name="sha1">The hash that is announced; null: the true one.</param>
    public void Put(DateOnly day, BillFileKind kind, byte[] bytes, string? sha1) => files[(day, kind)] = (bytes, sha1);

    public (byte[] Bytes, string? Sha1)? Find(DateOnly day, BillFileKind kind) => files.TryGetValue((day, kind), out var file) ? file : null;
}
