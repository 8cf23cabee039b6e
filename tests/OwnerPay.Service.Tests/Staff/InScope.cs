using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Staff;

public static class InScope
{
    /// <summary>Runs one operation as a starting instance does, in a scope of its own.</summary>
    public static async Task Start<T>(this Installation installation, Func<T, Task> act) where T : notnull
    {
        await using var scope = installation.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<T>());
    }
}
