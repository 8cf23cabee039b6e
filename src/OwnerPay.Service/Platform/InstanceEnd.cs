namespace OwnerPay.Service.Platform;

/// <summary>Tells the trouble of a piece of work from the end of the instance that does it.</summary>
static class InstanceEnd
{
    /// <summary>True when the instance is asked to stop, or its services are gone already: what fails then is nobody's fault and no news.</summary>
    /// <remarks>A host that is disposed without having been stopped takes its services away before it cancels what runs in the background.</remarks>
    public static bool Ends(this IServiceScopeFactory scopes, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested) return true;
        try
        {
            scopes.CreateScope().Dispose();
            return false;
        }
        catch (ObjectDisposedException) { return true; }
    }
}
