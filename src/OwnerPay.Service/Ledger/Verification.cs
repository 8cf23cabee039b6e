using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <summary>Something that is broken in the books, with the ids that lead to it.</summary>
/// <param name="Check">Name of the check that found it: <c>journals-balance</c>.</param>
/// <param name="Subject">Table and id of the broken thing.</param>
/// <param name="Message">What is, and what would be right, in Chinese, for finance.</param>
public sealed record Finding(string Check, string Subject, string Message);

/// <summary>What <c>verify</c> looks at: one snapshot of the database, of one community or of all.</summary>
public sealed record VerifyScope(OwnerPayDb Db, Guid? CommunityId);

/// <summary>One check of <c>verify</c>. It recomputes from the rows and trusts no total.</summary>
public interface IVerifyCheck
{
    string Name { get; }

    IAsyncEnumerable<Finding> Run(VerifyScope scope, CancellationToken cancel);
}
