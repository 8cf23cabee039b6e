using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <summary>Runs all checks of all slices over one snapshot.</summary>
public sealed class VerifyBooks(OwnerPayDb db, IEnumerable<IVerifyCheck> checks)
{
    /// <param name="community">One community, or null for all.</param>
    public async Task<IReadOnlyList<Finding>> Run(Guid? community, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var check in checks.OrderBy(check => check.Name, StringComparer.Ordinal))
            await foreach (var finding in check.Run(new VerifyScope(db, community), cancel)) findings.Add(finding);
        return findings;
    }
}
