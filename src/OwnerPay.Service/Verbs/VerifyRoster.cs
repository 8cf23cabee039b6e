using System.Runtime.CompilerServices;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Roster;

namespace OwnerPay.Service.Verbs;

/// <summary>Hangs the checks of the roster into <c>verify</c>: roster and ledger stand on one floor and do not know each other.</summary>
public sealed class VerifyRoster : IVerifyCheck
{
    public string Name => "roster";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var finding in RosterChecks.Run(scope.Db, scope.CommunityId, cancel))
            yield return new(finding.Check, finding.Subject, finding.Message);
    }
}
