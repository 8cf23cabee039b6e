using System.Buffers.Binary;

namespace OwnerPay.Service.Platform;

/// <summary>One page of a list. <c>nextCursor</c> is null on the last page; it is opaque to clients.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

public static class Pages
{
    /// <summary>A page from a query that asked for one row more than fits: the surplus row only says that there is a next page.</summary>
    /// <param name="end">The cursor of the last item that fits.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int pageSize, Func<T, Cursor> end) => rows.Count <= pageSize
        ? new Page<T>(rows, null)
        : new Page<T>([.. rows.Take(pageSize)], end(rows[pageSize - 1]).ToString());
}

/// <summary>Where a page ended: ids made within one millisecond are not ordered, so lists are paged by (instant, id).</summary>
public sealed record Cursor(DateTimeOffset At, Guid Id)
{
    public static readonly Error Invalid = new(400, "cursor_invalid", "翻页位置无效") { Field = "cursor" };

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.ToUnixTimeMilliseconds());
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Convert.ToHexStringLower(bytes);
    }

    /// <returns>False when the text is no cursor of ours.</returns>
    public static bool TryRead(string? text, out Cursor? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (text.Length != 48 || !text.All(char.IsAsciiHexDigit)) return false;
        var bytes = Convert.FromHexString(text);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (milliseconds is < 0 or > 253402300799999) return false;
        cursor = new Cursor(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), new Guid(bytes.AsSpan(8), bigEndian: true));
        return true;
    }
}
