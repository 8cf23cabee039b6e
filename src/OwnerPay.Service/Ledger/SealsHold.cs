using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Ledger;

/// <summary>Every sealed row still carries the seal of what it holds: settings, prices, offers, frozen lines cannot be changed behind the program's back.</summary>
public sealed class SealsHold(RowSeal seal) : IVerifyCheck
{
    static readonly MethodInfo Rows = typeof(SealsHold).GetMethod(nameof(RowsOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    public string Name => "seals";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var type in scope.Db.Model.GetEntityTypes().Where(t => typeof(ISealed).IsAssignableFrom(t.ClrType)).OrderBy(t => t.GetTableName(), StringComparer.Ordinal))
        {
            var rows = (IAsyncEnumerable<ISealed>)Rows.MakeGenericMethod(type.ClrType).Invoke(null, [scope, type])!;
            await foreach (var row in rows.WithCancellation(cancel))
            {
                var entry = scope.Db.Entry((object)row);
                var holds = seal.Of(entry).AsSpan().SequenceEqual(row.Seal);
                var key = string.Join('/', type.FindPrimaryKey()!.Properties.Select(p => entry.CurrentValues[p] is Guid id ? id.ToString("N") : entry.CurrentValues[p]?.ToString()));
                entry.State = EntityState.Detached;    // one row at a time: memory does not grow with the table
                if (!holds) yield return new Finding(Name, $"{type.GetTableName()}/{key}", "该行内容与其校验码不符，可能被绕过程序修改");
            }
        }
    }

    static IAsyncEnumerable<ISealed> RowsOf<T>(VerifyScope scope, IEntityType type) where T : class, ISealed
    {
        var rows = scope.Db.Set<T>().AsNoTracking();
        var name = type.GetTableName() == "Communities" ? "Id" : "CommunityId";
        if (scope.CommunityId is not { } community || type.FindProperty(name) is not { } property) return rows.AsAsyncEnumerable();
        // The id as a parameter: as a constant every community would have each of these queries compiled anew.
        return (property.ClrType == typeof(Guid)
            ? rows.Where(row => EF.Property<Guid>(row, name) == community)
            : rows.Where(row => EF.Property<Guid?>(row, name) == community)).AsAsyncEnumerable();
    }
}
