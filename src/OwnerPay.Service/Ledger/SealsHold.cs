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
                if (seal.Of(type, row).AsSpan().SequenceEqual(row.Seal)) continue;
                var key = type.FindPrimaryKey()!.Properties.Select(p => p.GetGetter().GetClrValue(row)).Select(value => value is Guid id ? id.ToString("N") : value?.ToString());
                yield return new Finding(Name, $"{type.GetTableName()}/{string.Join('/', key)}", "该行内容与其校验码不符，可能被绕过程序修改");
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
