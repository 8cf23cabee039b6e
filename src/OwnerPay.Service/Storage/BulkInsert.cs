using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>Completes tracked rows before they are written, whichever way they are written.</summary>
public interface ICompletesRows
{
    void Complete(DbContext db);

    /// <summary>Completes one new row of a <see cref="BulkWriter"/>, without asking the database.</summary>
    void Complete(IEntityType type, object row) { }
}

/// <summary>Writes many added rows with few statements.</summary>
public static class BulkInsert
{
    /// <summary>Saves what was added to the context. On MariaDB all of it goes as one text with one statement a table. On SQLite, where no value crosses a wire, it is an ordinary save.</summary>
    /// <remarks>The literals are those of the database provider. Afterwards the context tracks nothing: it is meant for the end of a transaction.</remarks>
    public static async Task InsertAdded(this OwnerPayDb db, CancellationToken cancel)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var entries = db.ChangeTracker.Entries().Where(entry => entry.State != EntityState.Unchanged).ToList();
            if (!db.IsMariaDb || entries.Any(entry => entry.State != EntityState.Added)) await Save(db, cancel);
            else if (entries.Count > 0) await Write(db, entries, cancel);
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
            db.ChangeTracker.Clear();
        }
    }

    static Task<int> Save(OwnerPayDb db, CancellationToken cancel)
    {
        db.ChangeTracker.DetectChanges();
        return db.SaveChangesAsync(cancel);
    }

    static async Task Write(OwnerPayDb db, List<EntityEntry> entries, CancellationToken cancel)
    {
        foreach (var completes in db.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.OfType<ICompletesRows>() ?? [])
            completes.Complete(db);
        var text = new StringBuilder(entries.Count * 400);
        foreach (var table in entries.GroupBy(entry => entry.Metadata)) RowText.Of(table.Key).Append(text, "INSERT", table.Select(entry => entry.Entity));
        var written = await db.RunText(text.ToString(), cancel);
        if (written != entries.Count) throw new InvalidOperationException($"{entries.Count} rows should have been written, {written} were");
    }
}
