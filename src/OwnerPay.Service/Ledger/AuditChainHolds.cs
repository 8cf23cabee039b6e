using System.Runtime.CompilerServices;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Ledger;

/// <summary>The audit log still says what it said when it was chained: nothing changed, removed, slipped in or cut off.</summary>
public sealed class AuditChainHolds : IVerifyCheck
{
    public string Name => "audit-chain";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (subject, message) in AuditChain.Breaks(scope.Db, scope.CommunityId, cancel)) yield return new Finding(Name, subject, message);
    }
}
