using System.Buffers.Binary;
using System.Linq.Expressions;

namespace OwnerPay.Service.Platform;

/// <summary>One page of a list. <c>nextCursor</c> is null on the last page; it is opaque to clients.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>The same page with every item as the caller is to see it.</summary>
    public Page<TShown> Select<TShown>(Func<T, TShown> show) => new([.. Items.Select(show)], NextCursor);
}

/// <summary>How every list is paged: a query in one of the two orders, one row more than fits, cut into a page with its cursor.</summary>
public static class Pages
{
    /// <summary>Rows with the youngest on top, from behind a cursor on.</summary>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <param name="end">Instant and id that the list is ordered by, written as <c>row => new Cursor(row.CreatedAt, row.Id)</c>.</param>
    public static IQueryable<T> NewestFirst<T>(this IQueryable<T> rows, Cursor? after, Expression<Func<T, Cursor>> end)
    {
        var (at, id) = Order(end);
        return Behind(rows, after, end, Expression.LessThan).OrderByDescending(at).ThenByDescending(id);
    }

    /// <inheritdoc cref="NewestFirst"/>
    /// <summary>Rows with the oldest on top, from behind a cursor on.</summary>
    public static IQueryable<T> OldestFirst<T>(this IQueryable<T> rows, Cursor? after, Expression<Func<T, Cursor>> end)
    {
        var (at, id) = Order(end);
        return Behind(rows, after, end, Expression.GreaterThan).OrderBy(at).ThenBy(id);
    }

    /// <summary>A page from a query that asked for one row more than fits: the surplus row only says that there is a next page.</summary>
    /// <param name="end">The cursor of the last item that fits.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int pageSize, Func<T, Cursor> end) => Of(rows, pageSize, row => end(row).ToString());

    /// <inheritdoc cref="Of{T}(IReadOnlyList{T}, int, Func{T, Cursor})"/>
    /// <summary>A page of a list that is ordered by something else than instant and id, with a cursor of its own.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int pageSize, Func<T, string> end) => rows.Count <= pageSize
        ? new Page<T>(rows, null)
        : new Page<T>([.. rows.Take(pageSize)], end(rows[pageSize - 1]));

    static (Expression<Func<T, DateTimeOffset>> At, Expression<Func<T, Guid>> Id) Order<T>(Expression<Func<T, Cursor>> end) =>
        (Expression.Lambda<Func<T, DateTimeOffset>>(Parts(end)[0], end.Parameters), Expression.Lambda<Func<T, Guid>>(Parts(end)[1], end.Parameters));

    static IQueryable<T> Behind<T>(
        IQueryable<T> rows, Cursor? after, Expression<Func<T, Cursor>> end, Func<Expression, Expression, Expression> beyond)
    {
        if (after is null) return rows;
        // Read from the cursor object, not written as literals: so every page of a list is one and the same prepared statement.
        var (lastAt, lastId) = (Expression.Property(Expression.Constant(after), nameof(Cursor.At)), Expression.Property(Expression.Constant(after), nameof(Cursor.Id)));
        var (at, id) = (Parts(end)[0], Parts(end)[1]);
        var compared = Expression.Call(id, typeof(Guid).GetMethod(nameof(Guid.CompareTo), [typeof(Guid)])!, lastId);
        var behind = Expression.OrElse(beyond(at, lastAt), Expression.AndAlso(Expression.Equal(at, lastAt), beyond(compared, Expression.Constant(0))));
        return rows.Where(Expression.Lambda<Func<T, bool>>(behind, end.Parameters));
    }

    static System.Collections.ObjectModel.ReadOnlyCollection<Expression> Parts<T>(Expression<Func<T, Cursor>> end) => end.Body is NewExpression made
        ? made.Arguments
        : throw new ArgumentException("A list is ordered by new Cursor(instant, id)", nameof(end));
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
