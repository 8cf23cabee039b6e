using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A piece of a stored bill file: a busy merchant's bill is larger than what a database takes in one value.</summary>
public sealed class WeChatBillPart : IEntityTypeConfiguration<WeChatBillPart>
{
    /// <summary>Bytes of every part but the last.</summary>
    public const int Size = 1 << 20;

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

/// <summary>Reads the parts of a stored file one after another; memory does not grow with the file.</summary>
sealed class WeChatBillContent(OwnerPayDb db, Guid file) : Stream
{
    byte[] part = [];
    int at, next;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    IQueryable<byte[]> Next => db.WeChatBillParts.Where(p => p.FileId == file && p.Number == next).Select(p => p.Content);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (at == part.Length) Turn(await Next.SingleOrDefaultAsync(cancellationToken));
        return Take(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (at == part.Length) Turn(Next.SingleOrDefault());
        return Take(buffer.AsSpan(offset, count));
    }

    void Turn(byte[]? content)
    {
        if (content is null) return;
        (part, at) = (content, 0);
        next++;
    }

    int Take(Span<byte> buffer)
    {
        var count = Math.Min(part.Length - at, buffer.Length);
        part.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
