using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Disclosure;

/// <summary>The board shows what its notices say: each published notice has exactly its version on show, versions are numbered without gaps,
/// attachments are byte for byte what was stored.</summary>
public sealed class CheckNotices : IVerifyCheck
{
    public string Name => "notices";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (texts, files, all) = (scope.Db.NoticeTexts, scope.Db.NoticeFiles, scope.Db.Notices);
        var notices = all.AsNoTracking().Where(n => scope.CommunityId == null || n.CommunityId == scope.CommunityId);
        var shown = notices.Select(n => new
        {
            n.Id, n.State, n.TextId, Versions = texts.Count(t => t.NoticeId == n.Id),
            Last = texts.Where(t => t.NoticeId == n.Id).Max(t => (int?)t.Number) ?? 0,
            Published = texts.Count(t => t.NoticeId == n.Id && t.State == NoticeTextState.Published),
            Right = texts.Count(t => t.NoticeId == n.Id && t.State == NoticeTextState.Published && t.Id == n.TextId),
        });
        await foreach (var n in shown.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var wanted = n.State == NoticeState.Draft ? 0 : 1;
            if (n.Published != wanted || n.Right != wanted) yield return new Finding(Name, $"Notices/{n.Id:N}",
                $"状态 {n.State}，应有 {wanted} 个展示中的版本，实有 {n.Published} 个");
            if (n.Last != n.Versions) yield return new Finding(Name, $"Notices/{n.Id:N}", $"共 {n.Versions} 个版本，最后一个编号为 {n.Last}");
        }
        var stored = await files.AsNoTracking().Where(f => scope.CommunityId == null || f.CommunityId == scope.CommunityId).OrderBy(f => f.Id)
            .Select(f => new { f.Id, f.Size, f.Hash }).ToListAsync(cancel);
        foreach (var file in stored)
            if (await Hash(scope, file.Id, cancel) is var (size, hash) && (size != file.Size || !hash.AsSpan().SequenceEqual(file.Hash)))
                yield return new Finding(Name, $"NoticeFiles/{file.Id:N}", $"附件应为 {file.Size} 字节，现存 {size} 字节，内容或次序与校验值不符");
    }

    /// <summary>Reads the parts 0, 1, 2 … one at a time: memory does not grow with the file.</summary>
    static async Task<(int Size, byte[] Hash)> Hash(VerifyScope scope, Guid file, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (size, parts) = (0, scope.Db.NoticeFileParts);
        for (var number = 0; ; number++)
        {
            var at = number;
            if (await parts.AsNoTracking().Where(p => p.FileId == file && p.Number == at).Select(p => p.Data)
                .SingleOrDefaultAsync(cancel) is not { } data) break;
            hash.AppendData(data);
            size += data.Length;
        }
        return (size, hash.GetHashAndReset());
    }
}
