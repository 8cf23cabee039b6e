using System.Buffers.Binary;
using System.Data;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>The hash chain of the audit log: each entry's hash covers the entry and the hash before it, so that nothing can be changed, removed or slipped in unseen.</summary>
public static class AuditChain
{
    /// <summary>What stands before the first entry of a community.</summary>
    public static readonly byte[] Begin = new byte[32];

    /// <summary>SHA-256 over the previous hash and every column of the entry, each with its length.</summary>
    public static byte[] Hash(byte[] previous, AuditEntry entry, long number)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Append(hash, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Append(hash, entry.Id.ToString("N"));
        Append(hash, entry.CommunityId?.ToString("N"));
        Append(hash, entry.At.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Append(hash, entry.Actor);
        Append(hash, entry.Action);
        Append(hash, entry.SubjectId?.ToString("N"));
        Append(hash, entry.Detail);
        return hash.GetHashAndReset();
    }

    static void Append(IncrementalHash hash, string? part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : Encoding.UTF8.GetByteCount(part));
        hash.AppendData(length);
        if (part is not null) hash.AppendData(Encoding.UTF8.GetBytes(part));
    }

    /// <summary>Recomputes the chains of one community or of all, and names every entry at which they break.</summary>
    /// <param name="community">Null: all, the installation's own included.</param>
    public static async IAsyncEnumerable<(string Subject, string Message)> Breaks(
        OwnerPayDb db, Guid? community, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (entries, heads) = (db.AuditEntries, db.AuditChainHeads);
        var known = await heads.AsNoTracking().Where(h => community == null || h.CommunityId == community).ToListAsync(cancel);
        var used = await entries.Where(e => e.ChainNumber != null && (community == null || e.CommunityId == community))
            .Select(e => e.CommunityId).Distinct().ToListAsync(cancel);
        foreach (var id in known.Select(h => h.CommunityId).Concat(used.Select(c => c ?? Guid.Empty)).Distinct().Order())
        {
            var head = known.SingleOrDefault(h => h.CommunityId == id);
            Guid? of = id == Guid.Empty ? null : id;
            var (previous, number) = (Begin, 0L);
            await foreach (var entry in entries.AsNoTracking().Where(e => e.CommunityId == of && e.ChainNumber != null).OrderBy(e => e.ChainNumber).AsAsyncEnumerable().WithCancellation(cancel))
            {
                if (entry.ChainNumber != ++number)
                    yield return ($"AuditEntries {entry.Id:N}", $"审计日志链编号应为 {number}，实为 {entry.ChainNumber}：有记录缺失或被改号");
                if (!Hash(previous, entry, entry.ChainNumber!.Value).AsSpan().SequenceEqual(entry.ChainHash))
                    yield return ($"AuditEntries {entry.Id:N}", $"审计日志第 {entry.ChainNumber} 条的校验值与内容不符");
                (previous, number) = (entry.ChainHash ?? Begin, entry.ChainNumber.Value);
            }
            if (head is null || head.LastNumber != number || !head.LastHash.AsSpan().SequenceEqual(previous))
                yield return ($"AuditChainHeads {id:N}", $"审计日志链应止于第 {head?.LastNumber ?? 0} 条，实际止于第 {number} 条，或链尾校验值不符");
        }
    }
}

/// <summary>Adds new audit entries to the chains of their communities, after commit, in the order (time, id) in which this job sees them; late rows come later.</summary>
/// <remarks>A number taken inside the act itself would make all acts of a community queue.</remarks>
public sealed class ChainAudit(OwnerPayDb db) : IJob
{
    const int Batch = 500;

    public async Task<string> Run(CancellationToken cancel)
    {
        var entries = db.AuditEntries;
        var waiting = await entries.Where(e => e.ChainNumber == null).Select(e => e.CommunityId).Distinct().ToListAsync(cancel);
        var chained = 0;
        foreach (var community in waiting)
            while (true)
            {
                var step = await Step(community, cancel);
                chained += step;
                if (step < Batch) break;
            }
        return $"{chained} chained";
    }

    async Task<int> Step(Guid? community, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        var (id, entries, heads) = (community ?? Guid.Empty, db.AuditEntries, db.AuditChainHeads);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var head = await heads.Where(h => h.CommunityId == id).ForUpdate().SingleOrDefaultAsync(cancel);
        if (head is null)
        {
            // Two instances may begin a chain at once: one row stands, the other waits for its commit here and finds it.
            await db.InsertUnlessThere(new AuditChainHead { CommunityId = id, LastHash = AuditChain.Begin }, cancel);
            await transaction.CommitAsync(cancel);
            return await Step(community, cancel);
        }
        var next = await entries.Where(e => e.CommunityId == community && e.ChainNumber == null).OrderBy(e => e.At).ThenBy(e => e.Id).Take(Batch).ToListAsync(cancel);
        foreach (var entry in next)
        {
            entry.ChainNumber = head.LastNumber + 1;
            entry.ChainHash = AuditChain.Hash(head.LastHash, entry, entry.ChainNumber.Value);
            (head.LastNumber, head.LastHash) = (entry.ChainNumber.Value, entry.ChainHash);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return next.Count;
    }
}
