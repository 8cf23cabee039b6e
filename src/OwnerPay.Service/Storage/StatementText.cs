using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>What every statement past LINQ asks of the model: the table of a type, and a list of ids as the database spells them.</summary>
static class StatementText
{
    /// <exception cref="InvalidOperationException">The type has no table: the model is wrong.</exception>
    public static IEntityType TableOf(this OwnerPayDb db, Type row) =>
        db.Model.FindEntityType(row) ?? throw new InvalidOperationException($"{row.Name} has no table");

    /// <summary>Appends the condition that a column holds one of these ids.</summary>
    /// <param name="ids">At least one.</param>
    public static StringBuilder AppendIsOneOf(this StringBuilder text, IProperty key, IEnumerable<Guid> ids)
    {
        var mapping = key.GetRelationalTypeMapping();
        return text.Append('`').Append(key.GetColumnName()).Append("` IN (").AppendJoin(',', ids.Select(id => mapping.GenerateSqlLiteral(id))).Append(')');
    }
}
