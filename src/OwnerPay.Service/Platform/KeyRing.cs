using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>A key that all instances share, wrapped by the master key: token signing keys and data-protection keys. Redis may lose what it holds; this may not.</summary>
public sealed class KeyRingKey : IEntityTypeConfiguration<KeyRingKey>
{
    public Guid Id { get; init; }
    public string Purpose { get; init; } = "";
    public byte[] Wrapped { get; init; } = [];
    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<KeyRingKey> table)
    {
        table.ToTable("KeyRingKeys");
        table.Property(k => k.Wrapped).HasMaxLength(8000);
        table.HasIndex(k => new { k.Purpose, k.CreatedAt });
    }
}

/// <summary>Signing keys (ECDSA P-256) shared by all instances. The newest signs, older ones still verify; a new one is made when the newest is 30 days old.</summary>
public sealed class KeyRing(IServiceScopeFactory scopes, MasterKey master) : IDisposable
{
    static readonly TimeSpan Age = TimeSpan.FromDays(30), Reread = TimeSpan.FromSeconds(30);
    readonly SemaphoreSlim one = new(1, 1);
    readonly ConcurrentDictionary<string, (DateTimeOffset ReadAt, IReadOnlyList<(Guid Id, ECDsa Key)> Keys)> known = new(StringComparer.Ordinal);

    /// <summary>The keys of a purpose, newest first; at least one.</summary>
    /// <param name="purpose">For example <c>owner-token</c>.</param>
    /// <param name="id">A key that the caller has seen; when unknown here the ring is read again.</param>
    public async Task<IReadOnlyList<(Guid Id, ECDsa Key)>> Keys(string purpose, Guid? id = null, CancellationToken cancel = default)
    {
        if (Held(purpose, id) is { } held) return held;
        await one.WaitAsync(cancel);
        try
        {
            if (Held(purpose, id) is { } meanwhile) return meanwhile;
            var now = TimeProvider.System.GetUtcNow();
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            var rows = await Read(db, purpose, cancel);
            if (rows.Count == 0 || now - rows[0].CreatedAt > Age)
            {
                using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                db.Add(new KeyRingKey { Id = Guid.CreateVersion7(), Purpose = purpose, Wrapped = master.Wrap(purpose, fresh.ExportPkcs8PrivateKey()), CreatedAt = now });
                await db.SaveChangesAsync(cancel);
                rows = await Read(db, purpose, cancel);
            }
            var keys = rows.Select(row =>
            {
                var key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(master.Unwrap(purpose, row.Wrapped), out _);
                return (row.Id, key);
            }).ToList();
            known[purpose] = (now, keys);
            return keys;
        }
        finally { one.Release(); }
    }

    IReadOnlyList<(Guid Id, ECDsa Key)>? Held(string purpose, Guid? id) =>
        known.TryGetValue(purpose, out var held) && TimeProvider.System.GetUtcNow() - held.ReadAt < Reread && (id is null || held.Keys.Any(k => k.Id == id))
            ? held.Keys : null;

    public void Dispose() => one.Dispose();

    static Task<List<KeyRingKey>> Read(OwnerPayDb db, string purpose, CancellationToken cancel) =>
        db.Set<KeyRingKey>().AsNoTracking().Where(k => k.Purpose == purpose).OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id).Take(3).ToListAsync(cancel);
}

/// <summary>Keeps the framework's data-protection keys in the same ring, wrapped in the same way, so that a cookie of one instance is good on all.</summary>
public sealed class DataProtectionKeys(IServiceScopeFactory scopes, MasterKey master) : IXmlRepository
{
    const string Purpose = "data-protection";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Set<KeyRingKey>().AsNoTracking().Where(k => k.Purpose == Purpose).ToList()
            .Select(row => XElement.Parse(master.UnwrapText(Purpose, row.Wrapped)))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        db.Add(new KeyRingKey
        {
            Id = Guid.CreateVersion7(), Purpose = Purpose, CreatedAt = TimeProvider.System.GetUtcNow(),
            Wrapped = master.Wrap(Purpose, element.ToString(SaveOptions.DisableFormatting)),
        });
        db.SaveChanges();
    }
}
