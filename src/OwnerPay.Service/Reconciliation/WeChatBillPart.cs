using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A piece of a stored bill file: a busy merchant's bill is larger than what a database takes in one value.</summary>
public sealed class WeChatBillPart : IEntityTypeConfiguration<WeChatBillPart>
{
    /// <summary>Bytes of every part but the last. Larger ones would be large objects, which outlive by far the moment in which they are needed.</summary>
    public const int Size = 1 << 16;

    /// <summary>Parts that go to the database and come from it together.</summary>
    public const int AtOnce = 16;

    public Guid FileId { get; init; }

    /// <summary>From 0.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }
    public byte[] Content { get; init; } = [];

    public void Configure(EntityTypeBuilder<WeChatBillPart> table)
    {
        table.ToTable("WeChatBillParts");
        table.HasKey(p => new { p.FileId, p.Number });
        table.Property(p => p.Content).HasMaxLength(-1);
    }
}

/// <summary>A stored file read piece by piece; memory does not grow with the file.</summary>
abstract class BillContent : Stream
{
    ReadOnlyMemory<byte> piece;

    /// <returns>Empty at the end of the file.</returns>
    protected abstract ValueTask<ReadOnlyMemory<byte>> Next(CancellationToken cancel);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (piece.IsEmpty) piece = await Next(cancellationToken);
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        piece = piece[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bills are read asynchronously.");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>One stored file, some parts by a query.</summary>
sealed class WeChatBillContent(OwnerPayDb db, Guid file) : BillContent
{
    readonly Queue<byte[]> parts = [];
    int next;

    protected override async ValueTask<ReadOnlyMemory<byte>> Next(CancellationToken cancel)
    {
        if (parts.Count == 0)
        {
            var (from, until) = (next, next += WeChatBillPart.AtOnce);
            var read = db.WeChatBillParts.Where(p => p.FileId == file && p.Number >= from && p.Number < until).OrderBy(p => p.Number).Select(p => p.Content);
            foreach (var part in await read.ToListAsync(cancel)) parts.Enqueue(part);
        }
        return parts.TryDequeue(out var content) ? content : default;
    }
}

/// <summary>A part of some file.</summary>
sealed record BillPiece(Guid FileId, byte[] Content);

/// <summary>One file out of a reading of many, on whose first part the reading stands.</summary>
sealed class WeChatBillPieces(IAsyncEnumerator<BillPiece> pieces) : BillContent
{
    readonly Guid file = pieces.Current.FileId;
    bool begun, more = true;

    protected override async ValueTask<ReadOnlyMemory<byte>> Next(CancellationToken cancel) => await Turn() ? pieces.Current.Content : default;

    async ValueTask<bool> Turn()
    {
        if (begun && more && pieces.Current.FileId == file) more = await pieces.MoveNextAsync();
        begun = true;
        return more && pieces.Current.FileId == file;
    }

    /// <summary>Leaves what was not asked for.</summary>
    /// <returns>True where another file follows.</returns>
    public async ValueTask<bool> Skip()
    {
        while (await Turn()) { }
        return more;
    }
}
