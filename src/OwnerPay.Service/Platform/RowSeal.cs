using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>A row whose values nothing can recompute (settings, prices, offers, frozen lines): it carries a keyed hash over itself.</summary>
public interface ISealed
{
    /// <summary>First 20 bytes of HMAC-SHA-256 over the row's sealed columns. Written by <see cref="SealRows"/> alone.</summary>
    byte[] Seal { get; set; }
}

/// <summary>A column of a sealed row that moves by conditional updates (a counter, a state): outside the seal, recomputed by <c>verify</c> instead.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotSealedAttribute : Attribute;

/// <summary>Computes row seals with a key derived from the master key.</summary>
/// <remarks>A bill run seals millions of rows: nothing is made anew for a row but the seal.</remarks>
public sealed class RowSeal(MasterKey master) : IDisposable
{
    /// <summary>Bytes of a seal. Not 16: the MariaDB driver takes every binary column of 16 bytes for a UUID.</summary>
    public const int Length = 20;
    static readonly ConcurrentDictionary<IEntityType, Column[]> Columns = new();
    [ThreadStatic]
    static ArrayBufferWriter<byte>? scratch;
    readonly ThreadLocal<IncrementalHash> keyed = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, master.For("row-seal")), trackAllValues: true);

    /// <param name="Title">Its name as it stands in the text.</param>
    sealed record Column(IProperty Property, IClrPropertyGetter Getter, Func<object?, object?>? Stored, byte[] Title);

    /// <summary>The seal that this row should carry now.</summary>
    public byte[] Of(EntityEntry entry) => Of(entry.Metadata, column => entry.CurrentValues[column.Property]);

    /// <summary>The same for a row that is not tracked.</summary>
    public byte[] Of(IEntityType type, object row) => Of(type, column => column.Getter.GetClrValue(row));

    byte[] Of(IEntityType type, Func<Column, object?> value)
    {
        var text = scratch ??= new(1024);
        text.ResetWrittenCount();
        Append(text, type.GetTableName()!);
        foreach (var column in Sealed(type))
        {
            text.Write(column.Title);
            Append(text, column, value(column));
        }
        var hash = keyed.Value!;
        hash.AppendData(text.WrittenSpan);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        return whole[..Length].ToArray();
    }

    public void Dispose()
    {
        foreach (var hash in keyed.Values) hash.Dispose();
        keyed.Dispose();
    }

    /// <summary>The sealed columns of a table in a fixed order.</summary>
    static Column[] Sealed(IEntityType type) => Columns.GetOrAdd(type, t => [.. t.GetProperties().Where(IsSealed).OrderBy(p => p.Name, StringComparer.Ordinal)
        .Select(property => new Column(property, property.GetGetter(), property.GetTypeMapping().Converter?.ConvertToProvider, Title(property)))]);

    static byte[] Title(IProperty property)
    {
        var text = new ArrayBufferWriter<byte>();
        Append(text, property.Name);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>True when a sealed column of a tracked row was changed.</summary>
    public static bool Changed(EntityEntry entry) => Sealed(entry.Metadata).Any(column => entry.Property(column.Property).IsModified);

    static bool IsSealed(IProperty property) =>
        property.Name != nameof(ISealed.Seal) && property.PropertyInfo?.IsDefined(typeof(NotSealedAttribute), inherit: false) != true;

    // Values as the database holds them, so that a row read back gives the same text as the row that was written.
    static void Append(ArrayBufferWriter<byte> text, Column column, object? value)
    {
        if (value is not null && column.Stored is { } stored) value = stored(value);
        switch (value)
        {
            case null:
                Append(text, "∅");
                break;
            case bool flag:
                Append(text, flag ? "1" : "0");
                break;
            case Guid id:
                Append(text, id, "N");
                break;
            case DateOnly day:
                Append(text, day, "yyyy-MM-dd");
                break;
            case long number:
                Append(text, number, "");
                break;
            case int number:
                Append(text, number, "");
                break;
            case byte[] bytes:
                Append(text, Convert.ToHexString(bytes));
                break;
            case IFormattable other:
                Append(text, other.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                Append(text, value.ToString()!);
                break;
        }
    }

    static void Append(ArrayBufferWriter<byte> text, string part)
    {
        var place = text.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(part.Length));
        Close(text, place, Encoding.UTF8.GetBytes(part, place[4..]));
    }

    static void Append<T>(ArrayBufferWriter<byte> text, T value, string format) where T : IUtf8SpanFormattable
    {
        var place = text.GetSpan(4 + 64);
        if (!value.TryFormat(place[4..], out var length, format, CultureInfo.InvariantCulture)) throw new InvalidOperationException($"{typeof(T).Name} is longer than its kind");
        Close(text, place, length);
    }

    // Each part with its length before it: no two different rows give the same bytes.
    static void Close(ArrayBufferWriter<byte> text, Span<byte> place, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(place, length);
        text.Advance(4 + length);
    }
}

/// <summary>Seals rows as they are saved. A sealed column must therefore be changed through a tracked entity, never by a bulk update.</summary>
public sealed class SealRows(RowSeal seal) : SaveChangesInterceptor, ICompletesRows
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Complete(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Complete(eventData.Context!);
        return new(result);
    }

    public void Complete(DbContext db)
    {
        // A row of which only unsealed columns move keeps its seal: sealing it anew would hide what somebody changed in it before.
        foreach (var entry in db.ChangeTracker.Entries<ISealed>())
            if (entry.State == EntityState.Added || entry.State == EntityState.Modified && RowSeal.Changed(db.Entry((object)entry.Entity)))
                entry.Property(row => row.Seal).CurrentValue = seal.Of(db.Entry((object)entry.Entity));
    }

    public void Complete(IEntityType type, object row)
    {
        if (row is ISealed sealedRow) sealedRow.Seal = seal.Of(type, row);
    }
}
